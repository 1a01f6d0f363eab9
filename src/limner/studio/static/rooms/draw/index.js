// Draw: a sheet on which a person and a model take turns.

import { h } from "../../shell/dom.js";
import { colours, tints } from "../../shell/ink.js";
import { boundsOf, centred, distance, fromSketch, joined, toSketch } from "../../shell/sketch.js";
import { Cards } from "./cards.js";
import { Controls } from "./controls.js";
import { Future } from "./futures.js";
import { History } from "./history.js";
import { Session } from "./session.js";
import { Sheet } from "./sheet.js";
import { PAGE } from "./view.js";

/** @typedef {import("../../shell/types.js").Point} Point */
/** @typedef {import("../../shell/types.js").Sketch} Sketch */
/** @typedef {import("../../shell/types.js").Stroke} Stroke */
/** @typedef {import("../../shell/types.js").Studio} Studio */
/** @typedef {{ id: number, futures: Future[], taken: boolean, over: boolean, faulty: boolean }} Turn */

const GHOST = 0.6; // opacity of one of several futures
const POINTED = 1;
const OTHERS = 0.16;
const PRIME_MS = 90; // between two looks of the model at a stroke that is being drawn
const MOST_AGAIN = 3; // times that a turn without anything to see is taken again
const REDRAW_MS = 250; // after the last move of a slider
const FIT_SHARE = 0.14; // of the way to the wanted view, in each frame
const RECEIVED = 0.6; // size of a drawing that another room hands over, relative to the page

/**
 * @param {HTMLElement} place
 * @param {Studio} studio
 * @returns {import("../../shell/types.js").Room}
 */
export function mount(place, studio) {
  const room = new Draw(place, studio);
  return {
    hide: () => room.settle(),
    receive: (sketch) => room.receive(sketch),
  };
}

class Draw {
  /**
   * @param {HTMLElement} place
   * @param {Studio} studio
   */
  constructor(place, studio) {
    this.studio = studio;
    this.history = new History(fromSketch(studio.recall("draw.sketch", { strokes: [] })));
    /** @type {Turn | null} */
    this.turn = null;
    this.owed = false; // a turn that could not be begun, as the studio was away
    /** @type {number | null} */
    this.pointed = null;
    this.inks = colours();
    this.tints = tints();
    /** @type {{ sheet: Stroke[], added: boolean } | null} */
    this.own = null; // the sheet as the model has left it, and whether it has added to it; null once anybody else draws
    this.redrawing = 0; // a timer
    this.again = 0; // turns without anything to see, one after the other
    this.primed = 0; // when the model last looked
    this.time = 0;
    this.controls = new Controls(studio, {
      tool: (tool) => this.setTool(tool), undo: () => this.undo(), redo: () => this.redo(), clear: () => this.clear(),
      fit: () => this.fit(), go: () => this.go(), keep: () => void this.keep(), morph: () => this.morph(), change: (what) => this.steer(what),
    });
    this.cards = new Cards((index) => this.take(index), (index) => this.point(index));
    const canvas = h("canvas", { class: "sheet", tabIndex: 0, role: "application", "aria-describedby": "draw-help",
      "aria-label": "Sheet. Draw with mouse, pen or finger; with the keyboard arrows move the pen and Enter puts it down and lifts it" });
    this.hint = h("p", { class: "hint soft" }, "Draw something. When the pen lifts, the model goes on.");
    this.finished = h("p", { class: "finished card", role: "status", hidden: true }, "That looks finished to me. Keep it, or see what could follow.",
      h("button", { type: "button", onclick: () => void this.keepFinished() }, "Keep it"));
    place.append(
      h("div", { class: "desk" }, canvas, this.hint, this.finished, this.controls.tools(), this.cards.place),
      this.controls.row(),
      h("p", { class: "unseen", id: "draw-help" }, "Space lets the model draw. Digits take one of its ways. Z undoes, Y redoes, E erases, P draws, F shows all, K keeps, Delete clears."),
    );
    this.sheet = new Sheet(canvas, {
      onDraw: () => this.settle(),
      onExtend: (points) => this.prime(points),
      onStroke: (stroke) => this.drawn(stroke),
      onErased: (strokes) => this.commit(strokes),
      onTap: (where, reach) => this.tap(where, reach),
    });
    this.session = new Session({
      onDots: (id, dots) => this.receiveDots(id, dots),
      onMessage: (message) => this.hear(message),
      onLost: () => this.lost(),
    });
    document.addEventListener("keydown", (event) => {
      if (!place.hidden && !document.querySelector("dialog[open]")) this.key(event);
    });
    studio.onModel((model) => this.controls.setModel(model));
    studio.onTheme(() => this.recolour());
    this.refresh();
    if (this.history.now.length) this.fit();
  }

