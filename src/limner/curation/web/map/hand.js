// What fingers, mice and pens do on the map, as a few gestures.

/** @typedef {"move" | "lasso" | "imagine"} Tool */

/**
 * @typedef {object} Gestures
 * @property {() => Tool} tool what one finger or the mouse does
 * @property {(dx: number, dy: number) => void} pan
 * @property {(factor: number, x: number, y: number) => void} zoom
 * @property {(line: [number, number][]) => void} draw the lasso goes on
 * @property {(line: [number, number][], how: How) => void} close the lasso is closed
 * @property {(x: number, y: number, how: How) => void} tap
 * @property {(x: number, y: number) => void} wander the tool "imagine" is drawn over the map
 * @property {(x: number, y: number, over: boolean) => void} hover the mouse, no button down, is there, or has left
 */

/** @typedef {{ more: boolean, less: boolean, touch: boolean }} How whether a choice is added to or taken from */

const TAP_PX = 6;
const WHEEL = 0.0016;
const LINE_PX = 33; // of a wheel that counts lines
const STEP_PX = 3;
const DRAGS = /** @type {const} */ ({ move: "pan", lasso: "lasso", imagine: "wander" });

/** @param {HTMLElement} surface @param {Gestures} gestures */
export function listen(surface, gestures) {
  /** @type {Map<number, [number, number]>} */ const down = new Map();
  /** @type {[number, number][]} */ let line = [];
  /** @type {"none" | "wait" | "pan" | "lasso" | "wander" | "pinch"} */ let doing = "none";

  /** @param {MouseEvent} event @returns {[number, number]} */
  const place = (event) => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  /** @param {PointerEvent} event @returns {How} */
  const how = (event) => ({
    more: event.shiftKey || event.ctrlKey || event.metaKey, less: event.altKey, touch: event.pointerType !== "mouse",
  });

  surface.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    surface.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    if (down.size === 1) {
      doing = event.button === 1 ? "pan" : "wait";
      line = [place(event)];
    } else {
      doing = "pinch";
      line = [];
      gestures.draw(line);
    }
  });

  surface.addEventListener("pointermove", (event) => {
    const now = place(event), before = down.get(event.pointerId);
    if (!before) return event.pointerType === "mouse" ? gestures.hover(...now, true) : undefined;
    if (doing === "wait" && distance(now, /** @type {[number, number]} */ (line[0])) > TAP_PX) {
      doing = event.shiftKey ? "lasso" : DRAGS[gestures.tool()];
    }
    if (doing === "wait") return;
    if (doing === "pinch") pinch(event.pointerId, before, now);
    if (doing === "pan") gestures.pan(now[0] - before[0], now[1] - before[1]);
    if (doing === "wander") gestures.wander(...now);
    if (doing === "lasso" && distance(now, /** @type {[number, number]} */ (line.at(-1))) > STEP_PX) {
      line.push(now);
      gestures.draw(line);
    }
    down.set(event.pointerId, now);
  });

  /** @param {number} id @param {[number, number]} before @param {[number, number]} now */
  function pinch(id, before, now) {
    const other = [...down].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    gestures.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    gestures.zoom(factor, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
  }

  surface.addEventListener("pointerup", (event) => {
    if (!down.delete(event.pointerId)) return;
    if (doing === "wait") gestures.tap(...place(event), how(event));
    if (doing === "lasso") gestures.close(line, how(event));
    finish();
  });
  surface.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
    gestures.draw([]);
    finish();
  });
  surface.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") gestures.hover(...place(event), false);
  });

  function finish() {
    doing = down.size ? "pan" : "none";
    line = [];
  }

  surface.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? surface.clientHeight : 1);
    const pace = event.ctrlKey ? 6 : 1; // a pinch on a trackpad comes as a wheel with ctrl
    gestures.zoom(Math.exp(-Math.max(-600, Math.min(600, pixels)) * WHEEL * pace), ...place(event));
  }, { passive: false });
}

/** @param {[number, number]} a @param {[number, number]} b */
function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
