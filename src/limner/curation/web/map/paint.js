// One picture of the map: dots far away, small pictures where there is room for them.

import { Squares } from "./squares.js";

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

/** @typedef {{ x: number, y: number, from: [number, number][] }} Spot a place of the world, and items with their shares in it */

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
 * @property {Spot | null} spot
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
const RING_PX = 6;
/** @type {Mark[]} */ const LOOKS = ["", "keep", "drop"];
const [KEPT, DROPPED, CHOSEN] = [1, 2, 3];

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
  const covered = new Squares(side, seen.length);
  seen.forEach((i, k) => {
    if (shown[k] === 1) covered.add(...camera.toScreen(...points.at(i)));
  });
  dots(pen, scene, seen, shown, covered);
  seen.forEach((i, k) => {
    if (shown[k] && i !== scene.focus) picture(pen, scene, i, side, shown[k] ?? 0);
  });
  if (scene.focus >= 0 && !scene.isHidden(scene.focus)) picture(pen, scene, scene.focus, Math.max(side, 56), 1);
  if (scene.spot) spot(pen, scene, scene.spot);
  if (scene.line.length > 1) lasso(pen, scene);
}

/** A ring, and threads to the items that have a share in it. @param {CanvasRenderingContext2D} pen @param {Scene} scene @param {Spot} at */
function spot(pen, scene, at) {
  const { camera, points, theme } = scene, [x, y] = camera.toScreen(at.x, at.y);
  pen.strokeStyle = theme.accent;
  pen.lineCap = "round";
  for (const [i, share] of at.from) {
    pen.globalAlpha = 0.25 + 0.6 * share;
    pen.lineWidth = 1 + 3 * share;
    pen.beginPath();
    pen.moveTo(...camera.toScreen(...points.at(i)));
    pen.lineTo(x, y);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.fillStyle = theme.card;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, RING_PX, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen @param {Scene} scene
 * @param {number[]} seen @param {number[]} shown @param {Squares} covered
 */
function dots(pen, scene, seen, shown, covered) {
  const radius = DOT_PX * Math.min(1.8, Math.max(1, scene.camera.nearness) ** 0.2);
  const { camera, points, chosen, theme } = scene;
  /** @type {Map<string, number[]>[]} places by colour: plain ones, kept, dropped, chosen */ const looks = [new Map(), new Map(), new Map(), new Map()];
  seen.forEach((i, k) => {
    if (shown[k] === 1) return;
    const [x, y] = camera.toScreen(...points.at(i));
    if (covered.has(x, y, covered.side / 2)) return;
    const look = chosen.has(i) ? CHOSEN : LOOKS.indexOf(scene.markOf(i));
    const colour = look === CHOSEN ? theme.accent : look === KEPT ? theme.keep : look === DROPPED ? theme.drop : scene.colourOf(i);
    const places = looks[look]?.get(colour);
    if (places) places.push(x, y);
    else looks[look]?.set(colour, [x, y]);
  });
  looks.forEach((colours, look) => {
    pen.globalAlpha = look === DROPPED || (chosen.size && look !== CHOSEN) ? 0.28 : 0.85;
    for (const [colour, places] of colours) {
      const dot = stamp(look === CHOSEN || look === KEPT ? radius * 1.35 : radius, colour, scene.ratio), side = dot.width / scene.ratio;
      for (let k = 0; k < places.length; k += 2) pen.drawImage(dot, (places[k] ?? 0) - side / 2, (places[k + 1] ?? 0) - side / 2, side, side);
    }
  });
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
