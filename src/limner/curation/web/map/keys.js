// The keys of a map: arrows go from one item to the next, letters do what the buttons do.

/** @typedef {import("./map.js").DrawingMap} DrawingMap */

const SHIFT_PX = 90;

/** @type {Record<string, string>} */
const LETTERS = {
  m: "move", l: "lasso", i: "imagine", k: "keep", d: "drop", u: "unmark", t: "label", n: "near", g: "group", a: "all", escape: "none",
  "+": "in", "=": "in", "-": "out", "−": "out", 0: "fit", "?": "help",
};
/** @type {Record<string, string>} */
const WITH_CONTROL = { z: "undo", s: "save" };
/** @type {Record<string, [number, number]>} */
const ARROWS = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };

/**
 * Do what a key means.
 * @param {KeyboardEvent} event
 * @param {DrawingMap} map
 * @param {Partial<Record<string, () => unknown>>} verbs by what LETTERS and WITH_CONTROL call them
 */
export function press(event, map, verbs) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return act(event, verbs[WITH_CONTROL[key] ?? ""]);
  if (event.altKey) return;
  const on = document.activeElement, onMap = on === map.canvas || on === document.body;
  const arrow = ARROWS[key];
  if (arrow && onMap) return act(event, () => (event.shiftKey ? map.shift(-arrow[0] * SHIFT_PX, -arrow[1] * SHIFT_PX) : map.step(...arrow)));
  if ((key === " " || key === "enter") && onMap) return map.focus >= 0 ? act(event, () => map.toggle(map.focus)) : undefined;
  verbs[LETTERS[key] ?? ""]?.();
}

/** @param {KeyboardEvent} event @param {(() => unknown) | undefined} verb */
function act(event, verb) {
  if (!verb) return;
  event.preventDefault();
  verb();
}
