// The film of sample sheets: a large one, a slider over the steps, and a strip of thumbnails.

import { h, icon } from "../../shell/dom.js";

/** @typedef {import("../../shell/types.js").Studio} Studio */

const FRAME_MS = 550;

export class Film {
  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
    this.run = "";
    this.count = -1;
    /** @type {number[]} */
    this.steps = [];
    this.at = 0;
    this.timer = 0;
    this.picture = h("img", { class: "sheet", alt: "" });
    this.words = h("output", {});
    this.slider = h("input", { type: "range", min: "0", step: "1", "aria-label": "Step of the sheet", oninput: () => this.go(Number(this.slider.value)) });
    this.play = h("button", { type: "button", class: "icon", onclick: () => (this.timer ? this.pause() : this.roll()) });
    this.strip = h("div", { class: "strip", role: "group", "aria-label": "Sheets" });
    this.place = h("section", { class: "card part film", "aria-label": "Sheets", hidden: true },
      h("h3", {}, "Drawn on the way"), this.picture,
      h("div", { class: "film-row" }, this.play, this.slider, this.words), this.strip);
    this.pause();
  }

  /**
   * @param {string} run
   * @param {number} count how many sheets there are
   */
  async show(run, count) {
    if (run === this.run && count === this.count) return;
    const fresh = run !== this.run;
    this.run = run;
    this.count = count;
    if (fresh) this.pause();
    const found = count ? await this.studio.api.get(`/api/runs/sheets?run=${encodeURIComponent(run)}`) : { steps: [] };
    if (run !== this.run) return;
    const follow = fresh || this.at >= this.steps.length - 1;
    const known = fresh ? 0 : this.steps.filter((step, k) => step === found.steps[k]).length;
    this.steps = found.steps;
    this.place.hidden = !this.steps.length;
    this.slider.max = String(Math.max(0, this.steps.length - 1));
    const frames = [...this.strip.children].slice(0, known); // those that are there are not fetched again
    this.strip.replaceChildren(...frames, ...this.steps.slice(known).map((step, k) => this.frame(step, known + k)));
    this.go(follow ? this.steps.length - 1 : Math.min(this.at, this.steps.length - 1));
  }

  /** @param {number} step */
  address(step) {
    return `/api/runs/sheet?run=${encodeURIComponent(this.run)}&step=${step}`;
  }

  /**
   * @param {number} step
   * @param {number} k
   */
  frame(step, k) {
    const picture = h("img", { loading: "lazy", alt: "", width: 96, height: 64, src: this.address(step) });
    return h("button", { type: "button", class: "frame", title: `Step ${step}`, "aria-label": `Sheet of step ${step}`, onclick: () => { this.pause(); this.go(k); } }, picture);
  }

  /** @param {number} k */
  go(k) {
    const step = this.steps[k];
    if (step === undefined) return;
    this.at = k;
    this.slider.value = String(k);
    this.words.value = `step ${step.toLocaleString("en")}`;
    this.slider.setAttribute("aria-valuetext", this.words.value);
    this.picture.src = this.address(step);
    this.picture.alt = `What the model draws after ${step} steps`;
    [...this.strip.children].forEach((frame, other) => {
      if (other === k) frame.setAttribute("aria-current", "true");
      else frame.removeAttribute("aria-current");
    });
    const frame = /** @type {HTMLElement | undefined} */ (this.strip.children[k]);
    if (frame) this.strip.scrollLeft = frame.offsetLeft - this.strip.offsetLeft - this.strip.clientWidth / 2 + frame.offsetWidth / 2;
  }

  roll() {
    if (this.steps.length < 2) return;
    if (this.at >= this.steps.length - 1) this.go(0);
    this.timer = window.setInterval(() => {
      if (this.at >= this.steps.length - 1) this.pause();
      else this.go(this.at + 1);
    }, FRAME_MS);
    this.sayPlay(true);
  }

  pause() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.sayPlay(false);
  }

  /** @param {boolean} going */
  sayPlay(going) {
    const words = going ? "Pause" : "Show one after the other";
    this.play.replaceChildren(icon(going ? "stop" : "go"));
    this.play.title = words;
    this.play.setAttribute("aria-label", words);
  }
}
