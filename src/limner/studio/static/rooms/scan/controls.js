// The panel beside the panes: statistics of the scan, sliders, and the target corpus.

import { h, icon } from "../../shell/dom.js";
import { SLIDERS, TICKS, beginning, wordsFor } from "./settings.js";

/** @typedef {import("./settings.js").Positions} Positions */
/** @typedef {import("./settings.js").SliderName} SliderName */
/** @typedef {import("./settings.js").TickName} TickName */
/** @typedef {import("./types.js").Preview} Preview */
/** @typedef {{ name: string, drawings: number }} CorpusFacts */

const LONG = 400; // points; the longest drawing of a corpus decides how long a training step takes
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/;

/**
 * @typedef {object} Actions
 * @property {() => void} change a slider has moved
 * @property {(part: number) => void} part take a drawing or leave it out
 * @property {(page: number) => void} page
 * @property {(corpus: string) => void} accept
 * @property {() => void} undo
 * @property {() => void} keep
 * @property {() => void} draw
 * @property {() => void} svg
 * @property {() => void} fixes
 * @property {() => void} train
 */

export class Controls {
  /**
   * @param {Positions} at where the sliders stand
   * @param {string} corpus
   * @param {boolean} canTrain
   * @param {Actions} act
   */
  constructor(at, corpus, canTrain, act) {
    this.at = at;
    this.canTrain = canTrain;
    this.act = act;
    this.longest = 0;
    this.pen = 0;
    /** @type {Map<SliderName, { input: HTMLInputElement, words: HTMLOutputElement, row: HTMLElement }>} */
    this.sliders = new Map();
    /** @type {Map<TickName, HTMLInputElement>} */
    this.ticks = new Map();
    this.figures = h("p", { class: "figures" });
    this.counts = h("p", { class: "soft", id: "scan-counts" });
    this.notes = h("ul", { class: "soft notes" });
    this.parts = h("div", { class: "parts", role: "group", "aria-label": "Drawings that are taken" });
    this.page = h("input", { type: "number", min: "1", value: "1", "aria-label": "Page", onchange: () => act.page(Math.max(1, Math.min(Number(this.page.max), Number(this.page.value) || 1))) });
    this.pages = h("span", { class: "soft" });
    this.pageRow = h("label", { class: "field", hidden: true }, "page", this.page, this.pages);
    this.corpus = h("input", { type: "text", id: "scan-corpus", placeholder: "sketchbook", maxLength: 48, value: corpus, autocomplete: "off", spellcheck: false, oninput: () => this.sayCorpus() });
    this.corpus.setAttribute("list", "scan-corpora");
    this.corpora = h("datalist", { id: "scan-corpora" });
    this.corpusNote = h("span", { class: "soft" });
    this.add = h("button", { type: "button", class: "chief", id: "scan-add", onclick: () => act.accept(this.corpus.value.trim()) }, "Add to the corpus");
    this.train = h("button", { type: "button", class: "quiet small", hidden: true, title: "Learn to draw from this corpus", onclick: act.train }, "Train on it");
    this.undoWords = h("span", {});
    this.undoRow = h("p", { class: "undo", hidden: true }, this.undoWords, h("button", { type: "button", class: "quiet", onclick: act.undo }, icon("undo"), "Undo"));
    /** @type {CorpusFacts[]} */
    this.known = [];
    this.others = [
      h("button", { type: "button", title: "Keep the drawing (K)", onclick: act.keep }, icon("keep"), "Keep"),
      h("button", { type: "button", title: "Take the drawing to Draw", onclick: act.draw }, icon("pen"), "Draw"),
      h("button", { type: "button", title: "Save all strokes as an SVG of the picture's size", onclick: act.svg }, icon("download"), "SVG"),
    ];
    this.fixes = h("button", { type: "button", id: "scan-fixes", hidden: true, title: "Save what you changed as a file; beside the picture, limner scan applies it", onclick: act.fixes }, icon("download"), "Fixes");
    this.place = h("aside", { class: "panel", "aria-label": "How the page is read" }, this.reading(), this.going());
    this.setReady(false);
  }

  reading() {
    return h("div", { class: "card part" },
      h("div", { class: "found" }, this.figures, this.counts, this.parts, this.pageRow, this.notes),
      h("div", { class: "sliders" }, ...SLIDERS.map((slider) => this.slider(slider))),
      h("div", { class: "ticks" }, ...TICKS.map((tick) => this.tick(tick))),
      h("button", { type: "button", class: "quiet reset", onclick: () => this.reset() }, icon("undo"), "As the scanner thinks"));
  }

  going() {
    return h("div", { class: "card part" },
      h("div", { class: "corpus" }, h("label", { class: "soft", htmlFor: "scan-corpus" }, "into the corpus"), this.corpus, this.corpora,
        h("span", { class: "beneath" }, this.corpusNote, this.train)),
      this.add,
      this.undoRow,
      h("div", { class: "others" }, ...this.others, this.fixes));
  }

  /** @param {import("./settings.js").Slider} slider */
  slider({ name, label, title, min, max }) {
    const words = h("output", {});
    const input = h("input", { type: "range", id: `scan-${name}`, min: String(min), max: String(max), step: "0.02", title, oninput: () => this.moved(name, Number(input.value)), ondblclick: () => this.reset(name) });
    input.value = String(this.at[name]);
    const row = h("label", { class: "slider", title }, h("span", {}, label), input, words);
    this.sliders.set(name, { input, words, row });
    this.say(name);
    return row;
  }

