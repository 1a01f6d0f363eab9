// Types that several modules share; nothing is run here.

/** @typedef {"you" | "model"} Author */
/** @typedef {[number, number, number?]} Point x, y and, if the pen reports it, pressure from 0 to 1 */
/**
 * @typedef {object} Stroke
 * @property {Point[]} points at least one
 * @property {Author} by
 */
/**
 * A drawing in requests and answers.
 * @typedef {object} Sketch
 * @property {Point[][]} strokes
 * @property {string | null} [label]
 * @property {Author[] | null} [by] author of each stroke
 */
/**
 * @typedef {object} ModelFacts
 * @property {string} id
 * @property {string} kind
 * @property {boolean} conditional whether it encodes drawings
 * @property {string[]} labels classes that can be requested
 * @property {number} n_max
 * @property {number} temperature at which it draws best
 * @property {string} licence
 */
/**
 * @typedef {object} RoomFacts
 * @property {string} name of its section and of its address, `#name`
 * @property {string} title
 * @property {string} icon name of an icon of dom.js, or path data of SVG in a box of 24 by 24
 * @property {string} script path of its ES module
 * @property {string | null} style path of its style sheet
 */
/**
 * @typedef {object} StudioFacts
 * @property {string} version
 * @property {RoomFacts[]} rooms in the order of the navigation
 * @property {ModelFacts[]} models
 * @property {string[]} hands runs that can be drawn with
 * @property {string | null} corpus
 * @property {boolean} runs
 * @property {{ futures: number, body_bytes: number, upload_bytes: number }} bounds
 * @property {ExportFormat[]} exports
 */
/**
 * What drawings can be exported as.
 * @typedef {object} ExportFormat
 * @property {string} name
 * @property {string} title
 * @property {("colour" | "size" | "motion" | "plot")[]} uses the groups of options that it heeds
 */
/**
 * What the `mount` of a room returns; all properties are optional.
 * @typedef {object} Room
 * @property {() => void} [show] called when the room becomes visible
 * @property {() => void} [hide] called when another room becomes visible
 * @property {(sketch: Sketch, from: string) => void} [receive] takes a drawing from another room
 */
/**
 * The script of a room.
 * @typedef {object} RoomModule
 * @property {(place: HTMLElement, studio: Studio) => Room | Promise<Room>} mount
 */
/**
 * What the shell offers to every room.
 * @typedef {object} Studio
 * @property {StudioFacts} facts
 * @property {import("./api.js").Api} api
 * @property {import("./kept.js").KeptDrawings} kept the kept drawings
 * @property {() => ModelFacts} model the model that is selected in the bar
 * @property {(listener: (model: ModelFacts) => void) => void} onModel adds a listener for another selection
 * @property {(listener: () => void) => void} onTheme adds a listener for a change of colours
 * @property {(sentence: string) => void} say shows a short message, for screen readers too
 * @property {(room: string, sketch?: Sketch) => Promise<void>} go enters another room, with or without a drawing
 * @property {<T>(key: string, fallback: T) => T} recall returns a setting of this browser
 * @property {(key: string, value: unknown) => void} remember stores a setting of this browser
 * @property {boolean} still whether to avoid motion
 */

export {};
