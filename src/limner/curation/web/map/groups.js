// What the items of a map are sorted into, one grouping at a time, and the colours that tell them apart.

/**
 * @typedef {object} Grouping
 * @property {string} name such as "cluster"
 * @property {string[]} names of the groups
 * @property {number[]} of the group of each item, or -1
 */

const GOLDEN = 137.508; // degrees between the hues of neighbouring groups
const RING = 12; // groups of one lightness

export class Groups {
  /** @type {Map<number, string>} */ #colours = new Map();

  /**
   * @param {Grouping[]} groupings one at least
   * @param {(name: string) => string} style gives --light, --chroma and --soft, as the page has them
   */
  constructor(groupings, style) {
    this.all = groupings;
    this.style = style;
    this.now = /** @type {Grouping} */ (groupings[0]);
  }

  /** Sort by another grouping. @param {Grouping} grouping */
  turnTo(grouping) {
    this.now = grouping;
    this.recolour();
  }

  /** Take colours anew, as the page has other ones. */
  recolour() {
    this.#colours.clear();
  }

  /** @param {number} i @param {Grouping} [by] */
  of(i, by = this.now) {
    return by.of[i] ?? -1;
  }

  /** @param {number} i */
  colourOf(i) {
    return this.colour(this.of(i));
  }

  /** @param {number} group */
  colour(group) {
    const known = this.#colours.get(group) ?? this.#mixed(group);
    this.#colours.set(group, known);
    return known;
  }

  /** @param {number} group @param {Grouping} [by] */
  name(group, by = this.now) {
    return group < 0 ? "none" : by.names[group] ?? String(group);
  }

  /** The groups in their order, and how many items each has; those in none are the last. @returns {[number, number][]} */
  sizes() {
    /** @type {Map<number, number>} */ const sizes = new Map();
    for (const group of this.now.of) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    return [...sizes].sort(([a], [b]) => Number(a < 0) - Number(b < 0) || a - b);
  }

  /** The items of a group. @param {number} group */
  members(group) {
    return [...this.now.of.keys()].filter((i) => this.of(i) === group);
  }

  /** @param {number} group */
  #mixed(group) {
    const hue = (40 + group * GOLDEN) % 360, light = Number(this.style("--light")), towards = light > 0.6 ? -1 : 1;
    const step = [0, 0.1, -0.09][Math.floor(group / RING) % 3] ?? 0; // hues come near each other: let the light differ
    return group < 0 ? this.style("--soft") : `oklch(${light + towards * step} ${this.style("--chroma")} ${hue.toFixed(1)})`;
  }
}
