// Polling of runs; waits for a server that is away.

import { Refusal } from "../../shell/api.js";
import { extend } from "./series.js";

/** @typedef {import("./types.js").Curves} Curves */
/** @typedef {import("./types.js").Metrics} Metrics */
/** @typedef {import("./types.js").RunFacts} RunFacts */
/** @typedef {import("./types.js").RunList} RunList */
/** @typedef {import("../../shell/api.js").Api} Api */

const LIVELY_MS = 1000;
const CALM_MS = 5000;
const AWAY_MS = 1200;
const LIVELY = new Set(["running", "stopping", "elsewhere"]);

/**
 * @typedef {object} Listener
 * @property {() => string[]} wanted names of the runs whose curves are looked at
 * @property {(list: RunList) => void} onList
 * @property {(curves: Map<string, Curves>) => void} onCurves some of them have grown
 */

export class Watch {
  /**
   * @param {Api} api
   * @param {Listener} listener
   */
  constructor(api, listener) {
    this.api = api;
    this.listener = listener;
    /** @type {RunList | null} */
    this.list = null;
    /** @type {Map<string, Curves>} */
    this.curves = new Map();
    this.going = false;
    this.asking = false;
    this.away = false;
    this.timer = 0;
    document.addEventListener("visibilitychange", () => this.now());
  }

  begin() {
    this.going = true;
    this.now();
  }

  rest() {
    this.going = false;
    window.clearTimeout(this.timer);
  }

  /** Poll immediately. */
  now() {
    window.clearTimeout(this.timer);
    if (this.going && !document.hidden && !this.asking) void this.ask();
  }

  async ask() {
    this.asking = true;
    try {
      this.list = /** @type {RunList} */ (await this.api.get("/api/runs"));
      this.heard(true);
      this.listener.onList(this.list);
      const news = await Promise.all(this.listener.wanted().map((run) => this.read(run)));
      if (news.some(Boolean)) this.listener.onCurves(this.curves);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.heard(error.status !== 0);
    } finally {
      this.asking = false;
    }
    if (!this.going || document.hidden) return;
    const lively = this.list?.runs.some(({ state }) => LIVELY.has(state));
    this.timer = window.setTimeout(() => this.now(), this.away ? AWAY_MS : lively ? LIVELY_MS : CALM_MS);
  }

  /** @param {boolean} heard */
  heard(heard) {
    if (heard && !this.away) return;
    this.away = !heard;
    window.dispatchEvent(new CustomEvent("limner-link", { detail: heard }));
  }

  /**
   * Read the new lines of a run's metrics.
   * @param {string} run
   * @returns {Promise<boolean>} whether there was anything
   */
  async read(run) {
    const facts = this.list?.runs.find(({ name }) => name === run);
    if (!facts) return this.curves.delete(run);
    const known = this.curves.get(run) ?? { run, columns: new Map(), next: 0, mark: 0, size: -1 };
    if (known.size === facts.size) return false;
    this.curves.set(run, known);
    /** @type {Metrics} */
    let metrics;
    do {
      metrics = await this.api.get(`/api/runs/metrics?run=${encodeURIComponent(run)}&after=${known.next}&mark=${known.mark}`);
      extend(known, metrics);
    } while (metrics.more);
    known.size = facts.size;
    return true;
  }
}
