// Dialogs of the map: a label for the selection, and help on keys.

import { h } from "../../shell/dom.js";

/** @type {[string[], string][]} */
const KEYS = [
  [["drag, one finger"], "move the map, or use the tool"], [["wheel, two fingers"], "nearer and farther"], [["shift + drag"], "lasso; it adds to what is chosen"], [["alt + lasso"], "takes away"],
  [["click"], "choose one; with shift or ctrl, one more"], [["←", "↑", "→", "↓"], "to the next one; with shift, move the map"], [["space"], "choose it, or not; with the tool Imagine, draw what is in the middle"],
  [["G"], "choose its whole group"], [["N"], "look at it and at its like"], [["K", "D", "U"], "keep, drop, unmark what is chosen"], [["T"], "label it"], [["M", "L", "I"], "move, lasso, imagine"],
  [["+", "−", "0"], "nearer, farther, what is chosen or all"], [["A", "esc"], "choose all, none"], [["ctrl", "Z"], "take back"], [["ctrl", "S"], "save choices"],
];

/**
 * Ask for a label.
 * @param {HTMLElement} place
 * @param {number} count of what is labelled
 * @param {string[]} known
 * @returns {Promise<string>} nothing if none is given
 */
export function name(place, count, known) {
  const input = h("input", { type: "text", id: "map-label", autocomplete: "off", maxLength: 80 });
  input.setAttribute("list", "map-labels");
  const form = h("form", { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); dialog.close(input.value.trim()); } },
    h("label", { htmlFor: "map-label" }, `Label for ${count.toLocaleString("en")} drawing${count === 1 ? "" : "s"}`), input,
    h("datalist", { id: "map-labels" }, ...known.map((label) => h("option", { value: label }))),
    h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Cancel"), h("button", { type: "submit", class: "chief" }, "Set")));
  const dialog = h("dialog", { class: "naming card", "aria-label": "A label" }, form);
  return new Promise((done) => open(place, dialog, () => done(dialog.returnValue)));
}

/** Show help on keys. @param {HTMLElement} place */
export function help(place) {
  const lines = KEYS.flatMap(([keys, does]) => [h("dt", {}, ...keys.flatMap((key) => [key.includes(" ") || key === "click" ? key : h("kbd", {}, key), " "])), h("dd", {}, does)]);
  const dialog = h("dialog", { class: "keys card", "aria-label": "Keys and gestures" }, h("h2", {}, "Keys and gestures"), h("dl", {}, ...lines),
    h("div", { class: "dialog-foot" }, h("button", { type: "button", class: "chief", onclick: () => dialog.close() }, "Good")));
  open(place, dialog, () => undefined);
}

/** @param {HTMLElement} place @param {HTMLDialogElement} dialog @param {() => void} then */
function open(place, dialog, then) {
  place.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    then();
  });
  dialog.showModal();
}
