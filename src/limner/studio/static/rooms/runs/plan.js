// The form that plans a training.

import { h } from "../../shell/dom.js";

/** @typedef {import("./types.js").Choices} Choices */
/** @typedef {import("./types.js").Plans} Plans */
/** @typedef {import("./types.js").Preset} Preset */
/** @typedef {import("../../shell/types.js").Studio} Studio */

/** Numeric settings; those of the network name the kind that has them, or "any".
 * @type {{ name: Exclude<keyof Choices, "conditional">, label: string, step: string, of?: string }[]} */
const NUMBERS = [
  { name: "batch_size", label: "Drawings in a batch", step: "1" },
  { name: "learning_rate", label: "Learning rate", step: "any" },
  { name: "decoder_size", label: "Units of the decoder", step: "1", of: "sketch_rnn" },
  { name: "encoder_size", label: "Units of the encoder", step: "1", of: "sketch_rnn" },
  { name: "latent_size", label: "Latent numbers", step: "1", of: "any" },
  { name: "validate_every", label: "Steps between sheets", step: "1" },
  { name: "log_every", label: "Steps between figures", step: "1" },
];

export class Plan {
  /**
   * @param {Studio} studio
   * @param {(run: string) => void} begun
   */
  constructor(studio, begun) {
    this.studio = studio;
    this.begun = begun;
    /** @type {Plans} */
    this.plans = { corpora: [], kept: 0, presets: [], starts: [] };
    this.named = false; // whether somebody has chosen the name
    this.corpus = h("select", { id: "plan-corpus", onchange: () => this.suggest() });
    this.preset = h("select", { id: "plan-preset", onchange: () => this.fill() });
    this.start = h("select", { id: "plan-start", onchange: () => this.fill() });
    this.about = h("p", { class: "soft about-preset" });
    this.name = h("input", { type: "text", id: "plan-name", required: true, maxLength: 64, pattern: "[A-Za-z0-9][A-Za-z0-9_.\\-]*", autocomplete: "off", spellcheck: false, oninput: () => { this.named = this.name.value !== ""; } });
    this.steps = h("input", { type: "number", id: "plan-steps", min: "1", max: "10000000" });
    this.seed = h("input", { type: "number", id: "plan-seed", min: "0", max: "9007199254740991", value: "0" });
    this.conditional = h("select", { id: "plan-conditional" }, h("option", { value: "true" }, "can read drawings"), h("option", { value: "false" }, "only draws"));
    /** @type {Map<keyof Choices, HTMLInputElement>} */
    this.numbers = new Map(NUMBERS.map(({ name, step }) => [name, h("input", { type: "number", id: `plan-${name}`, min: "0", step })]));
    this.fault = h("p", { class: "fault", role: "alert" });
    this.go = h("button", { type: "submit", class: "chief", id: "plan-go" }, "Begin");
    this.form = h("form", { method: "dialog", onsubmit: (/** @type {SubmitEvent} */ event) => { event.preventDefault(); void this.begin(); } }, ...this.fields());
    this.place = h("dialog", { class: "plan card", "aria-label": "A new training" }, this.form);
  }

  fields() {
    return [
      h("h2", {}, "A new training"),
      row("Learn from", this.corpus), row("Preset", this.preset), this.about, row("Begin with", this.start), row("Name", this.name), row("Steps", this.steps), row("Seed", this.seed),
      h("details", {}, h("summary", {}, "More settings"), row("Model", this.conditional), ...NUMBERS.map(({ name, label }) => row(label, /** @type {HTMLInputElement} */ (this.numbers.get(name))))),
      this.fault,
      h("div", { class: "plan-foot" }, h("button", { type: "button", class: "quiet", onclick: () => this.place.close() }, "Not now"), this.go),
    ];
  }

  async open() {
    this.plans = await this.studio.api.get("/api/runs/plans");
    const corpus = this.studio.recall("runs.corpus", "");
    const preset = this.studio.recall("runs.preset", "small-corpus");
    this.corpus.replaceChildren(...this.plans.corpora.map(({ name, drawings }) => h("option", { value: name }, drawings === null ? name : `${name} (${drawings})`)));
    this.preset.replaceChildren(...this.plans.presets.map(({ name }) => h("option", { value: name }, name)));
    this.start.replaceChildren(h("option", { value: "" }, "nothing"), ...this.plans.starts.map((name) => h("option", { value: name }, `what ${name} knows`)));
    if (this.plans.corpora.some(({ name }) => name === corpus)) this.corpus.value = corpus;
    if (this.plans.presets.some(({ name }) => name === preset)) this.preset.value = preset;
    this.named = false;
    this.fault.textContent = "";
    this.fill();
    this.place.showModal();
    this.corpus.focus();
  }

  /** @returns {Preset | undefined} */
  get chosen() {
    return this.plans.presets.find(({ name }) => name === this.preset.value);
  }

  /** Fill in the values of the preset. */
  fill() {
    const { chosen } = this;
    if (!chosen) return;
    this.about.textContent = chosen.about;
    this.steps.value = String(chosen.max_steps);
    const free = this.start.value === ""; // a model to begin with brings its own network
    this.conditional.value = String(chosen.conditional);
    hide(this.conditional, !free);
    for (const { name, of } of NUMBERS) {
      const input = /** @type {HTMLInputElement} */ (this.numbers.get(name));
      input.value = String(chosen[name]);
      hide(input, of !== undefined && !(free && (of === "any" || of === chosen.kind)));
    }
    this.suggest();
  }

  suggest() {
    if (this.named) return;
    const stem = `${this.corpus.value.replace(/\.[a-z]+$/, "")}-${this.preset.value}`.replace(/[^A-Za-z0-9_.-]+/g, "-").slice(0, 56);
    const taken = new Set(this.taken);
    let number = 1;
    let name = stem;
    while (taken.has(name)) name = `${stem}-${++number}`;
    this.name.value = name;
  }

  /** Names of existing runs. @type {string[]} */
  taken = [];

  async begin() {
    const { chosen } = this;
    if (!chosen) return;
    /** @type {Record<string, unknown>} */
    const changed = this.start.value === "" ? {} : { start: this.start.value };
    for (const [name, input] of this.numbers) {
      const shown = !input.closest("label")?.hidden;
      if (shown && input.value !== "" && Number(input.value) !== chosen[name]) changed[name] = Number(input.value);
    }
    if (this.conditional.value !== String(chosen.conditional)) changed.conditional = this.conditional.value === "true";
    const steps = Number(this.steps.value) || chosen.max_steps;
    if (steps !== chosen.max_steps) changed.max_steps = steps;
    this.go.disabled = true;
    this.fault.textContent = "";
    try {
      const begun = await this.studio.api.post("/api/runs", { name: this.name.value, corpus: this.corpus.value, preset: chosen.name, seed: Number(this.seed.value) || 0, ...changed });
      this.studio.remember("runs.corpus", this.corpus.value);
      this.studio.remember("runs.preset", chosen.name);
      this.place.close();
      this.studio.say("The training begins; it goes on when the studio is closed.");
      this.begun(begun.run);
    } catch (error) {
      this.fault.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.go.disabled = false;
    }
  }
}

/**
 * Show or hide the row of a setting.
 * @param {HTMLElement} input
 * @param {boolean} hidden
 */
function hide(input, hidden) {
  const label = input.closest("label");
  if (label) label.hidden = hidden;
}

/**
 * @param {string} label
 * @param {HTMLElement} input
 */
function row(label, input) {
  return h("label", { class: "plan-row" }, h("span", {}, label), input);
}
