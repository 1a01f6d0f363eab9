// limner.js: draws with a model of limner, in a browser or in Node, without anything else.
//
//   import { loadModel, draw } from "./limner.js";
//   const model = loadModel(await (await fetch("model.json")).json());
//   for (const [dx, dy, down, lift, end] of draw(model, { label: "cat" })) { ... }
//
// Points are stroke-5 rows: an offset in the corpus's units (y grows downward), and whether the pen stays down
// after it, lifts, or the drawing is over. Weights stand as in sketch-rnn: gates in the order i, j, f, o.

export const START = [0, 0, 1, 0, 0];
const END = [0, 0, 0, 0, 1];
const FORGET_BIAS = 1;
const EPSILON = 1e-3;
const ANYTHING = "anything"; // the class of drawings whose class is not told
const PRODUCTS = 8; // of a HyperLSTM: four gates with the input, four with h
const RATIO_BOUND = 20; // of the log ratio of two densities or probabilities, which guidance counts
const NEVER = -1e4; // the logit of what cannot be

// Arithmetic ----------------------------------------------------------------------------------------

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** Add x W to y; W has x.length rows of y.length numbers, beginning at `at`. */
function addProduct(y, x, w, at = 0) {
  const rows = x.length;
  const n = y.length;
  let i = 0;
  for (; i + 7 < rows; i += 8) { // eight rows at a time: y is read and written an eighth as often
    const [a, b, c, d, e, f, g, h] = [x[i], x[i + 1], x[i + 2], x[i + 3], x[i + 4], x[i + 5], x[i + 6], x[i + 7]];
    for (let j = 0, p = at + i * n; j < n; j++, p++) {
      y[j] += a * w[p] + b * w[p + n] + (c * w[p + 2 * n] + d * w[p + 3 * n])
        + (e * w[p + 4 * n] + f * w[p + 5 * n] + (g * w[p + 6 * n] + h * w[p + 7 * n]));
    }
  }
  for (; i < rows; i++) for (let j = 0, p = at + i * n; j < n; j++, p++) y[j] += x[i] * w[p];
  return y;
}

function joined(...parts) {
  const out = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Bring every group of `size` numbers to mean 0 and variance 1, then scale and shift. */
function normalised(x, size, gamma, beta) {
  const out = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += size) {
    let mean = 0;
    for (let k = at; k < at + size; k++) mean += x[k];
    mean /= size;
    let variance = 0;
    for (let k = at; k < at + size; k++) variance += (x[k] - mean) ** 2;
    const scale = 1 / Math.sqrt(variance / size + EPSILON);
    for (let k = at; k < at + size; k++) out[k] = (x[k] - mean) * scale * gamma[k] + beta[k];
  }
  return out;
}

function norm(w, name, size) {
  const [gamma, beta] = [w(`${name}.gamma`), w(`${name}.beta`)];
  return (x) => normalised(x, size, gamma, beta);
}

function softmax(logits) {
  const top = Math.max(...logits);
  const out = Float64Array.from(logits, (x) => Math.exp(x - top));
  const sum = out.reduce((a, b) => a + b, 0);
  return out.map((x) => x / sum);
}

// Cells: each takes the input of a point and the state, and gives the new state --------------------

/** From the sums of the four gates and c to the new c, and h by way of `finish`. */
function updated(gates, c, finish) {
  const size = c.length;
  const next = new Float32Array(size);
  for (let k = 0; k < size; k++) {
    const kept = c[k] * sigmoid(gates[2 * size + k] + FORGET_BIAS);
    next[k] = kept + sigmoid(gates[k]) * Math.tanh(gates[size + k]);
  }
  const h = finish(next).map((x, k) => Math.tanh(x) * sigmoid(gates[3 * size + k]));
  return { c: next, h };
}

function lstm(w, size) {
  const [bias, wXh, wHh] = ["bias", "w_xh", "w_hh"].map(w);
  return {
    layout: { c: size, h: size },
    step(x, { c, h }) {
      const gates = addProduct(addProduct(bias.slice(), x, wXh), h, wHh);
      return updated(gates, c, (next) => next);
    },
  };
}

