// Runs: curves, sample sheets and settings of trainings; starts, resumes and stops them.

import { h, icon } from "../../shell/dom.js";
import { CurvesView } from "./curves.js";
import { Film } from "./film.js";
import { Hand } from "./hand.js";
import { List, WORDS, titleOf } from "./list.js";
import { Plan } from "./plan.js";
import { short } from "./series.js";
import { SettingsView } from "./settings.js";
import { Watch } from "./watch.js";

/** @typedef {import("./types.js").Curves} Curves */
/** @typedef {import("./types.js").RunFacts} RunFacts */
/** @typedef {import("./types.js").RunList} RunList */
/** @typedef {import("../../shell/types.js").Studio} Studio */

const MOST_COMPARED = 8;
const INKS = { light: ["#a84a22", "#2f6f8f", "#5f7d2c", "#8a4f8f", "#b08a1e", "#3c8f7c", "#7a5c45", "#4b5aa8"], dark: ["#e98f60", "#7cb9d8", "#a9c874", "#cf9ad4", "#e0c063", "#7fd0bd", "#c6a68c", "#9aa8f0"] };

/**
 * @param {HTMLElement} place
 * @param {Studio} studio
 * @returns {import("../../shell/types.js").Room}
 */
export function mount(place, studio) {
  const room = new Runs(place, studio);
  return { show: () => room.enter(), hide: () => room.leave() };
}

class Runs {
  /**
   * @param {HTMLElement} place
   * @param {Studio} studio
   */
  constructor(place, studio) {
    this.studio = studio;
    /** @type {RunList} */
    this.found = { runs: [], trainings: 0, most_trainings: 1 };
    /** @type {string | null} */
    this.chosen = studio.recall("runs.chosen", null);
    /** @type {string[]} runs that are compared with the one that is looked at */
    this.ticked = studio.recall("runs.ticked", []);
    this.state = "";
    this.list = new List((run) => this.choose(run), (run, ticked) => this.tick(run, ticked));
    this.curves = new CurvesView(studio);
    this.film = new Film(studio);
    this.settings = new SettingsView(studio);
    this.plan = new Plan(studio, (run) => this.choose(run));
    this.hand = new Hand(studio, (run) => this.choose(run));
    this.title = h("h2", {});
    this.words = h("p", { class: "soft words" });
    this.acts = h("div", { class: "acts" });
    this.log = h("pre", { tabIndex: 0 });
    this.logBox = h("details", { class: "card part log", ontoggle: () => void this.readLog() }, h("summary", {}, "What it said"), this.log);
    this.nothing = h("p", { class: "soft nothing" });
    this.main = h("div", { class: "main", hidden: true }, h("header", { class: "head" }, h("div", {}, this.title, this.words), this.acts), this.curves.place, this.film.place, this.settings.place, this.logBox);
    place.append(
      h("aside", { class: "side", "aria-label": "All runs" },
        h("div", { class: "begin" },
          h("button", { type: "button", class: "chief", id: "runs-hand", onclick: () => void this.hand.open() }, icon("pen"), "New hand"),
          h("button", { type: "button", id: "runs-new", title: "Settings of every kind", onclick: () => void this.open() }, icon("plus"), "New training")),
        this.list.place, this.nothing),
      this.main, this.plan.place, this.hand.place);
    this.watch = new Watch(studio.api, { wanted: () => this.shown, onList: (list) => this.hear(list), onCurves: () => this.paint() });
    studio.onTheme(() => this.paint());
  }

  leave() {
    this.watch.rest();
    this.film.pause();
  }

  // What is looked at ---------------------------------------------------------------------------------

  /** The runs whose curves are shown, the selected one last. */
  get shown() {
    const others = this.ticked.filter((run) => run !== this.chosen && this.found.runs.some(({ name }) => name === run));
    return this.chosen === null ? others : [...others, this.chosen];
  }

  /** @returns {RunFacts | undefined} */
  get facts() {
    return this.found.runs.find(({ name }) => name === this.chosen);
  }

  /** Assign a colour to each shown run; the selected one gets the accent colour. */
  get inks() {
    const dark = isDark(this.main);
    const inks = dark ? INKS.dark : INKS.light;
    return new Map([...this.shown].reverse().map((run, k) => [run, inks[k % inks.length] ?? ""]));
  }

  /** @param {RunList} list */
  hear(list) {
    this.found = list;
    this.plan.taken = this.hand.taken = list.runs.map(({ name }) => name);
    if (!this.facts) this.chosen = list.runs[0]?.name ?? null;
    this.nothing.textContent = list.runs.length ? "" : "There is no run yet. New hand learns to draw as you do, from pictures or from what you have kept.";
    this.refresh();
  }

  refresh() {
    const { facts } = this;
    this.list.show(this.found.runs, this.chosen, this.inks);
    this.main.hidden = !facts;
    if (!facts) return;
    this.describe(facts);
    void this.film.show(facts.name, facts.sheets);
    const state = `${facts.name} ${facts.state} ${facts.max_steps}`;
    if (state !== this.state) {
      this.state = state;
      this.settings.forget(facts.name);
      this.logBox.hidden = !facts.can_stop && !facts.note && facts.state !== "stopped" && facts.state !== "finished";
      if (this.logBox.open) void this.readLog();
    }
    void this.settings.show([...this.shown].reverse());
  }

