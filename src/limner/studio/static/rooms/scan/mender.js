// Mending strokes under the hand: junctions are flipped, strokes joined, split, reversed, put in order, deleted.

import { h, icon } from "../../shell/dom.js";
import { endAt, flipped, joined, junctionAt, strokeAt, trailOf } from "./fixes.js";
import { paintEnd, paintJunctions, paintNumbers } from "./marks.js";

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("./types.js").Fix} Fix */
/** @typedef {import("./types.js").Junction} Junction */
/** @typedef {import("./types.js").Preview} Preview */
/** @typedef {import("./types.js").ToolName} ToolName */

export const SURE = 0.6; // junctions below this confidence are marked: the least sure one in eight

/** @type {{ name: ToolName, title: string, picture: string, hint: string }[]} */
const TOOLS = [
  { name: "flip", title: "Flip a crossing", picture: "M5 5c5 0 9 14 14 14M5 19c2.4 0 4.6-3.2 6.8-6.8M14 9c1.6-2.4 3.2-4 5-4", hint: "Touch a crossing: its lines go on another way." },
  { name: "join", title: "Join two ends", picture: "M3 16c3-6 5-6 7-4M21 8c-3 6-5 6-7 4M10 12h.01M14 12h.01M12 12h.01", hint: "Touch one end, then the end that it goes on to." },
  { name: "split", title: "Split a stroke", picture: "M3 12h6M15 12h6M10.5 6l3 12", hint: "Touch the place where a stroke shall end and another begin." },
  { name: "reverse", title: "Reverse a stroke", picture: "M4 12h16M9 7l-5 5 5 5", hint: "Touch a stroke: it is drawn the other way." },
  { name: "order", title: "Put strokes in order", picture: "M5 6v5M4 6h1M4 15h2.5L4 19h2.5M11 8h9M11 17h9", hint: "Touch strokes in the order in which they shall be drawn." },
  { name: "delete", title: "Delete a stroke", picture: "clear", hint: "Touch a stroke: it is left out." },
];

/**
 * @typedef {object} Acts
 * @property {(fix: Fix) => void} fix
 * @property {() => void} undo
 * @property {(sentence: string) => void} say
 * @property {() => void} plan something is to be painted
 * @property {(place: Point) => void} look bring a place to the middle, larger
 * @property {() => boolean} busy whether the strokes seen are about to change
 */

export class Mender {
  /** @param {Acts} act */
  constructor(act) {
    this.act = act;
    /** @type {ToolName} */
    this.tool = "flip";
    /** @type {Preview | null} */
    this.preview = null;
    /** @type {{ number: number, last: boolean } | null} the end that waits for another */
    this.end = null;
    /** @type {Point[] | null} the stroke that was put in order last */
    this.before = null;
    this.looked = -1;
    /** @type {Junction | null} the one that was looked at last */
    this.current = null;
    this.next = h("button", { type: "button", class: "quiet doubt", title: "Go to the next crossing that is not sure (N); F flips it", onclick: () => this.visit() });
    this.back = h("button", { type: "button", class: "quiet icon", id: "scan-undo-fix", title: "Undo the last fix (U)", "aria-label": "Undo the last fix", disabled: true, onclick: act.undo }, icon("undo"));
    this.tools = TOOLS.map(({ name, title, picture }) => h("button", { type: "button", class: "quiet icon", id: `scan-tool-${name}`, title, "aria-label": title, "aria-pressed": String(name === this.tool), onclick: () => this.choose(name) }, icon(picture)));
    this.place = h("div", { class: "mending", role: "toolbar", "aria-label": "Mend the strokes", hidden: true }, ...this.tools, this.back, this.next);
  }

  /** @param {ToolName} name */
  choose(name) {
    this.tool = name;
    this.end = this.before = null;
    TOOLS.forEach((tool, k) => this.tools[k]?.setAttribute("aria-pressed", String(tool.name === name)));
    this.act.say(TOOLS.find((tool) => tool.name === name)?.hint ?? "");
    this.act.plan();
  }

