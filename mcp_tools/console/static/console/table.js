/** Records as a table that sorts by a click on a column. */

import { button, el, isObject, words } from "./dom.js";

const FIRST = ["name", "title", "fullName", "email", "status", "date"];
const LAST = ["id", "createdAt", "updatedAt"];

/** The rows of an answer: its items, or itself as pairs; null when it is neither. */
export function rows(structured) {
  if (Array.isArray(structured?.items)) return structured.items.map((item) => (isObject(item) ? item : { value: item }));
  return isObject(structured) ? Object.entries(structured).map(([field, value]) => ({ field, value })) : null;
}

export function table(records, label) {
  const names = columns(records);
  const body = el("tbody");
  let order = { name: null, down: false };
  const heads = names.map((name) => el("th", { scope: "col", "aria-sort": "none" }, button(words(name), () => sort(name), { class: "sort" })));
  function sort(name) {
    order = { name, down: order.name === name && !order.down };
    heads.forEach((head, place) => head.setAttribute("aria-sort", names[place] !== name ? "none" : order.down ? "descending" : "ascending"));
    fill([...records].sort((a, b) => compare(a[name], b[name]) * (order.down ? -1 : 1)));
  }
  const fill = (sorted) => body.replaceChildren(...sorted.map((record) => el("tr", {}, names.map((name) => el("td", {}, cell(record[name]))))));
  fill(records);
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, el("table", {}, el("thead", {}, el("tr", {}, heads)), body));
}

/** RFC 4180, with a quote before what a spreadsheet would run. */
export function csv(records) {
  const names = columns(records);
  const written = (value) => {
    const text = /^[=+@-]/.test(cell(value)) && typeof value === "string" ? `'${value}` : cell(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...records.map((record) => names.map((name) => record[name]))].map((line) => line.map(written).join(",")).join("\r\n");
}

function columns(records) {
  const names = [...new Set(records.flatMap(Object.keys))];
  const place = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : LAST.includes(name) ? 200 + LAST.indexOf(name) : /Id$|Ids$/.test(name) ? 190 : 100);
  return names.sort((a, b) => place(a) - place(b));
}

function cell(value) {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value) && value.every((one) => !isObject(one))) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : cell(a).localeCompare(cell(b), undefined, { numeric: true }));
