/** The answer of a call: as a table, as JSON and as the text that a model reads, with its size. */

import { button, el, say, tabs } from "./dom.js";
import { csv, rows, table } from "./table.js";
import { copied } from "./copy.js";

const BYTES_PER_TOKEN = 4;

/** `next(args)` asks for more of the same; see main.js. */
export function answer(result, { title, taken, next }) {
  const told = facts(result, taken);
  say(`${title} answered: ${told}`);
  const { structuredContent: structured, content } = result;
  const records = rows(structured);
  const panels = [
    records && ["Table", el("div", {}, records.length ? table(records, `${title}: table`) : el("p", { class: "empty" }, "There are no records."))],
    structured && ["JSON", code(JSON.stringify(structured, null, 2), "JSON")],
    ["Text", el("div", {}, content.map(block))],
  ].filter(Boolean);
  const tools = [
    records?.length && button("Copy CSV", (event) => copied(event.target, csv(records)), { class: "quiet small" }),
    structured && button("Copy JSON", (event) => copied(event.target, JSON.stringify(structured, null, 2)), { class: "quiet small" }),
  ];
  return el(
    "div", { class: "result" },
    el("p", { class: "facts" }, el("code", {}, title), ` · ${told}`),
    structured?.truncated && truncated(structured, next),
    el("div", { class: "bar" }, tabs("Answer as", panels), el("div", { class: "buttons" }, tools)),
    panels.map(([, panel]) => panel),
    structured?.has_more && !structured.truncated && next && button("Next page", () => next({ page: (structured.page ?? 1) + 1 }), { class: "quiet" }),
  );
}

/** About how many tokens the text of an answer takes, as the server's budgets count. */
export function tokens(result) {
  const text = result.content.filter((one) => one.type === "text").map((one) => one.text).join("\n");
  return Math.ceil(new TextEncoder().encode(text).length / BYTES_PER_TOKEN);
}

export function seconds(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toLocaleString("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 })} s`;
}

function facts(result, taken) {
  const { items, total } = result.structuredContent ?? {};
  const shown = Array.isArray(items) ? (total === undefined ? `${items.length} records` : `${items.length} of ${total} records`) : null;
  return [shown, taken && seconds(taken), `about ${tokens(result).toLocaleString("en")} tokens`].filter(Boolean).join(" · ");
}

function truncated(structured, next) {
  const shown = structured.items?.length;
  return el(
    "div", { class: "state warns", "data-state": "truncated" },
    el("h3", {}, "This answer was cut to fit"),
    el("p", {}, structured.truncated),
    next && shown > 0 && button(`Ask page by page, ${shown} each`, () => next({ limit: shown, page: 1 }), { class: "quiet small" }),
  );
}

function block(one) {
  if (one.type === "text") return code(one.text, "text");
  if (one.type === "image") return el("img", { src: `data:${one.mimeType};base64,${one.data}`, alt: "Image of the answer" });
  if (one.type === "resource_link") return el("p", {}, `${one.title ?? one.name}: `, el("code", {}, one.uri));
  if (one.type === "resource" && one.resource.blob) return file(one.resource);
  return code(one.resource?.text ?? JSON.stringify(one, null, 2), one.type);
}

function file({ blob, mimeType, uri }) {
  const name = decodeURIComponent(uri.split("/").at(-1));
  const bytes = Uint8Array.from(atob(blob), (letter) => letter.charCodeAt(0));
  const save = () => {
    const link = el("a", { href: URL.createObjectURL(new Blob([bytes], { type: mimeType })), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return el("p", {}, button(`Save ${name}`, save, { class: "quiet" }));
}

const code = (text, label) => el("pre", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Answer as ${label}` }, text);
