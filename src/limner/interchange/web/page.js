// The page: a sheet to draw on, and a model that draws, finishes and morphs on it.

import { chance, draw, loadModel, randomZ, simplify, slerp, toRows, toStrokes } from "./limner.js";

const MARGIN = 1.6; // side of the sheet, in usual drawings
const BREATH_MS = 12; // work at most so long before the page may answer
const MORPH_FRAMES = 16;
const MORPH_MS = 110;
const MORPH_T = 0.2; // at most: a morph is steady
const LEAST_POINTS = 3; // of what goes on from a visitor's strokes: never nothing
const ANYTHING = "anything";

const find = (id) => document.getElementById(id);
const sheet = find("sheet");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const model = timed(loadModel(JSON.parse(find("model").textContent)));
const side = MARGIN * model.card.extent;

let strokes = []; // { points, byModel }
let turn = 0; // grows whenever somebody takes the pen
let times = [];

// The sheet -----------------------------------------------------------------------------------------

function show() {
  sheet.replaceChildren(...strokes.map(({ points, byModel }) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}${points.length < 2 ? "h.1" : ""}`);
    path.setAttribute("class", byModel ? "model" : "visitor");
    return path;
  }));
}

/** Let the sheet grow around what goes beyond it. */
function fit(lines) {
  const [xs, ys] = [0, 1].map((axis) => [0, side, ...lines.flat().map((point) => point[axis])]);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = Math.max(Math.max(...xs) - left, Math.max(...ys) - top);
  sheet.setAttribute("viewBox", `${left} ${top} ${size} ${size}`);
}

function centred(lines) {
  const middle = [0, 1].map((axis) => {
    const values = lines.flat().map((point) => point[axis]);
    return side / 2 - (Math.min(...values) + Math.max(...values)) / 2;
  });
  return lines.map((line) => line.map(([x, y]) => [x + middle[0], y + middle[1]]));
}

const frame = () => new Promise(requestAnimationFrame);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Put strokes on the sheet point by point; stop when somebody else takes the pen. */
async function play(lines, mine) {
  const pace = still ? Infinity : Math.max(1, Math.round(lines.flat().length / 90));
  let due = pace;
  for (const line of lines) {
    const stroke = { points: [], byModel: true };
    strokes.push(stroke);
    for (const point of line) {
      stroke.points.push(point);
      if (--due > 0) continue;
      due = pace;
      show();
      await frame();
      if (turn !== mine) return;
    }
  }
  show();
}

/** Gather what a generator yields, and let the page breathe. */
async function gathered(points) {
  const rows = [];
  let began = performance.now();
  for (const row of points) {
    rows.push(row);
    if (performance.now() - began < BREATH_MS) continue;
    await frame();
    began = performance.now();
  }
  return rows;
}

// What the model does -------------------------------------------------------------------------------

const temperature = () => Number(find("courage").value);

const plain = (name) => name.trim().toLowerCase();

/** The class to draw: the one that is named, if the model knows it. */
function label() {
  const named = plain(find("class").value);
  return model.classes.find((name) => plain(name) === named);
}

/** Draw the class that was typed; of what the model does not know, offer what is most like it. */
function drawNamed() {
  const named = plain(find("class").value);
  const known = !named || label() !== undefined;
  find("unknown").textContent = known ? "" : `There is no "${named}" here; ${nearest(named)}.`;
  if (known) return drawAlone();
  find("class").select();
}

/** The classes that share most pairs of letters with a word, as a clause. */
function nearest(word) {
  const pairs = (name) => new Set(Array.from(name, (letter, k) => letter + (name[k + 1] ?? "")));
  const wanted = pairs(word);
  const likeness = (name) => {
    const own = pairs(plain(name));
    return [...own].filter((pair) => wanted.has(pair)).length / (own.size + wanted.size);
  };
  const near = [...model.classes].sort((a, b) => likeness(b) - likeness(a));
  return `try ${near.slice(0, 3).filter((name) => likeness(name) > likeness(near[0]) / 2).join(" or ")}`;
}

/** Offer all classes while a name is typed, the one for anything first. */
function offerClasses() {
  const names = [...model.classes].sort((a, b) => Number(b === ANYTHING) - Number(a === ANYTHING));
  find("classes").replaceChildren(...names.map((value) => Object.assign(document.createElement("option"), { value })));
}

function takePen() {
  turn += 1;
  find("hint").hidden = true;
  return turn;
}

async function drawAlone() {
  const mine = takePen();
  let rows = [];
  for (let tries = 0; tries < 3 && rows.length < 4; tries++) rows = await gathered(draw(model, { temperature: temperature(), label: label() }));
  if (turn !== mine) return;
  const lines = centred(toStrokes(rows));
  strokes = [];
  fit(lines);
  await play(lines, mine);
  report();
}

async function finish() {
  if (!strokes.length) return drawAlone();
  const mine = takePen();
  const ink = strokes.map(({ points }) => simplify(points, model.card.tolerance));
  const [[x, y]] = ink[0];
  const prefix = toRows(ink, [x - model.card.start[0], y - model.card.start[1]]);
  const rows = await gathered(draw(model, { temperature: temperature(), label: label(), prefix, minPoints: prefix.length + LEAST_POINTS }));
  if (turn !== mine) return;
  const lines = toStrokes(rows, ink.at(-1).at(-1));
  fit([...ink, ...lines]);
  await play(lines, mine);
  report();
}

async function morph() {
  const mine = takePen();
  const from = strokes.length ? model.encode(toRows(strokes.map(({ points }) => simplify(points, model.card.tolerance)))) : randomZ(model);
  const to = randomZ(model);
  const seed = Math.floor(Math.random() * 2 ** 32);
  for (let k = 0; k <= MORPH_FRAMES; k++) {
    const wait = pause(MORPH_MS);
    const options = { temperature: Math.min(temperature(), MORPH_T), z: slerp(from, to, k / MORPH_FRAMES), label: label(), random: chance(seed) };
    const lines = centred(toStrokes(await gathered(draw(model, options))));
    if (turn !== mine) return;
    strokes = lines.map((points) => ({ points, byModel: true }));
    fit(lines);
    show();
    await wait;
  }
  report();
}

function clear() {
  takePen();
  strokes = [];
  fit([]);
  show();
}

/** Measure every step, for the line at the foot of the page. */
function timed(inner) {
  const step = (point, state) => {
    const began = performance.now();
    const next = inner.step(point, state);
    times.push(performance.now() - began);
    return next;
  };
  return { ...inner, step };
}

function report() {
  times = times.slice(-2000);
  const sorted = [...times].sort((a, b) => a - b);
  const share = (part) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  find("pace").value = `a point takes ${share(0.5).toFixed(1)} ms, 95 of 100 at most ${share(0.95).toFixed(1)} ms`;
  find("pace").dataset.p95 = share(0.95);
  find("pace").dataset.steps = times.length;
}

// The visitor ---------------------------------------------------------------------------------------

function place(event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
  return [x, y];
}

let pen = null;

sheet.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  takePen();
  sheet.setPointerCapture(event.pointerId);
  pen = { points: [place(event)], byModel: false };
  strokes.push(pen);
  show();
});
sheet.addEventListener("pointermove", (event) => {
  if (!pen) return;
  for (const one of event.getCoalescedEvents?.() ?? []) pen.points.push(place(one));
  pen.points.push(place(event));
  show();
});
for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, () => (pen = null));

find("draw").addEventListener("click", drawAlone);
find("finish").addEventListener("click", finish);
find("clear").addEventListener("click", clear);
find("morph").addEventListener("click", morph);
find("morph").hidden = !model.conditional;
find("told").hidden = !model.classes.length;
find("class").addEventListener("change", drawNamed);
find("courage").value = model.card.sampling?.temperature ?? find("courage").value;
offerClasses();
fit([]);
drawAlone();
