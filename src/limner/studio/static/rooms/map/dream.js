// A drawing that the model imagines at a position of the map, between the drawings around it.

import { h, icon, iconButton } from "../../shell/dom.js";
import { colours, show } from "../../shell/ink.js";
import { boundsOf, fromSketch } from "../../shell/sketch.js";
import { beside } from "../../map/map.js";

/** @typedef {import("../../map/map.js").DrawingMap} DrawingMap */
/** @typedef {import("../../shell/types.js").Sketch} Sketch */
/** @typedef {import("../../shell/types.js").Studio} Studio */

export class Dream {
  /**
   * @param {Studio} studio
   * @param {DrawingMap} map
   * @param {string} id of the map
   */
  constructor(studio, map, id) {
    this.studio = studio;
    this.map = map;
    this.id = id;
    /** @type {[number, number] | null} */
    this.spot = null;
    /** @type {[number, number] | null} where the pointer has gone since the studio was asked */
    this.next = null;
    /** @type {Sketch | null} */
    this.sketch = null;
    this.seed = 0;
    this.asking = false;
    this.picture = h("canvas", { role: "img", "aria-label": "The imagined drawing" });
    this.wild = h("input", { type: "range", min: "0.01", max: "0.8", step: "0.01", value: String(studio.recall("map.temperature", 0.15)), "aria-label": "From careful to wild",
      onchange: () => { studio.remember("map.temperature", Number(this.wild.value)); this.again(); } });
    this.place = h("figure", { class: "dream card", hidden: true },
      h("div", { class: "dream-head" }, h("figcaption", {}, "Imagined"), iconButton("dice", "Imagine it in another way", () => { this.seed += 1; this.again(); }), iconButton("close", "Put it away", () => this.close())),
      this.picture, this.wild,
      h("div", { class: "dream-verbs" },
        h("button", { type: "button", class: "dream-draw", onclick: () => this.send("draw") }, icon("pen"), "Draw on"),
        iconButton("morph", "Take it to Morph", () => this.send("morph")),
        iconButton("keep", "Keep it", () => void this.keep())));
    map.addEventListener("spot", (event) => this.go(/** @type {CustomEvent<[number, number]>} */ (event).detail));
    map.addEventListener("view", () => this.stand());
  }

  /** Imagine the drawing at a position; while one is being drawn, only the latest position is kept. @param {[number, number]} spot */
  go(spot) {
    this.next = spot;
    this.map.spot = { x: spot[0], y: spot[1], from: this.map.spot?.from ?? [] };
    this.map.draw();
    if (!this.asking) void this.ask();
  }

  again() {
    if (this.spot) this.go(this.spot);
  }

  async ask() {
    this.asking = true;
    try {
      while (this.next) {
        const [x, y] = (this.spot = this.next);
        this.next = null;
        const { sketch, of } = await this.studio.api.post(`/api/map/${this.id}/imagine`, { model: this.studio.model().id, x, y, temperature: Number(this.wild.value), seed: this.seed });
        if (!this.spot) return; // it was put away
        this.sketch = sketch;
        const [toX, toY] = this.next ?? this.spot;
        this.map.spot = { x: toX, y: toY, from: of.map((/** @type {{ i: number, share: number }} */ one) => [one.i, one.share]) };
        this.map.draw();
        this.paint();
      }
    } catch (error) {
      this.next = null;
      if (!this.sketch) this.close();
      throw error;
    } finally {
      this.asking = false;
    }
  }

  paint() {
    if (!this.sketch) return;
    this.place.hidden = false;
    const strokes = fromSketch(this.sketch), { model } = colours();
    show(this.picture, strokes, { you: model, model }, boundsOf(strokes.map((stroke) => stroke.points)), 1.8);
    this.place.dataset.strokes = String(strokes.length);
    this.stand();
  }

  /** Place the picture beside the position. */
  stand() {
    if (!this.place.hidden && this.spot) beside(this.place, this.map, this.spot);
  }

  close() {
    this.spot = this.next = this.sketch = this.map.spot = null;
    this.place.hidden = true;
    this.map.draw();
  }

  /** @param {string} room */
  send(room) {
    if (this.sketch?.strokes.length) void this.studio.go(room, this.sketch);
  }

  async keep() {
    if (!this.sketch?.strokes.length) return this.studio.say("There is nothing to keep: the model drew nothing here.");
    const item = await this.studio.kept.keep(this.sketch, "imagined");
    this.studio.say(item.disk ? "Kept, on disk too." : "Kept in this browser; on disk when the studio answers.");
  }
}
