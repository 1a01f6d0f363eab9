// The shell: the bar above, the rooms below, and what all rooms share. How a room is made stands in rooms.js.

import { Refusal, api } from "./api.js";
import { h, icon } from "./dom.js";
import { onLink } from "./link.js";
import { ROOMS } from "./rooms.js";
import { Tray } from "./tray.js";

/** @typedef {import("./types.js").ModelFacts} ModelFacts */
/** @typedef {import("./types.js").Room} Room */
/** @typedef {import("./types.js").RoomEntry} RoomEntry */
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
let hush = 0;

// What is said ----------------------------------------------------------------------------------------

/** @param {string} sentence */
function say(sentence) {
  window.clearTimeout(hush);
  find("status").replaceChildren(h("span", {}, sentence));
  hush = window.setTimeout(() => find("status").replaceChildren(), STATUS_MS);
}

window.addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Refusal)) return;
  event.preventDefault();
  say(event.reason.message);
});

// What this browser remembers --------------------------------------------------------------------------

/**
 * @template T
 * @param {string} key
 * @param {T} otherwise
 * @returns {T}
 */
function recall(key, otherwise) {
  try {
    const found = localStorage.getItem(`limner.${key}`);
    return found === null ? otherwise : JSON.parse(found);
  } catch {
    return otherwise;
  }
}

/**
 * @param {string} key
 * @param {unknown} value
 */
function remember(key, value) {
  try {
    localStorage.setItem(`limner.${key}`, JSON.stringify(value));
  } catch {
    // a browser that remembers nothing is no reason to stop
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
  for (const then of themeListeners) then();
}

function nextTheme() {
  const at = THEMES.indexOf(document.documentElement.dataset.theme ?? "auto");
  const theme = THEMES[(at + 1) % THEMES.length] ?? "auto";
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

/** @param {StudioFacts} facts */
function chooseModels(facts) {
  const select = /** @type {HTMLSelectElement} */ (find("model"));
  select.replaceChildren(...facts.models.map((model) => h("option", { value: model.id }, model.id)));
  const wanted = recall("model", "");
  if (facts.models.some((model) => model.id === wanted)) select.value = wanted;
  const chosen = () => /** @type {ModelFacts} */ (facts.models.find((model) => model.id === select.value));
  select.title = chosen().licence;
  select.addEventListener("change", () => {
    remember("model", select.value);
    select.title = chosen().licence;
    for (const then of modelListeners) then(chosen());
  });
  return chosen;
}

/**
 * @param {RoomEntry[]} rooms
 * @param {Studio} studio
 */
function openRooms(rooms, studio) {
  find("nav").replaceChildren(
    ...rooms.map((room) => h("a", { href: `#${room.name}`, "data-room": room.name }, icon(room.icon), room.title)),
  );
  const wanted = () => rooms.find((room) => `#${room.name}` === location.hash) ?? rooms[0];
  window.addEventListener("hashchange", () => void enter(wanted(), studio));
  return enter(wanted(), studio);
}

/**
 * @param {RoomEntry | undefined} entry
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
  const { mount } = await entry.load();
  const room = (await mount(place, studio)) ?? {};
  mounted.set(entry.name, { place, room });
  if (current === entry.name) room.show?.();
}

/**
 * Go to a room, and hand a drawing over.
 * @param {Studio} studio
 * @param {RoomEntry[]} rooms
 * @param {string} name
 * @param {Sketch} [sketch]
 */
async function go(studio, rooms, name, sketch) {
  const from = current;
  history.pushState(null, "", `#${name}`);
  await enter(rooms.find((room) => room.name === name), studio);
  if (sketch) mounted.get(name)?.room.receive?.(sketch, from);
}

/** @param {string | URL} address */
function style(address) {
  const { href } = new URL(address, location.href);
  const known = [...document.head.querySelectorAll("link")].some((link) => link.href === href);
  if (!known) document.head.append(h("link", { rel: "stylesheet", href }));
}

/**
 * Fetch all rooms, so that they can be entered while the server is away.
 * @param {RoomEntry[]} rooms
 */
function fetchRooms(rooms) {
  for (const room of rooms) room.load().catch((error) => say(error instanceof Error ? error.message : String(error)));
}

async function begin() {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  find("theme").addEventListener("click", nextTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  showTheme();
  /** @type {StudioFacts} */
  const facts = await api.get("/api/studio");
  const rooms = ROOMS.filter((room) => room.when?.(facts) ?? true);
  /** @type {Studio} */
  const studio = {
    facts, api, say, style, recall, remember, still,
    tray: new Tray(api),
    model: chooseModels(facts),
    onModel: (then) => void modelListeners.push(then),
    onTheme: (then) => void themeListeners.push(then),
    go: (name, sketch) => go(studio, rooms, name, sketch),
  };
  window.addEventListener("popstate", () => void enter(rooms.find((room) => `#${room.name}` === location.hash) ?? rooms[0], studio));
  onLink((open) => void (find("link").hidden = open));
  for (const { name } of rooms) style(`/static/rooms/${name}/${name}.css`);
  await openRooms(rooms, studio);
  fetchRooms(rooms);
}

begin().catch((error) => say(error instanceof Error ? error.message : String(error)));
