// The sheet: a canvas for drawing and erasing with mouse, pen, finger or keyboard; shows futures as ghosts.

import { colours, paint } from "../../shell/ink.js";
import { erased } from "../../shell/sketch.js";
import { View } from "./view.js";

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("../../shell/types.js").Stroke} Stroke */
/** @typedef {{ strokes: Stroke[], opacity: number, ink: string }} Layer ink that is not yet settled */

/**
 * @typedef {object} Listener
 * @property {() => void} onDraw the pen has moved: whoever else draws must stop
 * @property {(points: Point[]) => void} onExtend the pen has moved on, and is still down
 * @property {(stroke: Stroke) => void} onStroke the pen has lifted
 * @property {(strokes: Stroke[]) => void} onErased the eraser has lifted
 * @property {(place: Point, reach: number) => boolean} onTap tells whether the tap meant anything but a dot
 */

export const PEN = 5; // width of the pen, in units of the page
const ERASER_PX = 14;
const CROSS_PX = 14;
const TAP_PX = 5;
const REACH_PX = { mouse: 12, touch: 22, pen: 14 };
const STEP = 12; // of the keyboard's pen

export class Sheet {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Listener} listener
   */
  constructor(canvas, listener) {
    this.canvas = canvas;
    this.listener = listener;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.settled = document.createElement("canvas"); // the ink that does not change, painted once
    this.view = new View();
    this.inks = colours();
    /** @type {"pen" | "eraser"} */
    this.tool = "pen";
    /** @type {Stroke[]} */
    this.strokes = [];
    /** @type {Layer[]} */
    this.layers = [];
    /** @type {Map<number, Point>} */
    this.fingers = new Map();
    /** @type {{ id: number, start: Point, points: Point[], tool: "pen" | "eraser", moved: number, kind: string, before: Stroke[] } | null} */
    this.gesture = null;
    /** @type {{ place: Point, points: Point[] | null } | null} the keyboard's */
    this.cursor = null;
    this.penSeen = false;
    this.stale = true;
    this.planned = false;
    this.listen();
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  // Painting ------------------------------------------------------------------------------------------

  /** @param {Stroke[]} strokes */
  setStrokes(strokes) {
    this.strokes = strokes;
    this.refresh();
  }

  /** @param {Layer[]} layers */
  setLayers(layers) {
    this.layers = layers;
    this.plan();
  }

  /** Repaint everything after a change of ink, view or colours. */
  refresh() {
    this.stale = true;
    this.plan();
  }

  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => this.paint());
  }

  resize() {
    const ratio = devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    for (const canvas of [this.canvas, this.settled]) {
      canvas.width = Math.round(clientWidth * ratio);
      canvas.height = Math.round(clientHeight * ratio);
    }
    this.view.width = clientWidth;
    this.view.height = clientHeight;
    this.refresh();
  }

  paint() {
    this.planned = false;
    if (this.stale) this.paintSettled();
    this.stale = false;
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.settled, 0, 0);
    this.place(context);
    for (const { strokes, opacity, ink } of this.layers) {
      context.globalAlpha = opacity;
      paint(context, strokes, PEN, { you: this.inks.you, model: ink });
    }
    context.globalAlpha = 1;
    const line = this.gesture?.tool === "pen" ? this.gesture.points : this.cursor?.points;
    if (line) paint(context, [{ points: line, by: "you" }], PEN, this.inks);
    this.paintTool(context);
  }

  paintSettled() {
    const context = /** @type {CanvasRenderingContext2D} */ (this.settled.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.settled.width, this.settled.height);
    this.place(context);
    paint(context, this.strokes, PEN, this.inks);
  }

  /** @param {CanvasRenderingContext2D} context */
  place(context) {
    const ratio = devicePixelRatio || 1;
    const scale = this.view.scale * ratio;
    context.setTransform(scale, 0, 0, scale, (this.view.width / 2) * ratio - this.view.x * scale, (this.view.height / 2) * ratio - this.view.y * scale);
  }

  /** @param {CanvasRenderingContext2D} context */
  paintTool(context) {
    const { scale } = this.view;
    context.lineWidth = 1.5 / scale;
    context.strokeStyle = this.inks.soft;
    const rubbed = this.gesture?.tool === "eraser" ? this.gesture.points.at(-1) : null;
    context.beginPath();
    if (rubbed) context.arc(rubbed[0], rubbed[1], ERASER_PX / scale, 0, 2 * Math.PI);
    else if (this.cursor) {
      const [x, y] = this.cursor.place;
      const reach = CROSS_PX / scale;
      context.moveTo(x - reach, y);
      context.lineTo(x + reach, y);
      context.moveTo(x, y - reach);
      context.lineTo(x, y + reach);
    }
    context.stroke();
  }

  // Pointers ------------------------------------------------------------------------------------------

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => this.cancel(event));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.leave());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** @param {PointerEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return /** @type {[number, number]} */ ([event.clientX - box.left, event.clientY - box.top]);
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point} with the pressure, where it is told
   */
  placeOf(event) {
    const place = this.view.toPage(...this.at(event));
    return event.pointerType === "pen" ? [place[0], place[1], event.pressure] : place;
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.leave();
    this.canvas.setPointerCapture(event.pointerId);
    this.penSeen ||= event.pointerType === "pen";
    if (event.pointerType === "touch") {
      this.fingers.set(event.pointerId, this.at(event));
      if (this.fingers.size > 1) return void this.abandon();
      if (this.penSeen) return; // a hand that rests on the sheet
    }
    if (this.gesture || event.button > 0 && event.button !== 5) return;
    const tool = event.button === 5 ? "eraser" : this.tool;
    this.gesture = { id: event.pointerId, start: this.placeOf(event), points: [this.placeOf(event)], tool, moved: 0, kind: event.pointerType, before: this.strokes };
    this.plan();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (this.fingers.has(event.pointerId) && (this.fingers.size > 1 || this.penSeen)) return void this.pinch(event);
    if (event.buttons & 4) return void this.pan(event.movementX, event.movementY);
    const { gesture } = this;
    if (gesture?.id !== event.pointerId) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) this.extend(gesture, this.placeOf(one));
    if (gesture.tool === "pen" && gesture.moved > TAP_PX) this.listener.onExtend(gesture.points);
    this.plan();
  }

  /**
   * @param {NonNullable<Sheet["gesture"]>} gesture
   * @param {Point} place
   */
  extend(gesture, place) {
    const from = gesture.points.at(-1) ?? place;
    const step = Math.hypot(place[0] - from[0], place[1] - from[1]);
    if (!step) return;
    const was = gesture.moved;
    gesture.moved += step * this.view.scale;
    if (was <= TAP_PX && gesture.moved > TAP_PX) this.listener.onDraw();
    if (gesture.tool === "eraser") this.erase(from, place);
    gesture.points.push(place);
  }

  /** @param {PointerEvent} event */
  up(event) {
    this.fingers.delete(event.pointerId);
    const { gesture } = this;
    if (gesture?.id !== event.pointerId) return;
    this.gesture = null;
    const first = gesture.start;
    if (gesture.tool === "eraser") {
      if (gesture.moved <= TAP_PX) this.erase(first, first);
      this.listener.onErased(this.strokes);
    } else if (gesture.moved > TAP_PX) {
      this.listener.onStroke({ points: gesture.points, by: "you" });
    } else if (!this.listener.onTap(first, this.reach(gesture.kind))) {
      this.listener.onStroke({ points: [first], by: "you" });
    }
    this.plan();
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    this.fingers.delete(event.pointerId);
    if (this.gesture?.id === event.pointerId) this.abandon();
  }

  abandon() {
    if (this.gesture?.tool === "eraser") this.setStrokes(this.gesture.before);
    this.gesture = null;
    this.plan();
  }

  /** @param {string} kind */
  reach(kind) {
    return (kind === "touch" ? REACH_PX.touch : kind === "pen" ? REACH_PX.pen : REACH_PX.mouse) / this.view.scale;
  }

  /**
   * @param {Point} from
   * @param {Point} to
   */
  erase(from, to) {
    const left = erased(this.strokes, from, to, ERASER_PX / this.view.scale);
    if (left !== this.strokes) this.setStrokes(left);
  }

  /** @param {PointerEvent} event */
  pinch(event) {
    const before = [...this.fingers.values()];
    this.fingers.set(event.pointerId, this.at(event));
    const after = [...this.fingers.values()];
    const [from, to] = [spread(before), spread(after)];
    this.pan(to.x - from.x, to.y - from.y);
    if (from.size && to.size) this.view.zoomAt(to.size / from.size, to.x, to.y);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const box = this.canvas.getBoundingClientRect();
    if (event.shiftKey) this.view.pan(-event.deltaY, 0);
    else this.view.zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.clientX - box.left, event.clientY - box.top);
    this.refresh();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    this.view.pan(dx, dy);
    this.refresh();
  }

  // The keyboard's pen: arrows move it, Enter puts it down and lifts it --------------------------------

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, Point>} */
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (way) {
      event.preventDefault();
      const step = STEP * (event.shiftKey ? 4 : event.altKey ? 0.25 : 1);
      const cursor = (this.cursor ??= { place: [this.view.x, this.view.y], points: null });
      cursor.place = [cursor.place[0] + step * way[0], cursor.place[1] + step * way[1]];
      cursor.points?.push(cursor.place);
      this.plan();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const cursor = (this.cursor ??= { place: [this.view.x, this.view.y], points: null });
      if (cursor.points) this.leave(true);
      else {
        cursor.points = [cursor.place];
        this.listener.onDraw();
      }
      this.plan();
    }
  }

  /** @param {boolean} [stay] whether the cursor stays where it is */
  leave(stay = false) {
    const { cursor } = this;
    if (!cursor) return;
    this.cursor = stay ? { place: cursor.place, points: null } : null;
    if (cursor.points) this.listener.onStroke({ points: cursor.points, by: "you" });
    this.plan();
  }
}

/** @param {Point[]} places */
function spread(places) {
  /** @type {Point} */
  const nowhere = [0, 0];
  const [[ax, ay] = nowhere, [bx, by] = [ax, ay]] = places;
  return { x: (ax + bx) / 2, y: (ay + by) / 2, size: Math.hypot(ax - bx, ay - by) };
}
