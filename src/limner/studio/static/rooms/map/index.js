// Map: drawings laid out by similarity, choices among them, and imagined drawings between them.

import { h, icon, iconButton } from "../../shell/dom.js";
import { Form } from "./form.js";
import { World } from "./world.js";

/** @typedef {import("./types.js").MapFacts} MapFacts */
/** @typedef {import("../../shell/types.js").Studio} Studio */

/**
 * @param {HTMLElement} place
 * @param {Studio} studio
 * @returns {import("../../shell/types.js").Room}
 */
export function mount(place, studio) {
  const room = new MapRoom(place, studio);
  return { show: () => void room.show() };
}

class MapRoom {
  /**
   * @param {HTMLElement} place
   * @param {Studio} studio
   */
  constructor(place, studio) {
    this.studio = studio;
    this.place = place;
    /** @type {World | null} */
    this.world = null;
    /** @type {MapFacts[]} */
    this.maps = [];
    this.sure = "";
    this.form = new Form(studio, (id) => void this.open(id));
    this.list = h("select", { id: "map-list", "aria-label": "Map", onchange: () => void this.open(this.list.value) });
    this.about = h("p", { class: "about soft" });
    this.head = h("div", { class: "head card", hidden: true },
      h("div", { class: "head-row" }, this.list, iconButton("plus", "A new map", () => this.atDoor()), iconButton("clear", "Remove this map; choices stay", () => void this.remove())), this.about);
    this.back = h("button", { type: "button", class: "quiet", id: "map-back", onclick: () => this.leaveDoor() }, "Back to the map");
    this.door = h("div", { class: "door" }, h("div", { class: "door-sheet" }, icon("map"), h("h2", {}, "Lay drawings out by likeness"),
      h("p", { class: "soft" }, "What is alike will lie together. Circle what you like, drop what you do not, give names, and imagine what lies in between."), this.form.place, this.back));
    place.append(this.door, this.head);
    studio.onTheme(() => this.world?.repaint());
    studio.onModel(() => this.world?.take("move"));
    window.addEventListener("keydown", (event) => {
      if (!place.hidden && this.door.hidden && !document.querySelector("dialog[open]") && !isField(event.target)) this.world?.press(event);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.world && !this.world.choices.saved) event.preventDefault();
    });
  }

  async show() {
    const facts = await this.studio.api.get("/api/map");
    this.maps = facts.maps;
    this.form.fill(facts);
    this.list.replaceChildren(...this.maps.map((map) => h("option", { value: map.id }, map.title)));
    if (this.world) return this.name(this.world.id);
    const [newest] = this.maps, wanted = this.studio.recall("map.id", "");
    const known = this.maps.find(({ id }) => id === wanted) ?? newest;
    if (known && !facts.making) await this.open(known.id);
    else this.atDoor();
  }

  /** @param {string} id */
  async open(id) {
    if (this.world && !this.world.choices.saved) await this.world.save();
    const [data, chosen] = await Promise.all([this.studio.api.get(`/api/map/${id}/data`), this.studio.api.get(`/api/map/${id}/choices`)]);
    if (!this.maps.some((map) => map.id === id)) {
      this.maps.unshift(await this.studio.api.get(`/api/map/${id}/facts`));
      this.list.prepend(h("option", { value: id }, this.maps[0]?.title ?? id));
    }
    this.world?.place.remove();
    const title = this.maps.find((map) => map.id === id)?.title ?? id;
    this.world = new World(this.studio, id, title, data, chosen);
    this.place.prepend(this.world.place);
    this.leaveDoor();
    this.studio.remember("map.id", id);
    this.name(id);
    await this.world.open();
  }

  /** @param {string} id */
  name(id) {
    this.list.value = id;
    this.about.textContent = this.maps.find((map) => map.id === id)?.about ?? "";
  }

  atDoor() {
    this.door.hidden = false;
    this.head.hidden = true;
    this.back.hidden = this.world === null;
    if (this.world) this.world.place.hidden = true;
  }

  leaveDoor() {
    this.door.hidden = true;
    this.head.hidden = false;
    if (this.world) this.world.place.hidden = false;
  }

  /** Remove the map at the second click. */
  async remove() {
    const { world } = this;
    if (!world) return;
    if (this.sure !== world.id) {
      this.sure = world.id;
      return this.studio.say("Once more to remove this map; choices stay.");
    }
    if (!world.choices.saved) await world.save();
    await this.studio.api.remove(`/api/map/${world.id}`);
    world.place.remove();
    this.world = null;
    this.sure = "";
    await this.show();
  }
}

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
