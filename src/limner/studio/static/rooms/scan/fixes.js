// Fixes of a picture's strokes, as page.fixes.toml holds them: what was touched, by position. Pure functions.

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("./types.js").Fix} Fix */
/** @typedef {import("./types.js").Junction} Junction */

const TRAIL = [0, 1 / 3, 2 / 3, 1]; // shares of a stroke's length at which the points lie that name it

/** @param {Point[]} stroke */
function lengthsOf(stroke) {
  const lengths = [0];
  for (let k = 1; k < stroke.length; k++) lengths.push((lengths[k - 1] ?? 0) + apart(at(stroke, k - 1), at(stroke, k)));
  return lengths;
}

/**
 * Return the points by which a fix names a stroke.
 * @param {Point[]} stroke
 * @returns {Point[]}
 */
export function trailOf(stroke) {
  const lengths = lengthsOf(stroke);
  const whole = lengths.at(-1) ?? 0;
  return TRAIL.map((share) => rounded(along(stroke, lengths, share * whole)));
}

/**
 * @param {Point[]} stroke
 * @param {number[]} lengths
 * @param {number} distance
 * @returns {Point}
 */
function along(stroke, lengths, distance) {
  let k = 1;
  while (k < stroke.length - 1 && (lengths[k] ?? 0) < distance) k++;
  const [one, two] = [at(stroke, k - 1), at(stroke, Math.min(k, stroke.length - 1))];
  const step = (lengths[k] ?? 0) - (lengths[k - 1] ?? 0);
  const share = step > 0 ? Math.min(1, Math.max(0, (distance - (lengths[k - 1] ?? 0)) / step)) : 0;
  return [one[0] + share * (two[0] - one[0]), one[1] + share * (two[1] - one[1])];
}

/**
 * Return the stroke that is nearest to a place, and where on it, or null where none is within reach.
 * @param {Point[][]} strokes
 * @param {Point} place
 * @param {number} reach
 */
export function strokeAt(strokes, place, reach) {
  /** @type {{ number: number, on: Point, away: number } | null} */
  let best = null;
  strokes.forEach((stroke, number) => {
    for (let k = 0; k < Math.max(1, stroke.length - 1); k++) {
      const on = onSegment(at(stroke, k), at(stroke, Math.min(k + 1, stroke.length - 1)), place);
      const away = apart(on, place);
      if (away <= (best ? best.away - 1e-9 : reach)) best = { number, on: rounded(on), away };
    }
  });
  return /** @type {{ number: number, on: Point, away: number } | null} */ (best);
}

/**
 * Return the end of a stroke that is nearest to a place.
 * @param {Point[][]} strokes
 * @param {Point} place
 * @param {number} reach
 * @param {{ number: number, last: boolean } | null} [but] an end that is not meant
 */
export function endAt(strokes, place, reach, but = null) {
  /** @type {{ number: number, last: boolean, away: number } | null} */
  let best = null;
  strokes.forEach((stroke, number) => {
    for (const last of [false, true]) {
      if (but && but.number === number && but.last === last) continue;
      const away = apart(at(stroke, last ? stroke.length - 1 : 0), place);
      if (away <= (best ? best.away - 1e-9 : reach)) best = { number, last, away };
    }
  });
  return /** @type {{ number: number, last: boolean, away: number } | null} */ (best);
}

/**
 * Return the junction that is nearest to a place.
 * @param {Junction[]} junctions
 * @param {Point} place
 * @param {number} reach
 */
export function junctionAt(junctions, place, reach) {
  const near = junctions.map((junction) => ({ junction, away: apart(junction.at, place) })).filter((one) => one.away <= reach);
  return near.sort((a, b) => a.away - b.away)[0]?.junction ?? null;
}

/**
 * Return the fix that gives a junction its next pairing.
 * @param {Junction} junction
 * @returns {Fix}
 */
export function flipped(junction) {
  const next = (junction.chosen + 1) % junction.choices.length;
  return { kind: "flip", at: junction.at, lines: junction.lines.map((line) => at(line, line.length - 1)), pairs: junction.choices[next] ?? [] };
}

/**
 * Return the fix that makes one stroke of two ends.
 * @param {Point[][]} strokes
 * @param {{ number: number, last: boolean }} one
 * @param {{ number: number, last: boolean }} two
 * @returns {Fix}
 */
export function joined(strokes, one, two) {
  const [first, second] = two.last && !one.last ? [two, one] : [one, two]; // keeps the direction of both where it can
  const trail = (/** @type {{ number: number }} */ end) => trailOf(strokes[end.number] ?? []);
  return { kind: "join", first: first.last ? trail(first) : trail(first).reverse(), second: second.last ? trail(second).reverse() : trail(second) };
}

/**
 * @param {Fix[]} fixes
 * @param {number} page
 */
export function onPage(fixes, page) {
  return fixes.filter((fix) => (fix.page ?? 1) === page).length;
}

/**
 * @param {Point} one
 * @param {Point} two
 * @param {Point} place
 * @returns {Point}
 */
function onSegment(one, two, place) {
  const [dx, dy] = [two[0] - one[0], two[1] - one[1]];
  const size = dx * dx + dy * dy;
  const share = size > 0 ? Math.min(1, Math.max(0, ((place[0] - one[0]) * dx + (place[1] - one[1]) * dy) / size)) : 0;
  return [one[0] + share * dx, one[1] + share * dy];
}

/**
 * @param {Point[]} points
 * @param {number} k
 * @returns {Point}
 */
const at = (points, k) => /** @type {Point} */ (points[k] ?? [0, 0]);

/**
 * @param {Point} one
 * @param {Point} two
 */
const apart = (one, two) => Math.hypot(one[0] - two[0], one[1] - two[1]);

/**
 * @param {Point} point
 * @returns {Point}
 */
const rounded = ([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
