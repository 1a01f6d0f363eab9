// The dialog for choosing a drawing: sampled by the model, from the corpus, or a kept one.

import { ClassField } from "./class_field.js";
import { h, iconButton } from "./dom.js";
import { colours, show } from "./ink.js";
import { boundsOf, fromSketch } from "./sketch.js";

/** @typedef {import("./types.js").Sketch} Sketch */
/** @typedef {import("./types.js").Studio} Studio */
/** @typedef {"imagined" | "corpus" | "kept"} Source */

const COUNT = 12;

export class Picker {
  /**
   * @param {Studio} studio
   * @param {() => import("./types.js").ModelFacts} [model] that imagines drawings; the one of the bar unless given
   */
  constructor(studio, model = studio.model) {
    this.studio = studio;
    this.model = model;
    this.grid = h("div", { class: "picker-grid" });
    this.label = new ClassField("picker-label", () => void this.load(), studio.say);
    /** @type {Source} */
    this.source = "imagined";
    /** @type {(sketch: Sketch | null) => void} */
    this.chosen = () => undefined;
    const sources = /** @type {[Source, string][]} */ ([["imagined", "Imagined"], ["corpus", "Corpus"], ["kept", "Kept"]]);
    this.tabs = sources
      .filter(([source]) => source !== "corpus" || studio.facts.corpus !== null)
      .map(([source, title]) => h("button", { type: "button", "data-source": source, onclick: () => this.turnTo(source) }, title));
    this.dialog = h(
      "dialog", { class: "picker card", "aria-label": "Choose a drawing", onclose: () => this.finish(null) },
      h("div", { class: "picker-head" }, ...this.tabs, this.label.place,
        iconButton("dice", "Other ones", () => void this.load()), iconButton("close", "Close", () => this.dialog.close(), "icon quiet picker-close")),
      this.grid,
    );
    document.body.append(this.dialog);
  }

  /**
   * Open the dialog; resolves to the chosen drawing.
   * @returns {Promise<Sketch | null>}
   */
  choose() {
    this.label.setNames(this.model().labels);
    this.dialog.showModal();
    this.turnTo(this.source);
    return new Promise((done) => (this.chosen = done));
  }

  /** @param {Sketch | null} sketch */
  finish(sketch) {
    const then = this.chosen;
    this.chosen = () => undefined;
    if (this.dialog.open) this.dialog.close();
    then(sketch);
  }

  /** @param {Source} source */
  turnTo(source) {
    this.source = source;
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.source === source));
    this.label.place.hidden = source === "kept" || this.label.names.length < 2;
    void this.load();
  }

  async load() {
    const { source } = this;
    this.grid.replaceChildren(h("p", { class: "soft" }, "One moment …"));
    try {
      const sketches = await this.found();
      if (source !== this.source) return;
      this.grid.replaceChildren(...sketches.map((sketch) => this.choice(sketch)));
      if (!sketches.length) this.grid.replaceChildren(h("p", { class: "soft" }, "Nothing is kept yet."));
    } catch (error) {
      this.grid.replaceChildren(h("p", { class: "soft" }, error instanceof Error ? error.message : String(error)));
    }
  }

  /** @returns {Promise<Sketch[]>} */
  async found() {
    const { studio, source } = this;
    const label = this.label.value;
    const seed = Math.floor(Math.random() * 2 ** 32);
    if (source === "kept") return (await studio.kept.all()).map((item) => item.sketch);
    if (source === "corpus") {
      const asked = new URLSearchParams({ n: String(COUNT), seed: String(seed), ...(label ? { label } : {}) });
      return (await studio.api.get(`/api/corpus/drawings?${asked}`)).sketches;
    }
    return (await studio.api.post("/api/sample", { model: this.model().id, n: COUNT, label, seed })).sketches.filter(
      (/** @type {Sketch} */ sketch) => sketch.strokes.length,
    );
  }

  /** @param {Sketch} sketch */
  choice(sketch) {
    const canvas = h("canvas", {});
    const button = h("button", { type: "button", class: "choice", "aria-label": sketch.label ?? "drawing", onclick: () => this.finish(sketch) },
      canvas, sketch.label ? h("span", { class: "soft" }, sketch.label) : null);
    requestAnimationFrame(() => {
      const inks = colours();
      const strokes = fromSketch(sketch);
      show(canvas, strokes, { you: inks.you, model: inks.you }, boundsOf(strokes.map((stroke) => stroke.points)), 1.5);
    });
    return button;
  }
}
