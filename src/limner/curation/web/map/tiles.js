// Small pictures of all items, side by side on a few large ones.

/**
 * @typedef {object} TileSheets
 * @property {number} side of a tile, in pixels
 * @property {number} columns of a sheet
 * @property {number} perSheet tiles of a sheet
 * @property {boolean} ink whether tiles are ink on nothing, and take the colour that they are given
 * @property {string[]} sources addresses of the sheets
 * @property {string[]} [paths] the lines of each item as SVG path data, in a box of 256 by 256
 */

const BOX = 256; // side of the box of the paths
const PEN = 0.015; // width of a line, as a share of a picture's side
const FINEST_PX = 1.15;

export class Tiles {
  /** @type {CanvasImageSource[]} */ #sheets = [];
  /** @type {HTMLImageElement[]} */ #plain = [];
  /** @type {Map<number, Path2D>} */ #lines = new Map();
  /** @type {(i: number) => string} */ #colourOf = () => "#000";

  /** @param {TileSheets} facts */
  constructor(facts) {
    this.facts = facts;
  }

  /** Decode the sheets. */
  async load() {
    this.#plain = await Promise.all(this.facts.sources.map(decoded));
    this.#sheets = this.#plain;
  }

  /** Give every tile of ink its colour. @param {(i: number) => string} colourOf @param {number} count */
  tint(colourOf, count) {
    this.#colourOf = colourOf;
    if (!this.facts.ink) return;
    this.#sheets = this.#plain.map((plain, sheet) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [plain.naturalWidth, plain.naturalHeight];
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      pen.drawImage(plain, 0, 0);
      pen.globalCompositeOperation = "source-atop";
      const first = sheet * this.facts.perSheet, last = Math.min(count, first + this.facts.perSheet);
      for (let i = first; i < last; i++) {
        const [x, y] = this.#corner(i);
        pen.fillStyle = colourOf(i);
        pen.fillRect(x, y, this.facts.side, this.facts.side);
      }
      return canvas;
    });
  }

  /**
   * Draw a picture: its lines, if they are known and the tile is too coarse.
   * @param {CanvasRenderingContext2D} pen @param {number} i
   * @param {number} x left @param {number} y top @param {number} size @param {number} ratio device pixels a pixel
   */
  draw(pen, i, x, y, size, ratio) {
    const path = size * ratio > this.facts.side ? this.facts.paths?.[i] : undefined;
    if (path !== undefined) return this.#drawLines(pen, i, path, x, y, size);
    const sheet = this.#sheets[Math.floor(i / this.facts.perSheet)];
    if (!sheet) return;
    const [left, top] = this.#corner(i);
    pen.drawImage(sheet, left, top, this.facts.side, this.facts.side, x, y, size, size);
  }

  /**
   * @param {CanvasRenderingContext2D} pen @param {number} i @param {string} path
   * @param {number} x @param {number} y @param {number} size
   */
  #drawLines(pen, i, path, x, y, size) {
    const lines = this.#lines.get(i) ?? new Path2D(path);
    this.#lines.set(i, lines);
    pen.save();
    pen.translate(x, y);
    pen.scale(size / BOX, size / BOX);
    pen.strokeStyle = this.#colourOf(i);
    pen.lineWidth = (Math.max(FINEST_PX, PEN * size) * BOX) / size;
    pen.lineCap = pen.lineJoin = "round";
    pen.stroke(lines);
    pen.restore();
  }

  /** @param {number} i @returns {[number, number]} */
  #corner(i) {
    const place = i % this.facts.perSheet;
    return [(place % this.facts.columns) * this.facts.side, Math.floor(place / this.facts.columns) * this.facts.side];
  }
}

/** @param {string} source @returns {Promise<HTMLImageElement>} */
async function decoded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}
