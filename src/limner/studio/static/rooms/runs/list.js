// The list of runs: one card each, for selecting and comparing.

import { h } from "../../shell/dom.js";
import { short } from "./series.js";

/** @typedef {import("./types.js").RunFacts} RunFacts */
/** @typedef {import("./types.js").State} State */

/** @type {Record<State, string>} */
export const WORDS = {
  running: "training", stopping: "coming to an end", elsewhere: "training elsewhere", finished: "finished", stopped: "stopped",
  failed: "failed", ended: "ended",
};

/**
 * Return what a run is called: a hand by its folder.
 * @param {string} name
 */
export function titleOf(name) {
  return name.replace(/\/run$/, "");
}

export class List {
  /**
   * @param {(run: string) => void} choose
   * @param {(run: string, ticked: boolean) => void} tick
   */
  constructor(choose, tick) {
    this.choose = choose;
    this.tick = tick;
    this.place = h("ul", { class: "runs", "aria-label": "Runs" });
    /** @type {Map<string, Card>} */
    this.cards = new Map();
  }

  /**
   * @param {RunFacts[]} runs
   * @param {string | null} chosen
   * @param {Map<string, string>} inks of the runs that are looked at
   */
  show(runs, chosen, inks) {
    const names = new Set(runs.map(({ name }) => name));
    for (const [name, card] of this.cards) {
      if (names.has(name)) continue;
      card.place.remove();
      this.cards.delete(name);
    }
    runs.forEach((facts, k) => {
      const card = this.cards.get(facts.name) ?? new Card(facts.name, this.choose, this.tick);
      this.cards.set(facts.name, card);
      card.show(facts, facts.name === chosen, inks.get(facts.name) ?? null);
      if (this.place.children[k] !== card.place) this.place.insertBefore(card.place, this.place.children[k] ?? null);
    });
  }
}

class Card {
  /**
   * @param {string} name
   * @param {(run: string) => void} choose
   * @param {(run: string, ticked: boolean) => void} tick
   */
  constructor(name, choose, tick) {
    this.box = h("input", { type: "checkbox", "aria-label": `Compare ${name}`, title: "Compare", onchange: () => tick(name, this.box.checked) });
    this.dot = h("span", { class: "ink-dot", "aria-hidden": "true" });
    this.state = h("span", { class: "state" });
    this.steps = h("span", { class: "soft steps" });
    this.bar = h("span", { class: "bar-of" });
    this.button = h("button", { type: "button", class: "quiet run", onclick: () => choose(name) },
      h("span", { class: "name" }, titleOf(name)), h("span", { class: "about" }, this.state, this.steps), h("span", { class: "track", "aria-hidden": "true" }, this.bar));
    this.place = h("li", { class: "run-row" }, this.box, this.dot, this.button);
  }

  /**
   * @param {RunFacts} facts
   * @param {boolean} chosen
   * @param {string | null} ink
   */
  show({ state, step, max_steps: most, note }, chosen, ink) {
    this.box.checked = ink !== null;
    this.box.hidden = chosen;
    this.dot.hidden = !chosen;
    this.box.style.accentColor = this.dot.style.background = ink ?? "";
    this.place.classList.toggle("chosen", chosen);
    this.button.setAttribute("aria-current", String(chosen));
    this.button.title = note;
    this.state.textContent = state === "running" && !step ? "getting ready" : WORDS[state];
    this.state.className = `state ${state}`;
    this.steps.textContent = most ? `${short(step)} of ${short(most)}` : step ? short(step) : "";
    this.place.classList.toggle("done", state === "finished" || state === "ended");
    this.bar.style.width = `${most ? Math.min(100, (100 * step) / most) : 0}%`;
  }
}
