/** Every message both ways, for people who want to see what is said. */

import { button, el } from "./dom.js";
import { copied } from "./copy.js";

const MOST = 200;
const SHOWN = 20000;
const SECRET = /^(password|newPassword|token|accessToken|refreshToken|secret)$/i;

export class Frames {
  #frames = [];
  #list = el("ol", { class: "frames" });
  #way = "all";

  constructor() {
    const filter = el(
      "select", { "aria-label": "Messages to show", change: (event) => { this.#way = event.target.value; this.#show(); } },
      [["all", "Both ways"], ["out", "Sent"], ["in", "Received"]].map(([value, title]) => el("option", { value }, title)),
    );
    const clear = button("Clear", () => { this.#frames = []; this.#show(); }, { class: "quiet small" });
    this.element = el("div", { class: "log" }, el("div", { class: "bar" }, filter, clear), this.#list);
    this.#show();
  }

  add({ way, text }) {
    const frame = { way, at: new Date(), size: text.length, text: masked(text) };
    this.#frames = [frame, ...this.#frames].slice(0, MOST);
    if (this.#list.isConnected) this.#show();
  }

  /** The drawer opened: what came meanwhile is shown. */
  show() {
    this.#show();
  }

  #show() {
    const shown = this.#frames.filter(({ way }) => this.#way === "all" || way === this.#way);
    const open = new Set([...this.#list.querySelectorAll("details[open]")].map((one) => one.frame));
    const items = shown.map((frame) => item(frame, open.has(frame)));
    this.#list.replaceChildren(...(items.length ? items : [el("li", { class: "empty" }, "Nothing was said yet.")]));
  }
}

function item(frame, open) {
  const { way, at, size, text } = frame;
  const message = JSON.parse(text);
  const what = message.method ?? (message.error ? `error ${message.error.code}` : "result");
  const summary = el(
    "summary", {}, el("span", { class: `way ${way}` }, way === "out" ? "→ sent" : "← received"), " ",
    el("code", {}, what), message.id !== undefined && el("span", { class: "about" }, ` #${message.id}`),
    el("span", { class: "about" }, ` ${at.toLocaleTimeString()} · ${size.toLocaleString("en")} bytes`),
  );
  const made = el("details", { open });
  made.frame = frame;
  made.append(summary);
  const fill = () => made.childElementCount > 1 || made.append(body(JSON.stringify(message, null, 2)));
  made.addEventListener("toggle", fill);
  if (open) fill();
  return el("li", {}, made);
}

function body(text) {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}\n… ${text.length - SHOWN} more characters; Copy takes all.` : text;
  const control = button("Copy", (event) => copied(event.target, text), { class: "quiet small" });
  return el("div", { class: "snippet" }, el("pre", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Message" }, shown), control);
}

const masked = (text) => JSON.stringify(JSON.parse(text, (key, value) => (SECRET.test(key) && typeof value === "string" ? "••••••" : value)));
