// A field for a class: typing finds it among many. Nothing chosen means anything.

import { h } from "./dom.js";
import { found, nearest } from "./nearest.js";

export const ANYTHING = "anything";
const LINE = "one line";
const WORDS = { [ANYTHING]: "whatever comes to mind", [LINE]: "the pen is not lifted" };
const GAP = 6; // between the field and its list, in pixels
const MOST_HEIGHT = 320;

export class ClassField {
  /**
   * @param {string} id
   * @param {(label: string | null) => void} changed null for anything
   * @param {(sentence: string) => void} say
   */
  constructor(id, changed, say) {
    this.changed = changed;
    this.say = say;
    /** @type {string[]} */
    this.names = [];
    /** @type {string | null} */
    this.value = null;
    this.at = 0; // of the shown names, the one that Enter takes
    /** @type {string[]} */
    this.shown = [];
    this.input = h("input", { type: "text", id, class: "class-input", role: "combobox", autocomplete: "off", spellcheck: false, maxLength: 80, placeholder: ANYTHING,
      "aria-label": "What to draw", "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", autocapitalize: "off", enterKeyHint: "done",
      oninput: () => this.open(this.input.value), onfocus: () => this.enter(), onclick: () => this.enter(), onblur: () => this.leave(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) });
    this.list = h("div", { class: "class-list card", id: `${id}-list`, role: "listbox", "aria-label": "Classes", popover: "manual",
      onpointerdown: (/** @type {PointerEvent} */ event) => event.preventDefault() }); // the field keeps the focus
    this.place = h("span", { class: "class-field" }, this.input, this.list);
    window.addEventListener("resize", () => this.close());
  }

  /**
   * Offer other names; a class that is not among them is no longer chosen.
   * @param {string[]} names
   */
  setNames(names) {
    const first = [ANYTHING, ...(names.includes(LINE) ? [LINE] : [])];
    this.names = [...first, ...names.filter((name) => !first.includes(name))];
    if (this.value !== null && !names.includes(this.value)) this.value = null;
    this.show();
  }

  show() {
    this.input.value = this.value ?? "";
  }

  enter() {
    if (this.isOpen) return;
    this.input.select();
    this.open("");
  }

  get isOpen() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  /** @param {string} word what has been typed */
  open(word) {
    const matching = found(word, this.names);
    this.shown = matching.length ? matching : [nearest(word, this.names)];
    this.at = word ? 0 : Math.max(0, this.shown.indexOf(this.value ?? ANYTHING));
    const note = matching.length ? null : h("p", { class: "soft" }, unknown(word, this.shown[0] ?? ""));
    this.list.replaceChildren(...(note ? [note] : []), ...this.shown.map((name, k) => this.option(name, k)));
    if (!this.isOpen) this.list.showPopover();
    this.input.setAttribute("aria-expanded", "true");
    this.settle();
    this.mark(this.at);
  }

  /**
   * @param {string} name
   * @param {number} k
   */
  option(name, k) {
    const about = /** @type {Record<string, string>} */ (WORDS)[name];
    return h("div", { class: "class-option", role: "option", id: `${this.list.id}-${k}`, "aria-selected": "false", onclick: () => this.take(name) },
      name, about ? h("span", { class: "soft" }, about) : null);
  }

  /** Place the list above or below the field, wherever there is more room. */
  settle() {
    const box = this.input.getBoundingClientRect();
    const [above, below] = [box.top - 2 * GAP, innerHeight - box.bottom - 2 * GAP];
    const up = above > below;
    const width = Math.min(innerWidth - 2 * GAP, Math.max(box.width, 230));
    Object.assign(this.list.style, {
      left: `${Math.max(GAP, Math.min(box.left, innerWidth - width - GAP))}px`, width: `${width}px`, maxHeight: `${Math.min(MOST_HEIGHT, up ? above : below)}px`,
      top: up ? "auto" : `${box.bottom + GAP}px`, bottom: up ? `${innerHeight - box.top + GAP}px` : "auto",
    });
  }

  /** @param {number} k of the shown names */
  mark(k) {
    this.at = Math.min(this.shown.length - 1, Math.max(0, k));
    for (const option of this.list.querySelectorAll("[role=option]")) {
      const chosen = option.id === `${this.list.id}-${this.at}`;
      option.setAttribute("aria-selected", String(chosen));
      if (chosen) option.scrollIntoView({ block: "nearest" });
    }
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  close() {
    if (!this.isOpen) return;
    this.list.hidePopover();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {string} name */
  take(name) {
    this.close();
    const label = name === ANYTHING ? null : name;
    const same = label === this.value;
    this.value = label;
    this.show();
    if (!same) this.changed(label);
  }

  leave() {
    this.close();
    const typed = this.input.value.trim().toLowerCase();
    const known = this.names.find((name) => name.toLowerCase() === typed);
    if (known ?? !typed) return this.take(known ?? ANYTHING);
    if (typed !== (this.value ?? "").toLowerCase()) this.say(unknown(this.input.value, nearest(typed, this.names)));
    this.show();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation(); // letters are commands elsewhere in a room
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => (this.isOpen ? this.mark(this.at + 1) : this.open("")), ArrowUp: () => this.mark(this.at - 1),
      PageDown: () => this.mark(this.at + 8), PageUp: () => this.mark(this.at - 8),
      Enter: () => (this.isOpen ? this.take(this.shown[this.at] ?? ANYTHING) : this.open("")),
      Escape: () => { this.close(); this.show(); },
    };
    const act = keys[event.key];
    if (!act || (event.key === "Escape" && !this.isOpen)) return;
    event.preventDefault();
    act();
  }
}

/**
 * @param {string} word
 * @param {string} near
 */
function unknown(word, near) {
  return `It knows no “${word.trim()}”. The nearest is ${near}.`;
}
