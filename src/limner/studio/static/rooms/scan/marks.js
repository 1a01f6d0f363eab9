// Marks over the strokes while they are mended: unsure junctions, ends, and the numbers of strokes.

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("./types.js").Junction} Junction */

const RING_PX = 9;
const DONE_PX = 4;
const END_PX = 4;
const LETTERS_PX = 12;
const BY_HAND = 1; // the confidence of a junction that a person chose

/** @param {string} name of a colour of the page */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * Paint a ring round each junction that is not sure, stronger the less it is, and a dot where a person chose.
 * @param {CanvasRenderingContext2D} context in pixels of the picture
 * @param {Junction[]} junctions
 * @param {number} scale pixels of the screen for one of the picture
 * @param {number} sure
 */
export function paintJunctions(context, junctions, scale, sure) {
  const px = 1 / scale;
  const [warm, done, sheet] = ["--warm", "--way-6", "--sheet"].map(colour);
  for (const { at: [x, y], confidence } of junctions) {
    if (confidence >= sure && confidence < BY_HAND) continue;
    const byHand = confidence >= BY_HAND;
    context.beginPath();
    context.arc(x, y, (byHand ? DONE_PX : RING_PX) * px, 0, 2 * Math.PI);
    context.strokeStyle = sheet ?? "";
    context.lineWidth = 5 * px;
    context.stroke();
    context.strokeStyle = (byHand ? done : warm) ?? "";
    context.lineWidth = (byHand ? 2 : 1.4 + 1.6 * (1 - confidence / sure)) * px;
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} point
 * @param {number} scale
 * @param {boolean} chosen
 */
export function paintEnd(context, [x, y], scale, chosen) {
  const px = 1 / scale;
  context.beginPath();
  context.arc(x, y, (chosen ? 1.8 : 1) * END_PX * px, 0, 2 * Math.PI);
  context.fillStyle = colour("--sheet");
  context.strokeStyle = colour(chosen ? "--warm" : "--soft");
  context.lineWidth = (chosen ? 2.5 : 1.4) * px;
  context.fill();
  context.stroke();
}

/**
 * Write the number of each stroke where it begins.
 * @param {CanvasRenderingContext2D} context
 * @param {Point[][]} strokes
 * @param {number} scale
 */
export function paintNumbers(context, strokes, scale) {
  const px = 1 / scale;
  context.font = `600 ${LETTERS_PX * px}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  context.lineJoin = "round";
  context.strokeStyle = colour("--sheet");
  context.fillStyle = colour("--ink");
  context.lineWidth = 4 * px;
  strokes.forEach((stroke, number) => {
    const [x, y] = stroke[0] ?? [0, 0];
    context.strokeText(String(number + 1), x, y - 10 * px);
    context.fillText(String(number + 1), x, y - 10 * px);
  });
  context.textAlign = "start";
}
