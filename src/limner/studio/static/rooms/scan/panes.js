// Three panes, side by side or one at a time on a narrow screen: the picture, its ink, and
// the strokes. They share one view, which mouse, fingers and keyboard move.

import { h } from "../../shell/dom.js";
import { isDark, paintFrames, paintStrokes } from "./paint.js";
import { View } from "./view.js";

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("./mender.js").Mender} Mender */
/** @typedef {import("./types.js").Sight} Sight */
/** @typedef {"picture" | "ink" | "strokes"} Layer */

/** @type {{ name: Layer, title: string }[]} */
const LAYERS = [{ name: "picture", title: "Picture" }, { name: "ink", title: "Ink" }, { name: "strokes", title: "Strokes" }];
const DIMMED = 0.86;
const STEP_PX = 40;
const TAP_PX = 6;
const REACH_PX = 14; // how near a click must be to what is mended, ...
const FINGER_PX = 24; // ... and a finger
const CLOSE_PX = 8; // width of the pen, on the screen, where a junction is looked at
const ZOOM_STEP = 1.25;

export class Panes {
  /**
   * @param {(part: number) => void} onPart a drawing's frame was touched
   * @param {Mender} mender what strokes are mended with
   */
  constructor(onPart, mender) {
    this.onPart = onPart;
    this.mender = mender;
    this.view = new View();
    /** @type {Sight | null} */
    this.sight = null;
    /** @type {Set<number>} the drawings that are not taken */
    this.left = new Set();
    /** @type {Map<Layer, HTMLCanvasElement>} */
    this.canvases = new Map();
    /** @type {Map<number, { x: number, y: number }>} */
    this.fingers = new Map();
    this.moved = 0;
    this.planned = false;
    this.mending = false; // whether the last touch mended something
    /** @type {{ ink: ImageBitmap, colour: string, canvas: HTMLCanvasElement } | null} */
    this.tinted = null;
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "What is seen" }, ...LAYERS.map((layer) => this.tab(layer)));
    this.row = h("div", { class: "panes" }, ...LAYERS.map((layer) => this.pane(layer)));
    this.place = h("div", { class: "table" }, this.tabs, this.row, mender.place);
    this.choose("strokes");
    new ResizeObserver(() => this.resize()).observe(this.row);
  }

  /** @param {{ name: Layer, title: string }} layer */
  tab({ name, title }) {
    return h("button", { type: "button", role: "tab", class: "quiet", id: `scan-tab-${name}`, "data-layer": name, "aria-controls": `scan-pane-${name}`, onclick: () => this.choose(name) }, title);
  }

  /** @param {{ name: Layer, title: string }} layer */
  pane({ name, title }) {
    const canvas = h("canvas", { tabIndex: 0, role: "img", "aria-label": `${title}. Plus and minus zoom, arrows move, 0 shows all`, "aria-describedby": "scan-counts" });
    this.canvases.set(name, canvas);
    this.listen(canvas, name);
    return h("figure", { class: "pane card", id: `scan-pane-${name}`, "data-layer": name }, canvas, h("figcaption", {}, title));
  }

  /** @param {Layer} name what is seen where there is room for one pane alone */
  choose(name) {
    for (const element of [...this.tabs.children, ...this.row.children]) {
      const chosen = /** @type {HTMLElement} */ (element).dataset.layer === name;
      element.classList.toggle("chosen", chosen);
      if (element.getAttribute("role") === "tab") element.setAttribute("aria-selected", String(chosen));
    }
    this.plan();
  }

  /** @param {Sight | null} sight */
  show(sight) {
    this.sight = sight;
    if (sight) this.view.setPicture(sight.preview.width, sight.preview.height);
    this.plan();
  }

  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => this.paint());
  }

  resize() {
    for (const canvas of this.canvases.values()) {
      const { clientWidth, clientHeight } = canvas;
      if (!clientWidth || !clientHeight) continue;
      canvas.width = Math.round(clientWidth * (devicePixelRatio || 1));
      canvas.height = Math.round(clientHeight * (devicePixelRatio || 1));
      this.view.setPane(clientWidth, clientHeight);
    }
    this.paint();
  }

  // Painting ------------------------------------------------------------------------------------------

  paint() {
    this.planned = false;
    for (const [name, canvas] of this.canvases) {
      if (!canvas.clientWidth) continue;
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (this.sight) this.paintLayer(name, context, this.sight);
    }
  }

  /**
   * @param {Layer} name
   * @param {CanvasRenderingContext2D} context
   * @param {Sight} sight
   */
  paintLayer(name, context, sight) {
    const { view } = this;
    const ratio = devicePixelRatio || 1;
    const scale = view.scale * ratio;
    context.setTransform(scale, 0, 0, scale, (view.width / 2) * ratio - view.x * scale, (view.height / 2) * ratio - view.y * scale);
    context.imageSmoothingEnabled = view.scale < 4;
    context.imageSmoothingQuality = "high";
    if (name === "picture") {
      context.globalAlpha = isDark() ? DIMMED : 1; // white paper is too bright at night
      context.drawImage(sight.picture, 0, 0, view.pictureWidth, view.pictureHeight);
      context.globalAlpha = 1;
      return;
    }
    if (name === "ink") return context.drawImage(this.inkOf(sight.ink), 0, 0, view.pictureWidth, view.pictureHeight);
    paintStrokes(context, sight.preview, view.scale, this.left);
    if (sight.wish.separate) paintFrames(context, sight.preview.parts, view.scale, this.left);
    this.mender.paint(context, view.scale);
  }

  /**
   * Return the ink in the page's text colour.
   * @param {ImageBitmap} ink
   */
  inkOf(ink) {
    const colour = getComputedStyle(this.place).color;
    if (this.tinted?.ink === ink && this.tinted.colour === colour) return this.tinted.canvas;
    const canvas = h("canvas", { width: ink.width, height: ink.height });
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(ink, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = colour;
    context.fillRect(0, 0, ink.width, ink.height);
    this.tinted = { ink, colour, canvas };
    return canvas;
  }

  // Hands ---------------------------------------------------------------------------------------------

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Layer} name
   */
  listen(canvas, name) {
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("dblclick", () => this.mending || this.change(() => this.view.showAll()));
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      if (!this.fingers.size) this.moved = 0;
      this.fingers.set(event.pointerId, placeOf(event));
    });
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    canvas.addEventListener("pointerup", (event) => {
      const tapped = this.fingers.size === 1 && this.moved < TAP_PX;
      this.fingers.delete(event.pointerId);
      if (tapped && name === "strokes") this.tap(placeOf(event), event.pointerType === "mouse" ? REACH_PX : FINGER_PX);
    });
    canvas.addEventListener("pointercancel", (event) => this.fingers.delete(event.pointerId));
  }

  /** @param {() => void} act */
  change(act) {
    act();
    this.plan();
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const from = this.fingers.get(event.pointerId);
    if (!from) return;
    const before = [...this.fingers.values()];
    const place = placeOf(event);
    this.moved += Math.hypot(place.x - from.x, place.y - from.y);
    this.fingers.set(event.pointerId, place);
    const [old, now] = [spread(before), spread([...this.fingers.values()])];
    this.change(() => {
      this.view.pan(now.x - old.x, now.y - old.y);
      if (old.size && now.size) this.view.zoom(now.size / old.size, now.x, now.y);
    });
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const { x, y } = placeOf(event);
    this.change(() => this.view.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), x, y));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { view } = this;
    /** @type {Record<string, () => void>} */
    const acts = {
      "+": () => view.zoom(ZOOM_STEP), "=": () => view.zoom(ZOOM_STEP), "-": () => view.zoom(1 / ZOOM_STEP), 0: () => view.showAll(),
      ArrowLeft: () => view.pan(STEP_PX, 0), ArrowRight: () => view.pan(-STEP_PX, 0),
      ArrowUp: () => view.pan(0, STEP_PX), ArrowDown: () => view.pan(0, -STEP_PX),
    };
    if (event.ctrlKey || event.metaKey) return;
    const act = acts[event.key];
    if (act) this.change(act);
    if (act || this.mender.key(event.key)) event.preventDefault();
  }

  /**
   * Bring a place to the middle, large enough to see how its lines go on.
   * @param {Point} place
   */
  look([x, y]) {
    this.choose("strokes");
    const pen = this.sight?.preview.found.pen_px ?? 1;
    this.change(() => this.view.lookAt(x, y, CLOSE_PX / pen));
  }

  /**
   * @param {{ x: number, y: number }} place
   * @param {number} reach in pixels of the screen
   */
  tap({ x: px, y: py }, reach) {
    const [x, y] = this.view.toPicture(px, py);
    this.mending = this.mender.touch([x, y], reach / this.view.scale);
    if (this.mending || !this.sight?.wish.separate) return;
    const under = this.sight.preview.parts
      .map(({ frame: [left, top, right, bottom] }, part) => ({ part, size: (right - left) * (bottom - top), inside: x >= left && x <= right && y >= top && y <= bottom }))
      .filter((one) => one.inside)
      .sort((a, b) => a.size - b.size)[0];
    if (under) this.onPart(under.part);
  }
}

/** @param {MouseEvent} event */
function placeOf(event) {
  const box = /** @type {HTMLElement} */ (event.target).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** @param {{ x: number, y: number }[]} places */
function spread(places) {
  const [one = { x: 0, y: 0 }, two = one] = places;
  return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2, size: Math.hypot(one.x - two.x, one.y - two.y) };
}
