// Types that several modules share; nothing is run here.

/** @typedef {"you" | "model"} Hand */
/** @typedef {[number, number, number?]} Point x, y and, where a pen told it, its pressure from 0 to 1 */
/**
 * @typedef {object} Stroke
 * @property {Point[]} points at least one
 * @property {Hand} by
 */
/**
 * A drawing as it travels to the server and back.
 * @typedef {object} Sketch
 * @property {Point[][]} strokes
 * @property {string | null} [label]
 * @property {Hand[] | null} [by] who drew each stroke
 */
/**
 * @typedef {object} ModelFacts
 * @property {string} id
 * @property {string} kind
 * @property {boolean} conditional whether it can encode drawings
 * @property {string[]} labels classes that it can be asked for
 * @property {number} n_max
 * @property {string} licence
 */
/**
 * @typedef {object} StudioFacts
 * @property {string} version
 * @property {ModelFacts[]} models
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
 * What a room's `mount` gives back; all of it may be left out.
 * @typedef {object} Room
 * @property {() => void} [show] the room has come into view
 * @property {() => void} [hide] another room has
 * @property {(sketch: Sketch, from: string) => void} [receive] another room hands a drawing over
 */
/**
 * @typedef {object} RoomEntry
 * @property {string} name of its folder and of its address, `#name`
 * @property {string} title
 * @property {string} icon see dom.js
 * @property {() => Promise<{ mount: (place: HTMLElement, studio: Studio) => Room | Promise<Room> }>} load
 * @property {(facts: StudioFacts) => boolean} [when] whether it has anything to show
 */
/**
 * What every room is given.
 * @typedef {object} Studio
 * @property {StudioFacts} facts
 * @property {import("./api.js").Api} api
 * @property {import("./tray.js").Tray} tray what is kept
 * @property {() => ModelFacts} model the model that is chosen in the bar
 * @property {(then: (model: ModelFacts) => void) => void} onModel is told of another choice
 * @property {(then: () => void) => void} onTheme is told when the colours change
 * @property {(sentence: string) => void} say a short message that is read aloud too
 * @property {(room: string, sketch?: Sketch) => Promise<void>} go to another room, with a drawing or without
 * @property {(address: string | URL) => void} style add a style sheet
 * @property {<T>(key: string, otherwise: T) => T} recall a setting of this browser
 * @property {(key: string, value: unknown) => void} remember a setting of this browser
 * @property {boolean} still whether things shall not move
 */

export {};
