// The shell: the navigation bar, the rooms below it, and what all rooms share.
//
// The server lists the rooms (`rooms` in the answer of /api/studio; see limner/studio/rooms.py). The script of a
// room exports
//
//     export function mount(place, studio) { ...; return { show, hide, receive }; }
//
// `place` is an empty <section class="room-NAME">, `studio` is a `Studio` and the returned object a `Room` of
// types.js. `mount` is called when the room is first visited. All scripts are fetched at the start, so that rooms
// can be entered while the server is away.

import { Refusal, api } from "./api.js";
import { h, icon } from "./dom.js";
import { onLink } from "./link.js";
import { KeptDrawings } from "./kept.js";

/** @typedef {import("./types.js").ModelFacts} ModelFacts */
/** @typedef {import("./types.js").Room} Room */
/** @typedef {import("./types.js").RoomFacts} RoomFacts */
/** @typedef {import("./types.js").RoomModule} RoomModule */
/** @typedef {import("./types.js").Sketch} Sketch */
/** @typedef {import("./types.js").Studio} Studio */
/** @typedef {import("./types.js").StudioFacts} StudioFacts */

const STATUS_MS = 4000;
const THEMES = ["auto", "light", "dark"];
const THEME_ICONS = { auto: "auto", light: "sun", dark: "moon" };

/** @param {string} id */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Map<string, { place: HTMLElement, room: Room }>} */
const mounted = new Map();
/** @type {((model: ModelFacts) => void)[]} */
const modelListeners = [];
/** @type {(() => void)[]} */
const themeListeners = [];
let current = "";
let statusTimer = 0;

// Messages ---------------------------------------------------------------------------------------------

/**
 * Show a message in the status line for a few seconds.
 * @param {string} sentence
 */
function say(sentence) {
  window.clearTimeout(statusTimer);
  find("status").replaceChildren(h("span", {}, sentence));
  statusTimer = window.setTimeout(() => find("status").replaceChildren(), STATUS_MS);
}

window.addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Refusal)) return;
  event.preventDefault();
  say(event.reason.message);
});

// Settings of this browser -----------------------------------------------------------------------------

/**
 * Return a stored setting, or `fallback`.
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @returns {T}
 */
