// The view of the infinite page: scale and centre. The shorter side of the page has 1000 units.

/** @typedef {import("../../shell/sketch.js").Box} Box */
/** @typedef {import("../../shell/types.js").Point} Point */

export const PAGE = 1000;
const MARGIN = 0.94; // share of the window that what is fitted may fill
const NEAREST = 12;
const FARTHEST = 0.05;

export class View {
  constructor() {
    this.width = 1; // of the window, in pixels
    this.height = 1;
    this.zoom = 1;
    this.x = 0; // what is in the middle
    this.y = 0;
  }

  reset() {
    this.zoom = 1;
    this.x = this.y = 0;
  }

  /** Screen pixels per unit. */
  get scale() {
    return (this.zoom * Math.min(this.width, this.height)) / PAGE;
  }

  /**
   * @param {number} px
   * @param {number} py pixels from the upper left
   * @returns {Point}
   */
  toPage(px, py) {
    return [this.x + (px - this.width / 2) / this.scale, this.y + (py - this.height / 2) / this.scale];
  }

  /**
   * Zoom about a fixed point.
   * @param {number} factor
   * @param {number} px
   * @param {number} py
   */
  zoomAt(factor, px, py) {
    const [x, y] = this.toPage(px, py);
    this.zoom = Math.min(NEAREST, Math.max(FARTHEST, this.zoom * factor));
    const [nx, ny] = this.toPage(px, py);
    this.x += x - nx;
    this.y += y - ny;
  }

  /**
   * @param {number} dx
   * @param {number} dy pixels
   */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  /** @returns {Box} what is seen */
  get box() {
    const [left, top] = this.toPage(0, 0);
    const [right, bottom] = this.toPage(this.width, this.height);
    return { left, top, right, bottom };
  }

  /**
   * Return the zoom and centre that show a whole box; does not zoom in unless asked to.
   * @param {Box} box
   * @param {boolean} nearer
   */
  fitting(box, nearer = false) {
    const [width, height] = [box.right - box.left, box.bottom - box.top];
    const fit = (MARGIN * Math.min(this.width / Math.max(width, 1), this.height / Math.max(height, 1)) * PAGE) / Math.min(this.width, this.height);
    return { zoom: Math.max(FARTHEST, nearer ? Math.min(fit, NEAREST) : Math.min(fit, this.zoom)), x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  }

  /** @param {Box} box */
  holds(box) {
    const seen = this.box;
    return box.left >= seen.left && box.right <= seen.right && box.top >= seen.top && box.bottom <= seen.bottom;
  }
}
