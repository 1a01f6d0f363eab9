// A slot: shows a drawing, and opens the picker to replace it.

import { h, iconButton } from "../../shell/dom.js";
import { colours, show } from "../../shell/ink.js";
import { boundsOf, fromSketch } from "../../shell/sketch.js";

/** @typedef {import("../../shell/types.js").Sketch} Sketch */

export class Slot {
  /**
   * @param {string} name
   * @param {() => void} choose
   * @param {() => void} roll
   */
  constructor(name, choose, roll) {
    this.name = name;
    /** @type {Sketch | null} */
    this.sketch = null;
    this.canvas = h("canvas", {});
    this.button = h("button", { type: "button", class: "slot-picture", title: "Choose a drawing", "aria-label": `${name}: choose a drawing`, onclick: choose }, this.canvas);
    this.place = h("div", { class: "slot card" }, this.button,
      h("span", { class: "slot-name" }, name), iconButton("dice", `${name}: imagine another`, roll));
  }

  /** @param {Sketch} sketch */
  set(sketch) {
    this.sketch = sketch;
    this.button.setAttribute("aria-label", `${this.name}${sketch.label ? `, ${sketch.label}` : ""}: choose another drawing`);
    this.paint();
  }

  paint() {
    if (!this.sketch || !this.canvas.isConnected) return;
    const strokes = fromSketch(this.sketch);
    show(this.canvas, strokes, colours(), boundsOf(strokes.map((stroke) => stroke.points)), 2);
  }
}
