// Runs limner.js and prints what it says as JSON: node runtime.mjs LIMNER.js MODEL.json, a request on stdin.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, document] = process.argv.slice(2);
const limner = await import(pathToFileURL(library));
const model = limner.loadModel(JSON.parse(readFileSync(document, "utf8")));
const request = JSON.parse(readFileSync(0, "utf8"));
const { points, z, label, rows, drawings, strokes, tolerance, sampling = { temperature: 0.3 } } = request;
const plain = (array) => Array.from(array);

let state = model.begin(z ?? undefined, label);
const mixtures = points.map((point) => {
  let params;
  [params, state] = model.step(point, state);
  const { pi, muX, muY, sigmaX, sigmaY, rho, pen } = params;
  return Object.fromEntries(Object.entries({ pi, muX, muY, sigmaX, sigmaY, rho, pen }).map(([k, v]) => [k, plain(v)]));
});

/** What is chosen from after the points: probabilities of pens and of components, guided and as learned. */
function chances() {
  const after = (name) => {
    let [params, state] = [null, model.begin(z ?? undefined, name)];
    for (const point of points) [params, state] = model.step(point, state);
    return params;
  };
  const [told, rule] = [after(label), limner.resolveSampling(sampling)];
  const led = limner.guide(told, after("anything"), rule.guidance);
  const shares = (logits) => plain(limner.probabilities(logits, rule));
  return {
    pens: shares(told.penLogits), components: shares(told.piLogits),
    guidedPens: shares(led.penLogits), guidedComponents: shares(led.piLogits),
    spread: rule.spread,
  };
}

const seeds = Array.from({ length: drawings ?? 0 }, (_, seed) => seed);
process.stdout.write(JSON.stringify({
  mixtures,
  z: model.conditional && rows ? plain(model.encode(rows)) : null,
  chances: request.chances ? chances() : null,
  drawings: seeds.map((seed) => [...limner.draw(model, { ...sampling, label, random: limner.chance(seed) })]),
  completions: rows ? seeds.map((seed) => [...limner.draw(model, { prefix: rows, random: limner.chance(seed), minPoints: request.minPoints })]) : [],
  simplified: (strokes ?? []).map((stroke) => limner.simplify(stroke, tolerance)),
  back: rows ? limner.toRows(limner.toStrokes(rows)) : [],
}));
