// Types of the Runs room; no code.

/** @typedef {"running" | "stopping" | "elsewhere" | "finished" | "stopped" | "failed" | "ended"} State */
/**
 * The state of a run, as on the server.
 * @typedef {object} RunFacts
 * @property {string} name
 * @property {State} state
 * @property {string} note why it failed
 * @property {string} doing what it does before its first step
 * @property {number} step
 * @property {number} max_steps 0 if nobody knows
 * @property {string[]} corpus
 * @property {string} kind
 * @property {number} changed milliseconds since 1970
 * @property {number} size of its metrics, in bytes
 * @property {number} sheets
 * @property {boolean} has_model
 * @property {boolean} can_stop
 * @property {boolean} can_resume
 */
/** @typedef {{ runs: RunFacts[], trainings: number, most_trainings: number }} RunList */
/** @typedef {{ steps: number[], values: number[] }} Series a figure over the steps */
/** A shown run: its metrics so far. */
/**
 * @typedef {object} Curves
 * @property {string} run
 * @property {Map<string, Series>} columns
 * @property {number} next
 * @property {number} mark
 * @property {number} size of the metrics when they were last read
 */
/** @typedef {{ columns: string[], rows: (number | null)[][], fresh: boolean, next: number, mark: number, more: boolean }} Metrics */
/**
 * @typedef {object} Choices
 * @property {boolean | null} conditional
 * @property {number | null} latent_size
 * @property {number | null} encoder_size
 * @property {number | null} decoder_size
 * @property {number | null} batch_size
 * @property {number | null} learning_rate
 * @property {number | null} validate_every
 * @property {number | null} log_every
 */
/** @typedef {Choices & { name: string, about: string, kind: string, max_steps: number }} Preset */
/** @typedef {{ corpora: { name: string, drawings: number | null }[], kept: number, presets: Preset[], starts: string[] }} Plans */
/** @typedef {{ name: string, value: string }} Setting */

export {};
