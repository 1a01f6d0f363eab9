// A chart on a canvas: curves of several runs, raw ones faint, with a cross hair that shows values.

import { h } from "../../shell/dom.js";
import { boundsOf, logTicks, placeOf, short, smoothed, ticks } from "./series.js";

/** @typedef {import("./types.js").Series} Series */
/** @typedef {{ name: string, ink: string, train: Series | null, valid: Series | null }} Line curves of one run */
/** @typedef {{ name: string, ink: string, words: string }} Told what the cross hair has found */

const MARGIN = { left: 52, right: 14, top: 12, bottom: 26 };
const RAW = 0.16;
const FAINTEST = 0.4; // where there are more values than pixels // opacity of values that are also shown smoothed
const DOT_PX = 2.6;
const FEW = 60; // validations that are marked one by one

export class Chart {
  /** @param {(step: number | null, told: Told[]) => void} tell */
  constructor(tell) {
    this.tell = tell;
    this.canvas = h("canvas", { class: "chart", tabIndex: 0, role: "img", "aria-label": "Curves. Arrows move along the steps, Home and End to their ends", "aria-describedby": "runs-told" });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {Line[]} */
    this.lines = [];
    this.logarithmic = false;
    this.smoothing = 0.5;
    /** @type {number | null} */
    this.step = null;
    this.steps = [0, 1];
    /** @type {[number, number]} */
    this.values = [0, 1];
    this.planned = false;
    this.listen();
    new ResizeObserver(() => this.plan()).observe(this.canvas);
  }

  /** @param {Line[]} lines */
  show(lines) {
    this.lines = lines;
    this.sayStep();
    this.plan();
  }

  plan() {
    if (this.planned) return;
    this.planned = true;
    requestAnimationFrame(() => this.paint());
  }

  // Places --------------------------------------------------------------------------------------------

  measure() {
    const all = this.lines.flatMap(({ train, valid }) => [train, valid]).filter((series) => series !== null);
    const last = Math.max(1, ...all.map((series) => series.steps.at(-1) ?? 0));
    this.steps = [0, last];
    const shown = this.lines.flatMap(({ train, valid }) => [...(train ? smoothed(train.values, this.smoothing) : []), ...(valid?.values ?? [])]);
    const found = boundsOf(shown, this.logarithmic);
    if (!found) return false;
    const [low, high] = found;
    const room = (high - low) * 0.05;
    this.values = this.logarithmic ? [low / 1.06, high * 1.06] : [low - room, high + room];
    return true;
  }

  get width() {
    return this.canvas.clientWidth - MARGIN.left - MARGIN.right;
  }

  get height() {
    return this.canvas.clientHeight - MARGIN.top - MARGIN.bottom;
  }

  /** @param {number} step */
  xOf(step) {
    return MARGIN.left + (step / /** @type {number} */ (this.steps[1])) * this.width;
  }

  /** @param {number} value */
  yOf(value) {
    const [low, high] = this.values;
    const share = this.logarithmic ? Math.log(Math.max(value, 1e-300) / low) / Math.log(high / low) : (value - low) / (high - low);
    return MARGIN.top + (1 - share) * this.height;
  }

  // Painting ------------------------------------------------------------------------------------------

  paint() {
    this.planned = false;
    const { canvas, context } = this;
    const ratio = devicePixelRatio || 1;
    if (!canvas.clientWidth) return;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.lineJoin = "round";
    if (!this.measure()) return this.paintNothing();
    this.paintAxes();
    context.save();
    context.beginPath();
    context.rect(MARGIN.left - 1, MARGIN.top - 4, this.width + 6, this.height + 8);
    context.clip();
    this.lines.forEach((line, k) => this.paintLine(line, k === this.lines.length - 1));
    context.restore();
    if (this.step !== null) this.paintCross(this.step);
  }

  paintNothing() {
    const { context, canvas } = this;
    context.fillStyle = this.colour("--soft");
    context.textAlign = "center";
    context.font = `italic 16px ${this.colour("--hand")}`;
    context.fillText("Nothing has been measured yet.", canvas.clientWidth / 2, canvas.clientHeight / 2);
  }

