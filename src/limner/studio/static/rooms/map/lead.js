// After choices are saved: build a corpus from them, and plan a training on it.

import { h } from "../../shell/dom.js";

/** @typedef {import("./types.js").Built} Built */
/** @typedef {import("../../shell/types.js").Studio} Studio */

export class Lead {
  /**
   * @param {Studio} studio
   * @param {HTMLElement} room where dialogs are opened
   * @param {string} id of the map
   * @param {string} title of its corpus
   */
  constructor(studio, room, id, title) {
    this.studio = studio;
    this.room = room;
    this.id = id;
    this.name = title.replace(/\.[a-z]+$/, "").replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[-_]+/, "").slice(0, 40) || "mine";
    this.buttons = [
      h("button", { type: "button", id: "map-build", title: "Make a corpus of what was chosen", onclick: () => void this.build() }, "Build from these"),
      h("button", { type: "button", class: "chief", id: "map-train", title: "Make a corpus of what was chosen, and train on it", onclick: () => void this.train() }, "Train on these"),
    ];
    this.place = h("div", { class: "lead", hidden: true }, ...this.buttons);
  }

  /** @returns {Promise<Built>} */
  async built() {
    for (const button of this.buttons) button.disabled = true;
    this.studio.say("Building …");
    try {
      return await this.studio.api.post(`/api/map/${this.id}/build`, { name: this.name });
    } finally {
      for (const button of this.buttons) button.disabled = false;
    }
  }

  async build() {
    this.tell(await this.built());
  }

  /** Go to the plan of a training; without a folder of runs, show the command that starts one. */
  async train() {
    const built = await this.built();
    if (!this.studio.facts.runs) return this.tell(built);
    this.studio.remember("runs.corpus", built.corpus);
    this.studio.remember("runs.plan", true);
    await this.studio.go("runs");
  }

  /** @param {Built} built */
  tell({ drawings, file, command, train }) {
    const close = h("button", { type: "button", class: "chief", onclick: () => dialog.close() }, "Good");
    const dialog = h("dialog", { class: "built card", "aria-label": "A corpus was built" },
      h("h2", {}, `${drawings.toLocaleString("en")} drawing${drawings === 1 ? "" : "s"}`), h("p", {}, file),
      h("p", { class: "soft" }, "Built by"), h("code", {}, command), h("p", { class: "soft" }, "To train on it"), h("code", {}, train),
      h("div", { class: "dialog-foot" }, close));
    dialog.addEventListener("close", () => dialog.remove());
    this.room.append(dialog);
    dialog.showModal();
  }
}
