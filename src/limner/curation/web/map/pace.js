// Fluid on slow machines too: while the map moves, the last whole picture of it is moved; a new one follows.

/** @typedef {import("./camera.js").Camera} Camera */

const QUICK_MS = 12; // a picture that takes no longer is painted for every frame
const REST_MS = 110; // without a movement, after which the picture is painted in full
const SHARE = 4; // of the time at most one part goes into whole pictures while the map moves

export class Pace {
  #cost = 0;
  #painted = -Infinity;
  #moved = -Infinity;
  #last = { x: 0, y: 0, scale: 1 };
  /** @type {HTMLCanvasElement | undefined} */ #copy;
  /** @type {number | undefined} */ #timer;

  /** Note that the map is being moved. */
  moving() {
    this.#moved = performance.now();
  }

  /** Note that something else than the place has changed: the next picture is a whole one. */
  changed() {
    this.#moved = -Infinity;
  }

  /**
   * Paint a frame: in full, or by moving the last picture.
   * @param {HTMLCanvasElement} canvas @param {Camera} camera @param {string} paper
   * @param {() => void} whole @param {() => void} again asks for another frame
   */
  frame(canvas, camera, paper, whole, again) {
    const now = performance.now(), due = now - this.#moved > REST_MS || now - this.#painted > SHARE * this.#cost;
    clearTimeout(this.#timer);
    if (this.#cost > QUICK_MS && this.#copy && !due) {
      this.#shift(canvas, camera, paper);
      this.#timer = setTimeout(again, REST_MS);
      return;
    }
    whole();
    this.#painted = performance.now();
    this.#cost = this.#painted - now;
    this.#last = { x: camera.x, y: camera.y, scale: camera.scale };
    if (this.#cost > QUICK_MS) this.#keep(canvas);
    if (this.#cost > QUICK_MS && now - this.#moved < REST_MS) this.#timer = setTimeout(again, REST_MS);
  }

  /** @param {HTMLCanvasElement} canvas */
  #keep(canvas) {
    this.#copy ??= document.createElement("canvas");
    if (this.#copy.width !== canvas.width || this.#copy.height !== canvas.height) [this.#copy.width, this.#copy.height] = [canvas.width, canvas.height];
    this.#copy.getContext("2d", { alpha: false })?.drawImage(canvas, 0, 0);
  }

  /** @param {HTMLCanvasElement} canvas @param {Camera} camera @param {string} paper */
  #shift(canvas, camera, paper) {
    const pen = canvas.getContext("2d"), factor = camera.scale / this.#last.scale, ratio = canvas.width / camera.width;
    if (!pen || !this.#copy) return;
    const x = canvas.width / 2 + (this.#last.x - camera.x) * camera.scale * ratio, y = canvas.height / 2 + (this.#last.y - camera.y) * camera.scale * ratio;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = paper;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(this.#copy, x - (canvas.width / 2) * factor, y - (canvas.height / 2) * factor, canvas.width * factor, canvas.height * factor);
  }
}
