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
 * A place where lines meet; a line may be named in two pairs, and is drawn there and back.
 * @typedef {object} Junction
 * @property {Point} at
 * @property {Point[][]} lines
 * @property {[number, number][][]} choices
 * @property {number} chosen
 * @property {number} confidence from 0 to 1; 1 where a person chose
 */
/** @typedef {"flip" | "join" | "split" | "reverse" | "order" | "delete"} ToolName */
/**
 * What a person changed, as page.fixes.toml holds it.
 * @typedef {{ kind: ToolName, page?: number, at?: Point, lines?: Point[], pairs?: [number, number][], stroke?: Point[], first?: Point[], second?: Point[], after?: Point[] }} Fix
 */
/**
 * @typedef {object} Preview
 * @property {string} id
 * @property {string} name
 * @property {number} page
 * @property {number} pages
 * @property {number} width
 * @property {number} height
 * @property {Point[][]} strokes
 * @property {Junction[]} junctions
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
 * @property {[number, number] | null} size in pixels, once that is known
 * @property {number} page
 * @property {number} pages
 * @property {CanvasImageSource | null} thumb
 * @property {Fix[]} fixes what was changed by hand; never changed in place
 * @property {Fix[] | null} kept the fixes that the server knows, null where it is not known which
 * @property {string | null} text a file of fixes that was dropped and is not read yet
 */
/**
 * The visible part of a picture.
 * @typedef {{ preview: Preview, wish: Wish, picture: ImageBitmap, ink: ImageBitmap }} Sight
 */

export {};
