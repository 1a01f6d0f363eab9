// One picture of the map: dots far away, small pictures where there is room for them.

/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./points.js").Points} Points */
/** @typedef {import("./tiles.js").Tiles} Tiles */
/** @typedef {"keep" | "drop" | ""} Mark */

/**
 * @typedef {object} Theme
 * @property {string} paper
 * @property {string} card under a picture
 * @property {string} ink
 * @property {string} accent
 * @property {string} keep
 * @property {string} drop
 */

/**
 * @typedef {object} Scene
 * @property {Camera} camera
 * @property {Points} points
 * @property {Tiles} tiles
 * @property {(i: number) => string} colourOf
 * @property {(i: number) => Mark} markOf
 * @property {(i: number) => boolean} isHidden
 * @property {ReadonlySet<number>} chosen
 * @property {number} focus the item under the pointer or the keyboard, or -1
 * @property {ReadonlyArray<[number, number]>} line the lasso, in pixels
 * @property {Theme} theme
 * @property {number} ratio device pixels a pixel
 */

const SMALLEST_PX = 40;
const LARGEST_PX = 170;
const CROWD = 0.55; // side of a picture on the whole map, in mean distances of items
const GROWTH = 0.42; // power of the nearness by which pictures grow
const FADE = 0.12; // share of its side by which a picture's room grows while it appears
const DOT_PX = 2.3;
const CORNER = 0.1;

/**
 * Side of a picture at the present distance, in pixels.
 * @param {Camera} camera @param {Points} points @param {Tiles} tiles
 */
export function pictureSide(camera, points, tiles) {
  const { left, top, right, bottom } = points.box, near = Math.max(1, camera.nearness);
  const apart = (Math.sqrt(((right - left) * (bottom - top)) / points.size) * camera.scale) / near;
  const most = Math.max(SMALLEST_PX, Math.min(LARGEST_PX, tiles.facts.paths ? LARGEST_PX : 1.5 * tiles.facts.side));
  return Math.min(most, Math.max(SMALLEST_PX, CROWD * apart) * near ** GROWTH);
}

/** How visible the picture of an item is, 0 to 1. @param {number} room in pixels @param {number} side */
export function presence(room, side) {
  return Math.min(1, Math.max(0, (room / side - 1) / FADE + 1));
}

/** @param {CanvasRenderingContext2D} pen @param {Scene} scene */
export function paint(pen, scene) {
  const { camera, points, tiles, ratio } = scene;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = scene.theme.paper;
  pen.fillRect(0, 0, camera.width, camera.height);
  pen.imageSmoothingQuality = "medium";
  const side = pictureSide(camera, points, tiles);
  const seen = points.within(camera.view(side)).filter((i) => !scene.isHidden(i));
  const shown = seen.map((i) => presence((points.rooms[i] ?? 0) * camera.scale, side));
  const covered = new Cover(seen.filter((_, k) => shown[k] === 1).map((i) => camera.toScreen(...points.at(i))), side);
  dots(pen, scene, seen, shown, covered);
  seen.forEach((i, k) => {
    if (shown[k] && i !== scene.focus) picture(pen, scene, i, side, shown[k] ?? 0);
  });
  if (scene.focus >= 0 && !scene.isHidden(scene.focus)) picture(pen, scene, scene.focus, Math.max(side, 56), 1);
  if (scene.line.length > 1) lasso(pen, scene);
}

/** Squares of one side: tells what lies under them. */
class Cover {
  /** @type {Map<string, [number, number][]>} */ #cells = new Map();

  /** @param {[number, number][]} middles @param {number} side */
  constructor(middles, side) {
    this.side = side;
    for (const [x, y] of middles) {
      const key = `${Math.floor(x / side)},${Math.floor(y / side)}`, cell = this.#cells.get(key);
      if (cell) cell.push([x, y]);
      else this.#cells.set(key, [[x, y]]);
    }
  }

  /** @param {number} x @param {number} y */
  hides(x, y) {
    const column = Math.floor(x / this.side), row = Math.floor(y / this.side), half = this.side / 2;
    for (let k = 0; k < 9; k++) {
      const cell = this.#cells.get(`${column + (k % 3) - 1},${row + Math.floor(k / 3) - 1}`);
      if (cell?.some(([mx, my]) => Math.abs(mx - x) < half && Math.abs(my - y) < half)) return true;
    }
    return false;
  }
}

/**
 * @param {CanvasRenderingContext2D} pen @param {Scene} scene
 * @param {number[]} seen @param {number[]} shown @param {Cover} covered
 */
