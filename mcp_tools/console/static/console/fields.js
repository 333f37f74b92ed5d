/**
 * Fields for the values of a JSON Schema. Each is {element, read, fill, problem}: read() answers a value, undefined when
 * nothing is entered; fill() takes one; problem() says in words what is missing or wrong, and marks the field.
 */

import { el, invalid, unique, words } from "./dom.js";
import { choose } from "./lookup.js";
import { free, group, many } from "./compound.js";

const LONG = /description|notes?$|content|body|message|comment$|terms|bio|text/i;
const USUALLY = /^Usually (.+)\.$/;

/** The field for `schema`. `scope` is {required, title, lookup(name), format(name), suggestions(name)}; `title`
 * replaces the name, and `format` knows what lists of tools leave out. */
export function field(name, declared, scope) {
  const schema = { format: scope.format?.(name), ...declared };
  const kind = typeOf(schema);
  if (kind === "object") return schema.properties ? group(name, schema, scope, field) : free(name, schema, scope);
  if (kind === "array") return many(name, schema, scope, field);
  const list = schema.format === "uuid" && scope.lookup(name);
  if (list) return choose(list, (input) => labelled(name, schema, scope, input), scope.required);
  if (schema.enum) return choice(name, schema, scope, schema.enum.map((value) => [String(value), value]));
  if (kind === "boolean") return choice(name, schema, scope, [["Yes", true], ["No", false]]);
  return entry(name, schema, scope, kind);
}

const typeOf = (schema) => [schema.type].flat().find((one) => one !== "null") ?? "string";

/** What a field is called, and whether it must be there. */
export const heading = (name, { title, required }) => [el("code", {}, title ?? name), required && !title && el("span", { class: "required" }, "required")].filter(Boolean);

/** A label with what is expected, the input, and room for a problem. */
export function labelled(name, schema, scope, input, below = null) {
  const id = unique("field");
  const about = schema.description ?? "";
  input.id ||= id;
  input.setAttribute("aria-describedby", `${id}-about ${id}-problem`);
  if (scope.required) input.setAttribute("aria-required", "true");
  return el(
    "div", { class: "field" },
    el("label", { for: input.id }, heading(name, scope)),
    input, below,
    el("p", { class: "about", id: `${id}-about` }, [about, hint(schema)].filter(Boolean).join(" · ")),
    el("p", { class: "problem", id: `${id}-problem`, hidden: true }),
  );
}

/** Shows a problem of `input`, or that there is none. Answers the problem. */
export function mark(input, problem) {
  const told = document.getElementById(input.getAttribute("aria-describedby").split(" ").at(-1));
  told.textContent = problem ?? "";
  told.hidden = !problem;
  invalid(input, problem);
  return problem;
}

function hint(schema) {
  const { minimum: low, maximum: high } = schema;
  const range = low !== undefined && high !== undefined ? `${low} to ${high}` : low !== undefined ? `at least ${low}` : high !== undefined ? `at most ${high}` : "";
  const otherwise = schema.default !== undefined ? `default ${JSON.stringify(schema.default)}` : "";
  const zone = schema.format === "date-time" ? `in your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}` : "";
  return [range, otherwise, zone].filter(Boolean).join(" · ");
}

function choice(name, schema, scope, options) {
  const input = el(
    "select", {}, el("option", { value: "" }, scope.required ? "Choose…" : "Not set"),
    options.map(([title], place) => el("option", { value: String(place) }, title)),
  );
  return {
    element: labelled(name, schema, scope, input),
    read: () => (input.value === "" ? undefined : options[Number(input.value)][1]),
    fill: (value) => {
      const place = options.findIndex(([, one]) => one === value);
      input.value = place < 0 ? "" : String(place);
    },
    problem: () => mark(input, scope.required && input.value === "" ? `Choose ${words(name).toLowerCase()}.` : null),
  };
}

const INPUTS = { date: "date", "date-time": "datetime-local", email: "email", uri: "url" };

function entry(name, schema, scope, kind) {
  const numeric = kind === "integer" || kind === "number";
  const type = numeric ? "number" : schema.writeOnly ? "password" : (INPUTS[schema.format] ?? "text");
  const long = type === "text" && LONG.test(name) && !schema.format;
  const input = long
    ? el("textarea", { rows: "3", autocomplete: "off" })
    : el("input", { type, step: numeric ? (kind === "integer" ? "1" : "any") : null, min: schema.minimum, max: schema.maximum, autocomplete: "off", spellcheck: "false", placeholder: schema.format === "uuid" ? "UUID" : null });
  const known = suggested(name, schema, scope);
  if (known.length) input.setAttribute("list", unique("known"));
  const datalist = known.length ? el("datalist", { id: input.getAttribute("list") }, known.map((value) => el("option", { value }))) : null;
  return {
    element: labelled(name, schema, scope, input, datalist),
    read: () => (input.value === "" ? undefined : numeric ? Number(input.value) : type === "datetime-local" ? new Date(input.value).toISOString() : input.value),
    fill: (value) => {
      input.value = value === undefined || value === null ? "" : type === "datetime-local" ? local(value) : type === "date" ? String(value).slice(0, 10) : String(value);
    },
    problem: () => mark(input, wrong(name, scope, input)),
  };
}

function wrong(name, scope, input) {
  const { validity } = input;
  if (input.value === "" && !validity.badInput) return scope.required ? `Enter ${words(name).toLowerCase()}.` : null;
  if (validity.badInput) return "This is not complete, or no number.";
  return validity.valid ? null : input.validationMessage;
}

function suggested(name, schema, scope) {
  const usual = USUALLY.exec(schema.description ?? "");
  return usual ? usual[1].split(/, | or /) : (scope.suggestions?.(name) ?? []);
}

/** The moment as an input of the browser wants it, in the time zone of the person. */
function local(value) {
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return "";
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
