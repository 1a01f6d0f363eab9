// The controls beside and below the sheet.

import { ClassField } from "../../shell/class_field.js";
import { h, icon, iconButton } from "../../shell/dom.js";

/** @typedef {import("../../shell/types.js").Studio} Studio */

const LARGEST_SEED = 2 ** 32;

/**
 * @typedef {object} Actions
 * @property {(tool: "pen" | "eraser") => void} tool
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} clear
 * @property {() => void} fit
 * @property {() => void} go go on, or stop
 * @property {() => void} keep
 * @property {() => void} morph
 * @property {(changed: "temperature" | "pace" | "label" | "futures" | "alone") => void} change
 */

export class Controls {
  /**
   * @param {Studio} studio
   * @param {Actions} act
   */
  constructor(studio, act) {
    this.studio = studio;
    this.act = act;
    this.temperature = h("input", { type: "range", id: "temperature", min: "0.05", max: "1.5", step: "0.01", oninput: () => {
      studio.remember(`draw.temperature.${studio.model().id}`, Number(this.temperature.value));
      act.change("temperature");
    } });
    this.pace = this.slider("pace", 0, 1, 0.02, 0.5);
    this.futures = this.slider("futures", 1, studio.facts.bounds.futures, 1, 4);
    this.futures.addEventListener("input", () => this.sayFutures());
    this.count = h("output", { class: "count" });
    this.label = new ClassField("label", () => act.change("label"), studio.say);
    this.labelField = h("span", { class: "field", id: "label-field" }, "draw", this.label.place);
    this.alone = h("input", { type: "checkbox", id: "alone", checked: studio.recall("draw.alone", true), onchange: () => {
      studio.remember("draw.alone", this.alone.checked);
      act.change("alone");
    } });
    this.seed = h("input", { type: "text", id: "seed", inputMode: "numeric", maxLength: 10, size: 10, "aria-label": "Seed",
      value: String(studio.recall("draw.seed", 1)), onchange: () => this.setSeed(Number.parseInt(this.seed.value, 10) || 0) });
    this.locked = h("button", { type: "button", class: "icon quiet", onclick: () => this.lock(!this.seedLocked) });
    this.go = h("button", { type: "button", class: "chief", id: "go", onclick: act.go });
    this.undo = iconButton("undo", "Undo (Z)", act.undo);
    this.redo = iconButton("redo", "Redo (Y)", act.redo);
    this.clear = iconButton("clear", "Clear the sheet (Delete)", act.clear);
    this.pen = iconButton("pen", "Pen (P)", () => act.tool("pen"));
    this.eraser = iconButton("eraser", "Eraser (E)", () => act.tool("eraser"));
    this.lock(studio.recall("draw.locked", false));
    this.setTool("pen");
    this.setModel(studio.model());
    this.setGoing(false);
    this.sayFutures();
  }

  /**
   * @param {"pace" | "futures"} name
   * @param {number} min
   * @param {number} max
   * @param {number} step
   * @param {number} otherwise
   */
  slider(name, min, max, step, otherwise) {
    const input = h("input", { type: "range", id: name, min: String(min), max: String(max), step: String(step) });
    input.value = String(this.studio.recall(`draw.${name}`, otherwise));
    input.addEventListener("input", () => {
      this.studio.remember(`draw.${name}`, Number(input.value));
      this.act.change(name);
    });
    return input;
  }

  /** The tools on the sheet. */
  tools() {
    return h("div", { class: "tools card", role: "toolbar", "aria-label": "Tools" },
      this.pen, this.eraser, h("hr"), this.undo, this.redo, this.clear, iconButton("fit", "See the whole drawing (F)", this.act.fit),
      h("hr"), iconButton("keep", "Keep this drawing (K)", this.act.keep), iconButton("morph", "Take this drawing to Morph", this.act.morph));
  }

  /** The row below the sheet. */
  row() {
    return h("div", { class: "row" },
      h("div", { class: "lead" }, this.go,
        h("label", { class: "field", title: "Whether the model goes on whenever the pen lifts" }, this.alone, "by itself")),
      this.labelField,
      h("label", { class: "field wide" }, "careful", this.temperature, "wild"),
      h("label", { class: "field" }, "ways", this.futures, this.count),
      h("label", { class: "field wide" }, "slow", this.pace, "quick"),
      h("span", { class: "field seed" }, "seed", this.seed, this.locked));
  }

  /** @param {import("../../shell/types.js").ModelFacts} model */
  setModel(model) {
    this.label.setNames(model.labels);
    this.labelField.hidden = !model.labels.length;
    this.temperature.value = String(this.studio.recall(`draw.temperature.${model.id}`, model.temperature));
  }

  /** @param {"pen" | "eraser"} tool */
  setTool(tool) {
    this.pen.setAttribute("aria-pressed", String(tool === "pen"));
    this.eraser.setAttribute("aria-pressed", String(tool === "eraser"));
  }

  /** @param {boolean} going */
  setGoing(going) {
    this.go.replaceChildren(icon(going ? "stop" : "go"), going ? "Stop" : "Go on");
    this.go.title = `${going ? "Stop" : "Let the model draw"} (space)`;
  }

  sayFutures() {
    this.count.value = this.futures.value;
    this.futures.title = `${this.futures.value} ways at once`;
  }

  /** @param {boolean} locked */
  lock(locked) {
    this.seedLocked = locked;
    this.studio.remember("draw.locked", locked);
    const label = locked ? "The seed is locked: the same again. Unlock it" : "Lock the seed, to draw the same again";
    this.locked.replaceChildren(icon(locked ? "lock" : "unlock"));
    this.locked.title = label;
    this.locked.setAttribute("aria-label", label);
    this.locked.setAttribute("aria-pressed", String(locked));
  }

  /** @param {number} seed */
  setSeed(seed) {
    const whole = Math.min(LARGEST_SEED - 1, Math.max(0, seed));
    this.seed.value = String(whole);
    this.studio.remember("draw.seed", whole);
  }

  /** The seed of a new turn. */
  nextSeed() {
    if (!this.seedLocked) this.setSeed(Math.floor(Math.random() * LARGEST_SEED));
    return Number(this.seed.value);
  }

  /** Points per second: from 8 to 2000. */
  get pointsPerSecond() {
    return Math.round(8 * 250 ** Number(this.pace.value));
  }
}
