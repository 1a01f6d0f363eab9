// The form that requests a map, and its progress.

import { h, icon } from "../../shell/dom.js";

/** @typedef {import("./types.js").Making} Making */
/** @typedef {import("./types.js").RoomFacts} RoomFacts */
/** @typedef {import("../../shell/types.js").Studio} Studio */

const ASK_MS = 700;
const COUNTS = [500, 2000, 5000, 10000, 20000, 50000];
const SAMPLES = 10000; // at most

export class Form {
  /**
   * @param {Studio} studio
   * @param {(id: string) => void} ready is told of a map that can be opened
   */
  constructor(studio, ready) {
    this.studio = studio;
    this.ready = ready;
    /** @type {string | null} */
    this.going = null;
    this.most = COUNTS.at(-1) ?? 0;
    this.what = h("select", { id: "map-what", onchange: () => this.fit() });
    this.by = h("select", { id: "map-by" });
    this.count = h("select", { id: "map-count" });
    this.go = h("button", { type: "submit", class: "chief", id: "map-go" }, "Lay it out");
    this.fault = h("p", { class: "fault", role: "alert" });
    this.stage = h("p", { class: "stage", "aria-live": "polite" });
    this.bar = h("progress", { "aria-label": "How much of it is done" });
    this.fields = h("div", { class: "fields" }, row("Drawings", this.what), row("Alike by", this.by), row("At most", this.count));
    this.work = h("div", { class: "work", hidden: true }, this.stage, this.bar,
      h("button", { type: "button", id: "map-stop", onclick: () => void this.stop() }, icon("stop"), "Stop"));
    this.place = h("form", { class: "order", onsubmit: (/** @type {SubmitEvent} */ event) => { event.preventDefault(); void this.begin(); } },
      this.fields, this.fault, this.go, this.work);
    studio.onModel(() => this.fit());
  }

  /** @param {RoomFacts} facts */
  fill(facts) {
    const before = this.what.value || this.studio.recall("map.what", facts.corpora.includes(this.studio.facts.corpus ?? "") ? `corpus ${this.studio.facts.corpus}` : "");
    const model = this.studio.model();
    this.most = facts.most;
    this.what.replaceChildren(...facts.corpora.map((name) => h("option", { value: `corpus ${name}` }, name)), h("option", { value: "samples" }, `imagined by ${model.id}`));
    if ([...this.what.options].some(({ value }) => value === before)) this.what.value = before;
    this.fit();
    if (facts.making) this.follow(facts.making);
  }

  /** Enable the options that the selected drawings and model allow. */
  fit() {
    const model = this.studio.model(), samples = this.what.value === "samples", by = this.by.value, count = this.count.value;
    const last = this.what.options[this.what.options.length - 1];
    if (last) last.textContent = `imagined by ${model.id}`;
    this.by.replaceChildren(h("option", { value: "shape" }, "their form"), ...(model.conditional ? [h("option", { value: "latent" }, `what ${model.id} sees`)] : []));
    if ([...this.by.options].some(({ value }) => value === by)) this.by.value = by;
    const counts = COUNTS.filter((n) => n <= (samples ? SAMPLES : this.most));
    this.count.replaceChildren(...counts.map((n) => h("option", { value: String(n) }, n.toLocaleString("en"))));
    this.count.value = counts.includes(Number(count)) ? count : samples ? "500" : "5000";
  }

  async begin() {
    const samples = this.what.value === "samples";
    const wanted = {
      corpus: samples ? null : this.what.value.replace("corpus ", ""), by: this.by.value,
      model: samples || this.by.value === "latent" ? this.studio.model().id : null, n: Number(this.count.value),
    };
    this.studio.remember("map.what", this.what.value);
    this.fault.textContent = "";
    this.go.disabled = true;
    try {
      this.follow(await this.studio.api.post("/api/map", wanted));
    } catch (error) {
      this.fault.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.go.disabled = false;
    }
  }

  /** @param {Making} making */
  follow(making) {
    const busy = making.state === "going", again = this.going === making.id;
    this.going = busy ? making.id : null;
    this.work.hidden = !busy;
    this.go.hidden = this.fields.hidden = busy;
    this.fault.textContent = making.state === "failed" ? making.detail : "";
    this.stage.textContent = making.of ? `${making.stage}, ${making.done.toLocaleString("en")} of ${making.of.toLocaleString("en")}` : `${making.stage} …`;
    [this.bar.max, this.bar.value] = [1, making.share];
    if (making.state === "ready") this.ready(making.id);
    if (busy && !again) void this.watch(making.id);
  }

  /** Poll the progress until the map is ready, even if the studio is away for a while. @param {string} id */
  async watch(id) {
    while (this.going === id) {
      await new Promise((done) => setTimeout(done, ASK_MS));
      const making = await this.studio.api.get(`/api/map/${id}`).catch((error) => (error.status === 0 ? null : this.gone(id, error)));
      if (making && this.going === id) this.follow(making);
    }
  }

  /** @param {string} id @param {Error} error @returns {Making} */
  gone(id, error) {
    return { id, state: "failed", stage: "", done: 0, of: 0, share: 0, detail: error.message };
  }

  async stop() {
    if (this.going) await this.studio.api.remove(`/api/map/${this.going}`);
  }
}

/** @param {string} name @param {HTMLElement} field */
const row = (name, field) => h("label", {}, h("span", { class: "soft" }, name), field);
