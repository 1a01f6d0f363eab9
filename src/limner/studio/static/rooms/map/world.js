// An open map: panning, inspecting and selecting drawings, imagining new ones.

import { h, icon, iconButton } from "../../shell/dom.js";
import { colours, show } from "../../shell/ink.js";
import { boundsOf, fromSketch } from "../../shell/sketch.js";
import { Choices } from "../../map/choices.js";
import { Groups } from "../../map/groups.js";
import { press } from "../../map/keys.js";
import { DrawingMap, beside } from "../../map/map.js";
import { Dream } from "./dream.js";
import { help, name } from "./dialogs.js";
import { Lead } from "./lead.js";
import { Legend } from "./legend.js";
import { Near } from "./near.js";

/** @typedef {import("../../map/choices.js").Choice} Choice */
/** @typedef {import("../../map/hand.js").Tool} Tool */
/** @typedef {import("../../map/paint.js").Theme} Theme */
/** @typedef {import("./types.js").Chosen} Chosen */
/** @typedef {import("./types.js").MapData} MapData */
/** @typedef {import("../../shell/types.js").Sketch} Sketch */
/** @typedef {import("../../shell/types.js").Studio} Studio */

const PREVIEW_PX = 150;
const INSET = 0.06;
const NAMED = 60; // labels that a list is still read with
/** @type {[Tool, string, string][]} */
const TOOLS = [["move", "move", "Move (M)"], ["lasso", "lasso", "Lasso (L, or hold shift and draw)"], ["imagine", "imagine", "Imagine the drawing at a spot (I)"]];

export class World {
  /**
   * @param {Studio} studio
   * @param {string} id
   * @param {string} title of the corpus
   * @param {MapData} data
   * @param {Chosen} chosen what was saved before
   */
  constructor(studio, id, title, data, chosen) {
    this.studio = studio;
    this.id = id;
    this.data = data;
    /** @type {Map<number, Promise<Sketch>>} */
    this.sketches = new Map();
    this.choices = new Choices();
    this.choices.restore(restored(chosen));
    this.groups = new Groups(data.groupings, (key) => this.style(key));
    this.clusters = this.groups.now;
    this.labels = data.groupings.find((one) => one.name === "label");
    if (this.labels && this.labels.names.length <= NAMED) this.groups.turnTo(this.labels); // they say more than numbers
    this.canvas = h("canvas", { class: "plane", tabIndex: 0, role: "application", "aria-label": "Map of drawings. Arrow keys go from one to the next, space chooses it, ? lists all keys." });
    this.place = h("div", { class: "world" }, this.canvas);
    const looks = { colourOf: (/** @type {number} */ i) => this.groups.colourOf(i), markOf: (/** @type {number} */ i) => this.choices.of(i).mark, isHidden: () => false };
    this.map = new DrawingMap(this.canvas, data, looks, /** @type {Theme} */ ({}));
    this.legend = new Legend(this.groups, this.map, () => this.repaint());
    this.dream = new Dream(studio, this.map, id);
    this.near = new Near(studio, this);
    this.tools = h("nav", { class: "tools card", "aria-label": "Map" });
    this.picture = h("canvas", {});
    this.caption = h("figcaption", {}, h("b", {}), h("span", { class: "soft" }));
    this.preview = h("figure", { class: "preview card", hidden: true }, this.picture, this.caption);
    this.count = h("output", { class: "count", "aria-live": "polite" });
    this.saver = h("button", { type: "button", class: "chief", id: "map-save", title: "Ctrl+S", onclick: () => void this.save() }, "Save choices");
    this.lead = new Lead(studio, this.place, id, title);
    this.verbs = this.theVerbs();
    this.buttons = this.theButtons();
    this.tray = h("div", { class: "tray card", role: "group", "aria-label": "What is chosen" }, this.count, this.buttons, this.saver, this.lead.place);
    this.fillTools();
    this.place.append(this.legend.place, this.preview, this.near.place, this.dream.place, this.tools, this.tray);
    this.map.addEventListener("focus", () => this.showPreview());
    this.map.addEventListener("view", () => this.showPreview());
    this.map.addEventListener("choose", () => this.notify());
    this.take("move");
  }

  /** Fit the whole map into the view; the element must be visible. */
  async open() {
    const wide = this.place.clientWidth > 720;
    this.map.free = { left: wide ? 60 : 24, top: wide ? 84 : 96, right: wide ? 250 : 24, bottom: wide ? 84 : 136 };
    await this.map.open();
    this.repaint();
    this.notify();
    this.place.dataset.ready = "yes";
  }