  paint() {
    const found = this.shown.map((run) => this.watch.curves.get(run)).filter((curves) => curves !== undefined);
    this.curves.show(found, this.inks);
  }

  /** @param {RunFacts} facts */
  describe(facts) {
    const { name, state, step, max_steps: most, corpus, kind, note, doing } = facts;
    this.title.textContent = titleOf(name);
    this.main.classList.toggle("of-hand", titleOf(name) !== name);
    const steps = most ? `step ${short(step)} of ${short(most)}` : `step ${short(step)}`;
    const ready = state === "running" && !step ? "getting ready" : WORDS[state];
    this.words.textContent = [ready, steps, corpus.join(" + "), kind.replace("_", "-")].filter(Boolean).join(" · ");
    if (doing) this.words.append(h("span", { class: "doing" }, ` ${doing}`));
    if (note) this.words.append(h("span", { class: "fault" }, ` ${note}`));
    const acts = this.actsFor(facts);
    const key = acts.map((act) => `${act.id} ${act.textContent}`).join();
    if (this.acts.dataset.key !== key || this.acts.dataset.run !== name) this.acts.replaceChildren(...acts);
    Object.assign(this.acts.dataset, { key, run: name });
  }

  /** @param {RunFacts} facts */
  actsFor({ name, state, step, max_steps: most, can_stop: canStop, can_resume: canResume, has_model: hasModel }) {
    const acts = [];
    if (canStop && state === "running") acts.push(button("stop", "runs-stop", "Stop", "End in good order, with a checkpoint", () => void this.stop(name, false)));
    if (canStop && state === "stopping") acts.push(button("stop", "runs-now", "Stop now", "Without waiting for the checkpoint", () => void this.stop(name, true)));
    const done = most > 0 && step >= most;
    if (canResume) acts.push(button("go", "runs-resume", done ? `Go on to ${short(2 * most)}` : "Go on", "From the last checkpoint", () => void this.resume(name)));
    if (hasModel) acts.push(button("pen", "runs-draw", "Draw with it", "Take the best model to Draw", () => void this.draw(name), titleOf(name) === name ? "" : "chief"));
    return acts;
  }

  async readLog() {
    if (!this.logBox.open || this.chosen === null) return;
    const found = await this.studio.api.get(`/api/runs/log?run=${encodeURIComponent(this.chosen)}`);
    this.log.textContent = found.text || "Nothing that the studio has heard.";
    this.log.scrollTop = this.log.scrollHeight;
  }

  // What a person does --------------------------------------------------------------------------------

  /** @param {string} run */
  choose(run) {
    this.chosen = run;
    this.remember();
    this.refresh();
    this.paint();
    this.watch.now();
  }

  /**
   * @param {string} run
   * @param {boolean} ticked
   */
  tick(run, ticked) {
    this.ticked = this.ticked.filter((one) => one !== run);
    if (ticked) this.ticked = [...this.ticked, run].slice(-MOST_COMPARED);
    this.remember();
    this.refresh();
    this.paint();
    this.watch.now();
  }

  remember() {
    this.studio.remember("runs.chosen", this.chosen);
    this.studio.remember("runs.ticked", this.ticked);
  }

  enter() {
    this.watch.begin();
    if (!this.studio.recall("runs.plan", false)) return;
    this.studio.remember("runs.plan", false); // another room has led here to begin a training
    void this.open();
  }

  async open() {
    await this.plan.open();
  }

  /**
   * @param {string} run
   * @param {boolean} now
   */
  async stop(run, now) {
    await this.studio.api.post("/api/runs/stop", { run, now });
    this.studio.say(now ? "Asked to end at once." : "It ends after this step, with a checkpoint.");
    this.watch.now();
  }

  /** @param {string} run */
  async resume(run) {
    const { facts } = this;
    const done = facts !== undefined && facts.max_steps > 0 && facts.step >= facts.max_steps;
    const more = done ? { max_steps: facts.max_steps * 2 } : {};
    await this.studio.api.post("/api/runs/resume", { run, ...more });
    this.studio.say(done ? `It goes on, to step ${short(facts.max_steps * 2)}.` : "It goes on.");
    this.watch.now();
  }

  /** @param {string} run */
  async draw(run) {
    const { model } = await this.studio.api.post("/api/runs/draw", { run });
    this.studio.remember("model", model);
    location.hash = "#draw";
    location.reload();
  }
}

/**
 * @param {string} picture
 * @param {string} id
 * @param {string} label
 * @param {string} title
 * @param {() => void} act
 * @param {string} [look]
 */
function button(picture, id, label, title, act, look = "") {
  return h("button", { type: "button", id, class: look, title, onclick: act }, icon(picture), label);
}

/** @param {HTMLElement} element */
function isDark(element) {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/\d+/g) ?? []).map(Number);
  return red + green + blue > 384;
}
