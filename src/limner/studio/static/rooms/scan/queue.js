// The queue of dropped pictures; those without a tick are not done yet.

import { h, icon } from "../../shell/dom.js";

/** @typedef {import("./types.js").Picture} Picture */

const THUMB = 88; // pixels, for screens that show two in one place
const WORDS = { waiting: "waiting", reading: "being read", ready: "read", added: "added", refused: "refused" };

export class Queue {
  /**
   * @param {(picture: Picture) => void} choose
   * @param {(picture: Picture) => void} remove
   * @param {() => void} more
   */
  constructor(choose, remove, more) {
    this.choose = choose;
    this.remove = remove;
    /** @type {Picture[]} */
    this.pictures = [];
    /** @type {Picture | null} */
    this.current = null;
    this.list = h("ol", { class: "queue", "aria-label": "Pictures" });
    this.place = h("div", { class: "queue-row" }, this.list,
      h("button", { type: "button", class: "icon", title: "Add pictures", "aria-label": "Add pictures", onclick: more }, icon("plus")));
    this.count = 0;
  }

  /** @param {File[]} files */
  add(files) {
    for (const file of files) {
      /** @type {Picture} */
      const picture = { number: this.count++, file, state: "waiting", fault: "", id: null, longest: 0, size: null, page: 1, pages: 1, thumb: null, fixes: [], kept: null, text: null };
      this.pictures.push(picture);
      void this.peek(picture);
    }
    this.paint();
  }

  /**
   * Let the browser make a thumbnail, which it cannot for all formats.
   * @param {Picture} picture
   */
  async peek(picture) {
    picture.thumb = await createImageBitmap(picture.file, { resizeWidth: THUMB, resizeQuality: "medium" }).catch(() => null);
    this.paint();
  }

  /** Return the next picture that is not done. */
  get nextWaiting() {
    const from = this.current ? this.pictures.indexOf(this.current) : -1;
    const round = [...this.pictures.slice(from + 1), ...this.pictures.slice(0, Math.max(0, from))];
    return round.find(({ state }) => state === "waiting" || state === "ready") ?? null;
  }

  paint() {
    this.place.hidden = !this.pictures.length;
    this.list.replaceChildren(...this.pictures.map((picture) => this.item(picture)));
    this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {Picture} picture */
  item(picture) {
    const { file, state, fault } = picture;
    const words = `${file.name}: ${fault || WORDS[state]}`;
    const button = h("button", { type: "button", class: `thumb ${state}`, title: words, "aria-label": words, onclick: () => this.choose(picture),
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Delete") this.remove(picture); } }, this.thumb(picture), mark(state));
    if (picture === this.current) button.setAttribute("aria-current", "true");
    return h("li", {}, button);
  }

  /** @param {Picture} picture */
  thumb({ thumb }) {
    if (!thumb) return icon("scan");
    const { width, height } = /** @type {ImageBitmap} */ (thumb);
    const canvas = h("canvas", { width: THUMB, height: THUMB });
    const scale = Math.max(THUMB / width, THUMB / height);
    canvas.getContext("2d")?.drawImage(thumb, (THUMB - width * scale) / 2, (THUMB - height * scale) / 2, width * scale, height * scale);
    return canvas;
  }
}

/** @param {import("./types.js").State} state */
function mark(state) {
  const signs = { waiting: "", reading: "…", ready: "", added: "✓", refused: "!" };
  return h("span", { class: "mark-of", "aria-hidden": "true" }, signs[state]);
}