  /** @param {{ name: TickName, label: string, title: string }} tick */
  tick({ name, label, title }) {
    const input = h("input", { type: "checkbox", id: `scan-${name}`, checked: this.at[name], onchange: () => {
      this.at[name] = input.checked;
      this.say("gap");
      this.act.change();
    } });
    this.ticks.set(name, input);
    return h("label", { class: "field", title }, input, label);
  }

  /**
   * @param {SliderName} name
   * @param {number} at
   */
  moved(name, at) {
    this.at[name] = Math.abs(at) < 0.03 ? 0 : at; // the middle is easily found again
    this.say(name);
    this.act.change();
  }

  /** @param {SliderName} [only] */
  reset(only) {
    const first = beginning();
    if (only) this.at[only] = first[only];
    else Object.assign(this.at, first);
    for (const [name, { input }] of this.sliders) input.value = String(this.at[name]);
    for (const [name, input] of this.ticks) input.checked = this.at[name];
    this.sayAll();
    this.act.change();
  }

  /** @param {SliderName} name */
  say(name) {
    const slider = this.sliders.get(name);
    if (!slider) return;
    const words = wordsFor(name, this.at, this.longest, this.pen);
    slider.words.value = words;
    slider.input.setAttribute("aria-valuetext", words);
    if (name === "gap") slider.row.hidden = !this.at.separate;
  }

  sayAll() {
    for (const name of this.sliders.keys()) this.say(name);
  }

  /**
   * @param {Preview} preview
   * @param {number} penFactor
   * @param {Set<number>} left drawings that are not taken
   * @param {number} fixes
   */
  show(preview, penFactor, left, fixes) {
    this.fixes.hidden = fixes === 0;
    const { found, parts, page, pages, width, height } = preview;
    this.longest = Math.max(width, height);
    this.pen = found.pen_px / penFactor;
    this.sayAll();
    const taken = parts.filter((_, part) => !left.has(part));
    const points = taken.reduce((sum, part) => sum + part.points, 0);
    const strokes = taken.reduce((sum, part) => sum + part.strokes.length, 0);
    this.figures.textContent = `${counted(strokes, "stroke")}, ${counted(points, "point")}`;
    const most = Math.max(0, ...taken.map((part) => part.points));
    this.counts.textContent = parts.length > 1
      ? `${taken.length} of ${counted(parts.length, "drawing")}, up to ${most} points each` : `${width} × ${height} pixels`;
    this.showParts(parts.length, left);
    const hints = most > LONG ? [`${counted(most, "point")} are long to learn; simplify more, or join less`] : [];
    this.notes.replaceChildren(...[...found.warnings, ...hints].map((note) => h("li", {}, note)));
    this.pageRow.hidden = pages < 2;
    this.page.max = String(pages);
    this.page.value = String(page);
    this.pages.textContent = `of ${pages}`;
    this.add.textContent = taken.length > 1 ? `Add ${taken.length} to the corpus` : "Add to the corpus";
    this.setReady(taken.length > 0);
  }

  /**
   * Return a button for each drawing of the page if there are several.
   * @param {number} count
   * @param {Set<number>} left
   */
  showParts(count, left) {
    const wanted = count > 1 ? count : 0;
    if (this.parts.children.length !== wanted) {
      this.parts.replaceChildren(...Array.from({ length: wanted }, (_, part) => h("button", { type: "button", class: "quiet", title: `Take drawing ${part + 1}, or leave it out`, onclick: () => this.act.part(part) }, String(part + 1))));
    }
    [...this.parts.children].forEach((button, part) => button.setAttribute("aria-pressed", String(!left.has(part))));
  }

  /** @param {string} sentence */
  showFault(sentence) {
    this.figures.textContent = "";
    this.counts.textContent = "";
    this.showParts(0, new Set());
    this.notes.replaceChildren(h("li", { class: "fault", role: "alert" }, sentence));
    this.add.textContent = "Add to the corpus";
    this.setReady(false);
  }

  /** @param {boolean} ready */
  setReady(ready) {
    this.ready = ready;
    for (const button of this.others) button.disabled = !ready;
    this.sayCorpus();
  }

  /** @param {CorpusFacts[]} corpora */
  setCorpora(corpora) {
    this.known = corpora;
    this.corpora.replaceChildren(...corpora.map(({ name, drawings }) => h("option", { value: name }, counted(drawings, "drawing"))));
    this.sayCorpus();
  }

  sayCorpus() {
    const name = this.corpus.value.trim();
    const known = this.known.find((one) => one.name === name);
    const wrong = name !== "" && !NAME.test(name);
    this.corpusNote.textContent = wrong ? "letters, digits, - and _" : known ? counted(known.drawings, "drawing") : name ? "a new one" : "";
    this.add.disabled = !this.ready || !name || wrong;
    this.train.hidden = !this.canTrain || !known?.drawings;
  }

  /** @param {string | null} sentence what was added; null where nothing can be taken back */
  offerUndo(sentence) {
    this.undoRow.hidden = sentence === null;
    this.undoWords.textContent = sentence ?? "";
  }
}

/**
 * @param {number} n
 * @param {string} thing
 */
export function counted(n, thing) {
  return `${n.toLocaleString("en")} ${thing}${n === 1 ? "" : "s"}`;
}
