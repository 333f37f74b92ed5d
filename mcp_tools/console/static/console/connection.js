/**
 * JSON-RPC over a WebSocket that comes back by itself.
 *
 * Events: `status` with {status, …} as in states.js, `frame` with {way, text}, `notification` with {method, params}.
 */

import { at } from "./place.js";
import { probe } from "./probe.js";

const TRY_AGAIN_LATER = 1013;
const SESSION_ENDED = 4001;
const UNAUTHORIZED = 4401;
const LONGEST_SECONDS = 15;
const LONGEST_WAIT_SECONDS = 3600;
const OPENING_MILLISECONDS = 10000;

/** An error that the server answered. */
export class Refusal extends Error {
  constructor({ code, message, data }) {
    super(message);
    Object.assign(this, { code, data });
  }
}

/** The connection went away while a request was running. */
export class Lost extends Error {}

/** Somebody gave a request up. */
export class Cancelled extends Error {}

export class Connection extends EventTarget {
  #waiting = new Map();
  #serving = new Map();
  #next = 1;
  #attempt = 0;
  #timer = null;
  #deadline = null;
  #socket = null;
  #opening = 0;

  /** `path` is that of the WebSocket. `answer` serves requests of the server: from (method, params, signal) to a result. */
  constructor(path, answer) {
    super();
    this.url = at(`${path}?toolsets=all`).replace(/^http/, "ws");
    this.answer = answer;
    this.token = null;
    addEventListener("online", () => this.#timer && this.open());
  }

  open(token = this.token) {
    this.close();
    this.token = token;
    this.#tell("connecting");
    const socket = new WebSocket(this.url, token ? ["mcp", `bearer.${token}`] : ["mcp"]);
    const opening = ++this.#opening;
    let opened = false;
    // A proxy that does not know the upgrade may keep it for ever.
    this.#deadline = setTimeout(() => socket.close(), OPENING_MILLISECONDS);
    socket.onopen = () => {
      clearTimeout(this.#deadline);
      opened = true;
      this.#tell("open");
    };
    socket.onmessage = (event) => this.#read(event.data);
    socket.onclose = (event) => opening === this.#opening && this.#closed(event.code, opened);
    this.#socket = socket;
  }

  /** Ends it, and everything that waits for an answer. */
  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#deadline);
    this.#timer = null;
    this.#opening++;
    this.#socket?.close(1000);
    this.#socket = null;
    this.#lose();
  }

  /** It works: the next interruption is the first again. */
  settled() {
    this.#attempt = 0;
  }

  /** Tries again in `seconds`, or after longer and longer pauses. */
  retry(why = {}, seconds = null) {
    const pause = Math.min(LONGEST_SECONDS, 2 ** this.#attempt++) * (0.75 + Math.random() / 2);
    const milliseconds = 1000 * Math.min(LONGEST_WAIT_SECONDS, seconds ?? pause);
    this.#timer = setTimeout(() => this.open(), milliseconds);
    this.#tell("waiting", { ...why, until: Date.now() + milliseconds });
  }

  /** The result of a request. Rejects with Refusal, Lost or Cancelled. `signal` cancels; `progress` hears of it. */
  request(method, params = {}, { signal, progress } = {}) {
    const id = this.#next++;
    const sent = progress ? { ...params, _meta: { progressToken: id } } : params;
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) return reject(new Lost("There is no connection."));
      this.#waiting.set(id, { resolve, reject, progress });
      this.#send({ jsonrpc: "2.0", id, method, params: sent });
      signal?.addEventListener("abort", () => this.#cancel(id));
    });
  }

  notify(method, params) {
    this.#send({ jsonrpc: "2.0", method, ...(params && { params }) });
  }

  #cancel(id) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    this.notify("notifications/cancelled", { requestId: id, reason: "cancelled in the console" });
    waiting.reject(new Cancelled("Cancelled."));
  }

  #send(message) {
    const text = JSON.stringify(message);
    this.#socket?.send(text);
    this.dispatchEvent(new CustomEvent("frame", { detail: { way: "out", text } }));
  }

  #read(text) {
    this.dispatchEvent(new CustomEvent("frame", { detail: { way: "in", text } }));
    const message = JSON.parse(text);
    if (message.method && "id" in message) this.#serve(message);
    else if (message.method === "notifications/cancelled") this.#serving.get(message.params.requestId)?.abort();
    else if (message.method === "notifications/progress") this.#waiting.get(message.params.progressToken)?.progress?.(message.params);
    else if (message.method) this.dispatchEvent(new CustomEvent("notification", { detail: message }));
    else this.#settle(message);
  }

  #settle({ id, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Refusal(error));
    else waiting?.resolve(result);
  }

  async #serve({ id, method, params }) {
    const given = new AbortController();
    this.#serving.set(id, given);
    const answer = await this.answer(method, params, given.signal).then(
      (result) => ({ result }),
      (error) => ({ error: { code: error.code ?? -32603, message: error.message } }),
    );
    this.#serving.delete(id);
    if (!given.signal.aborted) this.#send({ jsonrpc: "2.0", id, ...answer });
  }

  async #closed(code, opened) {
    clearTimeout(this.#deadline);
    this.#socket = null;
    this.#lose();
    if (code === SESSION_ENDED) return this.#tell("ended");
    if (code === UNAUTHORIZED) return this.#tell("refused", { code: 401 });
    if (opened && code !== TRY_AGAIN_LATER) return this.retry({ why: "offline" });
    const attempt = this.#opening;
    const found = await probe(this.token);
    if (attempt !== this.#opening) return;
    if ([401, 403].includes(found.code)) this.#tell("refused", found);
    else if ([429, 503].includes(found.code)) this.retry({ why: String(found.code), ...found }, found.seconds);
    else if (opened) this.retry({ why: "503" });
    else this.retry({ why: found.code === 200 ? "blocked" : "offline", ...found });
  }

  #lose() {
    for (const { reject } of this.#waiting.values()) reject(new Lost("The connection was lost."));
    this.#waiting.clear();
    for (const given of this.#serving.values()) given.abort();
  }

  #tell(status, more = {}) {
    this.dispatchEvent(new CustomEvent("status", { detail: { status, ...more } }));
  }
}
