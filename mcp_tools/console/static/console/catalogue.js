/** The tools by toolset, with a search and the keyboard. */

import { button, byId, el, say, words } from "./dom.js";
import { nature } from "./client.js";

const PAUSE_MILLISECONDS = 350;
const MOST = 60;
const TELL = { reads: "read", writes: "write", destroys: "destructive" };

export const badge = (tool) => (TELL[nature(tool)] ? el("span", { class: `badge ${nature(tool)}` }, TELL[nature(tool)]) : null);

export class Catalogue {
  #list = byId("tools");
  #search = byId("search");
  #tools = [];
  #toolsets = {};
  #open = new Set(["core"]);
  #chosen = null;
  #timer = null;

  /** `choose(tool)` opens one; `further(query)` asks the server for tools by meaning. */
  constructor(choose, further) {
    this.choose = choose;
    this.further = further;
    this.#search.addEventListener("input", () => this.show());
    this.#search.addEventListener("keydown", (event) => this.#keys(event));
    this.#list.addEventListener("keydown", (event) => this.#keys(event));
  }

  /** `toolsets` names the tools of each; `foot` stands below them all. */
  fill(tools, toolsets, foot = null) {
    this.#tools = [...tools.values()].map((tool) => ({ tool, text: `${tool.name} ${tool.title ?? ""} ${tool.description}`.toLowerCase() }));
    this.#toolsets = toolsets;
    this.foot = foot;
    this.show();
  }

  focus() {
    this.#search.focus();
    this.#search.select();
  }

  /** Marks the tool that is open. */
  mark(name) {
    this.#chosen = name;
    for (const item of this.#list.querySelectorAll(".item")) this.#current(item, item.dataset.tool === name);
  }

  #current(item, is) {
    if (is) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }

  show() {
    clearTimeout(this.#timer);
    const query = this.#search.value.trim().toLowerCase();
    this.#list.replaceChildren(...(query ? this.#results(query) : this.#groups()));
    this.mark(this.#chosen);
  }

  #groups() {
    const by = new Map(this.#tools.map(({ tool }) => [tool.name, tool]));
    const listed = Object.entries(this.#toolsets).map(([name, names]) => [name, names.filter((one) => by.has(one)).map((one) => by.get(one))]);
    const shown = listed.filter(([, tools]) => tools.length).map(([name, tools]) => this.#group(name, tools));
    return this.foot ? [...shown, this.foot] : shown;
  }

  #group(name, tools) {
    const list = el("ul", { hidden: !this.#open.has(name) });
    const fill = () => list.childElementCount || list.append(...tools.map((tool) => this.#item(tool)));
    const title = button([words(name), " ", el("span", { class: "count" }, String(tools.length))], turn, { class: "toolset", "aria-expanded": String(!list.hidden) });
    const mark = () => this.mark(this.#chosen);
    const open = this.#open;
    function turn() {
      list.hidden = !list.hidden;
      title.setAttribute("aria-expanded", String(!list.hidden));
      if (list.hidden) open.delete(name);
      else open.add(name);
      fill();
      mark();
    }
    if (!list.hidden) fill();
    return el("section", {}, el("h2", {}, title), list);
  }

  #results(query) {
    const parts = query.split(/\s+/);
    const found = this.#tools.filter(({ text }) => parts.every((part) => text.includes(part)));
    const rank = ({ tool }) => (tool.name === query ? 0 : tool.name.startsWith(query) ? 1 : parts.every((part) => tool.name.includes(part)) ? 2 : 3);
    const best = found.map((one) => [rank(one), one.tool]).sort(([a], [b]) => a - b).slice(0, MOST).map(([, tool]) => tool);
    say(`${found.length} ${found.length === 1 ? "tool" : "tools"} found`);
    if (best.length) return [el("ul", {}, best.map((tool) => this.#item(tool)))];
    this.#timer = setTimeout(() => this.#ask(query), PAUSE_MILLISECONDS);
    return [el("p", { class: "empty" }, "No tool has these words. Looking for what they mean…")];
  }

  async #ask(query) {
    const found = await this.further(query);
    if (this.#search.value.trim().toLowerCase() !== query) return;
    say(`${found.length} tools found by meaning`);
    const told = found.length ? "No tool has these words. Closest by meaning:" : "No tool has these words, or means this. Try fewer or other words.";
    this.#list.replaceChildren(el("p", { class: "empty" }, told), el("ul", {}, found.map((tool) => this.#item(tool))));
  }

  #item(tool) {
    const name = el("span", { class: "line" }, el("code", {}, tool.name), badge(tool));
    return el("li", {}, button([name, el("span", { class: "says" }, tool.description)], () => this.choose(tool), { class: "item", "data-tool": tool.name }));
  }

  #keys(event) {
    const stops = [this.#search, ...this.#list.querySelectorAll("ul:not([hidden]) .item, .toolset")];
    const at = stops.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: at > 0 ? 1 : at, End: at > 0 ? stops.length - 1 : at }[event.key];
    if (to !== undefined && stops[to] && to !== at) stops[to].focus();
    else if (event.key === "Enter" && at === 0) this.#list.querySelector(".item")?.click();
    else if (event.key === "Escape" && at === 0 && this.#search.value) this.#clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #clear() {
    this.#search.value = "";
    this.show();
  }
}
