// Painting of strokes, each in its own colour with a dot at its start, and of frames around drawings.

/** @typedef {import("./types.js").Part} Part */
/** @typedef {import("./types.js").Preview} Preview */

const GOLDEN_ANGLE = 137.508; // degrees: neighbours in order never look alike
const THINNEST_PX = 1.3;
const WIDEST_PX = 5;
const PEN_SHARE = 0.6; // of the pen's width, so that lines that touch are told apart
const DOT_PX = 2.6;
const LEAST_DOT_PX = 1.4; // where all is small, dots do not cover the strokes
const LEFT_OUT = 0.16; // opacity of a drawing that is not taken

/**
 * @param {CanvasRenderingContext2D} context in pixels of the picture
 * @param {Preview} preview
 * @param {number} scale pixels of the screen for one of the picture
 * @param {Set<number>} left drawings that are not taken
 */
export function paintStrokes(context, { strokes, parts, found }, scale, left) {
  const light = isDark() ? 70 : 42;
  const width = Math.min(WIDEST_PX, Math.max(THINNEST_PX, found.pen_px * scale * PEN_SHARE)) / scale;
  const dot = Math.min(DOT_PX, LEAST_DOT_PX + scale / 2) / scale;
  const gone = new Set([...left].flatMap((part) => parts[part]?.strokes ?? []));
  context.lineCap = context.lineJoin = "round";
  strokes.forEach((points, number) => {
    const [start] = points;
    if (!start) return;
    context.globalAlpha = gone.has(number) ? LEFT_OUT : 1;
    context.strokeStyle = context.fillStyle = `hsl(${(24 + number * GOLDEN_ANGLE) % 360} 62% ${light}%)`;
    context.lineWidth = width;
    context.beginPath();
    points.forEach(([x, y]) => context.lineTo(x, y));
    context.stroke();
    context.beginPath();
    context.arc(start[0], start[1], Math.max(dot, width * 0.9), 0, 2 * Math.PI);
    context.fill();
  });
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Part[]} parts
 * @param {number} scale
 * @param {Set<number>} left
 */
export function paintFrames(context, parts, scale, left) {
  const style = getComputedStyle(document.documentElement);
  const [warm, soft] = ["--warm", "--soft"].map((name) => style.getPropertyValue(name).trim());
  const px = 1 / scale;
  context.font = `${13 * px}px system-ui, sans-serif`;
  context.textBaseline = "bottom";
  parts.forEach(({ frame: [x, y, right, bottom] }, part) => {
    const out = left.has(part);
    context.strokeStyle = context.fillStyle = (out ? soft : warm) ?? "";
    context.lineWidth = 1.4 * px;
    context.setLineDash(out ? [4 * px, 4 * px] : []);
    context.strokeRect(x - 5 * px, y - 5 * px, right - x + 10 * px, bottom - y + 10 * px);
    context.fillText(String(part + 1), x - 5 * px, y - 7 * px);
  });
  context.setLineDash([]);
}

/** Return whether the page is dark. */
export function isDark() {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(document.body).color.match(/\d+/g) ?? []).map(Number);
  return red + green + blue > 384;
}