function layerNorm(w, size) {
  const [wXh, wHh] = ["w_xh", "w_hh"].map(w);
  const normGates = norm(w, "norm_gates", size);
  const normC = norm(w, "norm_c", size);
  return {
    layout: { h: size, c: size },
    step(x, { c, h }) {
      const gates = normGates(addProduct(addProduct(new Float32Array(4 * size), x, wXh), h, wHh));
      return updated(gates, c, normC);
    },
  };
}

function hyper(w, size) {
  const [bias, wXh, wHh, scaleBias] = ["bias", "w_xh", "w_hh", "scale_bias"].map(w);
  const [scaleIn, scaleOut, shiftIn, shiftOut] = ["scale_in", "scale_out", "shift_in", "shift_out"].map(w);
  const embedding = scaleBias.length / PRODUCTS;
  const units = scaleIn.length / scaleBias.length;
  const small = layerNorm((name) => w(`small.${name}`), units);
  const normGates = norm(w, "norm_gates", size);
  const normC = norm(w, "norm_c", size);
  /** Narrow h to an embedding, added to `first`, and widen it to the units: with the k-th of each weights. */
  const through = (h, into, first, outOf, k) => {
    const embedded = addProduct(first, h, into, k * units * embedding);
    return addProduct(new Float32Array(size), embedded, outOf, k * embedding * size);
  };
  return {
    layout: { h: size, small_h: units, c: size, small_c: units },
    step(x, state) {
      const inner = small.step(joined(x, state.h), { h: state.small_h, c: state.small_c });
      const fromX = addProduct(new Float32Array(4 * size), x, wXh);
      const fromH = addProduct(new Float32Array(4 * size), state.h, wHh);
      const sums = bias.slice();
      const scale = (k) => through(inner.h, scaleIn, scaleBias.slice(k * embedding, (k + 1) * embedding), scaleOut, k);
      for (let gate = 0; gate < 4; gate++) {
        const [ofX, ofH] = [scale(gate), scale(gate + 4)];
        const shift = through(inner.h, shiftIn, new Float32Array(embedding), shiftOut, gate);
        for (let k = 0, at = gate * size; k < size; k++, at++) {
          sums[at] += fromX[at] * ofX[k] + fromH[at] * ofH[k] + shift[k];
        }
      }
      const { c, h } = updated(normGates(sums), state.c, normC);
      return { h, small_h: inner.h, c, small_c: inner.c };
    },
  };
}

const CELLS = { lstm, layer_norm: layerNorm, hyper };

// The model -----------------------------------------------------------------------------------------

/** Make a model of a document that `limner export --to web` writes as model.json. */
export function loadModel(document) {
  const weights = Object.fromEntries(Object.entries(document.weights).map(([name, kept]) => [name, unpacked(kept)]));
  const { config, scale_factor: unit } = document.card;
  const { decoder, encoder, conditional } = config;
  const latentSize = conditional ? config.latent_size : 0;
  const classes = config.classes ? document.card.classes : []; // what the model is told, if it is told classes
  const cellOf = (part, kind, size) => CELLS[kind]((name) => weights[`${part}.${name}`], size);
  const cell = cellOf("decoder.cell", decoder.cell, decoder.size);
  const zeros = (layout) => Object.fromEntries(Object.entries(layout).map(([k, n]) => [k, new Float32Array(n)]));
  const linear = (x, name) => addProduct(weights[`${name}.bias`].slice(), x, weights[`${name}.weight`]);

  /** The numbers that stand for a class, by its name; for any, or for the first one, without a name. */
  function told(label) {
    if (!classes.length) return [];
    const number = label === undefined ? Math.max(0, classes.indexOf(ANYTHING)) : classes.indexOf(label);
    if (number < 0) throw new RangeError(`This model knows no class "${label}".`);
    return weights["classes.weight"].slice(number * config.class_size, (number + 1) * config.class_size);
  }

  /** The state before the first point; a conditional model draws z, one that is told classes a label. */
  function begin(z = new Float32Array(latentSize), label = undefined) {
    const given = joined(conditional ? z : [], told(label)); // the same at every point
    if (!given.length) return { ...zeros(cell.layout), given };
    const first = linear(decoder.latent_tanh ? given.map(Math.tanh) : given, "decoder.z_to_state").map(Math.tanh);
    const state = { given };
    let at = 0;
    for (const [name, size] of Object.entries(cell.layout)) state[name] = first.slice(at, (at += size));
    return state;
  }

  /** Take a point in model units; give the mixture of the next one and the new state. */
  function step(point, state) {
    const next = { ...cell.step(joined(point, state.given), state), given: state.given };
    return [mixture(linear(next.h, "decoder.output"), decoder), next];
  }

  /** Give z = mu of stroke-5 rows in the corpus's units, without start and end. */
  function encode(rows) {
    const points = rows.map(([dx, dy, ...pen]) => Float32Array.of(dx / unit, dy / unit, ...pen));
    if (encoder.reads_start) points.unshift(Float32Array.from(START));
    while (points.length < encoder.rows) points.push(Float32Array.from(END));
    const run = (part, some) => {
      const reader = cellOf(`encoder.${part}`, encoder.cell, encoder.size);
      return some.reduce((state, point) => reader.step(point, state), zeros(reader.layout)).h;
    };
    return linear(joined(run("forwards", points), run("backwards", [...points].reverse())), "encoder.mu");
  }

  return { card: document.card, conditional, latentSize, classes, unit, begin, step, encode };
}

