// Many places, found again by where they are: quick enough to be filled for every picture of a map.

const MIX_X = 0x9e3779b1, MIX_Y = 0x85ebca6b; // large odd numbers: cells side by side fall far from each other

/** Places in square cells. Cells share drawers, so that there may be any number of them. */
export class Squares {
  /** @type {Int32Array} of each drawer: its last place, or -1 */ #last;
  /** @type {Int32Array} of each place: the one before it in its drawer, or -1 */ #before;
  /** @type {Float64Array} */ #x;
  /** @type {Float64Array} */ #y;
  #count = 0;
  #mask;

  /** @param {number} side of a cell @param {number} most places */
  constructor(side, most) {
    this.side = side;
    this.#mask = 2 ** Math.ceil(Math.log2(2 * most + 2)) - 1;
    this.#last = new Int32Array(this.#mask + 1).fill(-1);
    this.#before = new Int32Array(most);
    this.#x = new Float64Array(most);
    this.#y = new Float64Array(most);
  }

  /** @param {number} x @param {number} y */
  add(x, y) {
    const drawer = this.#drawer(Math.floor(x / this.side), Math.floor(y / this.side)), k = this.#count++;
    this.#x[k] = x;
    this.#y[k] = y;
    this.#before[k] = /** @type {number} */ (this.#last[drawer]);
    this.#last[drawer] = k;
  }

  /** Whether a place is nearer than `reach`, at most a cell's side, both across and down. @param {number} x @param {number} y @param {number} reach */
  has(x, y, reach) {
    const left = Math.floor((x - reach) / this.side), right = Math.floor((x + reach) / this.side);
    const top = Math.floor((y - reach) / this.side), bottom = Math.floor((y + reach) / this.side);
    for (let column = left; column <= right; column++) {
      for (let row = top; row <= bottom; row++) {
        for (let k = /** @type {number} */ (this.#last[this.#drawer(column, row)]); k >= 0; k = /** @type {number} */ (this.#before[k])) {
          if (Math.abs(/** @type {number} */ (this.#x[k]) - x) < reach && Math.abs(/** @type {number} */ (this.#y[k]) - y) < reach) return true;
        }
      }
    }
    return false;
  }

  /** @param {number} column @param {number} row */
  #drawer(column, row) {
    const mixed = Math.imul(column, MIX_X) ^ Math.imul(row, MIX_Y);
    return (mixed ^ (mixed >>> 15)) & this.#mask;
  }
}
