// The geometry of drawings: bounds, distances, erasing, fitting.

/** @typedef {import("./types.js").Author} Author */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Sketch} Sketch */
/** @typedef {import("./types.js").Stroke} Stroke */
/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

/**
 * @param {Stroke[]} strokes
 * @param {string | null} [label]
 * @returns {Sketch}
 */
export function toSketch(strokes, label = null) {
  return {
    strokes: strokes.map((stroke) => stroke.points.map(([x, y]) => [round(x), round(y)])),
    label,
    by: strokes.map((stroke) => stroke.by),
  };
}

/**
 * @param {Sketch} sketch
 * @param {Author} [by] author of strokes for which the drawing names none
 * @returns {Stroke[]}
 */
export function fromSketch(sketch, by = "model") {
  return sketch.strokes.map((points, k) => ({ points, by: sketch.by?.[k] ?? by }));
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/**
 * @param {Point[][]} lines
 * @returns {Box | null} null without points
 */
export function boundsOf(lines) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const line of lines) {
    for (const [x, y] of line) {
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
  }
  return box.left <= box.right ? box : null;
}

/**
 * Return the smallest box around both.
 * @param {Box} a
 * @param {Box | null} b
 * @returns {Box}
 */
export function joined(a, b) {
  if (!b) return a;
  return {
    left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom),
  };
}

/**
 * Move and scale strokes to fill a square.
 * @param {Stroke[]} strokes
 * @param {number} side of the square, whose centre is the origin
 * @returns {Stroke[]}
 */
export function centred(strokes, side) {
  const box = boundsOf(strokes.map((stroke) => stroke.points));
  if (!box) return strokes;
  const size = Math.max(box.right - box.left, box.bottom - box.top);
  const scale = size > 0 ? side / size : 1;
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  return strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map(([px, py, ...pressure]) => [(px - x) * scale, (py - y) * scale, ...pressure]),
  }));
}

/**
 * Return the distance from a point to a polyline.
 * @param {Point} place
 * @param {Point[]} line
 */
export function distance(place, line) {
  let least = Infinity;
  for (let k = 0; k < line.length; k++) {
    const from = /** @type {Point} */ (line[Math.max(k - 1, 0)]);
    least = Math.min(least, toSegment(place, from, /** @type {Point} */ (line[k])));
  }
  return least;
}

/**
 * @param {Point} place
 * @param {Point} from
 * @param {Point} to
 */
function toSegment([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/**
 * Erase what lies near the segment between two points; strokes are cut there.
 * @param {Stroke[]} strokes
 * @param {Point} from
 * @param {Point} to
 * @param {number} radius
 * @returns {Stroke[]} the same array if nothing was hit
 */
export function erased(strokes, from, to, radius) {
  let hit = false;
  const left = strokes.flatMap((stroke) => {
    if (!isNear(stroke.points, from, to, radius)) return [stroke];
    const fine = resampled(stroke.points, radius / 2);
    const kept = fine.map((point) => toSegment(point, from, to) > radius);
    if (kept.every(Boolean)) return [stroke];
    hit = true;
    return runs(fine, kept).map((points) => ({ ...stroke, points }));
  });
  return hit ? left : strokes;
}

/**
 * @param {Point[]} points
 * @param {Point} from
 * @param {Point} to
 * @param {number} radius
 */
function isNear(points, from, to, radius) {
  const box = boundsOf([points]);
  const way = boundsOf([[from, to]]);
  if (!box || !way) return false;
  return box.left <= way.right + radius && box.right >= way.left - radius
    && box.top <= way.bottom + radius && box.bottom >= way.top - radius;
}

/**
 * Insert points into a polyline, so that none are further apart than `step`.
 * @param {Point[]} points
 * @param {number} step
 * @returns {Point[]}
 */
function resampled(points, step) {
  /** @type {Point[]} */
  const fine = [];
  points.forEach((to, k) => {
    const from = k ? /** @type {Point} */ (points[k - 1]) : to;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const pieces = Math.max(1, Math.ceil(Math.hypot(dx, dy) / step));
    for (let j = k ? 1 : pieces; j < pieces; j++) fine.push(withPressure(from[0] + (dx * j) / pieces, from[1] + (dy * j) / pieces, to[2]));
    fine.push(to);
  });
  return fine;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number | undefined} pressure
 * @returns {Point}
 */
const withPressure = (x, y, pressure) => (pressure === undefined ? [x, y] : [x, y, pressure]);

/**
 * @param {Point[]} points
 * @param {boolean[]} kept
 */
function runs(points, kept) {
  /** @type {Point[][]} */
  const found = [];
  points.forEach((point, k) => {
    if (!kept[k]) return;
    if (k && kept[k - 1]) found.at(-1)?.push(point);
    else found.push([point]);
  });
  return found;
}
