// Values of the sliders. Lengths are shares of the picture's longer side, to fit pictures of any size.

/** @typedef {import("./types.js").Wish} Wish */
/** @typedef {{ pen_px: number }} Found */

/** @typedef {"threshold" | "pen" | "join" | "splice" | "simplify" | "shortest" | "gap"} SliderName */
/** @typedef {"single" | "marks" | "ruling" | "separate"} TickName */
/** @typedef {Record<SliderName, number> & Record<TickName, boolean>} Positions */

/**
 * @typedef {object} Slider
 * @property {SliderName} name
 * @property {string} label
 * @property {string} title
 * @property {number} min
 * @property {number} max
 * @property {number} from where it stands at first
 * @property {(at: number) => number} value a factor, or a share of the longer side
 */

const THRESHOLD_REACH = 2.5;
const PEN_REACH = 3;
const JOIN_REACH = 0.12;
const SPLICE_REACH = 0.25;
const SHORT_REACH = 0.1;
const GAP_REACH = 0.3;
const FINEST = 0.0003;
const COARSEST = 0.012;
const LEAST_PX = 0.1;
const MOST_PX = 5000;
const MOST_TOLERANCE_PX = 100;

/** @type {Slider[]} */
export const SLIDERS = [
  { name: "threshold", label: "Threshold", title: "How dark ink must be: to the left more counts as ink, to the right less",
    min: -1, max: 1, from: 0, value: (at) => THRESHOLD_REACH ** at },
  { name: "pen", label: "Pen width", title: "How wide the pen was: a wider one bridges larger gaps, and smaller marks are specks",
    min: -1, max: 1, from: 0, value: (at) => PEN_REACH ** at },
  { name: "join", label: "Join", title: "Strokes whose ends are this near become one", min: 0, max: 1, from: 0, value: (at) => JOIN_REACH * at * at },
  { name: "splice", label: "Splice", title: "Strokes that begin and end near a place in another one go into it", min: 0, max: 1, from: 0, value: (at) => SPLICE_REACH * at * at },
  { name: "simplify", label: "Simplify", title: "How far strokes may leave the ink for the sake of fewer points", min: 0, max: 1, from: 0.3, value: (at) => FINEST * (COARSEST / FINEST) ** at },
  { name: "shortest", label: "Drop short", title: "Strokes shorter than this are left out", min: 0, max: 1, from: 0, value: (at) => SHORT_REACH * at * at },
  { name: "gap", label: "Apart", title: "Strokes nearer to each other than this belong to one drawing", min: 0, max: 1, from: 0.2, value: (at) => GAP_REACH * at * at },
];

/** @type {{ name: TickName, label: string, title: string }[]} */
export const TICKS = [
  { name: "single", label: "one line for each figure", title: "Every connected figure becomes one stroke" },
  { name: "marks", label: "leave out page numbers", title: "Small marks far from the drawing are left out" },
  { name: "ruling", label: "keep printed lines", title: "Printed lines, squares and dots are read, too" },
  { name: "separate", label: "several drawings on the page", title: "Take the page apart; touch a frame to leave a drawing out" },
];

/** @returns {Positions} */
export function beginning() {
  const sliders = Object.fromEntries(SLIDERS.map(({ name, from }) => [name, from]));
  return /** @type {Positions} */ ({ ...sliders, single: false, marks: false, ruling: false, separate: false });
}

/**
 * @param {SliderName} name
 * @param {Positions} at
 */
function valueOf(name, at) {
  const slider = /** @type {Slider} */ (SLIDERS.find((one) => one.name === name));
  return Math.round(slider.value(at[name]) * 1e6) / 1e6;
}

/**
 * Convert slider positions to options of the server.
 * @param {Positions} at
 * @param {number} longest the picture's longer side, in pixels
 * @param {number} page
 * @returns {Wish}
 */
export function wishFor(at, longest, page) {
  /** @param {SliderName} name */
  const length = (name) => Math.min(MOST_PX, Math.round(valueOf(name, at) * longest * 100) / 100);
  return {
    page, threshold: valueOf("threshold", at), pen: valueOf("pen", at), single_line: at.single, drop_marks: at.marks,
    ruling: at.ruling ? "keep" : "auto",
    join_px: length("join"), splice_px: length("splice"),
    tolerance_px: Math.min(MOST_TOLERANCE_PX, Math.max(LEAST_PX, length("simplify"))),
    shortest_px: length("shortest"), separate: at.separate, gap_px: at.separate ? length("gap") : 0,
  };
}

/**
 * Return the text beside a slider.
 * @param {SliderName} name
 * @param {Positions} at
 * @param {number} longest 0 where the picture is not known yet
 * @param {number} pen the pen's width as the scanner sees it, in pixels; 0 where that is not known
 */
export function wordsFor(name, at, longest, pen) {
  const value = valueOf(name, at);
  if (name === "threshold") return at.threshold === 0 ? "as found" : `${Math.round(value * 100)} %`;
  if (name === "pen") return pen ? `${short(pen * value)} px` : at.pen === 0 ? "as found" : `${Math.round(value * 100)} %`;
  if (value === 0) return "off";
  return longest ? `${short(value * longest)} px` : `${short(value * 100)} %`;
}

/** @param {number} value */
const short = (value) => (value < 9.95 ? value.toFixed(1) : String(Math.round(value)));