function dots(pen, scene, seen, shown, covered) {
  const radius = DOT_PX * Math.min(1.8, Math.max(1, scene.camera.nearness) ** 0.2);
  /** @type {Map<string, [number, number][]>} */ const byLook = new Map();
  seen.forEach((i, k) => {
    const [x, y] = scene.camera.toScreen(...scene.points.at(i));
    if (shown[k] === 1 || covered.hides(x, y)) return;
    const mark = scene.markOf(i), chosen = scene.chosen.has(i);
    const faint = mark === "drop" || (scene.chosen.size && !chosen) ? 0.28 : 0.85;
    const colour = chosen ? scene.theme.accent : mark === "keep" ? scene.theme.keep : mark === "drop" ? scene.theme.drop : scene.colourOf(i);
    const size = chosen || mark === "keep" ? radius * 1.35 : radius;
    const look = `${faint} ${size} ${colour}`, places = byLook.get(look);
    if (places) places.push([x, y]);
    else byLook.set(look, [[x, y]]);
  });
  for (const [look, places] of byLook) {
    const [faint, size, ...colour] = look.split(" ");
    const dot = stamp(Number(size), colour.join(" "), scene.ratio), side = dot.width / scene.ratio;
    pen.globalAlpha = Number(faint);
    for (const [x, y] of places) pen.drawImage(dot, x - side / 2, y - side / 2, side, side);
  }
  pen.globalAlpha = 1;
}

/** A dot, drawn once: thousands of copies are quicker than thousands of circles. @param {number} radius @param {string} colour @param {number} ratio */
function stamp(radius, colour, ratio) {
  const side = Math.ceil(2 * radius * ratio) + 2, dot = new OffscreenCanvas(side, side);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (dot.getContext("2d"));
  pen.fillStyle = colour;
  pen.arc(side / 2, side / 2, radius * ratio, 0, 2 * Math.PI);
  pen.fill();
  return dot;
}

/** @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {number} i @param {number} side @param {number} shown */
function picture(pen, scene, i, side, shown) {
  const [x, y] = scene.camera.toScreen(...scene.points.at(i));
  const mark = scene.markOf(i), chosen = scene.chosen.has(i), focus = i === scene.focus;
  const faint = mark === "drop" ? 0.25 : scene.chosen.size && !chosen && !focus ? 0.4 : 1;
  const size = side * (0.94 + 0.06 * shown), left = x - size / 2, top = y - size / 2, inset = size * 0.05;
  pen.globalAlpha = shown;
  pen.save();
  frame(pen, scene, i, left + inset / 2, top + inset / 2, size - inset);
  pen.globalAlpha = shown * faint;
  scene.tiles.draw(pen, i, left + inset, top + inset, size - 2 * inset, scene.ratio);
  pen.restore();
  pen.globalAlpha = shown;
  if (mark) badge(pen, scene, mark, left + size - inset, top + inset, Math.max(5, size * 0.11));
  pen.globalAlpha = 1;
}

/**
 * A ground for a picture; a line around it where it stands out.
 * @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {number} i
 * @param {number} x @param {number} y @param {number} size
 */
function frame(pen, scene, i, x, y, size) {
  const chosen = scene.chosen.has(i), { ink } = scene.tiles.facts, plain = ink && !chosen && i !== scene.focus && !scene.markOf(i);
  pen.beginPath();
  pen.roundRect(x, y, size, size, size * CORNER);
  pen.fillStyle = plain ? scene.theme.paper : ink ? scene.theme.card : "#fff";
  pen.fill();
  if (plain) return;
  if (!ink) pen.clip();
  pen.strokeStyle = chosen ? scene.theme.accent : scene.colourOf(i);
  pen.lineWidth = (chosen ? 2.2 : 1.2) * (ink ? 1 : 2); // the outer half of it is cut off with the picture
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {Mark} mark @param {number} x @param {number} y @param {number} r */
function badge(pen, scene, mark, x, y, r) {
  pen.beginPath();
  pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fillStyle = mark === "keep" ? scene.theme.keep : scene.theme.drop;
  pen.fill();
  pen.strokeStyle = scene.theme.card;
  pen.lineWidth = Math.max(1.2, r * 0.28);
  pen.lineCap = "round";
  pen.beginPath();
  if (mark === "keep") {
    pen.moveTo(x - r * 0.45, y + r * 0.02);
    pen.lineTo(x - r * 0.1, y + r * 0.38);
    pen.lineTo(x + r * 0.48, y - r * 0.36);
  } else {
    for (const turn of [-1, 1]) {
      pen.moveTo(x - r * 0.36, y - turn * r * 0.36);
      pen.lineTo(x + r * 0.36, y + turn * r * 0.36);
    }
  }
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Scene} scene */
function lasso(pen, scene) {
  pen.beginPath();
  for (const [x, y] of scene.line) pen.lineTo(x, y);
  pen.closePath();
  pen.globalAlpha = 0.1;
  pen.fillStyle = scene.theme.accent;
  pen.fill("evenodd");
  pen.globalAlpha = 1;
  pen.strokeStyle = scene.theme.accent;
  pen.lineWidth = 1.6;
  pen.setLineDash([6, 5]);
  pen.stroke();
  pen.setLineDash([]);
}
