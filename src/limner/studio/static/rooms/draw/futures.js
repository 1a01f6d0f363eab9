// The futures of a drawing: points that arrive in bursts are shown at a steady pace.

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("../../shell/types.js").Stroke} Stroke */
/** @typedef {import("./protocol.js").Dot} Dot */

const CATCH_UP_SECONDS = 0.25; // what may wait before the hand hurries

/** One continuation of the drawing. */
export class Future {
  /**
   * @param {number} index
   * @param {Point | null} start where the last stroke goes on; null where a new one begins
   */
  constructor(index, start) {
    this.index = index;
    /** @type {Stroke[]} */
    this.strokes = [];
    /** @type {Dot[]} */
    this.waiting = [];
    this.ended = false;
    this.arrived = false; // whether the end has come from the server
    this.credit = 0;
    this.lifted = start === null;
    if (start) this.strokes.push({ points: [start], by: "model" });
  }

  /** @param {Dot} dot */
  receive(dot) {
    if (dot.pen === 2) this.arrived = true;
    else this.waiting.push(dot);
  }

  /**
   * Advance the animation.
   * @param {number} seconds
   * @param {number} pace points a second
   * @returns {boolean} whether there is anything new to see
   */
  advance(seconds, pace) {
    const before = this.waiting.length;
    const hurry = Math.max(1, before / (pace * CATCH_UP_SECONDS));
    this.credit = Math.min(this.credit + seconds * pace * hurry, before);
    while (this.credit >= 1) {
      this.credit -= 1;
      this.put(/** @type {Dot} */ (this.waiting.shift()));
    }
    const ended = this.arrived && !this.waiting.length;
    const news = before > 0 || ended !== this.ended;
    this.ended = ended;
    return news;
  }

  /** Show all points that have arrived. */
  finish() {
    for (const dot of this.waiting.splice(0)) this.put(dot);
    this.credit = 0;
  }

  /** @param {Dot} dot */
  put({ x, y, pen }) {
    if (this.lifted) this.strokes.push({ points: [[x, y]], by: "model" });
    else this.strokes.at(-1)?.points.push([x, y]);
    this.lifted = pen === 1;
  }

  /** @returns {Point | null} the pen's tip, on its way to the next point; null while it is lifted */
  get tip() {
    const from = this.strokes.at(-1)?.points.at(-1);
    const to = this.waiting[0];
    if (this.lifted || !from || !to) return null;
    const [x, y] = from;
    return [x + (to.x - x) * this.credit, y + (to.y - y) * this.credit];
  }

  /** @returns {Stroke[]} what is seen now */
  get shown() {
    const { tip } = this;
    const last = this.strokes.at(-1);
    if (!tip || !last) return this.strokes;
    return [...this.strokes.slice(0, -1), { ...last, points: [...last.points, tip] }];
  }
}
