// The package as Node sees it: what it exports, and what does not depend on a model.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as limner from "limner";

test("the types name everything that is exported, and nothing else", () => {
  const types = readFileSync(new URL("./limner.d.ts", import.meta.url), "utf8");
  const named = [...types.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(Object.keys(limner).sort(), named.sort());
});

test("rows become strokes and rows again", () => {
  const strokes = [[[0, 0], [5, 1], [6, 9]], [[2, 2], [3, 3]]];
  assert.deepEqual(limner.toStrokes(limner.toRows(strokes)), strokes);
});

test("simplify keeps corners and drops what lies on a line", () => {
  assert.deepEqual(limner.simplify([[0, 0], [1, 0.01], [2, 0], [2, 5]], 0.1), [[0, 0], [2, 0], [2, 5]]);
});

test("the same seed gives the same numbers", () => {
  const [one, again] = [limner.chance(3), limner.chance(3)];
  for (let k = 0; k < 10; k++) assert.equal(one(), again());
});

test("steady sampling keeps the likeliest, with the weights that were learned", () => {
  const rule = limner.resolveSampling({ convention: "steady", temperature: 0.1 });
  const kept = limner.probabilities([Math.log(0.6), Math.log(0.3), Math.log(0.1)], rule);
  assert.deepEqual(Array.from(kept, (x) => Number(x.toFixed(6))), [0.6, 0.3, 0]);
  assert.equal(rule.spread, 0.1);
});

test("guidance 0 changes no probability", () => {
  const told = {
    piLogits: [0, 1], penLogits: [2, 0, 1], muX: [0, 1], muY: [0, 1], sigmaX: [1, 2], sigmaY: [1, 1], rho: [0, 0.5],
  };
  const untold = { ...told, piLogits: [3, -1], penLogits: [0, 4, 0] };
  const rule = limner.resolveSampling({ temperature: 1 });
  const led = limner.guide(told, untold, 0);
  const close = (a, b) => a.forEach((x, k) => assert.ok(Math.abs(x - b[k]) < 1e-9));
  close(limner.probabilities(led.penLogits, rule), limner.probabilities(told.penLogits, rule));
  close(limner.probabilities(led.piLogits, rule), limner.probabilities(told.piLogits, rule));
  const moved = limner.probabilities(limner.guide(told, untold, 1).penLogits, rule);
  assert.ok(moved[1] < limner.probabilities(told.penLogits, rule)[1]);
});
