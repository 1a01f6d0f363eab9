// Places on a plane: which is nearest, which lie inside a line, and how much room each has.

import { Squares } from "./squares.js";

/** @typedef {import("./camera.js").Box} Box */
/** @typedef {ArrayLike<number>} Numbers */

const PER_CELL = 2; // places of a cell of the grid, in the mean
const LEVELS = 40; // of room, each smaller by the square root of the square root of two

export class Points {
  /** @type {Float32Array} */ x;
  /** @type {Float32Array} */ y;
  /** @type {Box} */ box;
  #columns = 1;
  #rows = 1;
  #side = 1;
  /** @type {Int32Array} */ #begin;
  /** @type {Int32Array} */ #order;
  /** @type {Float32Array | undefined} */ #rooms;

  /** @param {Numbers} x @param {Numbers} y */
  constructor(x, y) {
    this.x = Float32Array.from(x);
    this.y = Float32Array.from(y);
    this.box = bounds(this.x, this.y);
    const wide = this.box.right - this.box.left || 1, high = this.box.bottom - this.box.top || 1;
    this.#side = Math.max(Math.sqrt((wide * high * PER_CELL) / Math.max(1, this.size)), Math.max(wide, high) / 512);
    this.#columns = Math.floor(wide / this.#side) + 1;
    this.#rows = Math.floor(high / this.#side) + 1;
    [this.#begin, this.#order] = this.#sorted();
  }

  get size() {
    return this.x.length;
  }

  /** @param {number} i @returns {[number, number]} */
  at(i) {
    return [/** @type {number} */ (this.x[i]), /** @type {number} */ (this.y[i])];
  }

  /** The places in a box. @param {Box} box @returns {number[]} */
  within(box) {
    /** @type {number[]} */ const found = [];
    const [left, top] = this.#cell(box.left, box.top), [right, bottom] = this.#cell(box.right, box.bottom);
    for (let row = top; row <= bottom; row++) {
      const first = this.#begin[row * this.#columns + left] ?? 0, last = this.#begin[row * this.#columns + right + 1] ?? 0;
      for (let k = first; k < last; k++) {
        const i = /** @type {number} */ (this.#order[k]), x = /** @type {number} */ (this.x[i]), y = /** @type {number} */ (this.y[i]);
        if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) found.push(i);
      }
    }
    return found;
  }

  /**
   * The nearest place, or -1 if there is none within `reach`.
   * @param {number} x @param {number} y @param {number} reach @param {(i: number) => boolean} [admits]
   */
  nearest(x, y, reach, admits = () => true) {
    let best = -1, least = reach * reach;
    for (const i of this.within({ left: x - reach, top: y - reach, right: x + reach, bottom: y + reach })) {
      const [px, py] = this.at(i), away = (px - x) ** 2 + (py - y) ** 2;
      if (away <= least && admits(i)) [best, least] = [i, away];
    }
    return best;
  }

  /**
   * The nearest place that lies in a direction from place `i`, or -1; straight ahead counts most.
   * @param {number} i @param {number} dx @param {number} dy a unit vector
   */
  towards(i, dx, dy) {
    const [x, y] = this.at(i);
    let best = -1, least = Infinity;
    for (let j = 0; j < this.size; j++) {
      const [px, py] = this.at(j), along = (px - x) * dx + (py - y) * dy, aside = Math.abs((py - y) * dx - (px - x) * dy);
      if (along <= 0 || aside > 2 * along) continue;
      const cost = along + 2 * aside;
      if (cost < least) [best, least] = [j, cost];
    }
    return best;
  }

  /** The places inside a closed line (even-odd). @param {ReadonlyArray<[number, number]>} line @returns {number[]} */
  inside(line) {
    if (line.length < 3) return [];
    const box = bounds(line.map(([x]) => x), line.map(([, y]) => y));
    return this.within(box).filter((i) => isInside(...this.at(i), line));
  }

  /**
   * The room of each place: squares of that side in the middle of all places with as much room or more do not
   * overlap. So a map shows as many pictures as fit, and always the same ones when it comes nearer.
   * @returns {Float32Array}
   */
  get rooms() {
    this.#rooms ??= this.#findRooms();
    return this.#rooms;
  }

  #findRooms() {
    const rooms = new Float32Array(this.size);
    let left = shuffled(this.size);
    let side = 1.2 * Math.max(this.box.right - this.box.left, this.box.bottom - this.box.top) || 1;
    /** @type {number[]} */ const taken = [];
    for (let level = 0; level < LEVELS && left.length; level++, side /= Math.SQRT2 ** 0.75) {
      const squares = new Squares(side, taken.length + left.length);
      for (const i of taken) squares.add(...this.at(i));
      left = left.filter((i) => {
        const [x, y] = this.at(i);
        if (squares.has(x, y, side)) return true;
        squares.add(x, y);
        taken.push(i);
        rooms[i] = side;
        return false;
      });
    }
    return rooms;
  }

  /** @param {number} x @param {number} y @returns {[number, number]} */
  #cell(x, y) {
    const column = Math.floor((x - this.box.left) / this.#side), row = Math.floor((y - this.box.top) / this.#side);
    return [Math.min(this.#columns - 1, Math.max(0, column)), Math.min(this.#rows - 1, Math.max(0, row))];
  }

  /** Sort places by cell. @returns {[Int32Array, Int32Array]} */
  #sorted() {
    const cells = Array.from(this.x, (x, i) => {
      const [column, row] = this.#cell(x, /** @type {number} */ (this.y[i]));
      return row * this.#columns + column;
    });
    const begin = new Int32Array(this.#columns * this.#rows + 1);
    for (const cell of cells) begin[cell + 1] = (begin[cell + 1] ?? 0) + 1;
    for (let k = 1; k < begin.length; k++) begin[k] = (begin[k] ?? 0) + (begin[k - 1] ?? 0);
    const order = Int32Array.from(cells.keys()).sort((a, b) => (cells[a] ?? 0) - (cells[b] ?? 0) || a - b);
    return [begin, order];
  }
}

/** @param {Numbers} xs @param {Numbers} ys @returns {Box} */
export function bounds(xs, ys) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i < xs.length; i++) {
    const x = /** @type {number} */ (xs[i]), y = /** @type {number} */ (ys[i]);
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return xs.length ? box : { left: -1, top: -1, right: 1, bottom: 1 };
}

/** @param {number} x @param {number} y @param {ReadonlyArray<[number, number]>} line */
export function isInside(x, y, line) {
  let inside = false;
  line.forEach(([bx, by], k) => {
    const [ax, ay] = /** @type {[number, number]} */ (line[(k || line.length) - 1]);
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** Numbers below n in an order without order, always the same. @param {number} n @returns {number[]} */
function shuffled(n) {
  const numbers = Array.from({ length: n }, (_, i) => i);
  let state = 12345;
  for (let i = n - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [numbers[i], numbers[j]] = [/** @type {number} */ (numbers[j]), /** @type {number} */ (numbers[i])];
  }
  return numbers;
}
