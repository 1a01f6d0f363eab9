// Tweening between neighbouring drawings of a morph: stroke by stroke where they correspond, else a cross-fade.

import { centred } from "../../shell/sketch.js";

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("../../shell/types.js").Stroke} Stroke */
/** @typedef {{ strokes: Stroke[], opacity: number }} Layer */

const POINTS = 72; // of a line on its way into another
const SIDE = 100;

/** A sequence of drawings that can be shown between its steps. */
export class Tween {
  /** @param {Stroke[][]} drawings at least two */
  constructor(drawings) {
    this.drawings = drawings.map((strokes) => centred(strokes, SIDE));
    this.even = this.drawings.map((strokes) => strokes.map(({ points }) => evenly(points, POINTS)));
  }

  /**
   * Return the layers to show at a position of the sequence, from 0 to 1.
   * @param {number} share from 0 to 1
   * @returns {Layer[]}
   */
  at(share) {
    const place = Math.min(1, Math.max(0, share)) * (this.drawings.length - 1);
    const k = Math.min(Math.floor(place), this.drawings.length - 2);
    const part = place - k;
    const [from = [], to = []] = [this.drawings[k], this.drawings[k + 1]];
    if (part < 1e-3) return [{ strokes: from, opacity: 1 }];
    if (part > 1 - 1e-3) return [{ strokes: to, opacity: 1 }];
    if (from.length === to.length) return [{ strokes: this.blend(k, part), opacity: 1 }];
    return [{ strokes: from, opacity: 1 - part }, { strokes: to, opacity: part }];
  }

  /**
   * @param {number} k
   * @param {number} part
   * @returns {Stroke[]}
   */
  blend(k, part) {
    const [from = [], to = []] = [this.even[k], this.even[k + 1]];
    return from.map((line, index) => ({
      by: "model",
      points: line.map(([x, y], at) => {
        const [tx, ty] = to[index]?.[at] ?? [x, y];
        return [x + (tx - x) * part, y + (ty - y) * part];
      }),
    }));
  }

  /**
   * Return the index of the drawing that is nearest to a position, from 0 to 1.
   * @param {number} share
   */
  nearest(share) {
    return Math.round(share * (this.drawings.length - 1));
  }
}

/**
 * Return points at equal distances along a polyline.
 * @param {Point[]} points
 * @param {number} count
 * @returns {Point[]}
 */
function evenly(points, count) {
  const marks = [0];
  points.forEach(([x, y], k) => {
    const before = points[k - 1];
    if (before) marks.push((marks.at(-1) ?? 0) + Math.hypot(x - before[0], y - before[1]));
  });
  const length = marks.at(-1) ?? 0;
  let at = 0;
  return Array.from({ length: count }, (_, k) => {
    const mark = (length * k) / (count - 1);
    while (at < points.length - 2 && (marks[at + 1] ?? 0) < mark) at += 1;
    const from = points[at] ?? [0, 0];
    const to = points[at + 1] ?? from;
    const span = (marks[at + 1] ?? 0) - (marks[at] ?? 0);
    const share = span > 0 ? (mark - (marks[at] ?? 0)) / span : 0;
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  });
}
