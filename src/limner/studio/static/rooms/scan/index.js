// Scan: convert photos and scans of drawings to strokes, and add them to a corpus.

import { h, icon } from "../../shell/dom.js";
import { Controls, counted } from "./controls.js";
import { onPage } from "./fixes.js";
import { Mender } from "./mender.js";
import { Panes } from "./panes.js";
import { Queue } from "./queue.js";
import { Reader, untilHeard } from "./reader.js";
import { beginning, wishFor } from "./settings.js";

/** @typedef {import("./types.js").Fix} Fix */
/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Sight} Sight */
/** @typedef {import("../../shell/types.js").Sketch} Sketch */
/** @typedef {import("../../shell/types.js").Studio} Studio */
/** @typedef {{ corpus: string, drawings: string[], picture: Picture }} Addition */

const DEBOUNCE_MS = 70;
const MOST_STROKES = 2000; // of a drawing that travels
const MOST_POINTS = 40_000;
const SIDE = 255; // of a drawing in a corpus
const FIXES = ".fixes.toml"; // how the name of a file of fixes ends

/**
 * @param {HTMLElement} place
 * @param {Studio} studio
 * @returns {import("../../shell/types.js").Room}
 */
export function mount(place, studio) {
  const room = new Scan(place, studio);
  return { show: () => room.enter(), hide: () => room.leave() };
}

class Scan {
  /**
   * @param {HTMLElement} place
   * @param {Studio} studio
   */
  constructor(place, studio) {
    this.studio = studio;
    this.place = place;
    this.here = false;
    this.timer = 0;
    /** @type {Sight | null} */
    this.sight = null;
    /** @type {Addition | null} */
    this.addition = null;
    /** @type {Set<number>} drawings of the page that are not taken */
    this.left = new Set();
    this.at = { ...beginning(), ...studio.recall("scan.settings", {}) };
    this.picker = h("input", { type: "file", id: "scan-files", accept: "image/*,.tif,.tiff,.toml", multiple: true, class: "unseen", tabIndex: -1, "aria-label": "Pictures", onchange: () => this.picked(this.picker) });
    this.camera = h("input", { type: "file", id: "scan-camera", accept: "image/*", capture: "environment", class: "unseen", tabIndex: -1, "aria-label": "A photo", onchange: () => this.picked(this.camera) });
    this.queue = new Queue((picture) => this.choose(picture), (picture) => this.remove(picture), () => this.picker.click());
    this.mender = new Mender({
      fix: (fix) => this.fix(fix), undo: () => this.undoFix(), say: (sentence) => studio.say(sentence), plan: () => this.panes.plan(),
      look: (at) => this.panes.look(at), busy: () => this.reader.busy,
    });
    this.panes = new Panes((part) => this.toggle(part), this.mender);
    this.reader = new Reader(studio.api, {
      wishOf: (picture) => wishFor(this.at, picture.longest, picture.page),
      onSight: (picture, sight) => this.show(picture, sight),
      onFault: (picture, sentence) => this.refuse(picture, sentence),
      onBusy: (busy) => this.place.classList.toggle("busy", busy),
    });
    this.controls = new Controls(this.at, studio.recall("scan.corpus", "sketchbook"), studio.facts.runs, {
      change: () => this.moved(), part: (part) => this.toggle(part), page: (page) => this.turn(page), accept: (corpus) => void this.accept(corpus), undo: () => void this.undo(),
      keep: () => void this.keep(), draw: () => this.draw(), svg: () => this.svg(), fixes: () => this.saveFixes(), train: () => this.train(),
    });
    this.welcome = this.door();
    this.desk = h("div", { class: "desk", hidden: true }, h("div", { class: "left" }, this.queue.place, this.panes.place), this.controls.place);
    place.append(this.picker, this.camera, this.welcome, this.desk, h("div", { class: "drop-here", "aria-hidden": "true" }, "Let go to read them"));
    this.queue.paint();
    this.listen();
    studio.onTheme(() => this.panes.plan());
    void this.refreshCorpora();
  }

  /** The page before the first picture. */
  door() {
    return h("div", { class: "door" },
      icon("scan"),
      h("h2", {}, "Drop photos or scans of drawings"),
      h("p", { class: "soft" }, "Ink on paper becomes strokes, and strokes become a corpus to learn from. Pictures stay on this machine."),
      h("div", { class: "ways" },
        h("button", { type: "button", class: "chief", id: "scan-choose", onclick: () => this.picker.click() }, "Choose pictures"),
        h("button", { type: "button", class: "photo", onclick: () => this.camera.click() }, "Take a photo")),
      h("p", { class: "soft small" }, "or paste one"));
  }

  // Pictures come -------------------------------------------------------------------------------------

