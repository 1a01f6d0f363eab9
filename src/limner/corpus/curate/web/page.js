// The page around the map: what is written in it, the groups, the keys, and what becomes of choices.

import { Choices } from "./choices.js";
import { DrawingMap } from "./map.js";

/**
 * @typedef {object} Grouping
 * @property {string} name such as "cluster"
 * @property {string[]} names of the groups
 * @property {number[]} of the group of each item, or -1
 */

/**
 * @typedef {object} PageData
 * @property {string[]} ids
 * @property {number[]} x
 * @property {number[]} y
 * @property {import("./tiles.js").TileSheets} tiles
 * @property {Grouping[]} groupings one at least
 * @property {[string, string]} noun "drawing" and "drawings"
 */

const GOLDEN = 137.508; // degrees between the hues of neighbouring groups
const RING = 12; // groups of one lightness
const PREVIEW_PX = 170;
const SHIFT_PX = 90;
const GAP_PX = 18;

/** @template {HTMLElement} T @param {string} id @param {new () => T} kind @returns {T} */
function find(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** @param {string} id */
const button = (id) => find(id, HTMLButtonElement);

/** @type {PageData} */
const data = JSON.parse(find("data", HTMLScriptElement).textContent ?? "");
const canvas = find("map", HTMLCanvasElement);
const choices = new Choices();
const clusters = /** @type {Grouping} */ (data.groupings[0]), labels = data.groupings.find(({ name }) => name === "label");
let grouping = clusters;

const map = new DrawingMap(canvas, data, { colourOf, markOf: (i) => choices.of(i).mark, isHidden: () => false }, theme());

// Colours -------------------------------------------------------------------------------------------

/** @param {string} name */
function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function theme() {
  const [paper, card, ink, accent, keep, drop] = ["--paper", "--sheet", "--ink", "--warm", "--keep", "--drop"].map(style);
  return /** @type {import("./paint.js").Theme} */ ({ paper, card, ink, accent, keep, drop });
}

/** @param {number} group */
function groupColour(group) {
  const hue = (40 + group * GOLDEN) % 360, light = Number(style("--light")), towards = light > 0.6 ? -1 : 1;
  const step = [0, 0.1, -0.09][Math.floor(group / RING) % 3] ?? 0; // hues come near each other: let the light differ
  return group < 0 ? style("--soft") : `oklch(${light + towards * step} ${style("--chroma")} ${hue.toFixed(1)})`;
}

/** @type {Map<number, string>} */
let colours = new Map();

/** @param {number} i */
function colourOf(i) {
  const group = grouping.of[i] ?? -1;
  const known = colours.get(group) ?? groupColour(group);
  colours.set(group, known);
  return known;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint());

function repaint() {
  colours = new Map();
  map.recolour(theme());
  listGroups();
  showPreview();
}

// Groups --------------------------------------------------------------------------------------------

/** @param {number} group */
const members = (group) => [...data.ids.keys()].filter((i) => (grouping.of[i] ?? -1) === group);

function listGroups() {
  /** @type {Map<number, number>} */ const sizes = new Map();
  for (const group of grouping.of) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const order = [...sizes.keys()].sort((a, b) => Number(a < 0) - Number(b < 0) || a - b);
  find("groups", HTMLUListElement).replaceChildren(...order.map((group) => {
    const row = document.createElement("li"), choose = document.createElement("button");
    const [dot, name, size] = ["i", "span", "small"].map((tag) => document.createElement(tag));
    if (!dot || !name || !size) return row;
    dot.style.background = colours.get(group) ?? groupColour(group);
    name.textContent = groupName(group);
    size.textContent = (sizes.get(group) ?? 0).toLocaleString("en");
    choose.append(dot, name, size);
    choose.title = `Choose ${name.textContent}`;
    choose.addEventListener("click", (event) => map.choose(members(group), { more: event.shiftKey || event.ctrlKey, less: event.altKey }));
    row.append(choose);
    return row;
  }));
}

/** @param {number} group @param {Grouping} [of] */
function groupName(group, of = grouping) {
  return group < 0 ? "none" : of.names[group] ?? String(group);
}

function listGroupings() {
  if (data.groupings.length < 2) return find("by", HTMLDivElement).replaceChildren("Clusters");
  find("by", HTMLDivElement).replaceChildren(...data.groupings.map((one) => {
    const choose = document.createElement("button");
    choose.textContent = one.name;
    choose.setAttribute("role", "radio");
    choose.setAttribute("aria-checked", String(one === grouping));
    choose.addEventListener("click", () => {
      grouping = one;
      listGroupings();
      repaint();
    });
    return choose;
  }));
}

button("fold").addEventListener("click", () => fold(button("fold").getAttribute("aria-expanded") !== "true"));

/** @param {boolean} open */
function fold(open) {
  button("fold").setAttribute("aria-expanded", String(open));
  find("groups", HTMLUListElement).hidden = !open;
}

// Preview -------------------------------------------------------------------------------------------

const preview = find("preview", HTMLElement);

function showPreview() {
  const i = map.focus;
  preview.hidden = i < 0;
  if (i < 0) return;
  const picture = /** @type {HTMLCanvasElement} */ (preview.querySelector("canvas")), ratio = devicePixelRatio || 1;
  picture.width = picture.height = PREVIEW_PX * ratio;
  const pen = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
  pen.scale(ratio, ratio);
  map.tiles.draw(pen, i, 4, 4, PREVIEW_PX - 8, ratio);
  const { mark, label } = choices.of(i);
  const words = [`cluster ${groupName(clusters.of[i] ?? -1, clusters)}`];
  const title = /** @type {HTMLElement} */ (preview.querySelector("b")), facts = /** @type {HTMLElement} */ (preview.querySelector("span"));
  const named = label ?? labels?.names[labels.of[i] ?? -1], id = data.ids[i] ?? "";
  title.textContent = named ?? id;
  facts.textContent = [...(named === undefined ? [] : [id]), ...words, ...(mark ? [mark === "keep" ? "kept" : "dropped"] : [])].join(", ");
  place(preview, ...map.camera.toScreen(...map.points.at(i)));
}

/** Put a card beside a place, and inside the window. @param {HTMLElement} card @param {number} x @param {number} y */
function place(card, x, y) {
  const { offsetWidth: wide, offsetHeight: high } = card;
  const side = x + GAP_PX * 2 + wide < innerWidth ? x + GAP_PX * 2 : x - GAP_PX * 2 - wide;
  const left = Math.min(innerWidth - wide - 8, Math.max(8, side)), top = Math.min(innerHeight - high - 8, Math.max(8, y - high / 2));
  card.style.transform = `translate(${left}px, ${top}px)`;
}

map.addEventListener("focus", showPreview);
map.addEventListener("view", showPreview);

// Choosing ------------------------------------------------------------------------------------------

/** @param {number} n */
const counted = (n) => `${n.toLocaleString("en")} ${n === 1 ? data.noun[0] : data.noun[1]}`;

function tell() {
  const { keep, drop, labelled } = choices.counts, chosen = map.chosen.size;
  /** @type {[number, string][]} */ const marks = [[keep, "kept"], [drop, "dropped"], [labelled, "labelled"]];
  const made = marks.filter(([n]) => n).map(([n, word]) => `${n.toLocaleString("en")} ${word}`);
  const words = [...(chosen ? [`${chosen.toLocaleString("en")} chosen`] : []), ...made].join(" · ");
  find("count", HTMLOutputElement).textContent = words || counted(data.ids.length);
  find("verbs", HTMLDivElement).hidden = !chosen;
  find("tray", HTMLElement).classList.toggle("full", chosen > 0);
  button("save").disabled = !chosen && !made.length;
}

map.addEventListener("choose", tell);

/** @param {Partial<import("./choices.js").Choice>} change */
function set(change) {
  choices.set(map.chosen, change);
  changed();
}

function changed() {
  map.draw();
  showPreview();
  tell();
}

function nameChosen() {
  if (!map.chosen.size) return;
  const dialog = find("naming", HTMLDialogElement), input = find("name", HTMLInputElement);
  find("naming-count", HTMLSpanElement).textContent = counted(map.chosen.size);
  input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  input.focus();
}

find("naming", HTMLDialogElement).addEventListener("close", () => {
  const name = find("name", HTMLInputElement).value.trim();
  if (find("naming", HTMLDialogElement).returnValue === "set" && name) set({ label: name });
  canvas.focus();
});
// Enter sets: the first button of a form, which would answer it, cancels
find("name", HTMLInputElement).addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  find("naming", HTMLDialogElement).close("set");
});

