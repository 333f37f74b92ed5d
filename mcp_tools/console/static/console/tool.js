/** The tool that is open: what it does, its form, and the ways to run and copy it. */

import { button, byId, el, words } from "./dom.js";
import { badge } from "./catalogue.js";
import { Form, withoutSecrets } from "./form.js";
import { noTool } from "./states.js";

const place = byId("tool");

export class ToolPane {
  tool = null;
  #form = null;
  #until = 0;

  /** `run(tool, args)`, `copy(tool, args)`; `scope(tool)` is what fields ask, see form.js. */
  constructor(act) {
    this.act = act;
    place.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && this.run());
  }

  /** Shows a tool with `args` filled in. */
  open(tool, args = {}) {
    this.tool = tool;
    this.#form = new Form(tool.inputSchema, this.act.scope(tool));
    this.#form.fill(args);
    this.#run = button("Run", () => this.run(), { class: "primary", id: "run", "aria-keyshortcuts": "Control+Enter" });
    const copy = button("Copy as…", () => this.#form.problem() || this.act.copy(tool, withoutSecrets(this.#form.read(), tool.inputSchema)), { class: "quiet" });
    place.replaceChildren(
      el("div", { class: "head" }, el("h2", {}, tool.title ?? words(tool.name)), badge(tool)),
      el("p", { class: "name" }, el("code", {}, tool.name)), el("p", {}, tool.description),
      el("div", { class: "bar" }, el("h3", {}, "Arguments"), this.#form.toggle), this.#form.element,
      el("div", { class: "run" }, this.#run, copy),
    );
    place.scrollTop = 0;
    this.#hold();
  }

  #run = null;

  /** Runs it unless something is missing. */
  run() {
    if (this.#run.disabled || this.#form.problem()) return;
    this.act.run(this.tool, this.#form.read());
  }

  /** The arguments as they may be kept; see withoutSecrets. */
  draft() {
    if (!this.tool) return null;
    return { name: this.tool.name, args: this.#form.problem() ? {} : withoutSecrets(this.#form.read(), this.tool.inputSchema) };
  }

  /** Whether one may run a tool now. */
  allow(may) {
    this.may = may;
    this.#hold();
  }

  /** Nothing runs before `until`, in milliseconds since 1970. */
  hold(until) {
    this.#until = until;
    setTimeout(() => this.#hold(), until - Date.now() + 50);
    this.#hold();
  }

  may = true;

  #hold() {
    if (this.#run) this.#run.disabled = !this.may || Date.now() < this.#until;
  }

  /** Shows something else in place of a tool. */
  instead(block) {
    this.tool = null;
    place.replaceChildren(el("h2", { class: "unseen" }, "Tool"), block);
  }

  empty(known) {
    this.instead(noTool(known));
  }
}
