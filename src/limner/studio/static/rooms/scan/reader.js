// Requests about pictures: each one is uploaded once, scanned with the latest settings only, and uploaded again
// if the server has evicted it. While the server does not answer, requests are repeated.

import { Refusal } from "../../shell/api.js";

/** @typedef {import("./types.js").Picture} Picture */
/** @typedef {import("./types.js").Preview} Preview */
/** @typedef {import("./types.js").Sight} Sight */
/** @typedef {import("./types.js").Wish} Wish */
/** @typedef {import("../../shell/api.js").Api} Api */

const AGAIN_MS = 1000;
const FORGOTTEN = 404;
/** @type {(keyof Wish)[]} */
const OF_PICTURE = ["page"];
/** @type {(keyof Wish)[]} */
const OF_INK = ["page", "threshold", "pen", "drop_marks", "ruling"]; // the settings on which the ink depends

/**
 * @typedef {object} Listener
 * @property {(picture: Picture) => Wish} wishOf the settings for a picture, as they are now
 * @property {(picture: Picture, sight: Sight) => void} onSight
 * @property {(picture: Picture, sentence: string) => void} onFault
 * @property {(busy: boolean) => void} onBusy
 */

export class Reader {
  /**
   * @param {Api} api
   * @param {Listener} listener
   */
  constructor(api, listener) {
    this.api = api;
    this.listener = listener;
    /** @type {Picture | null} what is to be read next */
    this.next = null;
    this.busy = false;
    /** @type {Map<string, { key: string, bitmap: ImageBitmap }>} the last picture and the last ink */
    this.images = new Map();
  }

  /**
   * Scan a picture with the settings at the time of the request; of several pending requests only the last is sent.
   * @param {Picture} picture
   */
  ask(picture) {
    this.next = picture;
    if (!this.busy) void this.work();
  }

  async work() {
    this.busy = true;
    this.listener.onBusy(true);
    while (this.next) {
      const picture = this.next;
      this.next = null;
      try {
        const sight = await this.sightOf(picture);
        if (!this.isLate(picture)) this.listener.onSight(picture, sight);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (!this.isLate(picture)) this.listener.onFault(picture, error.message);
      }
    }
    this.busy = false;
    this.listener.onBusy(false);
  }

  /**
   * Return whether no request about this picture is pending; answers are shown even while a slider moves.
   * @param {Picture} picture
   */
  isLate(picture) {
    return this.next !== null && this.next !== picture;
  }

  /**
   * @param {Picture} picture
   * @returns {Promise<Sight>}
   */
  async sightOf(picture) {
    if (picture.id === null) await this.send(picture);
    await this.mend(picture);
    const wish = this.listener.wishOf(picture);
    const preview = await this.about(picture, () => this.api.get(this.address(picture, "preview", wish)));
    return {
      preview, wish,
      picture: await this.image("picture", picture, wish, OF_PICTURE),
      ink: await this.image("ink", picture, wish, OF_INK),
    };
  }

  /** @param {Picture} picture */
  async send(picture) {
    const { threshold, pen, single_line, drop_marks, ruling, page } = this.listener.wishOf(picture);
    const query = asQuery({ name: picture.file.name, threshold, pen, single_line, drop_marks, ruling, page });
    /** @type {Preview} */
    const first = await untilHeard(async () => (await answerTo(`/api/scan?${query}`, { method: "POST", body: picture.file })).json());
    Object.assign(picture, { id: first.id, pages: first.pages, size: [first.width, first.height], longest: Math.max(first.width, first.height), kept: picture.fixes.length ? null : picture.fixes });
  }

  /**
   * Tell the server what was changed by hand, if it does not know that yet.
   * @param {Picture} picture
   */
  async mend(picture) {
    const path = `/api/scan/${picture.id}/fixes`;
    if (picture.text !== null) {
      const { text } = picture;
      picture.text = null; // one that cannot be read is not tried again
      const known = await untilHeard(() => this.api.post(`${path}/text`, { text }));
      picture.fixes = picture.kept = known.fix;
    }
    const { fixes } = picture;
    if (picture.kept === fixes) return;
    await this.about(picture, () => this.api.post(`/api/scan/${picture.id}/fixes`, { fix: fixes, size: picture.size }));
    picture.kept = fixes;
  }

  /**
   * Request something about a picture; upload it again first if the server has evicted it.
   * @template T
   * @param {Picture} picture
   * @param {() => Promise<T>} question
   * @returns {Promise<T>}
   */
  async about(picture, question) {
    try {
      return await untilHeard(question);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== FORGOTTEN) throw error;
      await this.send(picture);
      await this.mend(picture);
      return untilHeard(question);
    }
  }

  /**
   * @param {"picture" | "ink"} what
   * @param {Picture} picture
   * @param {Wish} wish
   * @param {(keyof Wish)[]} needs the settings on which it depends
   */
  async image(what, picture, wish, needs) {
    const key = [picture.number, ...needs.map((name) => wish[name])].join(" ");
    const known = this.images.get(what);
    if (known?.key === key) return known.bitmap;
    const bitmap = await this.about(picture, () => loaded(this.address(picture, what, wish)));
    this.images.set(what, { key, bitmap });
    return bitmap;
  }

  /**
   * @param {Picture} picture
   * @param {string} what
   * @param {Wish} wish
   */
  address(picture, what, wish) {
    return `/api/scan/${picture.id}/${what}?${asQuery({ ...wish })}`;
  }
}

/** @param {Record<string, string | number | boolean>} values */
function asQuery(values) {
  return new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString();
}

/**
 * @param {string} address
 * @returns {Promise<ImageBitmap>}
 */
async function loaded(address) {
  return createImageBitmap(await (await answerTo(address)).blob());
}

/**
 * @param {string} address
 * @param {RequestInit} [options]
 */
async function answerTo(address, options) {
  const answer = await fetch(address, options).catch(() => null);
  if (!answer) throw new Refusal("The studio does not answer.", 0);
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Refusal(told?.detail ?? `The studio answered ${answer.status}.`, answer.status);
}

/**
 * Repeat a request until the server answers, with whatever status.
 * @template T
 * @param {() => Promise<T>} question
 * @returns {Promise<T>}
 */
export async function untilHeard(question) {
  let away = false;
  for (;;) {
    try {
      const answer = await question();
      if (away) tellLink(true);
      return answer;
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 0) {
        if (away) tellLink(true);
        throw error;
      }
      away = true;
      tellLink(false);
      await new Promise((then) => setTimeout(then, AGAIN_MS));
    }
  }
}

/** @param {boolean} heard */
const tellLink = (heard) => window.dispatchEvent(new CustomEvent("limner-link", { detail: heard }));
