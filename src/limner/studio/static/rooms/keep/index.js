// Keep: the kept drawings, and their export to files.

import { h, icon } from "../../shell/dom.js";
import { colours, show } from "../../shell/ink.js";
import { save } from "../../shell/save.js";
import { boundsOf, fromSketch } from "../../shell/sketch.js";
import { Exporter } from "./exporter.js";

/** @typedef {import("../../shell/kept.js").Item} Item */
/** @typedef {import("../../shell/types.js").Sketch} Sketch */
/** @typedef {import("../../shell/types.js").Studio} Studio */

const SURE_MS = 3000;

/**
 * @param {HTMLElement} place
 * @param {Studio} studio
 * @returns {import("../../shell/types.js").Room}
 */
export function mount(place, studio) {
  const room = new Keep(place, studio);
  return { show: () => void room.load(), receive: (sketch) => void studio.kept.keep(sketch) };
}

class Keep {
  /**
   * @param {HTMLElement} place
   * @param {Studio} studio
   */
  constructor(place, studio) {
    this.studio = studio;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Set<string>} */
    this.chosen = new Set();
    this.sure = 0;
    this.exporter = new Exporter(studio, () => void this.export());
    this.grid = h("div", { class: "grid", role: "group", "aria-label": "What is kept" });
    this.empty = h("p", { class: "empty soft", hidden: true }, "Nothing is kept yet. Keep a drawing in Draw or Morph, or open an SVG file.");
    this.count = h("output", { class: "soft", "aria-live": "polite" });
    this.all = h("button", { type: "button", id: "all", onclick: () => this.chooseAll() }, "All");
    this.toDraw = h("button", { type: "button", id: "keep-draw", onclick: () => this.send("draw") }, icon("pen"), "Draw on");
    this.toMorph = h("button", { type: "button", id: "keep-morph", onclick: () => this.send("morph") }, icon("morph"), "Morph");
    this.away = h("button", { type: "button", id: "give-up", onclick: () => void this.giveUp() });
    this.file = h("input", { type: "file", accept: ".svg,image/svg+xml", multiple: true, class: "unseen", tabIndex: -1, "aria-label": "SVG files", onchange: () => void this.open(this.file.files) });
    this.opener = h("button", { type: "button", id: "open", onclick: () => this.file.click() }, "Open SVG …");
    place.append(
      h("div", { class: "head" }, this.all, this.count, this.toDraw, this.toMorph, this.away, h("span", { class: "ends" }, this.opener, this.file)),
      h("div", { class: "shelf" }, this.empty, this.grid),
      this.exporter.place,
    );
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      void this.open(event.dataTransfer?.files ?? null);
    });
    studio.kept.onChange(() => void this.load());
    studio.onTheme(() => this.paint());
    this.refresh();
  }

  async load() {
    this.items = await this.studio.kept.all();
    const there = new Set(this.items.map((item) => item.id));
    this.chosen = new Set([...this.chosen].filter((id) => there.has(id)));
    this.grid.replaceChildren(...this.items.map((item) => this.card(item)));
    this.empty.hidden = this.items.length > 0;
    this.paint();
    this.refresh();
  }

  /** @param {Item} item */
  card(item) {
    const when = new Date(item.created);
    const date = when.toLocaleString(undefined, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });
    return h("button", { type: "button", class: "kept", "data-id": item.id, "aria-pressed": String(this.chosen.has(item.id)), "aria-label": `${item.name}, ${date}`,
      onclick: () => this.choose(item) },
      h("canvas", {}),
      h("span", { class: "name" }, item.name),
      h("time", { class: "soft", dateTime: when.toISOString() }, date),
      item.disk === null ? h("span", { class: "mark", title: "Not on disk yet" }, "in this browser only") : null);
  }

  paint() {
    const inks = colours();
    [...this.grid.querySelectorAll("canvas")].forEach((canvas, k) => {
      const strokes = fromSketch(this.items[k]?.sketch ?? { strokes: [] });
      show(canvas, strokes, inks, boundsOf(strokes.map((stroke) => stroke.points)), 1.7);
    });
  }

  // Choosing ------------------------------------------------------------------------------------------

  /** @param {Item} item */
  choose(item) {
    if (!this.chosen.delete(item.id)) this.chosen.add(item.id);
    this.refresh();
  }

  chooseAll() {
    this.chosen = new Set(this.chosen.size === this.items.length ? [] : this.items.map((item) => item.id));
    this.refresh();
  }

  refresh() {
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (this.grid.querySelectorAll(".kept"))) {
      card.setAttribute("aria-pressed", String(this.chosen.has(card.dataset.id ?? "")));
    }
    const { size } = this.chosen;
    this.count.value = this.items.length ? `${size} of ${this.items.length} chosen` : "";
    this.all.textContent = size && size === this.items.length ? "None" : "All";
    this.all.disabled = !this.items.length;
    this.toDraw.disabled = this.toMorph.disabled = size !== 1;
    this.away.disabled = !size;
    this.doubt();
    this.exporter.setCount(size);
  }

  /** @returns {Item[]} in the order of the list, the oldest first */
  picked() {
    return this.items.filter((item) => this.chosen.has(item.id)).reverse();
  }

  // Doing ---------------------------------------------------------------------------------------------

  /** @param {string} room */
  send(room) {
    const [item] = this.picked();
    if (item) void this.studio.go(room, item.sketch);
  }

  doubt() {
    window.clearTimeout(this.sure);
    this.sure = 0;
    this.away.replaceChildren(icon("clear"), "Give up");
  }

  async giveUp() {
    if (!this.sure) {
      this.sure = window.setTimeout(() => this.doubt(), SURE_MS);
      this.away.replaceChildren(icon("clear"), `Really give up ${this.chosen.size}?`);
      return;
    }
    this.doubt();
    const items = this.picked();
    for (const item of items) await this.studio.kept.remove(item);
    this.studio.say(items.length === 1 ? "It is gone." : `${items.length} drawings are gone.`);
  }

  /** @param {FileList | null} files */
  async open(files) {
    for (const file of files ?? []) {
      /** @type {Sketch & { notes: string[] }} */
      const { notes, ...sketch } = await this.studio.api.post("/api/open", { text: await file.text(), name: file.name });
      await this.studio.kept.keep({ ...sketch, by: sketch.strokes.map(() => /** @type {const} */ ("you")) }, file.name.replace(/\.svg$/i, ""));
      this.studio.say([`${file.name} is kept.`, ...notes].join(" "));
    }
    this.file.value = "";
  }

  async export() {
    const items = this.picked();
    if (!items.length) return;
    const name = items.length === 1 ? items[0]?.name ?? "" : `${items.length} drawings`;
    await save(this.studio, { ...this.exporter.options(), sketches: items.map((item) => item.sketch), name });
  }
}