/** An array of a document: int8 with a scale for each column, or int16 where 32767 is the largest weight. */
function unpacked({ largest, int16, int8, scales }) {
  if (!int8) return new Float32Array(new Int16Array(decoded(int16))).map((x) => (x * largest) / 32767);
  const factors = new Float32Array(decoded(scales));
  const values = new Float32Array(new Int8Array(decoded(int8)));
  for (let at = 0; at < values.length; at += factors.length) {
    for (let k = 0; k < factors.length; k++) values[at + k] *= factors[k];
  }
  return values;
}

/** Base64 to its bytes. Every browser's machine is little-endian, as the bytes are. */
function decoded(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer;
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) bytes[k] = letters.charCodeAt(k);
  return bytes.buffer;
}

function mixture(y, { components: m, sigma, sigma_min: least, sigma_alpha: alpha }) {
  const part = (k) => y.subarray(3 + k * m, 3 + (k + 1) * m);
  const positive = {
    exp: Math.exp,
    softplus: (x) => (x > 30 ? x : Math.log1p(Math.exp(x))),
    elu: (x) => (x < 0 ? alpha * Math.exp(x) : x + alpha),
  }[sigma];
  const deviation = (x) => Math.min(Math.max(positive(x) + least, Math.exp(-10)), Math.exp(10));
  return withShares({
    piLogits: part(0),
    muX: part(1),
    muY: part(2),
    sigmaX: part(3).map(deviation),
    sigmaY: part(4).map(deviation),
    rho: part(5).map((x) => Math.tanh(Math.min(Math.max(x, -8), 8))),
    penLogits: y.subarray(0, 3),
  });
}

/** Let a distribution say its probabilities; they are computed when they are asked for. */
function withShares(params) {
  return Object.defineProperties(params, {
    pi: { get: () => softmax(params.piLogits) },
    pen: { get: () => softmax(params.penLogits) },
  });
}

// Drawing -------------------------------------------------------------------------------------------

/** A source of random numbers from 0 to 1: the same for the same seed (mulberry32). */
export function chance(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number of the standard normal distribution. */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A z for a conditional model, from N(0, 1). */
export function randomZ(model, random = Math.random) {
  return Float32Array.from({ length: model.latentSize }, () => normal(random));
}

/** What a configuration makes of the learned numbers: it divides logits, scales sigmas, keeps a share.
 *
 * convention: "paper" (logits / T, sigma * sqrt(T): Ha and Eck 2017), "magenta" (sigma * T), "js" (logits over
 * 0.5 + 0.5 T, as sketch-rnn-js), "steady" (logits as learned, of which the likeliest 0.86 + 0.14 T are kept;
 * sigma * T).
 */
export function resolveSampling({
  temperature = 0.4, offsetTemperature = temperature, convention = "paper", topP = 1, guidance = 0, minPoints = 0,
} = {}) {
  const steady = convention === "steady";
  return {
    softness: steady ? 1 : convention === "js" ? 0.5 + 0.5 * temperature : temperature,
    spread: steady || convention === "magenta" ? offsetTemperature : Math.sqrt(offsetTemperature),
    topP: steady ? Math.min(topP, 0.86 + 0.14 * temperature) : topP,
    guidance,
    minPoints,
  };
}

/** Leave out all but the likeliest entries that together reach a share. */
function nucleus(shares, topP) {
  if (topP >= 1) return shares;
  const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a]);
  const kept = new Float64Array(shares.length);
  let sum = 0;
  for (const k of order) {
    if (sum >= topP) break;
    sum += kept[k] = shares[k];
  }
  return kept;
}