  // What is on the sheet ------------------------------------------------------------------------------

  refresh() {
    const { history, controls } = this;
    this.sheet.setStrokes(history.now);
    controls.undo.disabled = !history.canUndo && !this.turn;
    controls.redo.disabled = !history.canRedo;
    controls.clear.disabled = !history.now.length && !this.turn;
    this.hint.hidden = history.now.length > 0 || this.turn !== null;
    this.studio.remember("draw.sketch", toSketch(history.now));
  }

  /** @param {Stroke[]} strokes */
  commit(strokes) {
    this.own = null;
    this.history.add(strokes);
    this.refresh();
  }

  /**
   * Let the model read a stroke that is still being drawn.
   * @param {Point[]} points
   */
  prime(points) {
    const now = performance.now();
    const { controls, studio, history } = this;
    if (!controls.alone.checked || studio.model().conditional || now - this.primed < PRIME_MS) return;
    this.primed = now;
    const sketch = toSketch([...history.now, { points, by: "you" }]);
    this.session.send({ type: "prime", model: studio.model().id, sketch, page: PAGE, label: controls.label.value });
  }

  /** @param {Stroke} stroke */
  drawn(stroke) {
    this.settle();
    this.again = 0;
    this.commit([...this.history.now, stroke]);
    if (this.controls.alone.checked) this.begin();
  }

  /** @param {Sketch} sketch */
  receive(sketch) {
    this.settle();
    this.commit(centred(fromSketch(sketch), RECEIVED * PAGE));
    this.fit();
  }

  recolour() {
    this.inks = this.sheet.inks = colours();
    this.tints = tints();
    this.sheet.refresh();
    this.showTurn(true);
  }

  // A turn of the model -------------------------------------------------------------------------------

  /** @param {number} [seed] another one than the last unless given */
  begin(seed) {
    this.drop();
    this.own = null;
    const { controls, studio, history } = this;
    const count = Number(controls.futures.value);
    const id = this.session.begin({
      model: studio.model().id, sketch: toSketch(history.now), page: PAGE, futures: count, seed: seed ?? controls.nextSeed(),
      temperature: Number(controls.temperature.value), pace: controls.pointsPerSecond, label: controls.label.value, lift: true,
    });
    this.owed = id === null;
    if (id === null) return void studio.say("The model cannot be reached just now; it goes on when it can.");
    this.turn = { id, futures: Array.from({ length: count }, (_, k) => new Future(k, null)), taken: count === 1, over: false, faulty: false };
    if (count > 1) this.cards.open(count);
    controls.setGoing(true);
    this.refresh();
    this.time = performance.now();
    requestAnimationFrame((now) => this.frame(now));
  }

  /**
   * @param {number} id
   * @param {import("./protocol.js").Dot[]} dots
   */
  receiveDots(id, dots) {
    if (this.turn?.id !== id) return;
    for (const dot of dots) this.turn.futures.find((future) => future.index === dot.future)?.receive(dot);
  }

  /** @param {import("./protocol.js").ToPage} message */
  hear(message) {
    if (message.type === "refused") this.studio.say(message.detail);
    if (message.type === "hello" && this.owed) this.begin();
    if (!("turn" in message) || this.turn === null || message.turn !== this.turn.id) return;
    if (message.type === "finished") this.finished.hidden = false;
    if (message.type === "done" || message.type === "refused") {
      for (const future of this.turn.futures) future.arrived = true;
      this.turn.faulty = message.type === "refused" || message.reason === "failed";
    }
    if (message.type === "done" && message.reason === "failed") this.studio.say("The model stumbled; try again.");
  }

