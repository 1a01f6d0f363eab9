// The settings of the shown runs side by side, with differences marked.

import { h } from "../../shell/dom.js";

/** @typedef {import("./types.js").Setting} Setting */
/** @typedef {import("../../shell/types.js").Studio} Studio */

export class SettingsView {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
    /** @type {Map<string, Map<string, string>>} settings of each run, by their names */
    this.known = new Map();
    /** @type {string[]} */
    this.runs = [];
    this.only = h("input", { type: "checkbox", id: "runs-only", checked: studio.recall("runs.only", true), onchange: () => {
      studio.remember("runs.only", this.only.checked);
      this.paint();
    } });
    this.onlyField = h("label", { class: "field" }, this.only, "only what differs");
    this.seek = h("input", { type: "search", placeholder: "find", "aria-label": "Find a setting", oninput: () => this.paint() });
    this.table = h("table", {});
    this.place = h("section", { class: "card part settings", "aria-label": "Settings" },
      h("div", { class: "settings-head" }, h("h3", {}, "Settings"), this.onlyField, this.seek), h("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Table of settings" }, this.table));
  }

  /** @param {string[]} runs the one that is looked at comes first */
  async show(runs) {
    if (runs.join("\n") === this.runs.join("\n") && runs.every((run) => this.known.get(run)?.size)) return;
    this.runs = runs;
    for (const run of runs) {
      if (this.known.get(run)?.size) continue;
      /** @type {{ settings: Setting[] }} */
      const found = await this.studio.api.get(`/api/runs/settings?run=${encodeURIComponent(run)}`).catch(() => ({ settings: [] }));
      this.known.set(run, new Map(found.settings.map(({ name, value }) => [name, value])));
    }
    this.paint();
  }

  /** Drop cached settings, which change when a run is resumed. @param {string} run */
  forget(run) {
    this.known.delete(run);
  }

  paint() {
    const columns = this.runs.map((run) => this.known.get(run) ?? new Map());
    const several = columns.length > 1;
    this.place.hidden = !columns.some((column) => column.size);
    this.onlyField.hidden = !several;
    const wanted = this.seek.value.trim().toLowerCase();
    const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
    const rows = names.map((name) => ({ name, values: columns.map((column) => column.get(name) ?? "–") }))
      .map((row) => ({ ...row, differs: new Set(row.values).size > 1 }))
      .filter((row) => (!several || !this.only.checked || row.differs) && row.name.toLowerCase().includes(wanted));
    this.table.replaceChildren(
      several ? h("thead", {}, h("tr", {}, h("th", {}, ""), ...this.runs.map((run) => h("th", { scope: "col" }, run)))) : "",
      h("tbody", {}, ...rows.map(({ name, values, differs }) => h("tr", { class: differs ? "differs" : "" }, h("th", { scope: "row" }, name), ...values.map((value) => h("td", {}, value))))));
    if (!rows.length && names.length) this.table.append(h("caption", { class: "soft" }, several && this.only.checked ? "They do not differ." : "There is none of that name."));
  }
}
