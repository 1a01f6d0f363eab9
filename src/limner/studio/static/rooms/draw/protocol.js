// The messages of the WebSocket /api/draw; see limner/studio/draw/messages.py.

/**
 * Continue a drawing. Ends any earlier turn.
 * @typedef {object} Begin
 * @property {"begin"} type
 * @property {number} turn greater than those before
 * @property {string} model
 * @property {import("../../shell/types.js").Sketch} sketch
 * @property {number} page shorter side of the page, in the units of the sketch
 * @property {number} futures
 * @property {number} seed
 * @property {number} temperature
 * @property {number} pace points a second
 * @property {string | null} label
 * @property {boolean} lift whether the pen was lifted after the last point
 */
/**
 * Read a drawing whose last stroke is still being drawn, so that the turn begins sooner.
 * @typedef {object} Prime
 * @property {"prime"} type
 * @property {string} model
 * @property {import("../../shell/types.js").Sketch} sketch
 * @property {number} page
 * @property {string | null} label
 */
/**
 * Change a turn while it draws; omitted settings stay. An empty label removes the class.
 * @typedef {{ type: "steer", turn: number, temperature?: number, pace?: number, label?: string }} Steer
 */
/** @typedef {{ type: "take", turn: number, future: number }} Take */
/** @typedef {{ type: "stop", turn: number }} Stop */
/** @typedef {Prime | Begin | Steer | Take | Stop} ToServer */

/** @typedef {{ type: "hello", protocol: number, futures: number }} Hello */
/** @typedef {{ type: "begun", turn: number, seed: number, points: number }} Begun */
/** @typedef {{ type: "finished", turn: number, probability: number }} Finished the model takes the drawing for finished; futures follow as ever */
/** @typedef {{ type: "done", turn: number, reason: "ended" | "cut" | "time" | "stopped" | "failed" }} Done */
/** @typedef {{ type: "refused", turn: number | null, detail: string }} Refused */
/** @typedef {Hello | Begun | Finished | Done | Refused} ToPage */

/**
 * A point of a future. Pen 0: the stroke goes on; 1: the pen is lifted after it; 2: the end, without coordinates.
 * @typedef {{ future: number, pen: number, x: number, y: number }} Dot
 */

const HEAD_BYTES = 8;
const DOT_BYTES = 10;

/**
 * Read a binary message.
 * @param {ArrayBuffer} buffer
 * @returns {{ turn: number, dots: Dot[] }}
 */
export function readPoints(buffer) {
  const view = new DataView(buffer);
  const count = view.getUint16(2, true);
  const dots = Array.from({ length: count }, (_, k) => {
    const at = HEAD_BYTES + k * DOT_BYTES;
    return { future: view.getUint8(at), pen: view.getUint8(at + 1), x: view.getFloat32(at + 2, true), y: view.getFloat32(at + 6, true) };
  });
  return { turn: view.getUint32(4, true), dots };
}