  /** @param {string} key of a colour */
  style(key) {
    return getComputedStyle(this.place).getPropertyValue(key).trim();
  }

  repaint() {
    const [paper, card, ink, accent, keep, drop] = ["--paper", "--sheet", "--ink", "--warm", "--keep", "--drop"].map((key) => this.style(key));
    this.groups.recolour();
    this.map.recolour(/** @type {Theme} */ ({ paper, card, ink, accent, keep, drop }));
    this.legend.paint();
    this.near.paint();
    this.dream.paint();
    delete this.picture.dataset.item;
    this.showPreview();
  }

  // Drawings ------------------------------------------------------------------------------------------

  /** @param {number} i @returns {Promise<Sketch>} */
  sketchOf(i) {
    const found = this.sketches.get(i) ?? this.studio.api.get(`/api/map/${this.id}/drawings/${i}`);
    this.sketches.set(i, found);
    found.catch(() => this.sketches.delete(i));
    return found;
  }

  /** Draw an item on a canvas of its own. @param {HTMLCanvasElement} canvas @param {number} i @param {number} px */
  async portray(canvas, i, px) {
    const ratio = devicePixelRatio || 1, inset = px * INSET;
    canvas.width = canvas.height = Math.round(px * ratio);
    canvas.dataset.item = String(i);
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.scale(ratio, ratio);
    this.map.tiles.draw(pen, i, inset, inset, px - 2 * inset, ratio);
    if (this.data.tiles.paths || px <= this.data.tiles.side) return;
    const strokes = fromSketch(await this.sketchOf(i)), { you } = colours();
    if (canvas.dataset.item === String(i)) show(canvas, strokes, { you, model: you }, boundsOf(strokes.map((stroke) => stroke.points)));
  }

  /** Return title and details of a drawing. @param {number} i @returns {[string, string]} */
  words(i) {
    const { mark, label } = this.choices.of(i), id = this.data.ids[i] ?? "", { labels, clusters, groups } = this;
    const named = label ?? labels?.names[labels.of[i] ?? -1];
    const more = [...(named === undefined ? [] : [id]), `cluster ${groups.name(groups.of(i, clusters), clusters)}`, ...(mark ? [mark === "keep" ? "kept" : "dropped"] : [])];
    return [named ?? id, more.join(", ")];
  }

  showPreview() {
    const i = this.map.focus;
    this.preview.hidden = i < 0 || i === this.near.item || this.map.tool === "imagine";
    if (this.preview.hidden) return;
    if (this.picture.dataset.item !== String(i)) void this.portray(this.picture, i, PREVIEW_PX);
    [...this.caption.children].forEach((line, k) => (line.textContent = this.words(i)[k] ?? ""));
    beside(this.preview, this.map, this.map.points.at(i));
  }

  // Choosing ------------------------------------------------------------------------------------------

  notify() {
    const { choices, map, data } = this, chosen = map.chosen.size, n = data.ids.length;
    const words = choices.words(0), counted = `${n.toLocaleString("en")} ${data.noun[n === 1 ? 0 : 1]}`;
    this.count.replaceChildren(...[chosen ? `${chosen.toLocaleString("en")} chosen` : words || counted, chosen ? words : ""].filter(Boolean).map((line) => h("span", {}, line)));
    this.buttons.hidden = !chosen;
    this.tray.classList.toggle("full", chosen > 0);
    this.saver.hidden = choices.saved;
    this.lead.place.hidden = !choices.saved || !choices.words(0);
    const [one] = map.chosen;
    if (this.near.item >= 0 && chosen === 1 && one !== undefined && one !== this.near.item) void this.near.open(one);
  }

  /** @param {Partial<Choice>} change */
  set(change) {
    this.choices.set(this.map.chosen, change);
    this.changed();
  }

  changed() {
    this.map.draw();
    this.showPreview();
    this.notify();
  }

  async label() {
    if (!this.map.chosen.size) return;
    const known = new Set([...(this.labels?.names ?? []), ...[...this.choices.all].flatMap(([, { label }]) => label ?? [])]);
    const wanted = await name(this.place, this.map.chosen.size, [...known]);
    if (wanted) this.set({ label: wanted });
    this.canvas.focus();
  }

