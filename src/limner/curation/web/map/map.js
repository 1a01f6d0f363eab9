// A map of many small pictures that can be moved, zoomed and chosen from. It knows nothing of where they come
// from: it is given places, tiles and colours, and tells by events what is chosen.

import { Camera } from "./camera.js";
import { listen } from "./hand.js";
import { Pace } from "./pace.js";
import { paint, pictureSide, presence } from "./paint.js";
import { Points } from "./points.js";
import { Tiles } from "./tiles.js";

/** @typedef {import("./hand.js").How} How */
/** @typedef {import("./hand.js").Tool} Tool */
/** @typedef {import("./paint.js").Mark} Mark */
/** @typedef {import("./paint.js").Theme} Theme */
/** @typedef {import("./tiles.js").TileSheets} TileSheets */

/**
 * @typedef {object} MapData
 * @property {ArrayLike<number>} x world units, of any size
 * @property {ArrayLike<number>} y
 * @property {TileSheets} tiles
 */

/**
 * @typedef {object} Looks
 * @property {(i: number) => string} colourOf
 * @property {(i: number) => Mark} markOf
 * @property {(i: number) => boolean} isHidden
 */

const REACH_PX = 14;
const GLIDE_MS = 420;
const STEP = 1.6; // of a zoom button
const GAP_PX = 18;

/**
 * Events: `choose` when other items are chosen, `focus` (detail: the item, or -1) when the pointer or the
 * keyboard is at another item, `view` when the map has been moved, `spot` (detail: a place of the world) when
 * the tool `imagine` has been taken there.
 */
export class DrawingMap extends EventTarget {
  camera = new Camera();
  /** @type {Set<number>} */ chosen = new Set();
  /** @type {Tool} */ tool = "move";
  focus = -1;
  /** Pixels at each side that the map does not count on, as something stands before it. */
  free = { left: 60, top: 60, right: 60, bottom: 60 };
  /** @type {import("./paint.js").Spot | null} what is marked between items */ spot = null;
  /** @type {[number, number][]} */ #line = [];
  #due = 0;
  #glide = 0;
  #ratio = 1;
  #pace = new Pace();

  /** @param {HTMLCanvasElement} canvas @param {MapData} data @param {Looks} looks @param {Theme} theme */
  constructor(canvas, data, looks, theme) {
    super();
    this.canvas = canvas;
    this.points = new Points(data.x, data.y);
    this.tiles = new Tiles(data.tiles);
    this.looks = looks;
    this.theme = theme;
    this.#pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    new ResizeObserver(() => this.#resize()).observe(canvas);
    listen(canvas, {
      tool: () => this.tool,
      pan: (dx, dy) => this.#moved(() => this.camera.pan(dx, dy)),
      zoom: (factor, x, y) => this.#moved(() => this.camera.zoom(factor, x, y)),
      draw: (line) => this.#draw(line),
      close: (line, how) => this.#close(line, how),
      tap: (x, y, how) => this.#tap(x, y, how),
      wander: (x, y) => this.#wander(x, y),
      hover: (x, y, over) => this.setFocus(over ? this.itemAt(x, y) : -1),
    });
  }

  /** @type {CanvasRenderingContext2D} */ #pen;

  /** Decode the pictures and show everything. */
  async open() {
    await this.tiles.load();
    this.#resize();
    this.camera.fit(this.points.box, this.free, { whole: true });
    this.recolour();
  }

  /** Take colours and theme anew. @param {Theme} [theme] */
  recolour(theme = this.theme) {
    this.theme = theme;
    this.tiles.tint(this.looks.colourOf, this.points.size);
    this.draw();
  }

  /** Paint before long, as something has changed. */
  draw() {
    this.#pace.changed();
    this.#ask();
  }

  // Choosing ----------------------------------------------------------------------------------------

  /** @param {Iterable<number>} items @param {{ more?: boolean, less?: boolean }} [how] */
  choose(items, { more = false, less = false } = {}) {
    const named = [...items].filter((i) => !this.looks.isHidden(i));
    const next = new Set(more || less ? this.chosen : []);
    for (const i of named) less ? next.delete(i) : next.add(i);
    this.chosen = next;
    this.dispatchEvent(new Event("choose"));
    this.draw();
  }

  /** @param {number} i */
  toggle(i) {
    this.choose([i], this.chosen.has(i) ? { less: true } : { more: true });
  }

  /** @param {number} i */
  setFocus(i) {
    if (i === this.focus) return;
    this.focus = i;
    this.dispatchEvent(new CustomEvent("focus", { detail: i }));
    this.draw();
  }

  /** The item whose picture or dot is at a place of the canvas, or -1. @param {number} x @param {number} y */
  itemAt(x, y) {
    const { camera, points } = this, [worldX, worldY] = camera.toWorld(x, y);
    const side = pictureSide(camera, points, this.tiles), half = side / 2 / camera.scale;
    const near = points.within({ left: worldX - half, top: worldY - half, right: worldX + half, bottom: worldY + half });
    const picture = near.find((i) => presence((points.rooms[i] ?? 0) * camera.scale, side) > 0.5 && !this.looks.isHidden(i));
    const dot = points.nearest(worldX, worldY, REACH_PX / camera.scale, (i) => !this.looks.isHidden(i));
    if (dot < 0 || picture === undefined) return picture ?? dot;
    const away = Math.hypot(...minus(camera.toScreen(...points.at(dot)), [x, y]));
    return away < REACH_PX / 3 ? dot : picture;
  }

  /** Go to the next item in a direction, and look at it. @param {number} dx @param {number} dy */
  step(dx, dy) {
    const { camera, points } = this;
    const start = this.focus >= 0 ? this.focus : points.nearest(camera.x, camera.y, Infinity);
    const next = this.focus >= 0 ? points.towards(start, dx, dy) : start;
    if (next < 0) return;
    this.visit(next);
  }

