// The page around the map: what is written in it, the groups, the keys, and what becomes of choices.

import { Choices } from "./map/choices.js";
import { Groups } from "./map/groups.js";
import { press } from "./map/keys.js";
import { DrawingMap, beside } from "./map/map.js";

/**
 * @typedef {object} PageData
 * @property {string[]} ids
 * @property {number[]} x
 * @property {number[]} y
 * @property {import("./map/tiles.js").TileSheets} tiles
 * @property {import("./map/groups.js").Grouping[]} groupings one at least
 * @property {[string, string]} noun "drawing" and "drawings"
 */

const PREVIEW_PX = 170;

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
const groups = new Groups(data.groupings, style);
const clusters = groups.now, labels = data.groupings.find(({ name }) => name === "label");

const looks = { colourOf: (/** @type {number} */ i) => groups.colourOf(i), markOf: (/** @type {number} */ i) => choices.of(i).mark, isHidden: () => false };
const map = new DrawingMap(canvas, data, looks, theme());

// Colours -------------------------------------------------------------------------------------------

/** @param {string} name */
function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function theme() {
  const [paper, card, ink, accent, keep, drop] = ["--paper", "--sheet", "--ink", "--warm", "--keep", "--drop"].map(style);
  return /** @type {import("./map/paint.js").Theme} */ ({ paper, card, ink, accent, keep, drop });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => repaint());

function repaint() {
  groups.recolour();
  map.recolour(theme());
  listGroups();
  showPreview();
}

// Groups --------------------------------------------------------------------------------------------

function listGroups() {
  find("groups", HTMLUListElement).replaceChildren(...groups.sizes().map(([group, count]) => {
    const row = document.createElement("li"), choose = document.createElement("button");
    const [dot, name, size] = ["i", "span", "small"].map((tag) => document.createElement(tag));
    if (!dot || !name || !size) return row;
    dot.style.background = groups.colour(group);
    name.textContent = groups.name(group);
    size.textContent = count.toLocaleString("en");
    choose.append(dot, name, size);
    choose.title = `Choose ${name.textContent}`;
    choose.addEventListener("click", (event) => map.choose(groups.members(group), { more: event.shiftKey || event.ctrlKey, less: event.altKey }));
    row.append(choose);
    return row;
  }));
}

function listGroupings() {
  if (data.groupings.length < 2) return find("by", HTMLDivElement).replaceChildren("Clusters");
  find("by", HTMLDivElement).replaceChildren(...data.groupings.map((one) => {
    const choose = document.createElement("button");
    choose.textContent = one.name;
    choose.setAttribute("role", "radio");
    choose.setAttribute("aria-checked", String(one === groups.now));
    choose.addEventListener("click", () => {
      groups.turnTo(one);
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
  const words = [`cluster ${groups.name(groups.of(i, clusters), clusters)}`];
  const title = /** @type {HTMLElement} */ (preview.querySelector("b")), facts = /** @type {HTMLElement} */ (preview.querySelector("span"));
  const named = label ?? labels?.names[labels.of[i] ?? -1], id = data.ids[i] ?? "";
  title.textContent = named ?? id;
  facts.textContent = [...(named === undefined ? [] : [id]), ...words, ...(mark ? [mark === "keep" ? "kept" : "dropped"] : [])].join(", ");
  beside(preview, map, map.points.at(i));
}

map.addEventListener("focus", showPreview);
map.addEventListener("view", showPreview);

// Choosing ------------------------------------------------------------------------------------------

/** @param {number} n */
const counted = (n) => `${n.toLocaleString("en")} ${n === 1 ? data.noun[0] : data.noun[1]}`;

function tell() {
  const chosen = map.chosen.size, words = choices.words(chosen);
  find("count", HTMLOutputElement).textContent = words || counted(data.ids.length);
  find("verbs", HTMLDivElement).hidden = !chosen;
  find("tray", HTMLElement).classList.toggle("full", chosen > 0);
  button("save").disabled = !words;
}

map.addEventListener("choose", tell);

/** @param {Partial<import("./map/choices.js").Choice>} change */
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

/** @param {import("./map/hand.js").Tool} tool */
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

const more = {
  all: () => map.choose(data.ids.keys()),
  group: () => map.focus >= 0 && map.choose(groups.members(groups.of(map.focus))),
};

addEventListener("keydown", (event) => {
  if (!document.querySelector("dialog[open]")) press(event, map, { ...verbs, ...more });
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
