/** The calls of this tab, to look at and to run again. Passwords are not kept. */

import { button, el } from "./dom.js";
import { seconds, tokens } from "./answer.js";

const KEPT = "gauzy-history";
const MOST = 50;
const LONGEST = 20000;
const OUTCOMES = { done: "done", failed: "failed", cancelled: "cancelled", refused: "refused", lost: "lost" };

export class History {
  #calls = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  #list = el("ol", { class: "history" });

  /** `replay(name, args, now)` fills the form of a tool, and runs it when `now`. */
  constructor(replay) {
    this.replay = replay;
    const clear = button("Clear", () => this.#keep([]), { class: "quiet small" });
    this.element = el("div", { class: "log" }, el("div", { class: "bar" }, el("p", { class: "about" }, "Kept in this tab only, without passwords."), clear), this.#list);
    this.#show();
  }

  add(name, args, outcome, taken, result) {
    const long = JSON.stringify(args).length > LONGEST;
    const call = { name, args: long ? {} : args, long, outcome, taken: Math.round(taken), at: Date.now(), tokens: result ? tokens(result) : null };
    this.#keep([call, ...this.#calls].slice(0, MOST));
  }

  #keep(calls) {
    this.#calls = calls;
    sessionStorage.setItem(KEPT, JSON.stringify(calls));
    this.#show();
  }

  #show() {
    const items = this.#calls.map((call) => this.#item(call));
    this.#list.replaceChildren(...(items.length ? items : [el("li", { class: "empty" }, "Nothing was run yet.")]));
  }

  #item({ name, args, long, outcome, taken, at, tokens: size }) {
    const given = long ? "arguments too long to keep" : Object.keys(args).length ? JSON.stringify(args) : "without arguments";
    const told = [new Date(at).toLocaleTimeString(), seconds(taken), size !== null && `about ${size.toLocaleString("en")} tokens`].filter(Boolean).join(" · ");
    return el(
      "li", {},
      el("div", {}, el("code", {}, name), " ", el("span", { class: `outcome ${outcome}` }, OUTCOMES[outcome]), el("p", { class: "says" }, given), el("p", { class: "about" }, told)),
      el("div", { class: "buttons" },
        button("Open", () => this.replay(name, args, false), { class: "quiet small", "aria-label": `Open: ${name} with these arguments` }),
        button("Run again", () => this.replay(name, args, true), { class: "quiet small", "aria-label": `Run again: ${name}` })),
    );
  }
}
