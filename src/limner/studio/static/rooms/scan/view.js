// The view that all panes share: scale and centre.

const NEAREST = 24; // pixels of the screen for one of the picture
const MARGIN = 0.95; // share of a pane that a whole picture fills

export class View {
  constructor() {
    this.width = 1; // of a pane
    this.height = 1;
    this.pictureWidth = 1;
    this.pictureHeight = 1;
    this.scale = 1; // pixels of the screen for one of the picture
    this.x = 0; // what is in the middle
    this.y = 0;
    this.whole = true; // whether the whole picture is seen, whatever the size of the panes
  }

  /** Scale at which the picture fits the pane. */
  get fit() {
    return MARGIN * Math.min(this.width / this.pictureWidth, this.height / this.pictureHeight);
  }

  showAll() {
    this.whole = true;
    this.scale = this.fit;
    this.x = this.pictureWidth / 2;
    this.y = this.pictureHeight / 2;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  setPane(width, height) {
    this.width = width;
    this.height = height;
    if (this.whole) this.showAll();
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  setPicture(width, height) {
    if (width === this.pictureWidth && height === this.pictureHeight) return;
    this.pictureWidth = width;
    this.pictureHeight = height;
    this.showAll();
  }

  /**
   * @param {number} px
   * @param {number} py pixels from the upper left of a pane
   * @returns {[number, number]}
   */
  toPicture(px, py) {
    return [this.x + (px - this.width / 2) / this.scale, this.y + (py - this.height / 2) / this.scale];
  }

  /**
   * Zoom about a fixed point.
   * @param {number} factor
   * @param {number} [px]
   * @param {number} [py]
   */
  zoom(factor, px = this.width / 2, py = this.height / 2) {
    const [x, y] = this.toPicture(px, py);
    const scale = Math.min(Math.max(NEAREST, this.fit), this.scale * factor);
    if (scale <= this.fit) return this.showAll();
    this.whole = false;
    this.scale = scale;
    const [nx, ny] = this.toPicture(px, py);
    this.move(x - nx, y - ny);
  }

  /**
   * Bring a place of the picture to the middle, no smaller than a scale.
   * @param {number} x
   * @param {number} y
   * @param {number} scale
   */
  lookAt(x, y, scale) {
    this.scale = Math.max(this.scale, this.fit, Math.min(NEAREST, scale));
    this.whole = this.scale === this.fit;
    if (this.whole) return;
    this.x = x;
    this.y = y;
  }

  /**
   * @param {number} dx
   * @param {number} dy pixels of the screen
   */
  pan(dx, dy) {
    if (!this.whole) this.move(-dx / this.scale, -dy / this.scale);
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  move(dx, dy) {
    this.x = Math.min(this.pictureWidth, Math.max(0, this.x + dx));
    this.y = Math.min(this.pictureHeight, Math.max(0, this.y + dy));
  }
}
