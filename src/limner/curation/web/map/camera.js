// Where the map is looked at from. World units are those of the places; screen units are CSS pixels.

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

const CLOSEST = 400; // times nearer than the whole map

export class Camera {
  x = 0; // world, in the middle of the screen
  y = 0;
  scale = 1; // pixels for a world unit
  width = 1;
  height = 1;
  #least = 0;

  /** @param {number} width @param {number} height */
  resize(width, height) {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
  }

  /** @param {number} x @param {number} y @returns {[number, number]} */
  toScreen(x, y) {
    return [(x - this.x) * this.scale + this.width / 2, (y - this.y) * this.scale + this.height / 2];
  }

  /** @param {number} x @param {number} y @returns {[number, number]} */
  toWorld(x, y) {
    return [(x - this.width / 2) / this.scale + this.x, (y - this.height / 2) / this.scale + this.y];
  }

  /** What can be seen, `margin` pixels around the screen included. @param {number} [margin] @returns {Box} */
  view(margin = 0) {
    const [left, top] = this.toWorld(-margin, -margin);
    const [right, bottom] = this.toWorld(this.width + margin, this.height + margin);
    return { left, top, right, bottom };
  }

  /** Move what is seen by pixels. @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  /**
   * Come nearer or go away; the world under one place of the screen stays there.
   * @param {number} factor above 1 comes nearer @param {number} x @param {number} y
   */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const [worldX, worldY] = this.toWorld(x, y);
    this.scale = Math.min(this.#least * CLOSEST, Math.max(this.#least / 2, this.scale * factor));
    const [nowX, nowY] = this.toWorld(x, y);
    this.x += worldX - nowX;
    this.y += worldY - nowY;
  }

  /**
   * Show a part of the world as large as it fits, and remember how far away that is if it is all of it.
   * @param {Box} box @param {Box} free pixels that stay free at each side
   * @param {{ whole?: boolean, nearest?: number }} [options]
   */
  fit(box, free, { whole = false, nearest = Infinity } = {}) {
    const wide = Math.max(box.right - box.left, 1e-6), high = Math.max(box.bottom - box.top, 1e-6);
    const room = Math.max(40, this.width - free.left - free.right), height = Math.max(40, this.height - free.top - free.bottom);
    this.scale = Math.min(room / wide, height / high, nearest);
    this.x = (box.left + box.right) / 2 - (free.left - free.right) / 2 / this.scale;
    this.y = (box.top + box.bottom) / 2 - (free.top - free.bottom) / 2 / this.scale;
    if (whole || !this.#least) this.#least = this.scale;
  }

  /** How much nearer than when all of the map is seen. */
  get nearness() {
    return this.#least ? this.scale / this.#least : 1;
  }
}
