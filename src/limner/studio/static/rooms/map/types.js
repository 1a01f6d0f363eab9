// Types of the Map room's answers; no code.

/**
 * @typedef {object} MapFacts
 * @property {string} id
 * @property {string} title
 * @property {string} about
 * @property {number} n
 * @property {number} created
 */
/**
 * @typedef {object} Making
 * @property {string} id
 * @property {"ready" | "going" | "failed"} state
 * @property {string} stage
 * @property {number} done
 * @property {number} of
 * @property {number} share of the whole map that is made, from 0 to 1
 * @property {string} detail
 */
/**
 * @typedef {object} RoomFacts
 * @property {string[]} corpora
 * @property {MapFacts[]} maps
 * @property {Making | null} making
 * @property {number} most
 */
/**
 * @typedef {object} MapData
 * @property {string[]} ids
 * @property {number[]} x
 * @property {number[]} y
 * @property {import("../../map/tiles.js").TileSheets} tiles
 * @property {import("../../map/groups.js").Grouping[]} groupings
 * @property {[string, string]} noun
 */
/**
 * Choices, by the numbers of items.
 * @typedef {object} Chosen
 * @property {number[]} keep
 * @property {number[]} drop
 * @property {Record<string, number[]>} labels
 */

/** @typedef {{ corpus: string, file: string, drawings: number, command: string, train: string }} Built a corpus of what was chosen */

export {};