  paintAxes() {
    const { context } = this;
    context.font = "11.5px system-ui, sans-serif";
    context.fillStyle = this.colour("--soft");
    context.strokeStyle = this.colour("--line");
    context.lineWidth = 1;
    const [low, high] = this.values;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of this.logarithmic ? logTicks(low, high) : ticks(low, high, this.height / 52)) {
      const y = Math.round(this.yOf(value)) + 0.5;
      this.rule(MARGIN.left, y, MARGIN.left + this.width, y);
      context.fillText(short(value), MARGIN.left - 8, y);
    }
    context.textBaseline = "top";
    const last = /** @type {number} */ (this.steps[1]);
    for (const step of ticks(0, last, this.width / 92)) {
      const x = this.xOf(step);
      context.textAlign = step === 0 ? "left" : x > MARGIN.left + this.width - 14 ? "right" : "center";
      context.fillText(short(step), x, MARGIN.top + this.height + 9);
    }
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} tox
   * @param {number} toy
   */
  rule(x, y, tox, toy) {
    this.context.beginPath();
    this.context.moveTo(x, y);
    this.context.lineTo(tox, toy);
    this.context.stroke();
  }

  /**
   * @param {Line} line
   * @param {boolean} first whether it is the one that is looked at
   */
  paintLine({ ink, train, valid }, first) {
    const { context } = this;
    context.strokeStyle = context.fillStyle = ink;
    if (train) {
      context.lineWidth = 1;
      context.globalAlpha = this.smoothing ? RAW * Math.max(FAINTEST, Math.min(1, this.width / train.steps.length)) : 0.8;
      if (first || !this.smoothing) this.trace(train.steps, train.values);
      context.globalAlpha = valid ? 0.7 : 1;
      context.lineWidth = valid ? 1.3 : 2;
      if (this.smoothing) this.trace(train.steps, smoothed(train.values, this.smoothing));
      context.globalAlpha = 1;
    }
    if (!valid) return;
    context.lineWidth = 2.2;
    this.trace(valid.steps, valid.values);
    if (valid.steps.length > FEW) return;
    valid.steps.forEach((step, k) => this.dot(step, /** @type {number} */ (valid.values[k]), DOT_PX));
  }

  /**
   * @param {number[]} steps
   * @param {number[]} values
   */
  trace(steps, values) {
    this.context.beginPath();
    steps.forEach((step, k) => this.context.lineTo(this.xOf(step), this.yOf(/** @type {number} */ (values[k]))));
    this.context.stroke();
  }

  /**
   * @param {number} step
   * @param {number} value
   * @param {number} radius
   */
  dot(step, value, radius) {
    this.context.beginPath();
    this.context.arc(this.xOf(step), this.yOf(value), radius, 0, 2 * Math.PI);
    this.context.fill();
  }

  /** @param {number} step */
  paintCross(step) {
    const { context } = this;
    const x = Math.round(this.xOf(step)) + 0.5;
    context.strokeStyle = this.colour("--soft");
    context.lineWidth = 1;
    context.setLineDash([3, 4]);
    this.rule(x, MARGIN.top, x, MARGIN.top + this.height);
    context.setLineDash([]);
    for (const { ink, valid, train } of this.lines) {
      const series = valid ?? train;
      const place = series ? placeOf(series.steps, step) : -1;
      if (!series || place < 0) continue;
      context.fillStyle = ink;
      this.dot(/** @type {number} */ (series.steps[place]), /** @type {number} */ (series.values[place]), DOT_PX + 1.4);
    }
  }

  /** @param {string} name */
  colour(name) {
    return getComputedStyle(this.canvas).getPropertyValue(name).trim();
  }

  // The cross hair ------------------------------------------------------------------------------------

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => this.point(event));
    canvas.addEventListener("pointerdown", (event) => this.point(event));
    canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.setStep(null));
    canvas.addEventListener("blur", () => this.setStep(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {PointerEvent} event */
  point(event) {
    const x = event.clientX - this.canvas.getBoundingClientRect().left;
    const share = Math.min(1, Math.max(0, (x - MARGIN.left) / this.width));
    this.setStep(Math.round(share * /** @type {number} */ (this.steps[1])));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = /** @type {number} */ (this.steps[1]);
    const from = this.step ?? last;
    const stride = Math.max(1, Math.round(last / (event.shiftKey ? 10 : 100)));
    /** @type {Record<string, number | null>} */
    const places = { ArrowLeft: from - stride, ArrowRight: from + stride, Home: 0, End: last, Escape: null };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.setStep(place === null ? null : Math.min(last, Math.max(0, place)));
  }

  /** @param {number | null} step */
  setStep(step) {
    if (step === this.step) return;
    this.step = step;
    this.sayStep();
    this.plan();
  }

  sayStep() {
    const { step } = this;
    this.tell(step, step === null ? [] : this.lines.map((line) => this.found(line, step)));
  }

  /**
   * @param {Line} line
   * @param {number} step
   * @returns {Told}
   */
  found({ name, ink, train, valid }, step) {
    const words = [];
    const at = train ? placeOf(train.steps, step) : -1;
    if (train && at >= 0) words.push(short(/** @type {number} */ (smoothed(train.values, this.smoothing)[at])));
    const last = valid ? placeOf(valid.steps, step) : -1;
    if (valid && last >= 0) words.push(`${train ? "valid " : ""}${short(/** @type {number} */ (valid.values[last]))}`);
    return { name, ink, words: words.join(", ") || "–" };
  }
}