  /** Look at an item; the map is moved if it is out of sight. @param {number} i */
  visit(i) {
    const { camera, points } = this, [x, y] = camera.toScreen(...points.at(i)), edge = 80;
    this.setFocus(i);
    if (x < edge || y < edge || x > camera.width - edge || y > camera.height - edge) {
      this.#moved(() => camera.pan(camera.width / 2 - x, camera.height / 2 - y));
    }
  }

  /** Take the tool `imagine` to a place of the canvas. @param {number} x @param {number} y */
  #wander(x, y) {
    this.dispatchEvent(new CustomEvent("spot", { detail: this.camera.toWorld(x, y) }));
  }

  // Looking -----------------------------------------------------------------------------------------

  /** Move what is seen. @param {number} dx pixels @param {number} dy */
  shift(dx, dy) {
    this.#moved(() => this.camera.pan(dx, dy));
  }

  /** @param {number} steps above 0 comes nearer */
  zoomBy(steps) {
    const { x, y, scale } = this.camera;
    this.camera.zoom(STEP ** steps);
    const end = { x: this.camera.x, y: this.camera.y, scale: this.camera.scale };
    Object.assign(this.camera, { x, y, scale });
    this.#glideTo(end);
  }

  /** Show some items, or all of them. @param {Iterable<number>} [items] */
  show(items) {
    const { x, y, scale } = this.camera, some = items ? [...items] : [];
    const part = new Points(some.map((i) => this.points.x[i] ?? 0), some.map((i) => this.points.y[i] ?? 0));
    if (some.length) this.camera.fit(part.box, this.free, { nearest: this.#wholeScale() * 24 });
    else this.camera.fit(this.points.box, this.free, { whole: true });
    const end = { x: this.camera.x, y: this.camera.y, scale: this.camera.scale };
    Object.assign(this.camera, { x, y, scale });
    this.#glideTo(end);
  }

  // -------------------------------------------------------------------------------------------------

  #ask() {
    this.#due ||= requestAnimationFrame(() => {
      this.#due = 0;
      this.#pace.frame(this.canvas, this.camera, this.theme.paper, () => this.#paint(), () => this.#ask());
    });
  }

  #paint() {
    const { camera, points, tiles, looks, chosen, focus, theme } = this;
    paint(this.#pen, { camera, points, tiles, ...looks, chosen, focus, spot: this.spot, line: this.#line, theme, ratio: this.#ratio });
  }

  #wholeScale() {
    return this.camera.scale / this.camera.nearness;
  }

  /** @param {{ x: number, y: number, scale: number }} end */
  #glideTo(end) {
    cancelAnimationFrame(this.#glide);
    const { x, y, scale } = this.camera, began = performance.now();
    const time = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : GLIDE_MS;
    const frame = () => {
      const share = time ? Math.min(1, (performance.now() - began) / time) : 1, eased = 1 - (1 - share) ** 3;
      this.camera.scale = scale * (end.scale / scale) ** eased;
      // the place on the screen of the end's middle moves in a straight line
      const way = end.scale === scale ? eased : (1 / scale - 1 / this.camera.scale) / (1 / scale - 1 / end.scale);
      this.camera.x = x + (end.x - x) * way;
      this.camera.y = y + (end.y - y) * way;
      this.dispatchEvent(new Event("view"));
      this.#pace.moving();
      this.#ask();
      if (share < 1) this.#glide = requestAnimationFrame(frame);
    };
    frame();
  }

  /** @param {() => void} move */
  #moved(move) {
    cancelAnimationFrame(this.#glide);
    move();
    this.dispatchEvent(new Event("view"));
    this.#pace.moving();
    this.#ask();
  }

  /** @param {[number, number][]} line */
  #draw(line) {
    this.#line = line;
    this.draw();
  }

  /** @param {[number, number][]} line @param {How} how */
  #close(line, how) {
    this.#line = [];
    this.choose(this.points.inside(line.map(([x, y]) => this.camera.toWorld(x, y))), how);
  }

  /** @param {number} x @param {number} y @param {How} how */
  #tap(x, y, how) {
    if (this.tool === "imagine" && !how.more && !how.less) return this.#wander(x, y);
    const item = this.itemAt(x, y);
    if (how.touch) this.setFocus(item);
    if (item < 0) return how.more || how.less ? undefined : this.choose([]);
    if (how.less) return this.choose([item], { less: true });
    if (how.more || how.touch) return this.toggle(item);
    this.choose(this.chosen.size === 1 && this.chosen.has(item) ? [] : [item]);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return; // not in view
    this.#ratio = devicePixelRatio || 1;
    [this.canvas.width, this.canvas.height] = [Math.round(clientWidth * this.#ratio), Math.round(clientHeight * this.#ratio)];
    this.camera.resize(clientWidth, clientHeight);
    this.draw();
  }
}

/** Put a card beside a place of the world, and inside the map. @param {HTMLElement} card @param {DrawingMap} map @param {[number, number]} place */
export function beside(card, map, place) {
  const [x, y] = map.camera.toScreen(...place), { width, height } = map.camera, { offsetWidth: wide, offsetHeight: high } = card;
  const side = x + GAP_PX * 2 + wide < width ? x + GAP_PX * 2 : x - GAP_PX * 2 - wide;
  const left = Math.min(width - wide - 8, Math.max(8, side)), top = Math.min(height - high - 8, Math.max(8, y - high / 2));
  card.style.transform = `translate(${left}px, ${top}px)`;
}

/** @param {[number, number]} a @param {[number, number]} b @returns {[number, number]} */
function minus(a, b) {
  return [a[0] - b[0], a[1] - b[1]];
}
