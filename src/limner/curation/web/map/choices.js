// What was chosen: marks and new labels, with a way back, and the CSV that limner reads.

/** @typedef {import("./paint.js").Mark} Mark */
/** @typedef {{ mark: Mark, label: string | null }} Choice */

const NOTHING = Object.freeze({ mark: /** @type {Mark} */ (""), label: null });

export class Choices {
  /** @type {Map<number, Choice>} */ #made = new Map();
  /** @type {Map<number, Choice | undefined>[]} */ #before = [];
  saved = true;

  /** @param {number} i @returns {Readonly<Choice>} */
  of(i) {
    return this.#made.get(i) ?? NOTHING;
  }

  /** Mark or label items. @param {Iterable<number>} items @param {Partial<Choice>} change */
  set(items, change) {
    /** @type {Map<number, Choice | undefined>} */ const before = new Map();
    for (const i of items) {
      before.set(i, this.#made.get(i));
      this.#put(i, { ...this.of(i), ...change });
    }
    if (!before.size) return;
    this.#before.push(before);
    this.saved = false;
  }

  /** Take the last change back. @returns {boolean} whether there was one */
  undo() {
    const before = this.#before.pop();
    for (const [i, choice] of before ?? []) this.#put(i, choice ?? NOTHING);
    if (before) this.saved = false;
    return before !== undefined;
  }

  /** @returns {{ keep: number, drop: number, labelled: number }} */
  get counts() {
    const made = [...this.#made.values()];
    return {
      keep: made.filter(({ mark }) => mark === "keep").length,
      drop: made.filter(({ mark }) => mark === "drop").length,
      labelled: made.filter(({ label }) => label !== null).length,
    };
  }

  /** Say it in a line; nothing if nothing was chosen. @param {number} chosen how many are chosen at the moment */
  words(chosen) {
    const { keep, drop, labelled } = this.counts;
    /** @type {[number, string][]} */ const all = [[chosen, "chosen"], [keep, "kept"], [drop, "dropped"], [labelled, "labelled"]];
    return all.filter(([n]) => n).map(([n, word]) => `${n.toLocaleString("en")} ${word}`).join(" · ");
  }

  /** What was made of which items. @returns {IterableIterator<[number, Choice]>} */
  get all() {
    return this.#made.entries();
  }

  /** Take choices that were saved before; there is no way back. @param {Iterable<[number, Choice]>} made */
  restore(made) {
    this.#made = new Map(made);
    this.#before = [];
    this.saved = true;
  }

  /**
   * Give `source,choice,label` for what is marked, labelled or chosen at the moment, in the order of the items.
   * @param {ReadonlyArray<string>} ids @param {ReadonlySet<number>} chosen
   */
  toCsv(ids, chosen) {
    const items = [...new Set([...this.#made.keys(), ...chosen])].sort((a, b) => a - b);
    const rows = items.map((i) => [ids[i] ?? "", this.of(i).mark, this.of(i).label ?? ""]);
    return [["source", "choice", "label"], ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
  }

  /** @param {number} i @param {Readonly<Choice>} choice */
  #put(i, choice) {
    if (choice.mark || choice.label !== null) this.#made.set(i, choice);
    else this.#made.delete(i);
  }
}

/** @param {string} text */
function cell(text) {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
