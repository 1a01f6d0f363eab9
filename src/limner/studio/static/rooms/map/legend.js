// The legend of a map: colours and sizes of its groups; a click selects a group.

import { h, iconButton } from "../../shell/dom.js";

/** @typedef {import("../../map/groups.js").Groups} Groups */
/** @typedef {import("../../map/map.js").DrawingMap} DrawingMap */

export class Legend {
  /**
   * @param {Groups} groups
   * @param {DrawingMap} map
   * @param {() => void} changed is told when other groups are shown
   */
  constructor(groups, map, changed) {
    this.groups = groups;
    this.map = map;
    this.changed = changed;
    this.list = h("ul", {});
    this.tabs = h("div", { class: "tabs", role: "group", "aria-label": "Colours by" });
    this.folder = iconButton("fold", "Fold the list", () => this.fold(this.list.hidden !== true), "icon quiet fold");
    this.place = h("aside", { class: "legend card", "aria-label": "Groups" }, h("div", { class: "legend-head" }, this.folder, this.tabs), this.list);
    this.fold(matchMedia("(max-width: 720px)").matches);
  }

  /** @param {boolean} closed */
  fold(closed) {
    this.list.hidden = closed;
    this.folder.setAttribute("aria-expanded", String(!closed));
  }

  paint() {
    const { groups } = this;
    this.tabs.replaceChildren(...groups.all.map((one) => h("button", { type: "button", "aria-pressed": String(one === groups.now), onclick: () => this.turnTo(one) }, one.name)));
    this.list.replaceChildren(...groups.sizes().map(([group, size]) => {
      const dot = h("i", {});
      dot.style.background = groups.colour(group);
      return h("li", {}, h("button", { type: "button", title: `Choose ${groups.name(group)}`, onclick: (/** @type {MouseEvent} */ event) =>
        this.map.choose(groups.members(group), { more: event.shiftKey || event.ctrlKey, less: event.altKey }) },
        dot, h("span", {}, groups.name(group)), h("small", {}, size.toLocaleString("en"))));
    }));
  }

  /** @param {import("../../map/groups.js").Grouping} grouping */
  turnTo(grouping) {
    this.groups.turnTo(grouping);
    this.changed();
  }
}