  lost() {
    for (const future of this.turn?.futures ?? []) future.arrived = true;
    if (this.turn) this.turn.faulty = true;
  }

  /** @param {number} now */
  frame(now) {
    const { turn } = this;
    if (!turn) return;
    const seconds = Math.min(0.1, (now - this.time) / 1000);
    this.time = now;
    const news = turn.futures.map((future) => future.advance(seconds, this.controls.pointsPerSecond)).some(Boolean);
    if (news) this.showTurn();
    this.follow();
    if (turn.futures.every((future) => future.ended)) return this.end();
    requestAnimationFrame((then) => this.frame(then));
  }

  showTurn(now = false) {
    const { turn } = this;
    if (!turn) return;
    const alone = turn.futures.length === 1;
    this.sheet.setLayers(turn.futures.map(({ index, shown }) => ({
      strokes: shown,
      opacity: alone ? 1 : this.pointed === null ? GHOST : index === this.pointed ? POINTED : OTHERS,
      ink: alone ? this.inks.model : this.tintOf(index),
    })));
    if (!alone) this.cards.paint(this.history.now, turn.futures, this.inks.soft, (index) => this.tintOf(index), now);
  }

  /** @param {number} index of a future */
  tintOf(index) {
    return this.tints[index % this.tints.length] ?? this.inks.model;
  }

  /** All futures have ended: a single one is added to the drawing, several wait for a selection. */
  end() {
    const { turn } = this;
    if (!turn) return;
    turn.over = true;
    this.controls.setGoing(false);
    const idle = turn.futures.filter((future) => !future.strokes.length).length;
    if (idle === turn.futures.length && !turn.faulty) {
      this.again += 1;
      if (this.again <= MOST_AGAIN) return this.begin(Math.floor(Math.random() * 2 ** 32));
      this.studio.say("The model has drawn nothing that can be seen; try again.");
    }
    if (turn.futures.length > 1) return this.showTurn(true);
    this.settle();
    this.own = { sheet: this.history.now, added: !idle };
    this.again = 0;
  }

  /** @param {number} index */
  take(index) {
    const { turn } = this;
    const future = turn?.futures.find((one) => one.index === index);
    if (!turn || !future || turn.taken) return;
    turn.futures = [future];
    turn.taken = true;
    this.pointed = null;
    this.session.send({ type: "take", turn: turn.id, future: index });
    this.cards.close();
    this.studio.say(`Way ${index + 1} it is.`);
    if (turn.over) this.settle();
    else this.showTurn();
  }

  /** @param {number | null} index */
  point(index) {
    this.pointed = index;
    this.showTurn();
  }

  /** Stop the model; the shown part of a single future is added to the drawing, ghosts are removed. */
  settle() {
    const { turn } = this;
    if (!turn) return;
    const kept = turn.taken ? turn.futures[0]?.strokes ?? [] : [];
    this.drop();
    if (kept.length) this.commit([...this.history.now, ...kept]);
  }

  /** End the turn and discard its futures. */
  drop() {
    const { turn } = this;
    if (!turn) return;
    this.turn = null;
    this.pointed = null;
    this.finished.hidden = true;
    this.session.send({ type: "stop", turn: turn.id });
    this.sheet.setLayers([]);
    this.cards.close();
    this.controls.setGoing(false);
    this.refresh();
  }

  /** @param {"temperature" | "pace" | "label" | "futures" | "alone"} what */
  steer(what) {
    const { turn, controls } = this;
    if (what === "alone" || what === "futures") return;
    if (what !== "pace" && (turn ? !turn.taken : this.own !== null)) return this.redrawSoon();
    if (!turn || turn.over) return;
    const changes = {
      temperature: { temperature: Number(controls.temperature.value) },
      pace: { pace: controls.pointsPerSecond },
      label: { label: controls.label.value ?? "" },
    };
    this.session.send({ type: "steer", turn: turn.id, ...changes[what] });
  }

