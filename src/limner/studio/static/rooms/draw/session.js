// The connection to the model; reconnects when the server is back.

import { found, lost, onLink } from "../../shell/link.js";
import { readPoints } from "./protocol.js";

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;

/**
 * @typedef {object} Listener
 * @property {(turn: number, dots: import("./protocol.js").Dot[]) => void} onDots
 * @property {(message: import("./protocol.js").ToPage) => void} onMessage
 * @property {() => void} onLost
 */

export class Session {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.turn = 0;
    this.wait = FIRST_WAIT_MS;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.timer = 0;
    onLink((open) => void (open && this.hurry()));
    this.connect();
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Reconnect immediately, because the studio answers again. */
  hurry() {
    if (!this.timer) return;
    this.wait = FIRST_WAIT_MS;
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    this.timer = 0;
    const address = new URL("/api/draw", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) {
        const { turn, dots } = readPoints(data);
        this.listener.onDots(turn, dots);
        return;
      }
      this.wait = FIRST_WAIT_MS;
      const message = JSON.parse(data);
      if (message.type === "hello") found();
      this.listener.onMessage(message);
    };
    socket.onclose = () => {
      lost();
      this.listener.onLost();
      this.timer = window.setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
    };
    this.socket = socket;
  }

  /**
   * Start a turn.
   * @param {Omit<import("./protocol.js").Begin, "type" | "turn">} wish
   * @returns {number | null} its number; null where there is no connection
   */
  begin(wish) {
    this.turn += 1;
    return this.send({ type: "begin", turn: this.turn, ...wish }) ? this.turn : null;
  }

  /** @param {import("./protocol.js").ToServer} message */
  send(message) {
    if (!this.open) return false;
    this.socket?.send(JSON.stringify(message));
    return true;
  }
}