function recall(key, fallback) {
  try {
    const text = localStorage.getItem(`limner.${key}`);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/**
 * Store a setting.
 * @param {string} key
 * @param {unknown} value
 */
function remember(key, value) {
  try {
    localStorage.setItem(`limner.${key}`, JSON.stringify(value));
  } catch {
    // the page works without storage
  }
}

// Light and dark ---------------------------------------------------------------------------------------

function showTheme() {
  const theme = document.documentElement.dataset.theme ?? "auto";
  const button = find("theme");
  const label = `Look: ${theme}. Change it`;
  button.replaceChildren(icon(THEME_ICONS[/** @type {keyof typeof THEME_ICONS} */ (theme)]));
  button.title = label;
  button.setAttribute("aria-label", label);
  for (const listener of themeListeners) listener();
}

function nextTheme() {
  const index = THEMES.indexOf(document.documentElement.dataset.theme ?? "auto");
  const theme = THEMES[(index + 1) % THEMES.length] ?? "auto";
  if (theme === "auto") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("limner.theme");
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("limner.theme", theme);
  }
  showTheme();
}

// Models and rooms -------------------------------------------------------------------------------------

const HAND = "hand "; // begins the value of a run that is not open yet

/**
 * Fill the menu of models: those that are open, and the hands that can be.
 * @param {HTMLSelectElement} select
 * @param {StudioFacts} facts
 */
function fillModels(select, facts) {
  const titles = new Map(facts.hands.map((run) => [run, run.replace(/\/run$/, "")]));
  const open = new Set(facts.models.map((model) => model.id));
  const hands = facts.hands.filter((run) => !open.has(titles.get(run) ?? run));
  select.replaceChildren(
    ...facts.models.map((model) => h("option", { value: model.id }, model.id)),
    ...(hands.length ? [h("optgroup", { label: "Hands and runs" }, ...hands.map((run) => h("option", { value: HAND + run }, titles.get(run) ?? run)))] : []),
  );
}

/**
 * Fill the menu of models; return a function that returns the selected one.
 * @param {StudioFacts} facts
 */
function chooseModels(facts) {
  const select = /** @type {HTMLSelectElement} */ (find("model"));
  fillModels(select, facts);
  const last = recall("model", "");
  let chosen = facts.models.find((model) => model.id === last) ?? /** @type {ModelFacts} */ (facts.models[0]);
  /** @param {ModelFacts} model */
  const show = (model) => {
    chosen = model;
    select.value = model.id;
    select.title = model.licence;
  };
  show(chosen);
  select.addEventListener("change", async () => {
    const { value } = select;
    select.value = chosen.id; // until a hand is open
    const id = value.startsWith(HAND) ? await openHand(value.slice(HAND.length), facts, select) : value;
    const model = facts.models.find((one) => one.id === id);
    if (!model) return;
    show(model);
    remember("model", model.id);
    for (const listener of modelListeners) listener(model);
  });
  return () => chosen;
}

/**
 * Open the model of a run.
 * @param {string} run
 * @param {StudioFacts} facts gets the model
 * @param {HTMLSelectElement} select
 * @returns {Promise<string>} the model's name
 */
async function openHand(run, facts, select) {
  const { model } = await api.post("/api/runs/draw", { run });
  const { models, hands } = /** @type {StudioFacts} */ (await api.get("/api/studio"));
  Object.assign(facts, { models, hands });
  fillModels(select, facts);
  return model;
}

/**
 * Build the navigation, and enter the room that the address names.
 * @param {RoomFacts[]} rooms
 * @param {Studio} studio
 */
function openRooms(rooms, studio) {
  find("nav").replaceChildren(
    ...rooms.map((room) => h("a", { href: `#${room.name}`, "data-room": room.name }, icon(room.icon), room.title)),
  );
  window.addEventListener("hashchange", () => void enter(roomOfAddress(rooms), studio));
  window.addEventListener("popstate", () => void enter(roomOfAddress(rooms), studio));
  return enter(roomOfAddress(rooms), studio);
}

/** @param {RoomFacts[]} rooms */
function roomOfAddress(rooms) {
  return rooms.find((room) => `#${room.name}` === location.hash) ?? rooms[0];
}

/**
 * Import the script of a room.
 * @param {RoomFacts} room
 * @returns {Promise<RoomModule>}
 */
const load = (room) => import(room.script);

/**
 * Show a room, which is mounted at the first visit.
 * @param {RoomFacts | undefined} entry
 * @param {Studio} studio
 */
async function enter(entry, studio) {
  if (!entry || entry.name === current) return;
  mounted.get(current)?.room.hide?.();
  current = entry.name;
  document.title = `${entry.title} · limner studio`;
  for (const link of find("nav").querySelectorAll("a")) {
    if (link.dataset.room === entry.name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  for (const [name, { place }] of mounted) place.hidden = name !== entry.name;
  const known = mounted.get(entry.name);
  if (known) return void known.room.show?.();
  const place = h("section", { class: `room-${entry.name}`, "aria-label": entry.title });
  find("room").append(place);
  mounted.set(entry.name, { place, room: {} });
  const { mount } = await load(entry);
  const room = (await mount(place, studio)) ?? {};
  mounted.set(entry.name, { place, room });
  if (current === entry.name) room.show?.();
}

/**
 * Go to a room, and pass a drawing on to it.
 * @param {Studio} studio
 * @param {RoomFacts[]} rooms
 * @param {string} name
 * @param {Sketch} [sketch]
 */
async function go(studio, rooms, name, sketch) {
  const from = current;
  history.pushState(null, "", `#${name}`);
  await enter(rooms.find((room) => room.name === name), studio);
  if (sketch) mounted.get(name)?.room.receive?.(sketch, from);
}

/**
 * Add the style sheets of the rooms.
 * @param {RoomFacts[]} rooms
 */
function addStyles(rooms) {
  for (const { style } of rooms) if (style) document.head.append(h("link", { rel: "stylesheet", href: style }));
}

/**
 * Fetch the scripts of all rooms, so that they can be entered while the server is away.
 * @param {RoomFacts[]} rooms
 */
function fetchRooms(rooms) {
  for (const room of rooms) load(room).catch((error) => say(error instanceof Error ? error.message : String(error)));
}

async function begin() {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  find("theme").addEventListener("click", nextTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  showTheme();
  /** @type {StudioFacts} */
  const facts = await api.get("/api/studio");
  const { rooms } = facts;
  /** @type {Studio} */
  const studio = {
    facts, api, say, recall, remember, still,
    kept: new KeptDrawings(api),
    model: chooseModels(facts),
    onModel: (listener) => void modelListeners.push(listener),
    onTheme: (listener) => void themeListeners.push(listener),
    go: (name, sketch) => go(studio, rooms, name, sketch),
  };
  onLink((open) => void (find("link").hidden = open));
  addStyles(rooms);
  await openRooms(rooms, studio);
  fetchRooms(rooms);
}

begin().catch((error) => say(error instanceof Error ? error.message : String(error)));
