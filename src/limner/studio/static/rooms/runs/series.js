// Data of charts: the figures of a training, smoothing, bounds, and ticks of axes.

/** @typedef {import("./types.js").Curves} Curves */
/** @typedef {import("./types.js").Metrics} Metrics */
/** @typedef {import("./types.js").Series} Series */

/**
 * A figure: its title, and the columns that it is read from.
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {string | null} train
 * @property {string | null} valid
 */

/** @type {Figure[]} */
export const FIGURES = [
  { name: "cost", title: "Cost", about: "What is made small: L_R and, weighted, L_KL", train: "train_cost", valid: "valid_cost" },
  { name: "recon", title: "L_R", about: "How badly drawings are foretold, point by point", train: "train_L_R", valid: "valid_L_R" },
  { name: "kl", title: "L_KL", about: "How much the latent vector tells", train: "train_L_KL", valid: "valid_L_KL" },
  { name: "nll", title: "NLL per point", about: "Negative log likelihood of a point, in model units", train: null, valid: "valid_nll_per_point" },
  { name: "lift", title: "Lift recall", about: "The share of pen lifts that are foreseen", train: null, valid: "valid_lift_recall" },
  { name: "rate", title: "Rate", about: "Learning rate: the step size of Adam", train: "learning_rate", valid: null },
];

const WIDEST = 0.12; // share of all values over which is smoothed at most

/**
 * Append lines to a run's metrics.
 * @param {Curves} curves
 * @param {Metrics} metrics
 */
export function extend(curves, metrics) {
  if (metrics.fresh) curves.columns.clear();
  metrics.columns.forEach((name, column) => {
    if (!column) return;
    const series = curves.columns.get(name) ?? { steps: [], values: [] };
    curves.columns.set(name, series);
    for (const row of metrics.rows) {
      const [step, value] = [row[0], row[column]];
      if (typeof step !== "number" || typeof value !== "number") continue;
      series.steps.push(step);
      series.values.push(value);
    }
  });
  curves.next = metrics.next;
  curves.mark = metrics.mark;
}

/**
 * Return the exponential moving average.
 * @param {number[]} values
 * @param {number} smoothing from 0, none, to 1: over about an eighth of all values
 */
export function smoothed(values, smoothing) {
  const reach = smoothing * smoothing * values.length * WIDEST;
  const weight = reach / (1 + reach);
  let sum = 0;
  let total = 0;
  return values.map((value) => {
    sum = weight * sum + value;
    total = weight * total + 1;
    return sum / total;
  });
}

/**
 * Return the index of the last step that is not after the given one.
 * @param {number[]} steps ascending
 * @param {number} step
 * @returns {number} -1 if all come after it
 */
export function placeOf(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (steps[middle]) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Return bounds of values without a few outliers, such as those at the start of a training.
 * @param {number[]} values
 * @param {boolean} logarithmic whether only values above 0 count
 * @returns {[number, number] | null}
 */
export function boundsOf(values, logarithmic) {
  const good = (logarithmic ? values.filter((value) => value > 0) : [...values]).sort((a, b) => a - b);
  const [low, high] = [good[0], good.at(-1)];
  if (low === undefined || high === undefined) return null;
  const most = /** @type {number} */ (good[Math.floor(0.98 * (good.length - 1))]);
  const top = !logarithmic && good.length > 20 && high - low > 3 * (most - low) ? low + 1.5 * (most - low) : high;
  if (top > low) return [low, top];
  const room = Math.abs(low) * 0.1 || 1;
  return logarithmic ? [low / 1.5, low * 1.5] : [low - room, low + room];
}

/**
 * Return round numbers for the ticks of a linear axis.
 * @param {number} from
 * @param {number} to
 * @param {number} about how many
 */
export function ticks(from, to, about) {
  const rough = (to - from) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough * 0.999) ?? rough;
  const found = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n++) found.push(n * step);
  return found;
}

/**
 * Return round numbers for the ticks of a logarithmic axis.
 * @param {number} from above 0
 * @param {number} to
 */
export function logTicks(from, to) {
  const found = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const n of [1, 2, 5]) found.push(n * 10 ** power);
  }
  const inside = found.filter((tick) => tick >= from * 0.999 && tick <= to * 1.001);
  const tens = inside.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
  if (inside.length > 9 && tens.length > 1) return tens;
  return inside.length > 1 ? inside : ticks(from, to, 3).filter((tick) => tick > 0);
}

/**
 * Return a short text for a number.
 * @param {number} value
 */
export function short(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e6 || size < 1e-3) return value.toExponential(size >= 1e6 ? 1 : 2).replace(/\.?0+e/, "e").replace("e+", "e");
  if (size >= 1e4) return `${Number((value / 1e3).toFixed(1))}k`;
  return String(Number(value.toPrecision(size >= 1000 ? 4 : 3)));
}
