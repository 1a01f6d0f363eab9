// The page's own arithmetic: erasing, views, tweens, the pace of a hand.

import assert from "node:assert/strict";
import test from "node:test";

const at = (path) => new URL(`../../../src/limner/studio/static/${path}`, import.meta.url).href;
const { boundsOf, centred, distance, erased, fromSketch, toSketch } = await import(at("shell/sketch.js"));
const { History } = await import(at("rooms/draw/history.js"));
const { Future } = await import(at("rooms/draw/futures.js"));
const { readPoints } = await import(at("rooms/draw/protocol.js"));
const { View } = await import(at("rooms/draw/view.js"));
const { Tween } = await import(at("rooms/morph/tween.js"));

const line = (...points) => ({ points, by: "you" });
const near = (a, b, within = 1e-6) => assert.ok(Math.abs(a - b) <= within, `${a} is not ${b}`);

test("bounds, distances, centring", () => {
  assert.equal(boundsOf([]), null);
  assert.deepEqual(boundsOf([[[1, 5], [-2, 3]]]), { left: -2, right: 1, top: 3, bottom: 5 });
  near(distance([5, 3], [[0, 0], [10, 0]]), 3);
  near(distance([13, 4], [[0, 0], [10, 0]]), 5);
  near(distance([3, 4], [[0, 0]]), 5);
  assert.deepEqual(centred([line([0, 0], [10, 20])], 100)[0].points, [[-25, -50], [25, 50]]);
  assert.deepEqual(centred([line([7, 7])], 100)[0].points, [[0, 0]]);
});

test("the eraser cuts strokes and leaves others alone", () => {
  const strokes = [line([0, 0], [100, 0]), line([0, 50], [100, 50, 0.7])];
  assert.equal(erased(strokes, [0, 200], [100, 200], 10), strokes);
  const left = erased(strokes, [50, -30], [50, 30], 10);
  assert.equal(left.length, 3);
  near(left[0].points.at(-1)[0], 40, 6);
  near(left[1].points[0][0], 60, 6);
  assert.equal(left[2], strokes[1]);
  assert.deepEqual(erased([line([0, 0])], [1, 1], [1, 1], 5), []);
});

test("drawings travel without pressure and come back with their hands", () => {
  const sketch = toSketch([line([1.234, 2, 0.5]), { points: [[0, 0]], by: "model" }], "cat");
  assert.deepEqual(sketch, { strokes: [[[1.23, 2]], [[0, 0]]], label: "cat", by: ["you", "model"] });
  assert.deepEqual(fromSketch(sketch).map((stroke) => stroke.by), ["you", "model"]);
  assert.deepEqual(fromSketch({ strokes: [[[0, 0]]], by: null }, "you")[0].by, "you");
});

test("history goes back and forth, and forgets what was undone", () => {
  const history = new History([]);
  const [a, b, c] = [[line([0, 0])], [line([1, 1])], [line([2, 2])]];
  history.add(a);
  history.add(a);
  history.add(b);
  history.undo();
  assert.equal(history.now, a);
  history.add(c);
  assert.equal(history.canRedo, false);
  history.undo();
  history.undo();
  history.undo();
  assert.deepEqual([history.now, history.canUndo, history.canRedo], [[], false, true]);
});

test("a view shows what lies there, and zooms about a place", () => {
  const view = new View();
  [view.width, view.height] = [800, 600];
  assert.deepEqual(view.toPage(400, 300), [0, 0]);
  near(view.toPage(400, 0)[1], -500);
  const before = view.toPage(100, 50);
  view.zoomAt(2, 100, 50);
  view.toPage(100, 50).forEach((value, axis) => near(value, before[axis], 1e-9));
  view.reset();
  const box = { left: -100, top: -2000, right: 900, bottom: 100 };
  assert.equal(view.holds(box), false);
  Object.assign(view, view.fitting(box));
  assert.equal(view.holds(box), true);
});

test("a future is shown at its pace, and hurries when it is behind", () => {
  const future = new Future(0, null);
  for (let k = 0; k < 10; k++) future.receive({ future: 0, pen: k === 4 ? 1 : 0, x: k, y: 0 });
  future.advance(0.05, 40);
  assert.equal(future.strokes.flatMap((stroke) => stroke.points).length, 2);
  future.advance(0.01, 40);
  assert.ok(future.tip[0] > 1 && future.tip[0] < 2);
  assert.equal(future.shown.at(-1).points.length, 3);
  for (let k = 0; k < 40; k++) future.advance(0.05, 40);
  assert.deepEqual(future.strokes.map((stroke) => stroke.points.length), [5, 5]);
  assert.equal(future.ended, false);
  future.receive({ future: 0, pen: 2, x: 0, y: 0 });
  assert.equal(future.advance(0.01, 40), true);
  assert.equal(future.ended, true);
  const joined = new Future(1, [7, 7]);
  joined.receive({ future: 1, pen: 0, x: 8, y: 8 });
  joined.finish();
  assert.deepEqual(joined.strokes.map((stroke) => stroke.points), [[[7, 7], [8, 8]]]);
});

test("points are unpacked as they were packed", () => {
  const buffer = new ArrayBuffer(28);
  const view = new DataView(buffer);
  view.setUint8(0, 1);
  view.setUint16(2, 2, true);
  view.setUint32(4, 4_000_000_000, true);
  [[0, 1, 1.5, -2], [7, 2, 0, 0]].forEach(([future, pen, x, y], k) => {
    view.setUint8(8 + 10 * k, future);
    view.setUint8(9 + 10 * k, pen);
    view.setFloat32(10 + 10 * k, x, true);
    view.setFloat32(14 + 10 * k, y, true);
  });
  assert.deepEqual(readPoints(buffer), { turn: 4_000_000_000, dots: [{ future: 0, pen: 1, x: 1.5, y: -2 }, { future: 7, pen: 2, x: 0, y: 0 }] });
});

test("between two drawings lies a third", () => {
  const flat = [line([0, 0], [100, 0])];
  const steep = [line([0, 0], [0, 100])];
  const tween = new Tween([flat, steep, [...flat, ...steep]]);
  assert.deepEqual(tween.at(0)[0].strokes[0].points, [[-50, 0], [50, 0]]);
  const [{ strokes, opacity }] = tween.at(0.25);
  assert.equal(opacity, 1);
  assert.deepEqual(strokes[0].points[0].map(Math.round), [-25, -25]);
  assert.deepEqual(tween.at(0.75).map((layer) => layer.opacity), [0.5, 0.5]);
  assert.equal(tween.nearest(0.9), 2);
});
