// Morph: interpolations between two or four drawings, and sums of three.

import { h, icon } from "../../shell/dom.js";
import { colours, paint, show } from "../../shell/ink.js";
import { Picker } from "../../shell/picker.js";
import { save } from "../../shell/save.js";
import { boundsOf, fromSketch } from "../../shell/sketch.js";
import { Slot } from "./slot.js";
import { Tween } from "./tween.js";

/** @typedef {import("../../shell/types.js").Sketch} Sketch */
/** @typedef {import("../../shell/types.js").Studio} Studio */
/** @typedef {"two" | "four" | "sum"} Mode */

const STEPS = 21;
const GRID = 5;
const SUMS = 4;
const LATENT = "sketches-latent";
const WAY_SECONDS = 5;
const NAMES = ["A", "B", "C", "D"];
const CORNERS = [0, GRID - 1, GRID * (GRID - 1), GRID * GRID - 1];

/**
 * @param {HTMLElement} place
 * @param {Studio} studio
 * @returns {import("../../shell/types.js").Room}
 */
export function mount(place, studio) {
  const room = new Morph(place, studio);
  return {
    show: () => void room.show(),
    hide: () => room.play(false),
    receive: (sketch) => room.put(0, sketch),
  };
}

class Morph {
  /**
   * @param {HTMLElement} place
   * @param {Studio} studio
   */
  constructor(place, studio) {
    this.studio = studio;
    this.picker = new Picker(studio, () => this.model());
    /** @type {Mode} */
    this.mode = "two";
    this.slots = NAMES.map((name, k) => new Slot(name, () => void this.choose(k), () => void this.roll(k)));
    /** @type {Sketch[]} */
    this.found = []; // what the server has drawn
    this.chosen = 0; // of these
    /** @type {Tween | null} */
    this.tween = null;
    this.playing = false;
    this.direction = 1;
    this.time = 0;
    this.asked = 0;
    /** @type {AbortController | null} */
    this.asking = null;
    this.tabs = /** @type {[Mode, string][]} */ ([["two", "Between two"], ["four", "Between four"], ["sum", "Sum"]]).map(([mode, title]) =>
      h("button", { type: "button", "data-mode": mode, onclick: () => this.turnTo(mode) }, title));
    this.slider = h("input", { type: "range", id: "share", min: "0", max: "1", step: "0.001", value: "0.5", "aria-label": "From A to B",
      oninput: () => { this.play(false); this.paint(); } });
    this.playButton = h("button", { type: "button", id: "play", class: "icon", onclick: () => this.play(!this.playing) });
    this.temperature = h("input", { type: "range", id: "morph-temperature", min: "0.01", max: "0.8", step: "0.01", value: String(studio.recall("morph.temperature", 0.1)),
      onchange: () => { studio.remember("morph.temperature", Number(this.temperature.value)); void this.ask(); } });
    this.stage = h("canvas", { class: "stage", role: "img", "aria-label": "What lies between" });
    this.frameOfStage = h("div", { class: "frame card" }, this.stage);
    this.cells = h("div", { class: "cells" });
    this.body = h("div", { class: "body" });
    this.by = h("span", { class: "soft by" });
    this.note = h("p", { class: "note soft", hidden: true }, "This model is a decoder alone: it cannot look at drawings, and so not morph between them. Choose another in the bar above.");
    const films = studio.facts.exports.filter(({ name, uses }) => uses.includes("motion") || name === "npz");
    this.films = h("select", { "aria-label": "Film", id: "film" }, ...films.map(({ name, title }) => h("option", { value: name }, title)));
    this.filmField = h("span", { class: "field" }, this.films, h("button", { type: "button", id: "save-film", onclick: () => void this.film() }, icon("download"), "Save the way"));
    place.append(
      h("div", { class: "head" }, h("div", { class: "modes", role: "group", "aria-label": "What to morph" }, ...this.tabs), this.by,
        h("label", { class: "field" }, "careful", this.temperature, "wild"), this.filmField,
        h("span", { class: "ends" },
          h("button", { type: "button", id: "morph-draw", onclick: () => this.toDraw() }, icon("pen"), "Draw on"),
          h("button", { type: "button", id: "morph-keep", onclick: () => void this.keep() }, icon("keep"), "Keep"))),
      this.note, this.body,
    );
    studio.onModel(() => void this.show());
    studio.onTheme(() => this.paint());
    new ResizeObserver(() => this.paint()).observe(this.body);
    this.play(false);
    this.turnTo("two", false);
  }

