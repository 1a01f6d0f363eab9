// Painting of strokes on a canvas, with width by pressure, in the colours of the page.

/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Stroke} Stroke */

/** @typedef {{ you: string, model: string, sheet: string, soft: string, line: string }} Colours */

/** @returns {Colours} the colours of the current theme */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const get = (name) => style.getPropertyValue(name).trim();
  return { you: get("--ink"), model: get("--warm"), sheet: get("--sheet"), soft: get("--soft"), line: get("--line") };
}

const TINTS = 8;

/** @returns {string[]} colours that distinguish futures, of the current theme */
export function tints() {
  const style = getComputedStyle(document.documentElement);
  return Array.from({ length: TINTS }, (_, k) => style.getPropertyValue(`--way-${k + 1}`).trim());
}

const PRESSED = 0.5; // the pressure that a mouse reports
const LIGHTEST = 0.35; // share of the width at zero pressure

/**
 * Paint one stroke.
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {number} width of the pen, in units of the context
 */
export function paintStroke(context, stroke, width) {
  const { points } = stroke;
  const [first] = points;
  if (!first) return;
  const [x, y, pressure] = first;
  if (points.length === 1) {
    context.beginPath();
    context.arc(x, y, (width * widthAt(pressure)) / 2, 0, 2 * Math.PI);
    context.fill();
  } else if (points.some((point) => point[2] !== pressure)) {
    paintPressed(context, points, width);
  } else {
    context.lineWidth = width * widthAt(pressure);
    context.beginPath();
    trace(context, points, stroke.by === "you");
    context.stroke();
  }
}

/**
 * Paint a drawing in the colours of its authors.
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 * @param {number} width
 * @param {{ you: string, model: string }} inks
 */
export function paint(context, strokes, width, inks) {
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    context.strokeStyle = context.fillStyle = inks[stroke.by];
    paintStroke(context, stroke, width);
  }
}

/**
 * Trace a path through points: dense ones of a person are smoothed, lines of a model are straight.
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} points
 * @param {boolean} smooth
 */
function trace(context, points, smooth) {
  points.forEach(([x, y], k) => {
    const next = points[k + 1];
    if (k === 0) context.moveTo(x, y);
    else if (smooth && next) context.quadraticCurveTo(x, y, (x + next[0]) / 2, (y + next[1]) / 2);
    else context.lineTo(x, y);
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} points
 * @param {number} width
 */
function paintPressed(context, points, width) {
  points.forEach(([x, y, pressure], k) => {
    const from = points[k - 1];
    if (!from) return;
    context.lineWidth = width * widthAt(pressure);
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(x, y);
    context.stroke();
  });
}

/** @param {number | undefined} pressure */
function widthAt(pressure) {
  return pressure === undefined ? 1 : LIGHTEST + ((1 - LIGHTEST) * pressure) / PRESSED;
}

/**
 * Show a drawing in a small canvas, as large as fits.
 * @param {HTMLCanvasElement} canvas
 * @param {Stroke[]} strokes
 * @param {{ you: string, model: string }} inks
 * @param {import("./sketch.js").Box | null} box the visible part
 * @param {number} [pen] width in pixels of the screen
 */
export function show(canvas, strokes, inks, box, pen = 1.6) {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth || 96, canvas.clientHeight || 96];
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!box) return;
  const room = 0.84 * ratio;
  const scale = Math.min((width * room) / Math.max(box.right - box.left, 1e-6), (height * room) / Math.max(box.bottom - box.top, 1e-6), 1e6);
  context.setTransform(scale, 0, 0, scale, canvas.width / 2 - (scale * (box.left + box.right)) / 2, canvas.height / 2 - (scale * (box.top + box.bottom)) / 2);
  paint(context, strokes, (pen * ratio) / scale, inks);
}
