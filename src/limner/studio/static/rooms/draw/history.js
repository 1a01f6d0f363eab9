// Undo and redo of drawing steps.

/** @typedef {import("../../shell/types.js").Stroke} Stroke */

const LONGEST = 300;

export class History {
  /** @param {Stroke[]} strokes */
  constructor(strokes) {
    /** @type {Stroke[][]} */
    this.states = [strokes];
    this.at = 0;
  }

  /** @returns {Stroke[]} */
  get now() {
    return this.states[this.at] ?? [];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  /** @param {Stroke[]} strokes a new array; what was undone is forgotten */
  add(strokes) {
    if (strokes === this.now) return;
    this.states = [...this.states.slice(0, this.at + 1), strokes].slice(-LONGEST);
    this.at = this.states.length - 1;
  }

  undo() {
    this.at = Math.max(0, this.at - 1);
  }

  redo() {
    this.at = Math.min(this.states.length - 1, this.at + 1);
  }
}
