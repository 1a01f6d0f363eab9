// The export form: the format and its options.

import { h, icon } from "../../shell/dom.js";

/** @typedef {import("../../shell/types.js").Studio} Studio */

export class Exporter {
  /**
   * @param {Studio} studio
   * @param {() => void} act
   */
  constructor(studio, act) {
    this.studio = studio;
    this.formats = studio.facts.exports;
    this.format = this.select("format", "As", this.formats.map(({ name, title }) => [name, title]), () => this.refresh());
    this.kind = this.select("kind", "showing", [["draw", "being drawn"], ["sheet", "a sheet, all at once"], ["morph", "one after another"]]);
    this.colour = this.select("colour_by", "ink", [["single", "one"], ["stroke", "by stroke"], ["order", "by order"]]);
    this.page = this.select("page", "paper", [["A6", "A6"], ["A5", "A5"], ["A4", "A4"], ["A3", "A3"], ["A2", "A2"], ["letter", "letter"], ["legal", "legal"], ["tabloid", "tabloid"]]);
    this.page.input.value = studio.recall("keep.page", "A4");
    this.pens = this.select("pens", "pens", [["hands", "yours and the model's"], ["one", "one"], ["strokes", "by stroke"]]);
    this.margin = this.number("margin_mm", "margin, mm", 0, 40, 15);
    this.seconds = this.number("seconds", "seconds", 1, 60, 4);
    this.hold = this.number("hold_seconds", "rest", 0, 30, 1.5);
    this.size = this.select("size_px", "size", [["256", "256 px"], ["512", "512 px"], ["1024", "1024 px"], ["2048", "2048 px"]]);
    this.size.input.value = "512";
    this.button = h("button", { type: "button", class: "chief", id: "export", onclick: act }, icon("download"), "Export");
    this.place = h("div", { class: "exporter" }, this.format.field, this.kind.field, this.colour.field, this.page.field, this.pens.field,
      this.margin.field, this.seconds.field, this.hold.field, this.size.field, this.button);
    this.count = 0;
    this.refresh();
  }

  /**
   * @param {string} name
   * @param {string} title
   * @param {[string, string][]} values
   * @param {() => void} [change]
   */
  select(name, title, values, change) {
    const input = h("select", { id: `export-${name}` }, ...values.map(([value, text]) => h("option", { value }, text)));
    const first = values[0]?.[0] ?? "";
    input.value = this.studio.recall(`keep.${name}`, first);
    if (!input.value) input.value = first; // what this browser remembers may be gone
    input.addEventListener("change", () => {
      this.studio.remember(`keep.${name}`, input.value);
      change?.();
    });
    return { input, field: h("label", { class: "field" }, title, input) };
  }

  /**
   * @param {string} name
   * @param {string} title
   * @param {number} min
   * @param {number} max
   * @param {number} value
   */
  number(name, title, min, max, value) {
    const input = h("input", { type: "number", id: `export-${name}`, min: String(min), max: String(max), step: "0.5", value: String(value) });
    return { input, field: h("label", { class: "field" }, title, input) };
  }

  refresh() {
    const uses = this.formats.find(({ name }) => name === this.format.input.value)?.uses ?? [];
    this.kind.field.hidden = !uses.includes("motion") || this.count < 2;
    this.colour.field.hidden = !uses.includes("colour");
    for (const { field } of [this.page, this.pens, this.margin]) field.hidden = !uses.includes("plot");
    for (const { field } of [this.seconds, this.hold]) field.hidden = !uses.includes("motion");
    this.size.field.hidden = !uses.includes("size");
    this.button.disabled = !this.count;
  }

  /** @param {number} count */
  setCount(count) {
    this.count = count;
    this.refresh();
  }

  /** Return the body of POST /api/export without the drawings. */
  options() {
    return {
      format: this.format.input.value,
      kind: this.count < 2 ? "draw" : this.kind.input.value === "draw" ? "sheet" : this.kind.input.value,
      colour_by: this.colour.input.value,
      page: this.page.input.value,
      pens: this.pens.input.value,
      margin_mm: within(this.margin.input, 15),
      seconds: within(this.seconds.input, 4),
      hold_seconds: within(this.hold.input, 1.5),
      size_px: Number(this.size.input.value),
    };
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {number} otherwise
 */
function within(input, otherwise) {
  const value = input.valueAsNumber;
  return Number.isFinite(value) ? Math.min(Number(input.max), Math.max(Number(input.min), value)) : otherwise;
}
