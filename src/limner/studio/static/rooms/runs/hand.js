// The form that learns a new hand: a name, drawings, minutes.

import { h } from "../../shell/dom.js";

/** @typedef {import("./types.js").Plans} Plans */
/** @typedef {import("../../shell/types.js").Studio} Studio */

const PICTURES = "pictures";
const KEEP = "keep";
const ADVICE_MS = 250; // after the last change

export class Hand {
  /**
   * @param {Studio} studio
   * @param {(run: string) => void} begun
   */
  constructor(studio, begun) {
    this.studio = studio;
    this.begun = begun;
    /** @type {Plans} */
    this.plans = { corpora: [], kept: 0, presets: [], starts: [] };
    this.timer = 0;
    this.name = h("input", { type: "text", id: "hand-name", required: true, maxLength: 48, pattern: "[A-Za-z0-9][A-Za-z0-9_.\\-]*", autocomplete: "off", spellcheck: false, value: "mine",
      title: "Letters, digits, - and _" });
    this.source = h("select", { id: "hand-source", onchange: () => this.changed() });
    this.files = h("input", { type: "file", id: "hand-files", multiple: true, accept: "image/*", class: "unseen", onchange: () => this.changed() });
    this.count = h("output", { class: "soft" });
    this.pick = h("label", { class: "hand-pick", htmlFor: "hand-files" }, h("span", { class: "hand-button" }, "Choose pictures …"), this.count, this.files);
    this.minutes = h("input", { type: "number", id: "hand-minutes", min: "1", max: "1440", step: "1", value: "10", oninput: () => this.changed() });
    this.advice = h("p", { class: "soft about-preset hand-advice", "aria-live": "polite" });
    this.bar = h("progress", { hidden: true, max: 1, value: 0, "aria-label": "Pictures that have arrived" });
    this.fault = h("p", { class: "fault", role: "alert" });
    this.go = h("button", { type: "submit", class: "chief", id: "hand-go" }, "Learn it");
    this.form = h("form", { method: "dialog", onsubmit: (/** @type {SubmitEvent} */ event) => { event.preventDefault(); void this.begin(); } },
      h("h2", {}, "A new hand"),
      h("p", { class: "soft" }, "From a handful of drawings to a model that draws as you do. Ten minutes, then it draws with you."),
      row("Name", this.name), row("Drawings", this.source), this.pick, row("Minutes", this.minutes), this.advice, this.bar, this.fault,
      h("div", { class: "plan-foot" }, h("button", { type: "button", class: "quiet", onclick: () => this.place.close() }, "Not now"), this.go));
    this.place = h("dialog", { class: "plan card hand", "aria-label": "A new hand" }, this.form);
  }

  /** Names of existing runs. @type {string[]} */
  taken = [];

  async open() {
    this.plans = await this.studio.api.get("/api/runs/plans");
    const { corpora, kept } = this.plans;
    this.source.replaceChildren(
      h("option", { value: PICTURES }, "scans or photographs"),
      ...(kept ? [h("option", { value: KEEP }, `all that is kept (${kept})`)] : []),
      ...corpora.map(({ name, drawings }) => h("option", { value: `corpus ${name}` }, drawings === null ? name : `${name} (${drawings})`)));
    this.name.value = this.free("mine");
    this.fault.textContent = "";
    this.changed();
    this.place.showModal();
    this.name.focus();
  }

  /** @param {string} stem */
  free(stem) {
    const taken = new Set(this.taken.map((run) => run.split("/")[0]));
    let [name, number] = [stem, 1];
    while (taken.has(name)) name = `${stem}-${++number}`;
    return name;
  }

  /** @returns {number | null} how many drawings there are; null if nobody knows */
  get drawings() {
    if (this.source.value === PICTURES) return this.files.files?.length ?? 0;
    if (this.source.value === KEEP) return this.plans.kept;
    return this.plans.corpora.find(({ name }) => `corpus ${name}` === this.source.value)?.drawings ?? null;
  }

  changed() {
    const pictures = this.files.files?.length ?? 0;
    this.pick.hidden = this.source.value !== PICTURES;
    this.count.value = pictures === 1 ? "1 picture" : pictures ? `${pictures} pictures` : "none yet; pencil or pen on paper is fine";
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.advise(), ADVICE_MS);
  }

  async advise() {
    const { drawings } = this;
    if (!drawings) return void (this.advice.textContent = drawings === null ? "" : "From about five drawings on it shows whose hand it is; twenty are better.");
    const minutes = Math.max(1, Number(this.minutes.value) || 10);
    const { sentence } = await this.studio.api.get(`/api/runs/hand/advice?drawings=${drawings}&minutes=${minutes}`);
    if (drawings === this.drawings) this.advice.textContent = sentence;
  }

  async begin() {
    const { value } = this.source;
    const [source, corpus] = value.startsWith("corpus ") ? ["corpus", value.slice(7)] : [value, null];
    this.go.disabled = true;
    this.fault.textContent = "";
    try {
      if (source === PICTURES) await this.send();
      const begun = await this.studio.api.post("/api/runs/hand", { name: this.name.value, source, corpus, minutes: Number(this.minutes.value) || 10 });
      this.place.close();
      this.studio.say("It begins to learn; it goes on when the studio is closed.");
      this.begun(begun.run);
    } catch (error) {
      this.fault.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.go.disabled = false;
      this.bar.hidden = true;
    }
  }

  /** Send the pictures, one after the other. */
  async send() {
    const files = [...(this.files.files ?? [])];
    if (!files.length) throw new Error("Choose some pictures first: scans or photographs of drawings.");
    this.bar.hidden = false;
    for (const [k, file] of files.entries()) {
      this.bar.value = k / files.length;
      const asked = new URLSearchParams({ hand: this.name.value, name: file.name });
      await this.studio.api.send(`/api/runs/hand/pictures?${asked}`, file);
    }
    this.bar.value = 1;
  }
}

/**
 * @param {string} label
 * @param {HTMLElement} input
 */
function row(label, input) {
  return h("label", { class: "plan-row" }, h("span", {}, label), input);
}