  /** The model of the bar, or the best one here where that one cannot look at drawings. */
  model() {
    const { models } = this.studio.facts;
    const chosen = this.studio.model();
    return chosen.conditional ? chosen : models.find(({ id }) => id === LATENT) ?? models.find(({ conditional }) => conditional) ?? chosen;
  }

  async show() {
    if (this.slots.every((slot) => slot.sketch) || !this.model().conditional) return void this.ask();
    const seed = Math.floor(Math.random() * 2 ** 32);
    const { sketches } = await this.studio.api.post("/api/morph/ends", { model: this.model().id, seed });
    this.slots.forEach((slot, k) => {
      const sketch = sketches[k];
      if (!slot.sketch && sketch) slot.set(sketch);
    });
    await this.ask();
  }

  // Drawings to start from ----------------------------------------------------------------------------

  /** @param {number} n */
  async imagined(n) {
    const seed = Math.floor(Math.random() * 2 ** 32);
    /** @type {Sketch[]} */
    const sketches = (await this.studio.api.post("/api/sample", { model: this.model().id, n: 3 * n, seed })).sketches;
    return sketches.filter((sketch) => sketch.strokes.flat().length > 3).slice(0, n);
  }

  /** @param {number} k */
  async roll(k) {
    const [sketch] = await this.imagined(1);
    if (sketch) this.put(k, sketch);
  }

  /** @param {number} k */
  async choose(k) {
    const sketch = await this.picker.choose();
    if (sketch) this.put(k, sketch);
  }

  /**
   * @param {number} k
   * @param {Sketch} sketch
   */
  put(k, sketch) {
    this.slots[k]?.set(sketch);
    void this.ask();
  }

  // What the model makes of them ----------------------------------------------------------------------