function save() {
  if (button("save").disabled) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([choices.toCsv(data.ids, map.chosen)], { type: "text/csv" }));
  link.download = "choices.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  choices.saved = true;
}

addEventListener("beforeunload", (event) => {
  if (!choices.saved) event.preventDefault();
});

// Tools and keys ------------------------------------------------------------------------------------

/** @param {import("./hand.js").Tool} tool */
function take(tool) {
  map.tool = tool;
  for (const name of ["move", "lasso"]) button(name).setAttribute("aria-pressed", String(name === tool));
  canvas.classList.toggle("lasso", tool === "lasso");
}

/** @type {Record<string, () => void>} */
const verbs = {
  move: () => take("move"),
  lasso: () => take("lasso"),
  in: () => map.zoomBy(1),
  out: () => map.zoomBy(-1),
  fit: () => map.show(map.chosen),
  keep: () => set({ mark: "keep" }),
  drop: () => set({ mark: "drop" }),
  unmark: () => set({ mark: "", label: null }),
  label: nameChosen,
  none: () => map.choose([]),
  undo: () => choices.undo() && changed(),
  help: () => find("keys", HTMLDialogElement).showModal(),
  save,
};
for (const [id, verb] of Object.entries(verbs)) button(id).addEventListener("click", verb);

/** @type {Record<string, () => void>} */
const keys = {
  m: () => take("move"), l: () => take("lasso"), k: () => set({ mark: "keep" }), d: () => set({ mark: "drop" }),
  u: () => set({ mark: "", label: null }), t: nameChosen, a: () => map.choose(data.ids.keys()), escape: () => map.choose([]),
  "+": () => map.zoomBy(1), "=": () => map.zoomBy(1), "-": () => map.zoomBy(-1), "−": () => map.zoomBy(-1),
  0: () => map.show(map.chosen), "?": () => find("keys", HTMLDialogElement).showModal(),
  g: () => map.focus >= 0 && map.choose(members(grouping.of[map.focus] ?? -1)),
};
/** @type {Record<string, [number, number]>} */
const arrows = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };

addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase(), onMap = document.activeElement === canvas || document.activeElement === document.body;
  if (document.querySelector("dialog[open]")) return;
  if (event.ctrlKey || event.metaKey) {
    const verb = key === "z" ? verbs.undo : key === "s" ? save : undefined;
    if (!verb) return;
    event.preventDefault();
    return verb();
  }
  const arrow = arrows[key];
  if (arrow && onMap) {
    event.preventDefault();
    if (!event.shiftKey) return map.step(...arrow);
    map.camera.pan(-arrow[0] * SHIFT_PX, -arrow[1] * SHIFT_PX);
    map.draw();
    return showPreview();
  }
  if ((key === " " || key === "enter") && onMap && map.focus >= 0) {
    event.preventDefault();
    return map.toggle(map.focus);
  }
  if (!event.altKey) keys[key]?.();
});

/** Leave room for what stands before the map. */
function free() {
  const wide = innerWidth > 900;
  map.free = { left: 50, top: wide ? 70 : 90, right: wide ? 270 : 40, bottom: wide ? 90 : 140 };
}

// -------------------------------------------------------------------------------------------------

find("names", HTMLDataListElement).replaceChildren(...(labels?.names ?? []).map((name) => new Option(name)));
listGroupings();
if (innerWidth < 560) fold(false);
tell();
free();
addEventListener("resize", free);
await map.open();
repaint();
document.documentElement.dataset.ready = "yes";
