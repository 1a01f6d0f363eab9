// A small picture of each future beside the sheet, for comparing and selecting.

import { h } from "../../shell/dom.js";
import { show } from "../../shell/ink.js";
import { boundsOf } from "../../shell/sketch.js";

/** @typedef {import("./futures.js").Future} Future */
/** @typedef {import("../../shell/types.js").Stroke} Stroke */

const PAINT_MS = 90; // small pictures need not be as smooth as the sheet

export class Cards {
  /**
   * @param {(index: number) => void} take
   * @param {(index: number | null) => void} point one of them is looked at
   */
  constructor(take, point) {
    this.take = take;
    this.point = point;
    this.place = h("div", { class: "cards", role: "group", "aria-label": "Ways to go on", hidden: true });
    /** @type {HTMLCanvasElement[]} */
    this.pictures = [];
    this.painted = 0;
  }

  /** @param {number} count */
  open(count) {
    this.pictures = Array.from({ length: count }, () => h("canvas", {}));
    this.place.replaceChildren(...this.pictures.map((picture, index) => this.card(picture, index)));
    this.place.hidden = false;
    this.painted = 0;
  }

  /**
   * @param {HTMLCanvasElement} picture
   * @param {number} index
   */
  card(picture, index) {
    const look = () => this.point(index);
    const away = () => this.point(null);
    return h(
      "button",
      { type: "button", class: "future", "aria-label": `Take way ${index + 1}`, title: `Take this one (${index + 1})`,
        onclick: () => this.take(index), onpointerenter: look, onpointerleave: away, onfocus: look, onblur: away },
      picture,
      h("span", { class: "number", "aria-hidden": "true" }, String(index + 1)),
    );
  }

  close() {
    if (this.place.contains(document.activeElement)) this.place.closest("section")?.querySelector("canvas")?.focus();
    this.place.hidden = true;
    this.place.replaceChildren();
    this.pictures = [];
  }

  /**
   * @param {Stroke[]} ink
   * @param {Future[]} futures
   * @param {string} soft colour of the ink
   * @param {(index: number) => string} tintOf a future
   * @param {boolean} [now]
   */
  paint(ink, futures, soft, tintOf, now = false) {
    if (!now && performance.now() - this.painted < PAINT_MS) return;
    this.painted = performance.now();
    for (const { index, strokes, ended } of futures) {
      const picture = this.pictures[index];
      if (!picture) continue;
      const all = [...ink, ...strokes];
      show(picture, all, { you: soft, model: tintOf(index) }, boundsOf(all.map((stroke) => stroke.points)));
      const card = picture.parentElement;
      card?.classList.toggle("ended", ended);
      if (card) card.hidden = ended && !strokes.length;
      card?.style.setProperty("--tint", tintOf(index));
    }
  }
}
