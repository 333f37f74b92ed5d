/** The arguments of a tool, as a form and as JSON; either can be turned into the other. */

import { button, el, invalid, isObject } from "./dom.js";
import { field } from "./fields.js";
import { unreadable } from "./compound.js";

const LOOKS = ["page", "limit", "sort", "fields", "format"];

/** `scope` is {lookup(name), format(name), suggestions(name)}; see fields.js. */
export class Form {
  #parts = [];
  #rest = {};
  #json;
  #told;
  #asJson = false;

  constructor(schema, scope) {
    const required = new Set(schema.required ?? []);
    const names = Object.keys(schema.properties ?? {});
    const order = [...names.filter((name) => required.has(name)), ...names.filter((name) => !required.has(name))];
    this.#parts = order.map((name) => [name, field(name, schema.properties[name], { ...scope, required: required.has(name) })]);
    this.#json = el("textarea", { class: "code", rows: "12", spellcheck: "false", "aria-label": "Arguments as JSON", "aria-describedby": "json-problem" });
    this.#told = el("p", { class: "problem", id: "json-problem", hidden: true });
    this.fields = el("div", { class: "fields" }, this.#fields());
    this.text = el("div", { class: "fields", hidden: true }, this.#json, this.#told);
    this.toggle = button("JSON", () => this.turn(), { class: "quiet small", "aria-pressed": "false" });
    this.element = el("div", {}, this.fields, this.text);
  }

  #fields() {
    if (!this.#parts.length) return el("p", { class: "about" }, "This tool takes no arguments.");
    const looks = this.#parts.filter(([name]) => LOOKS.includes(name)).map(([, part]) => part.element);
    const own = this.#parts.filter(([name]) => !LOOKS.includes(name)).map(([, part]) => part.element);
    return [...own, looks.length ? el("details", { class: "looks" }, el("summary", {}, "Paging and format"), looks) : null].filter(Boolean);
  }

  /** Form to JSON, or back; what is no JSON stays to be mended. */
  turn() {
    if (this.#asJson && this.problem()) return this.#json.focus();
    const args = this.read();
    this.#asJson = !this.#asJson;
    this.toggle.setAttribute("aria-pressed", String(this.#asJson));
    this.fields.hidden = this.#asJson;
    this.text.hidden = !this.#asJson;
    this.fill(args);
  }

  /** The arguments, as far as they are entered. */
  read() {
    if (this.#asJson) return this.#json.value.trim() ? JSON.parse(this.#json.value) : {};
    const entered = this.#parts.map(([name, part]) => [name, part.read()]).filter(([, value]) => value !== undefined);
    return { ...this.#rest, ...Object.fromEntries(entered) };
  }

  /** Takes arguments; those that no field is for are kept and sent as they are. */
  fill(args) {
    const given = isObject(args) ? args : {};
    const known = new Set(this.#parts.map(([name]) => name));
    this.#rest = Object.fromEntries(Object.entries(given).filter(([name]) => !known.has(name)));
    this.#json.value = JSON.stringify(given, null, 2);
    for (const [name, part] of this.#parts) part.fill(given[name]);
    const looks = this.fields.querySelector(".looks");
    if (looks) looks.open = LOOKS.some((name) => name in given);
  }

  /** What is missing or wrong, in words; null when it can be sent. The first wrong field gets the focus. */
  problem() {
    const problem = this.#asJson ? this.#unreadable() : (this.#parts.map(([, part]) => part.problem()).filter(Boolean)[0] ?? null);
    if (problem) this.element.querySelector("[aria-invalid]")?.focus();
    return problem;
  }

  #unreadable() {
    const problem = unreadable(this.#json.value);
    this.#told.textContent = problem ?? "";
    this.#told.hidden = !problem;
    invalid(this.#json, problem);
    return problem;
  }
}

/** The arguments without what must not be kept or shown, such as passwords. */
export function withoutSecrets(args, schema) {
  const secret = (name) => schema.properties?.[name]?.writeOnly;
  return Object.fromEntries(Object.entries(args).filter(([name]) => !secret(name)));
}