/** The probabilities that an entry is chosen with; they need not sum to 1. */
export function probabilities(logits, { softness, topP }) {
  return nucleus(softmax(logits.map((x) => x / softness)), topP);
}

function choice(shares, random) {
  let left = random() * shares.reduce((a, b) => a + b, 0);
  for (let k = 0; k < shares.length; k++) if ((left -= shares[k]) < 0) return k;
  return shares.indexOf(Math.max(...shares));
}

/** The log density of an offset, in model units, under all components as learned. */
export function logDensity({ piLogits, muX, muY, sigmaX, sigmaY, rho }, [dx, dy]) {
  const terms = Array.from(piLogits, (logit, k) => {
    const [x, y] = [(dx - muX[k]) / sigmaX[k], (dy - muY[k]) / sigmaY[k]];
    const free = 1 - rho[k] * rho[k];
    const square = (x - rho[k] * y) ** 2 / free + y * y;
    return logit - Math.log(2 * Math.PI * sigmaX[k] * sigmaY[k] * Math.sqrt(free)) - square / 2;
  });
  return logSum(terms) - logSum(piLogits);
}

function logSum(logs) {
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - top), 0));
}

const logProbabilities = (logits) => Array.from(logits, (x) => x - logSum(logits));
const bounded = (ratio) => Math.min(Math.max(ratio, -RATIO_BOUND), RATIO_BOUND);

/** Move what a model draws of a class away from what it draws of none (Ho and Salimans 2022, there of noise).
 *
 * Pen states and components count p1 (p1 / p0)^guidance; the densities of a component are those at its mean.
 */
export function guide(told, untold, guidance) {
  const { muX, muY, sigmaX, sigmaY, rho } = told;
  const penOfNone = logProbabilities(untold.penLogits);
  const ratio = (k) => logDensity(told, [muX[k], muY[k]]) - logDensity(untold, [muX[k], muY[k]]);
  const penLogits = logProbabilities(told.penLogits).map((x, k) => x + guidance * bounded(x - penOfNone[k]));
  const piLogits = Array.from(told.piLogits, (x, k) => x + guidance * bounded(ratio(k)));
  return withShares({ piLogits, muX, muY, sigmaX, sigmaY, rho, penLogits });
}

/** Choose the next point, in model units, by a rule of resolveSampling(); ends: whether the drawing may end. */
export function choosePoint({ piLogits, penLogits, muX, muY, sigmaX, sigmaY, rho }, rule, random, ends = true) {
  const k = choice(probabilities(piLogits, rule), random);
  const pen = choice(probabilities(penLogits.map((x, state) => (state === 2 && !ends ? NEVER : x)), rule), random);
  const [a, b] = [normal(random), normal(random)];
  const dx = muX[k] + rule.spread * sigmaX[k] * a;
  const dy = muY[k] + rule.spread * sigmaY[k] * (rho[k] * a + Math.sqrt(1 - rho[k] * rho[k]) * b);
  return [dx, dy, Number(pen === 0), Number(pen === 1), Number(pen === 2)];
}

/** How a model draws best: what its card says, else as the program that it comes from. */
export function defaultSampling({ card }) {
  const js = card.training.imported?.form === "sketch-rnn-js";
  const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  const said = Object.entries(card.sampling ?? {}).filter(([, value]) => value !== null);
  return { temperature: 0.4, convention: js ? "js" : "paper", ...Object.fromEntries(said.map(([k, v]) => [camel(k), v])) };
}