  async save() {
    if (this.choices.saved) return;
    /** @type {Chosen} */ const chosen = { keep: [], drop: [], labels: {} };
    for (const [i, { mark, label }] of this.choices.all) {
      if (mark) chosen[mark].push(i);
      if (label !== null) (chosen.labels[label] ??= []).push(i);
    }
    this.choices.saved = true; // what is chosen from now on is not
    this.notify();
    try {
      const { file, rows } = await this.studio.api.post(`/api/map/${this.id}/choices`, chosen);
      this.studio.say(rows ? `Saved: ${file}` : "No choices are left; their file is removed.");
    } catch (error) {
      this.choices.saved = false;
      this.notify();
      throw error;
    }
  }

  // Tools ---------------------------------------------------------------------------------------------

  /** @returns {Record<string, () => unknown>} */
  theVerbs() {
    const { map, choices } = this;
    return {
      move: () => this.take("move"), lasso: () => this.take("lasso"), imagine: () => this.take("imagine"),
      keep: () => this.set({ mark: "keep" }), drop: () => this.set({ mark: "drop" }), unmark: () => this.set({ mark: "", label: null }),
      label: () => void this.label(), near: () => this.look(), undo: () => choices.undo() && this.changed(), save: () => void this.save(),
      in: () => map.zoomBy(1), out: () => map.zoomBy(-1), fit: () => map.show(map.chosen), help: () => help(this.place),
      all: () => map.choose(this.data.ids.keys()), none: () => this.letGo(),
      group: () => map.focus >= 0 && map.choose(this.groups.members(this.groups.of(map.focus))),
    };
  }

  theButtons() {
    /** @type {[string, string, string][]} */
    const verbs = [["keep", "Keep", "K"], ["drop", "Drop", "D"], ["label", "Label", "T"], ["near", "Look", "N"], ["unmark", "Unmark", "U"], ["none", "Let go", "Escape"]];
    return h("div", { class: "verbs", hidden: true }, ...verbs.map(([verb, title, key], k) => h("button", {
      type: "button", class: k > 3 ? "quiet" : "", title: key, "data-verb": verb, onclick: () => this.verbs[verb]?.() },
      k < 2 ? h("span", { class: `dot ${verb}` }) : null, title)));
  }

  fillTools() {
    const gap = () => h("i", {});
    this.tools.append(
      ...TOOLS.map(([tool, picture, title]) => h("button", { type: "button", class: "icon quiet", title, "aria-label": title, "data-tool": tool, onclick: () => this.take(tool) }, icon(picture))), gap(),
      iconButton("minus", "Farther (−)", () => this.verbs.out?.()), iconButton("fit", "Show what is chosen, or all (0)", () => this.verbs.fit?.()), iconButton("plus", "Nearer (+)", () => this.verbs.in?.()), gap(),
      iconButton("undo", "Take back (Ctrl+Z)", () => this.verbs.undo?.()), iconButton("help", "Keys (?)", () => this.verbs.help?.()));
  }

  /** @param {Tool} tool */
  take(tool) {
    if (tool === "imagine" && !this.studio.model().conditional) return this.studio.say("This model is a decoder alone and cannot look at drawings; choose another in the bar above.");
    this.map.tool = tool;
    this.canvas.dataset.tool = tool;
    for (const button of this.tools.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.tool === tool));
    if (tool !== "imagine") this.dream.close();
    this.showPreview();
  }

  /** Show the selected drawing, or the one under the pointer, with its neighbours. */
  look() {
    const [one] = this.map.chosen, item = this.map.chosen.size === 1 ? one : this.map.focus >= 0 ? this.map.focus : one;
    if (item !== undefined && item >= 0) void this.near.open(item);
  }

  letGo() {
    if (!this.near.place.hidden) return this.near.close();
    if (this.dream.spot) return this.dream.close();
    this.map.choose([]);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { width, height } = this.map.camera;
    if (event.key === " " && this.map.tool === "imagine" && document.activeElement === this.canvas) {
      event.preventDefault();
      return this.dream.go(this.map.camera.toWorld(width / 2, height / 2));
    }
    press(event, this.map, this.verbs);
  }
}

/** @param {Chosen} chosen @returns {Map<number, Choice>} */
function restored({ keep, drop, labels }) {
  /** @type {Map<number, Choice>} */ const made = new Map();
  for (const i of keep) made.set(i, { mark: "keep", label: null });
  for (const i of drop) made.set(i, { mark: "drop", label: null });
  for (const [label, items] of Object.entries(labels)) for (const i of items) made.set(i, { mark: made.get(i)?.mark ?? "", label });
  return made;
}