  /** Draw the model's part again with the same random numbers, because a setting has changed. */
  redrawSoon() {
    clearTimeout(this.redrawing);
    this.redrawing = window.setTimeout(() => {
      if (this.turn ? this.turn.taken : this.own?.sheet !== this.history.now) return;
      if (!this.turn && this.own?.added) this.history.undo();
      this.begin(Number(this.controls.seed.value));
    }, REDRAW_MS);
  }

  // What a person does --------------------------------------------------------------------------------

  /**
   * @param {Point} where
   * @param {number} reach
   */
  tap(where, reach) {
    const { turn } = this;
    if (!turn || turn.taken) return false;
    const near = turn.futures.map((future) => ({
      index: future.index,
      away: Math.min(Infinity, ...future.strokes.map((stroke) => distance(where, stroke.points))),
    }));
    const nearest = near.sort((a, b) => a.away - b.away)[0];
    if (!nearest || nearest.away > reach) return false;
    this.take(nearest.index);
    return true;
  }

  go() {
    if (!this.turn || this.turn.over) return this.begin();
    if (this.turn.taken) return this.settle();
    this.drop();
  }

  undo() {
    this.owed = false;
    this.own = null;
    if (this.turn) this.drop();
    else this.history.undo();
    this.refresh();
  }

  redo() {
    this.own = null;
    this.drop();
    this.history.redo();
    this.refresh();
  }

  clear() {
    this.owed = false;
    this.drop();
    if (this.history.now.length) this.commit([]);
    this.sheet.view.reset();
    this.sheet.refresh();
  }

  /** @param {"pen" | "eraser"} tool */
  setTool(tool) {
    this.sheet.tool = tool;
    this.sheet.canvas.classList.toggle("erasing", tool === "eraser");
    this.controls.setTool(tool);
  }

  /** Keep the drawing as it was before the model went on. */
  async keepFinished() {
    this.drop();
    await this.keep();
  }

  async keep() {
    this.settle();
    if (!this.history.now.length) return this.studio.say("There is nothing on the sheet to keep.");
    const item = await this.studio.kept.keep(toSketch(this.history.now, this.controls.label.value));
    this.studio.say(item.disk ? "Kept, on disk too." : "Kept in this browser; on disk when the studio answers.");
  }

  morph() {
    this.settle();
    if (this.history.now.length) void this.studio.go("morph", toSketch(this.history.now));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.target instanceof HTMLInputElement && event.target.type === "text" || event.target instanceof HTMLSelectElement) return;
    const digit = Number.parseInt(event.key, 10);
    if (digit >= 1 && this.turn) return this.take(digit - 1);
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key !== "z" && key !== "y") return;
    if (key === " " && (event.target instanceof HTMLButtonElement || event.target instanceof HTMLInputElement)) return;
    /** @type {Record<string, () => void>} */
    const keys = {
      " ": () => this.go(), z: () => (event.shiftKey ? this.redo() : this.undo()), y: () => this.redo(),
      e: () => this.setTool("eraser"), p: () => this.setTool("pen"), b: () => this.setTool("pen"), f: () => this.fit(),
      k: () => void this.keep(), delete: () => this.clear(), escape: () => this.drop(),
    };
    const act = keys[key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // What is seen --------------------------------------------------------------------------------------

  fit() {
    const box = boundsOf(this.lines());
    if (!box) this.sheet.view.reset();
    else Object.assign(this.sheet.view, this.sheet.view.fitting(box, true));
    this.sheet.refresh();
  }

  lines() {
    return [...this.history.now, ...(this.turn?.futures ?? []).flatMap((future) => future.strokes)].map((stroke) => stroke.points);
  }

  /** Zoom out gently when the model draws beyond the view. */
  follow() {
    const { view, gesture } = this.sheet;
    const box = boundsOf(this.lines());
    if (gesture || !box || view.holds(box)) return;
    const wanted = view.fitting(joined(view.box, box));
    const share = this.studio.still ? 1 : FIT_SHARE;
    view.zoom += (wanted.zoom - view.zoom) * share;
    view.x += (wanted.x - view.x) * share;
    view.y += (wanted.y - view.y) * share;
    this.sheet.refresh();
  }
}
