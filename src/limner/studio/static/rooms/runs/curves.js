// The large chart, and small ones above it for selecting the figure.

import { h } from "../../shell/dom.js";
import { Chart } from "./chart.js";
import { FIGURES, short, smoothed } from "./series.js";

/** @typedef {import("./series.js").Figure} Figure */
/** @typedef {import("./types.js").Curves} Curves */
/** @typedef {import("./types.js").Series} Series */
/** @typedef {import("../../shell/types.js").Studio} Studio */

const SPARK = { width: 112, height: 34 };
const SPARK_SMOOTHING = 0.4;
const TRAIN_SPARK = 0.5; // opacity
const MOST_SPARK = 300; // points of a small chart

export class CurvesView {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
    this.chosen = studio.recall("runs.figure", "cost");
    /** @type {Curves[]} */
    this.runs = [];
    /** @type {Map<string, string>} */
    this.inks = new Map();
    this.told = h("div", { class: "told", id: "runs-told", "aria-live": "polite" });
    this.chart = new Chart((step, told) => this.tell(step, told));
    this.chart.logarithmic = studio.recall("runs.log", false);
    this.chart.smoothing = studio.recall("runs.smoothing", 0.5);
    this.about = h("p", { class: "soft about-figure" });
    /** @type {Map<string, { button: HTMLButtonElement, canvas: HTMLCanvasElement, last: HTMLElement }>} */
    this.sparks = new Map();
    const log = h("input", { type: "checkbox", id: "runs-log", checked: this.chart.logarithmic, onchange: () => {
      this.chart.logarithmic = log.checked;
      studio.remember("runs.log", log.checked);
      this.chart.plan();
    } });
    const smooth = h("input", { type: "range", id: "runs-smoothing", min: "0", max: "1", step: "0.02", value: String(this.chart.smoothing), oninput: () => {
      this.chart.smoothing = Number(smooth.value);
      studio.remember("runs.smoothing", Number(smooth.value));
      this.chart.plan();
    } });
    smooth.value = String(this.chart.smoothing);
    this.place = h("section", { class: "card part curves", "aria-label": "Curves" },
      h("div", { class: "sparks", role: "group", "aria-label": "What is drawn" }, ...FIGURES.map((figure) => this.spark(figure))),
      this.about,
      h("div", { class: "chart-box" }, this.chart.canvas, this.told),
      h("div", { class: "chart-foot" }, h("label", { class: "field" }, log, "logarithmic"), h("label", { class: "field" }, "smooth", smooth)));
    this.choose(this.chosen);
  }

  /** @param {Figure} figure */
  spark({ name, title, about }) {
    const canvas = h("canvas", { "aria-hidden": "true" });
    const last = h("span", { class: "last" });
    const button = h("button", { type: "button", class: "spark", title: about, "data-figure": name, onclick: () => this.choose(name) }, h("span", { class: "spark-title" }, title), canvas, last);
    this.sparks.set(name, { button, canvas, last });
    return button;
  }

  /** @param {string} name */
  choose(name) {
    this.chosen = name;
    this.studio.remember("runs.figure", name);
    for (const [other, { button }] of this.sparks) button.setAttribute("aria-pressed", String(other === name));
    this.about.textContent = FIGURES.find((figure) => figure.name === name)?.about ?? "";
    this.paint();
  }

  /**
   * @param {Curves[]} runs the one that is looked at comes last, above the others
   * @param {Map<string, string>} inks
   */
  show(runs, inks) {
    this.runs = runs;
    this.inks = inks;
    this.paint();
  }

  paint() {
    const figure = FIGURES.find((one) => one.name === this.chosen) ?? FIGURES[0];
    if (figure) this.chart.show(this.runs.map((curves) => this.lineOf(curves, figure)));
    for (const figure of FIGURES) this.paintSpark(figure);
  }

  /**
   * @param {Curves} curves
   * @param {Figure} figure
   */
  lineOf({ run, columns }, { train, valid }) {
    /** @param {string | null} name */
    const column = (name) => {
      const series = name ? columns.get(name) : undefined;
      return series?.values.length ? series : null;
    };
    return { name: run, ink: this.inks.get(run) ?? "currentColor", train: column(train), valid: column(valid) };
  }

  /** @param {Figure} figure */
  paintSpark(figure) {
    const spark = this.sparks.get(figure.name);
    const curves = this.runs.at(-1);
    if (!spark) return;
    const ratio = devicePixelRatio || 1;
    Object.assign(spark.canvas, { width: SPARK.width * ratio, height: SPARK.height * ratio });
    const line = curves ? this.lineOf(curves, figure) : null;
    const best = line?.valid ?? line?.train ?? null;
    spark.last.textContent = best ? short(/** @type {number} */ (best.values.at(-1))) : "–";
    const context = spark.canvas.getContext("2d");
    if (!context || !line || !best) return;
    const values = [...(line.train ? smoothed(line.train.values, SPARK_SMOOTHING) : []), ...(line.valid?.values ?? [])];
    const [low, high] = [Math.min(...thin(values)), Math.max(...thin(values))];
    const last = Math.max(line.train?.steps.at(-1) ?? 0, line.valid?.steps.at(-1) ?? 0, 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.strokeStyle = line.ink;
    context.lineJoin = "round";
    for (const [series, opacity] of /** @type {[Series | null, number][]} */ ([[line.train, line.valid ? TRAIN_SPARK : 1], [line.valid, 1]])) {
      if (!series) continue;
      context.globalAlpha = opacity;
      context.lineWidth = 1.5;
      context.beginPath();
      const shown = series === line.train ? smoothed(series.values, SPARK_SMOOTHING) : series.values;
      const stride = Math.max(1, Math.floor(shown.length / MOST_SPARK));
      for (let k = 0; k < shown.length; k += stride) {
        const share = high > low ? (/** @type {number} */ (shown[k]) - low) / (high - low) : 0.5;
        context.lineTo(2 + (/** @type {number} */ (series.steps[k]) / last) * (SPARK.width - 4), 3 + (1 - share) * (SPARK.height - 6));
      }
      context.stroke();
    }
  }

  /**
   * @param {number | null} step
   * @param {import("./chart.js").Told[]} told
   */
  tell(step, told) {
    if (step === null) return this.told.replaceChildren();
    this.told.replaceChildren(h("span", { class: "soft" }, `step ${step.toLocaleString("en")}`), ...told.map(({ name, ink, words }) => {
      const dot = h("i", { class: "ink-dot" });
      dot.style.background = ink;
      return h("span", {}, dot, told.length > 1 ? `${name} ` : "", words);
    }));
  }
}

/**
 * Thin values out, so that they can be arguments of one function call.
 * @param {number[]} values
 */
function thin(values) {
  const stride = Math.max(1, Math.ceil(values.length / 2000));
  return values.filter((_, k) => k % stride === 0 || k === values.length - 1);
}