  /**
   * @param {Mode} mode
   * @param {boolean} [asking]
   */
  turnTo(mode, asking = true) {
    this.mode = mode;
    this.play(false);
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.mode === mode));
    const [a, b, c, d] = this.slots.map((slot) => slot.place);
    const sign = (/** @type {string} */ text) => h("span", { class: "sign", "aria-hidden": "true" }, text);
    this.body.className = `body ${mode}`;
    if (mode === "two") this.body.replaceChildren(a ?? "", h("div", { class: "middle" }, this.frameOfStage, h("div", { class: "way" }, this.playButton, this.slider)), b ?? "");
    else if (mode === "four") this.body.replaceChildren(h("div", { class: "corners left" }, a ?? "", c ?? ""), this.cells, h("div", { class: "corners right" }, b ?? "", d ?? ""));
    else this.body.replaceChildren(h("div", { class: "terms" }, a ?? "", sign("−"), b ?? "", sign("+"), c ?? "", sign("=")), this.cells);
    this.filmField.hidden = mode !== "two";
    this.found = [];
    this.tween = null;
    for (const slot of this.slots) slot.paint();
    if (asking) void this.ask();
  }

  async ask() {
    const { studio, mode } = this;
    const model = this.model();
    this.note.hidden = model.conditional;
    this.body.hidden = !model.conditional;
    this.by.textContent = model.id === studio.model().id ? "" : `with ${model.id}`;
    const needed = { two: 2, four: 4, sum: 3 }[mode];
    const sketches = this.slots.slice(0, needed).map((slot) => slot.sketch);
    if (!model.conditional || sketches.some((sketch) => sketch === null)) return;
    this.asking?.abort();
    this.asking = new AbortController();
    this.body.classList.add("busy");
    const [a, b, c] = sketches;
    const common = { model: model.id, temperature: Number(this.temperature.value) };
    const [path, body] = mode === "two" ? ["/api/morph", { ...common, a, b, steps: STEPS }]
      : mode === "four" ? ["/api/morph/grid", { ...common, corners: sketches, size: GRID }]
      : ["/api/morph/sum", { ...common, a, b, c, n: SUMS }];
    try {
      const { sketches: found } = await studio.api.post(String(path), body, this.asking.signal);
      this.answer(found);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    } finally {
      this.body.classList.remove("busy");
    }
  }

  /** @param {Sketch[]} found */
  answer(found) {
    this.found = found;
    this.chosen = this.mode === "four" ? Math.floor(found.length / 2) : 0;
    this.body.dataset.count = String(found.length);
    if (this.mode === "two") this.tween = new Tween(found.map((sketch) => fromSketch(sketch)));
    else this.cells.replaceChildren(...found.map((_, k) => this.cell(k)));
    this.paint();
  }

  /** @param {number} k */
  cell(k) {
    return h("button", { type: "button", class: "cell", "aria-label": `Drawing ${k + 1} of ${this.found.length}`, "aria-pressed": String(k === this.chosen),
      onclick: () => this.choosePlace(k) }, h("canvas", {}));
  }

  /** @param {number} k */
  choosePlace(k) {
    this.chosen = k;
    [...this.cells.children].forEach((cell, at) => cell.setAttribute("aria-pressed", String(at === k)));
  }

  paint() {
    for (const slot of this.slots) slot.paint();
    const inks = colours();
    if (this.mode !== "two") {
      [...this.cells.querySelectorAll("canvas")].forEach((canvas, k) => {
        const strokes = fromSketch(this.found[k] ?? { strokes: [] });
        const ink = this.mode === "four" && CORNERS.includes(k) ? inks.model : inks.you;
        show(canvas, strokes, { you: ink, model: ink }, boundsOf(strokes.map((stroke) => stroke.points)), 1.6);
      });
      return;
    }
    this.paintStage(inks);
  }

  /** @param {import("../../shell/ink.js").Colours} inks */
  paintStage(inks) {
    const canvas = this.stage;
    show(canvas, [], inks, null);
    const context = canvas.getContext("2d");
    if (!context || !this.tween) return;
    const side = Math.min(canvas.width, canvas.height);
    const scale = (0.8 * side) / 100;
    context.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
    for (const { strokes, opacity } of this.tween.at(Number(this.slider.value))) {
      context.globalAlpha = opacity;
      paint(context, strokes, (2.6 * (devicePixelRatio || 1)) / scale, { you: inks.you, model: inks.you });
    }
    context.globalAlpha = 1;
  }

  // Playing, keeping ----------------------------------------------------------------------------------

  /** @param {boolean} on */
  play(on) {
    const label = on ? "Hold" : "Play the way to and fro";
    this.playButton.replaceChildren(icon(on ? "stop" : "go"));
    this.playButton.title = label;
    this.playButton.setAttribute("aria-label", label);
    if (on && !this.playing) {
      this.time = performance.now();
      requestAnimationFrame((now) => this.frame(now));
    }
    this.playing = on;
  }

  /** @param {number} now */
  frame(now) {
    if (!this.playing) return;
    let share = Number(this.slider.value) + (this.direction * (now - this.time)) / (1000 * WAY_SECONDS);
    this.time = now;
    if (share >= 1 || share <= 0) this.direction = share >= 1 ? -1 : 1;
    share = Math.min(1, Math.max(0, share));
    this.slider.value = String(share);
    this.paintStage(colours());
    requestAnimationFrame((then) => this.frame(then));
  }

  /** @returns {Sketch | null} what is in view, or chosen */
  current() {
    const at = this.mode === "two" ? this.tween?.nearest(Number(this.slider.value)) ?? 0 : this.chosen;
    const sketch = this.found[at] ?? null;
    return sketch?.strokes.length ? sketch : null;
  }

  async keep() {
    const sketch = this.current();
    if (!sketch) return this.studio.say("There is nothing to keep yet.");
    const item = await this.studio.kept.keep(sketch, "morph");
    this.studio.say(item.disk ? "Kept, on disk too." : "Kept in this browser; on disk when the studio answers.");
  }

  toDraw() {
    const sketch = this.current();
    if (sketch) void this.studio.go("draw", sketch);
  }

  async film() {
    const sketches = this.found.filter((sketch) => sketch.strokes.length);
    if (!sketches.length) return;
    await save(this.studio, { sketches, format: this.films.value, kind: "morph", seconds: 3, hold_seconds: 0.6, name: "morph" });
  }
}
