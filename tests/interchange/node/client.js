// Runs a model in @magenta/sketch, as a page would, and prints what it says as JSON.
//
//   node client.js densities MODEL.json    points on stdin: a density after every point
//   node client.js drawings MODEL.json N   N drawings, as lists of stroke-5 rows in pixels

'use strict';

const fs = require('fs');
const { SketchRNN } = require('@magenta/sketch');

globalThis.fetch = async (path) => ({ json: async () => JSON.parse(fs.readFileSync(path, 'utf8')) });
console.log = () => {}; // the client greets
const say = (value) => process.stdout.write(JSON.stringify(value));

let seed = 1;
Math.random = () => { // mulberry32: the same drawings every time
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

function densities(model) {
  const points = JSON.parse(fs.readFileSync(0, 'utf8'));
  let state = model.zeroState();
  return points.map((point) => {
    state = model.update(point, state);
    const pdf = model.getPDF(state, 1, 1);
    const names = ['pi', 'muX', 'muY', 'sigmaX', 'sigmaY', 'corr', 'pen'];
    return Object.fromEntries(names.map((name) => [name, Array.from(pdf[name]).slice(0, 20)]));
  });
}

function drawing(model) {
  let state = model.zeroState();
  let point = model.zeroInput();
  const rows = [];
  while (rows.length < model.info.max_seq_len && point[4] === 0) {
    state = model.update(point, state);
    point = model.sample(model.getPDF(state, 0.25));
    rows.push(point);
  }
  return rows;
}

async function main([what, path, n]) {
  const model = new SketchRNN(path);
  await model.initialize();
  const facts = { info: model.info, scaleFactor: model.scaleFactor };
  const found = what === 'densities' ? densities(model) : Array.from({ length: Number(n) }, () => drawing(model));
  say({ ...facts, [what]: found });
}

main(process.argv.slice(2));