/** Yield points until the drawing ends.
 *
 * label: the class, for a model that is told classes; prefix: stroke-5 rows to go on from; maxPoints:
 * prefix and new points at most; z: what a conditional model draws, else encoded from the prefix or at random;
 * random: see chance(). The rest are settings of resolveSampling(), those of the model unless given, such as
 * temperature (from just above 0 to 1 and beyond), guidance (from 0 to 3), and minPoints (prefix and new
 * points at least).
 */
export function* draw(model, { z, label, prefix = [], random = Math.random, maxPoints, ...sampling } = {}) {
  const rule = resolveSampling({ ...defaultSampling(model), ...sampling });
  if (model.conditional && !z) z = prefix.length ? model.encode(prefix) : randomZ(model, random);
  const guided = rule.guidance > 0 && label !== undefined && label !== ANYTHING && model.classes.includes(ANYTHING);
  let states = [label, ...(guided ? [ANYTHING] : [])].map((name) => model.begin(z, name));
  let point = START;
  const step = () => {
    const next = states.map((state) => model.step(point, state));
    states = next.map(([, state]) => state);
    return next.map(([params]) => params);
  };
  for (const [dx, dy, ...pen] of prefix) {
    step();
    point = [dx / model.unit, dy / model.unit, ...pen];
  }
  const third = Math.floor(model.card.n_max / 3); // a prefix as long as the longest drawing may go on, too
  const most = Math.max(maxPoints ?? Math.max(model.card.n_max, prefix.length + third), prefix.length + 1);
  for (let n = prefix.length; n < most; n++) {
    const [told, untold] = step();
    const params = untold ? guide(told, untold, rule.guidance) : told;
    point = choosePoint(params, rule, random, n >= rule.minPoints);
    if (point[4]) return;
    const [dx, dy, ...pen] = point;
    yield [dx * model.unit, dy * model.unit, ...pen];
  }
}

/** Go from one z to another along the arc between them. */
export function slerp(a, b, share) {
  const length = (v) => Math.hypot(...v);
  const cosine = a.reduce((sum, x, k) => sum + x * b[k], 0) / (length(a) * length(b));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  const sine = Math.sin(angle);
  if (!(sine > 1e-4)) return a.map((x, k) => x + (b[k] - x) * share);
  return a.map((x, k) => (Math.sin((1 - share) * angle) * x + Math.sin(share * angle) * b[k]) / sine);
}

/** Stroke-5 or stroke-3 rows to strokes of [x, y], from an origin on. */
export function toStrokes(rows, [x, y] = [0, 0]) {
  const strokes = [];
  let lifted = true;
  for (const [dx, dy, down, lift] of rows) {
    x += dx;
    y += dy;
    if (lifted) strokes.push([]);
    strokes.at(-1).push([x, y]);
    lifted = lift === undefined ? down === 1 : lift === 1;
  }
  return strokes;
}

/** Strokes of [x, y] to stroke-5 rows, from an origin on. */
export function toRows(strokes, [x, y] = [0, 0]) {
  const rows = [];
  for (const stroke of strokes) {
    stroke.forEach(([px, py], k) => {
      const last = k === stroke.length - 1;
      rows.push([px - x, py - y, Number(!last), Number(last), 0]);
      [x, y] = [px, py];
    });
  }
  return rows;
}

/** Leave out points of a stroke that lie within a tolerance of the line without them (Ramer-Douglas-Peucker). */
export function simplify(stroke, tolerance) {
  if (stroke.length < 3) return stroke;
  const [[ax, ay], [bx, by]] = [stroke[0], stroke.at(-1)];
  const length = Math.hypot(bx - ax, by - ay);
  let [far, place] = [tolerance, 0];
  for (let k = 1; k < stroke.length - 1; k++) {
    const [dx, dy] = [stroke[k][0] - ax, stroke[k][1] - ay];
    const gap = length ? Math.abs(dx * (by - ay) - dy * (bx - ax)) / length : Math.hypot(dx, dy);
    if (gap > far) [far, place] = [gap, k];
  }
  if (!place) return [stroke[0], stroke.at(-1)];
  const [head, tail] = [stroke.slice(0, place + 1), stroke.slice(place)];
  return [...simplify(head, tolerance).slice(0, -1), ...simplify(tail, tolerance)];
}
