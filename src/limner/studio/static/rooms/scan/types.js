// Types of the Scan room; no code.

/** @typedef {import("../../shell/types.js").Point} Point */
/**
 * Options of a scan, named as on the server; lengths in pixels of the picture.
 * @typedef {object} Wish
 * @property {number} page
 * @property {number} threshold
 * @property {number} pen
 * @property {boolean} single_line
 * @property {boolean} drop_marks
 * @property {"auto" | "keep"} ruling
 * @property {number} join_px
 * @property {number} splice_px
 * @property {number} tolerance_px
 * @property {number} shortest_px
 * @property {boolean} separate
 * @property {number} gap_px
 */
/** @typedef {{ frame: [number, number, number, number], strokes: number[], points: number }} Part */
/**
 * @typedef {object} Preview
 * @property {string} id
 * @property {string} name
 * @property {number} page
 * @property {number} pages
 * @property {number} width
 * @property {number} height
 * @property {Point[][]} strokes
 * @property {Part[]} parts
 * @property {{ strokes: number, points: number, pen_px: number, warnings: string[] }} found
 */
/** @typedef {"waiting" | "reading" | "ready" | "added" | "refused"} State */
/**
 * A picture in the queue.
 * @typedef {object} Picture
 * @property {number} number
 * @property {File} file
 * @property {State} state
 * @property {string} fault why it was refused
 * @property {string | null} id on the server's desk
 * @property {number} longest its longer side, in pixels, once that is known
 * @property {number} page
 * @property {number} pages
 * @property {CanvasImageSource | null} thumb
 */
/**
 * The visible part of a picture.
 * @typedef {{ preview: Preview, wish: Wish, picture: ImageBitmap, ink: ImageBitmap }} Sight
 */

export {};
