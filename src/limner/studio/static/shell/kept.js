// The kept drawings: stored in this browser immediately, and on disk as soon as the studio confirms it.

import { onLink } from "./link.js";

/** @typedef {import("./types.js").Sketch} Sketch */

/**
 * @typedef {object} Item
 * @property {string} id chosen by this browser, or the name on disk
 * @property {string} name
 * @property {number} created milliseconds since 1970
 * @property {Sketch} sketch
 * @property {string | null} disk its name on disk; null until the studio has confirmed it
 */

const STORE = "kept";

export class KeptDrawings {
  /** @param {import("./api.js").Api} api */
  constructor(api) {
    this.api = api;
    this.base = openBase();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    onLink((open) => void (open && this.send()));
    void this.send(); // drawings that an earlier page could not save on disk
  }

  /** @param {() => void} listener called when a drawing is kept or removed */
  onChange(listener) {
    this.listeners.add(listener);
  }

  notify() {
    for (const listener of this.listeners) listener();
  }

  /**
   * Keep a drawing.
   * @param {Sketch} sketch
   * @param {string} [name]
   * @returns {Promise<Item>}
   */
  async keep(sketch, name = "") {
    /** @type {Item} */
    const item = { id: newId(), name: name || sketch.label || "drawing", created: Date.now(), sketch, disk: null };
    await this.put(item);
    await this.send();
    this.notify();
    return (await this.get(item.id)) ?? item;
  }

  /** Save on disk what the studio has not confirmed yet. */
  async send() {
    const waiting = (await this.mine()).filter((item) => item.disk === null);
    for (const item of waiting) {
      try {
        const kept = await this.api.post("/api/keep", { sketch: item.sketch, name: item.name, key: item.id });
        await this.put({ ...item, disk: kept.id });
      } catch {
        return; // the drawing stays in this browser and is sent again
      }
    }
    if (waiting.length) this.notify();
  }

  /**
   * Return all kept drawings, the newest first: those of this browser, and of the studio's folder.
   * @returns {Promise<Item[]>}
   */
  async all() {
    const mine = await this.mine();
    const listed = await this.api.get("/api/keep").catch(() => null);
    if (!listed) return mine.sort((a, b) => b.created - a.created); // confirmed drawings are on disk, listed or not
    /** @type {Item[]} */
    const kept = listed.items.map((/** @type {any} */ item) => ({ ...item, disk: item.id }));
    const onDisk = new Set(kept.map((item) => item.id));
    const here = mine.filter((item) => item.disk === null || !onDisk.has(item.disk)).map((item) => ({ ...item, disk: null }));
    return [...here, ...kept].sort((a, b) => b.created - a.created);
  }

  /** @param {Item} item */
  async remove(item) {
    if (item.disk !== null) await this.api.remove(`/api/keep/${encodeURIComponent(item.disk)}`);
    for (const mine of await this.mine()) {
      if (mine.id === item.id || (item.disk !== null && mine.disk === item.disk)) await this.change((store) => store.delete(mine.id));
    }
    this.notify();
  }

  // The browser's own store ---------------------------------------------------------------------------

  /** @returns {Promise<Item[]>} */
  async mine() {
    return settled((await this.base).transaction(STORE).objectStore(STORE).getAll());
  }

  /**
   * @param {string} id
   * @returns {Promise<Item | undefined>}
   */
  async get(id) {
    return settled((await this.base).transaction(STORE).objectStore(STORE).get(id));
  }

  /** @param {Item} item */
  put(item) {
    return this.change((store) => store.put(item));
  }

  /** @param {(store: IDBObjectStore) => void} act */
  async change(act) {
    const transaction = (await this.base).transaction(STORE, "readwrite");
    act(transaction.objectStore(STORE));
    await new Promise((done, fail) => {
      transaction.oncomplete = done;
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  }
}

/** @returns {Promise<IDBDatabase>} */
function openBase() {
  const request = indexedDB.open("limner", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  return settled(request);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

/** Return a unique id; crypto.randomUUID needs a secure context, which a studio in a home network is not. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(16).padStart(8, "0")).join("");
}
