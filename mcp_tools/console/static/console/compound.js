/** Fields that hold others: objects, lists, and objects whose names are free. See fields.js for what a field is. */

import { button, el, invalid, isObject, unique, words } from "./dom.js";
import { heading } from "./fields.js";

const one = (name) => words(name.replace(/ies$/, "y").replace(/s$/, "")).toLowerCase();

/** A fieldset with the properties of an object. */
export function group(name, schema, scope, field) {
  const required = new Set(schema.required ?? []);
  const parts = Object.entries(schema.properties).map(([key, inner]) => [key, field(key, inner, { ...scope, title: undefined, required: required.has(key) })]);
  const entered = () => Object.fromEntries(parts.map(([key, part]) => [key, part.read()]).filter(([, value]) => value !== undefined));
  const element = el(
    "fieldset", { class: "group" }, el("legend", {}, heading(name, scope)),
    schema.description && el("p", { class: "about" }, schema.description), parts.map(([, part]) => part.element),
  );
  return {
    element,
    read: () => {
      const value = entered();
      return scope.required || Object.keys(value).length ? value : undefined;
    },
    fill: (value) => parts.forEach(([key, part]) => part.fill(isObject(value) ? value[key] : undefined)),
    problem: () => {
      // Nothing of an optional object is missing while nothing of it is there.
      if (!scope.required && !Object.keys(entered()).length) return null;
      return parts.map(([, part]) => part.problem()).find(Boolean) ?? null;
    },
  };
}

/** A list of like fields that grows and shrinks. */
export function many(name, schema, scope, field) {
  const most = schema.maxItems ?? Infinity;
  const list = el("ol", { class: "many" });
  const told = el("p", { class: "problem", id: unique("problem"), hidden: true });
  const adding = button(`Add ${one(name)}`, () => add().element.querySelector("input,select,textarea")?.focus(), { class: "quiet small" });
  let parts = [];
  function add(value) {
    const part = field(name, schema.items ?? {}, { ...scope, required: true, title: one(name) });
    const item = el("li", {}, part.element, button("Remove", () => remove(part, item), { class: "quiet small", "aria-label": `Remove this ${one(name)}` }));
    if (value !== undefined) part.fill(value);
    parts.push(part);
    list.append(item);
    adding.disabled = parts.length >= most;
    return part;
  }
  function remove(part, item) {
    parts = parts.filter((other) => other !== part);
    item.remove();
    adding.disabled = false;
    adding.focus();
  }
  const element = el(
    "fieldset", { class: "group", "aria-describedby": told.id },
    el("legend", {}, heading(name, scope)),
    schema.description && el("p", { class: "about" }, schema.description), list, told, adding,
  );
  return {
    element,
    read: () => (parts.length || scope.required ? parts.map((part) => part.read()).filter((value) => value !== undefined) : undefined),
    fill: (value) => {
      parts = [];
      list.replaceChildren();
      if (Array.isArray(value)) value.forEach(add);
    },
    problem: () => {
      const few = (schema.minItems ?? (scope.required ? 1 : 0)) > parts.length && (scope.required || parts.length);
      told.textContent = few ? `Add at least ${schema.minItems ?? 1}.` : "";
      told.hidden = !few;
      return few ? told.textContent : (parts.map((part) => part.problem()).find(Boolean) ?? null);
    },
  };
}

/** An object whose names are free, as JSON. */
export function free(name, schema, scope) {
  const id = unique("field");
  const input = el("textarea", { id, rows: "4", class: "code", spellcheck: "false", placeholder: "{ }", "aria-describedby": `${id}-problem` });
  const told = el("p", { class: "problem", id: `${id}-problem`, hidden: true });
  const label = el("label", { for: id }, heading(name, scope));
  return {
    element: el("div", { class: "field" }, label, input, schema.description && el("p", { class: "about" }, schema.description), told),
    read: () => (input.value.trim() ? JSON.parse(input.value) : undefined),
    fill: (value) => (input.value = value === undefined ? "" : JSON.stringify(value, null, 2)),
    problem: () => {
      const problem = unreadable(input.value, scope.required);
      told.textContent = problem ?? "";
      told.hidden = !problem;
      invalid(input, problem);
      return problem;
    },
  };
}

/** What is wrong with text that should be a JSON object, or null. */
export function unreadable(text, required = false) {
  if (!text.trim()) return required ? "Enter a JSON object." : null;
  try {
    return isObject(JSON.parse(text)) ? null : "This must be a JSON object: { … }";
  } catch (error) {
    return `This is no JSON: ${error.message}`;
  }
}