  listen() {
    const { place } = this;
    place.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      place.classList.add("dropping");
    });
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(/** @type {Node | null} */ (event.relatedTarget))) place.classList.remove("dropping");
    });
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("dropping");
      this.take([...(event.dataTransfer?.files ?? [])]);
    });
    window.addEventListener("paste", (event) => {
      if (this.here) this.take([...(event.clipboardData?.files ?? [])]);
    });
    place.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {HTMLInputElement} input */
  picked(input) {
    this.take([...(input.files ?? [])]);
    input.value = "";
  }

  /** @param {File[]} files */
  take(files) {
    const most = this.studio.facts.bounds.upload_bytes;
    const texts = files.filter((file) => file.name.endsWith(FIXES));
    const pictures = files.filter((file) => !texts.includes(file));
    const good = pictures.filter((file) => file.size <= most && file.size > 0);
    if (texts.length) void this.takeFixes(texts);
    if (good.length < pictures.length) this.studio.say(`A picture has ${Math.round(most / 1e6)} MB at most.`);
    if (!good.length) return;
    const first = this.queue.pictures.length;
    this.queue.add(good);
    this.welcome.hidden = true;
    this.desk.hidden = false;
    const next = this.queue.pictures[first];
    if (next && (!this.queue.current || this.queue.current.state === "added")) this.choose(next);
  }

  /**
   * Apply files of fixes to the pictures that they lay beside.
   * @param {File[]} files
   */
  async takeFixes(files) {
    for (const file of files) {
      const text = await file.text();
      const stem = file.name.slice(0, -FIXES.length);
      const own = this.queue.pictures.filter((picture) => stemOf(picture) === stem);
      if (!own.length) this.studio.say(`${file.name} belongs to a picture ${stem}; drop that too.`);
      for (const picture of own) {
        picture.text = text;
        if (picture === this.queue.current) this.reader.ask(picture);
      }
    }
  }

  /** @param {Picture} picture */
  choose(picture) {
    if (picture === this.queue.current && picture.state !== "refused") return;
    this.queue.current = picture;
    if (picture.state !== "added") picture.state = "reading";
    this.left.clear();
    this.queue.paint();
    this.reader.ask(picture);
  }

  /** @param {Picture} picture */
  remove(picture) {
    const { pictures } = this.queue;
    pictures.splice(pictures.indexOf(picture), 1);
    if (picture.id !== null) void this.studio.api.remove(`/api/scan/${picture.id}`).catch(() => null);
    if (picture === this.queue.current) this.queue.current = null;
    const next = pictures[0];
    if (!next) this.close();
    else if (!this.queue.current) this.choose(next);
    this.queue.paint();
  }

  close() {
    this.sight = null;
    this.panes.show(null);
    this.mender.show(null, 0);
    this.desk.hidden = true;
    this.welcome.hidden = false;
  }

  // What is seen --------------------------------------------------------------------------------------

  moved() {
    this.studio.remember("scan.settings", this.at);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.queue.current && this.reader.ask(this.queue.current), DEBOUNCE_MS);
  }

  /** @param {number} page */
  turn(page) {
    if (!this.queue.current) return;
    this.queue.current.page = page;
    this.left.clear();
    this.moved();
  }

  /**
   * @param {Picture} picture
   * @param {Sight} sight
   */
  show(picture, sight) {
    if (picture !== this.queue.current) return;
    if (this.sight?.preview.parts.length !== sight.preview.parts.length) this.left.clear();
    this.sight = sight;
    if (picture.state !== "added") picture.state = "ready";
    picture.fault = "";
    this.queue.paint();
    this.panes.left = this.left;
    this.panes.show(sight);
    this.mender.show(sight.preview, onPage(picture.fixes, picture.page));
    this.controls.show(sight.preview, sight.wish.pen, this.left, picture.fixes.length);
  }

  /**
   * @param {Picture} picture
   * @param {string} sentence
   */
  refuse(picture, sentence) {
    if (picture.state !== "added") picture.state = "refused";
    picture.fault = sentence;
    this.queue.paint();
    if (picture !== this.queue.current) return;
    this.sight = null;
    this.panes.show(null);
    this.mender.show(null, onPage(picture.fixes, picture.page));
    this.controls.showFault(sentence);
  }

  /** @param {number} part */
  toggle(part) {
    if (!this.sight) return;
    if (!this.left.delete(part)) this.left.add(part);
    this.panes.plan();
    this.controls.show(this.sight.preview, this.sight.wish.pen, this.left, this.queue.current?.fixes.length ?? 0);
    this.studio.say(`Drawing ${part + 1} is ${this.left.has(part) ? "left out" : "taken"}.`);
  }

  // What is mended by hand ----------------------------------------------------------------------------

  /** @param {Fix} fix */
  fix(fix) {
    const picture = this.queue.current;
    if (picture) this.setFixes(picture, [...picture.fixes, picture.page === 1 ? fix : { ...fix, page: picture.page }]);
  }

  /** Take back the last fix on the page that is seen. */
  undoFix() {
    const picture = this.queue.current;
    const last = picture?.fixes.findLastIndex((fix) => (fix.page ?? 1) === picture.page) ?? -1;
    if (picture && last >= 0) this.setFixes(picture, picture.fixes.filter((_, k) => k !== last));
  }

  /**
   * @param {Picture} picture
   * @param {Fix[]} fixes
   */
  setFixes(picture, fixes) {
    picture.fixes = fixes;
    this.panes.plan();
    this.reader.ask(picture);
  }

  saveFixes() {
    const picture = this.queue.current;
    if (!picture) return;
    h("a", { href: `/api/scan/${picture.id}/fixes`, download: "" }).click();
    this.studio.say(`Put the file beside ${picture.file.name}: limner scan applies it.`);
  }

  // Where the drawings go -----------------------------------------------------------------------------

  /** The numbers of the selected drawings. */
  get taken() {
    return (this.sight?.preview.parts ?? []).map((_, part) => part).filter((part) => !this.left.has(part));
  }

  /** @param {string} corpus */
  async accept(corpus) {
    const { sight, taken } = this;
    const picture = this.queue.current;
    if (!sight || !picture || !taken.length) return;
    const key = crypto.randomUUID().replaceAll("-", "").slice(0, 12);
    const path = `/api/scan/corpora/${encodeURIComponent(corpus)}`;
    this.controls.add.disabled = true;
    try {
      const grown = await this.reader.about(picture, () => this.studio.api.post(path, { scan: picture.id, wish: sight.wish, parts: taken, side: SIDE, key }));
      this.added(picture, corpus, grown);
    } finally {
      this.controls.sayCorpus();
    }
  }

  /**
   * @param {Picture} picture
   * @param {string} corpus
   * @param {{ added: string[], drawings: number }} grown
   */
  added(picture, corpus, grown) {
    this.studio.remember("scan.corpus", corpus);
    picture.state = "added";
    this.addition = { corpus, drawings: grown.added, picture };
    const sentence = `${counted(grown.added.length, "drawing")} added to ${corpus}; it holds ${grown.drawings}.`;
    this.controls.offerUndo(`${grown.added.length} added to ${corpus}`);
    this.studio.say(sentence);
    void this.refreshCorpora();
    const next = this.queue.nextWaiting;
    if (next) this.choose(next);
    else this.queue.paint();
  }

  async undo() {
    const { addition } = this;
    if (!addition) return;
    const path = `/api/scan/corpora/${encodeURIComponent(addition.corpus)}/undo`;
    await untilHeard(() => this.studio.api.post(path, { drawings: addition.drawings }));
    this.addition = null;
    this.controls.offerUndo(null);
    addition.picture.state = "ready";
    this.queue.paint();
    this.studio.say("Taken back.");
    void this.refreshCorpora();
  }

  async refreshCorpora() {
    const found = await this.studio.api.get("/api/scan/corpora").catch(() => null);
    if (found) this.controls.setCorpora(found.corpora);
  }

  /**
   * Return the selected drawings as sketches.
   * @returns {Sketch[]}
   */
  sketches() {
    const { sight } = this;
    if (!sight) return [];
    const { strokes, parts } = sight.preview;
    const found = this.taken.map((part) => {
      const own = (parts[part]?.strokes ?? []).map((number) => strokes[number] ?? []);
      return { strokes: own, label: null, by: own.map(() => /** @type {const} */ ("you")) };
    });
    const large = found.some((sketch) => sketch.strokes.length > MOST_STROKES || sketch.strokes.flat().length > MOST_POINTS);
    if (!large) return found;
    this.studio.say(`A drawing has ${MOST_STROKES} strokes and ${MOST_POINTS} points at most; simplify it.`);
    return [];
  }

  async keep() {
    const name = this.queue.current ? stemOf(this.queue.current) : "";
    const sketches = this.sketches();
    for (const sketch of sketches) await this.studio.kept.keep(sketch, name);
    if (sketches.length) this.studio.say(`${counted(sketches.length, "drawing")} kept.`);
  }

  draw() {
    const [sketch] = this.sketches();
    if (sketch) void this.studio.go("draw", sketch);
  }

  svg() {
    const picture = this.queue.current;
    if (!picture || !this.sight) return;
    h("a", { href: this.reader.address(picture, "svg", this.sight.wish), download: "" }).click();
  }

  train() {
    this.studio.remember("runs.corpus", this.controls.corpus.value.trim());
    void this.studio.go("runs");
  }

  // Coming and going ----------------------------------------------------------------------------------

  enter() {
    this.here = true;
    void this.refreshCorpora();
    this.panes.resize();
  }

  leave() {
    this.here = false;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    void this.keep();
  }
}

/** @param {Picture} picture */
const stemOf = (picture) => picture.file.name.replace(/\.[^.]+$/, "");
