// One drawing of the map, large, and the drawings most similar to it.

import { h, icon, iconButton } from "../../shell/dom.js";

/** @typedef {import("./world.js").World} World */
/** @typedef {import("../../shell/types.js").Studio} Studio */

const COUNT = 8;
const LARGE_PX = 168;
const SMALL_PX = 46;

export class Near {
  /**
   * @param {Studio} studio
   * @param {World} world
   */
  constructor(studio, world) {
    this.studio = studio;
    this.world = world;
    this.item = -1;
    /** @type {number[]} */
    this.found = [];
    this.large = h("canvas", { role: "img", "aria-label": "The drawing" });
    this.title = h("b", {});
    this.facts = h("span", { class: "soft" });
    this.row = h("div", { class: "near-row", role: "group", "aria-label": "Most like it" });
    this.place = h("aside", { class: "near card", "aria-label": "One drawing and its like", hidden: true },
      h("div", { class: "near-head" }, h("div", { class: "near-words" }, this.title, this.facts), iconButton("close", "Close", () => this.close())),
      this.large, h("div", { class: "near-verbs" },
        h("button", { type: "button", class: "near-draw", onclick: () => void this.send("draw") }, icon("pen"), "Draw on"),
        iconButton("morph", "Take it to Morph", () => void this.send("morph"))),
      h("div", { class: "near-like" }, h("span", { class: "soft" }, "Most like it"),
        h("button", { type: "button", class: "quiet near-all", onclick: () => world.map.choose([this.item, ...this.found]) }, "Choose all")),
      this.row);
  }

  /** @param {number} i */
  async open(i) {
    this.item = i;
    this.found = [];
    this.place.hidden = false;
    this.paint();
    this.world.showPreview();
    const { items } = await this.studio.api.get(`/api/map/${this.world.id}/neighbours/${i}?k=${COUNT}`);
    if (this.item !== i) return;
    this.found = items.map((/** @type {{ i: number }} */ one) => one.i);
    this.paint();
  }

  paint() {
    if (this.item < 0) return;
    const { world, item } = this, [title, facts] = world.words(item);
    this.title.textContent = title;
    this.facts.textContent = facts;
    void world.portray(this.large, item, LARGE_PX);
    this.row.replaceChildren(...this.found.map((i) => {
      const canvas = h("canvas", {});
      void world.portray(canvas, i, SMALL_PX);
      return h("button", { type: "button", title: world.words(i)[0], "aria-label": world.words(i).join(", "), onclick: () => this.visit(i) }, canvas);
    }));
  }

  /** @param {number} i */
  visit(i) {
    this.world.map.choose([i]);
    this.world.map.visit(i);
    void this.open(i);
  }

  close() {
    this.item = -1;
    this.place.hidden = true;
    this.world.showPreview();
    this.world.map.canvas.focus();
  }

  /** @param {string} room */
  async send(room) {
    await this.studio.go(room, await this.world.sketchOf(this.item));
  }
}
