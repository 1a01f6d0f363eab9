// Requests to the studio's server.

import { lost } from "./link.js";

/** An error of the server, as a sentence. */
export class Refusal extends Error {
  /**
   * @param {string} sentence
   * @param {number} status 0 if the server did not answer
   */
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function ask(path, options) {
  const answer = await arrived(fetch(path, options));
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => null);
  throw new Refusal(body?.detail ?? `The studio answered ${answer.status}.`, answer.status);
}

/**
 * Wait for an answer, or for its body, which a server that is killed leaves half sent.
 * @template T
 * @param {Promise<T>} coming
 * @returns {Promise<T>}
 */
async function arrived(coming) {
  try {
    return await coming;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    lost();
    throw new Refusal("The studio does not answer.", 0);
  }
}

export const api = {
  /**
   * @param {string} path
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  get: async (path, signal) => arrived((await ask(path, { signal: signal ?? null })).json()),

  /**
   * @param {string} path
   * @param {unknown} body
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  post: async (path, body, signal) => arrived((await ask(path, { ...jsonOf(body), signal: signal ?? null })).json()),

  /**
   * Send a file.
   * @param {string} path
   * @param {Blob} body
   * @returns {Promise<any>}
   */
  send: async (path, body) => arrived((await ask(path, { method: "POST", headers: { "Content-Type": body.type || "application/octet-stream" }, body })).json()),

  /**
   * Send a POST request that is answered with a file.
   * @param {string} path
   * @param {unknown} body
   * @returns {Promise<{ blob: Blob, name: string }>}
   */
  file: async (path, body) => {
    const answer = await ask(path, jsonOf(body));
    const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
    return { blob: await arrived(answer.blob()), name: name ?? "drawing" };
  },

  /** @param {string} path */
  remove: async (path) => void (await ask(path, { method: "DELETE" })),
};

/** @typedef {typeof api} Api */

/**
 * @param {unknown} body
 * @returns {RequestInit}
 */
function jsonOf(body) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