  /**
   * @param {Preview | null} preview
   * @param {number} fixes how many there are on this page
   */
  show(preview, fixes) {
    this.preview = preview;
    this.end = null;
    this.place.hidden = preview === null && fixes === 0; // where all strokes were deleted, undo is left
    this.back.disabled = fixes === 0;
    const doubts = this.doubts.length;
    this.next.hidden = doubts === 0;
    this.next.textContent = `${doubts} unsure`;
  }

  /** Junctions that are marked, the least sure first. */
  get doubts() {
    return (this.preview?.junctions ?? []).filter((one) => one.confidence < SURE).sort((a, b) => a.confidence - b.confidence);
  }

  visit() {
    const { doubts } = this;
    if (!doubts.length) return;
    this.looked = (this.looked + 1) % doubts.length;
    this.current = doubts[this.looked] ?? null;
    if (this.current) this.act.look(this.current.at);
  }

  /** @param {Junction} junction */
  flip(junction) {
    if (junction.choices.length < 2) return this.act.say("Its lines can go on in one way alone; split or join them.");
    const fix = flipped(junction);
    junction.chosen = (junction.chosen + 1) % junction.choices.length; // a second touch may come before the answer
    this.act.fix(fix);
  }

  /**
   * Do what the tool does at a place; return whether there was something to do it to.
   * @param {Point} place
   * @param {number} reach
   */
  touch(place, reach) {
    const { preview } = this;
    if (!preview) return false;
    if (this.tool === "flip") {
      const junction = junctionAt(preview.junctions, place, reach);
      if (junction) this.flip(junction);
      return junction !== null;
    }
    if (this.act.busy()) return true;
    if (this.tool === "join") return this.join(preview.strokes, place, 1.5 * reach);
    const found = strokeAt(preview.strokes, place, reach);
    if (found) this.change(preview.strokes[found.number] ?? [], found.on);
    return found !== null;
  }

  /**
   * @param {Point[]} stroke
   * @param {Point} on
   */
  change(stroke, on) {
    const trail = trailOf(stroke);
    if (this.tool === "split") this.act.fix({ kind: "split", stroke: trail, at: on });
    if (this.tool === "reverse") this.act.fix({ kind: "reverse", stroke: trail });
    if (this.tool === "delete") this.act.fix({ kind: "delete", stroke: trail });
    if (this.tool !== "order") return;
    if (this.before && String(this.before) === String(trail)) return;
    this.act.fix({ kind: "order", stroke: trail, ...(this.before ? { after: this.before } : {}) });
    this.before = trail;
  }

  /**
   * @param {Point[][]} strokes
   * @param {Point} place
   * @param {number} reach
   */
  join(strokes, place, reach) {
    const found = endAt(strokes, place, reach, this.end);
    if (!found) return false;
    if (this.end) this.act.fix(joined(strokes, this.end, found));
    this.end = this.end ? null : found;
    this.act.plan();
    return true;
  }

  /**
   * Do what a key asks for; return whether it asks for anything.
   * @param {string} key
   */
  key(key) {
    /** @type {Record<string, () => void>} */
    const acts = { n: () => this.visit(), f: () => this.current && this.flip(this.current), u: () => this.act.undo() };
    const act = acts[key.toLowerCase()];
    act?.();
    return act !== undefined;
  }

  /**
   * @param {CanvasRenderingContext2D} context in pixels of the picture
   * @param {number} scale
   */
  paint(context, scale) {
    const { preview } = this;
    if (!preview) return;
    if (this.tool === "flip") paintJunctions(context, preview.junctions, scale, SURE);
    if (this.tool === "order") paintNumbers(context, preview.strokes, scale);
    const end = this.end && preview.strokes[this.end.number]?.at(this.end.last ? -1 : 0);
    if (this.tool === "join") preview.strokes.forEach((stroke) => [stroke[0], stroke.at(-1)].forEach((point) => point && paintEnd(context, point, scale, false)));
    if (end) paintEnd(context, end, scale, true);
  }
}
