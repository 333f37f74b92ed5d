/** Choosing a record by its name, where an argument wants its id: a combobox after the ARIA pattern. */

import { el, unique } from "./dom.js";
import { mark } from "./fields.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NAMES = ["name", "title", "fullName", "employeeName", "invoiceNumber", "reference", "email", "date", "note"];
const PAUSE_MILLISECONDS = 200;

/** What people call a record. */
export function called(row) {
  const name = NAMES.map((key) => row[key]).find((value) => value !== undefined && value !== null && value !== "");
  return String(name ?? row.id);
}

/** What tells records of the same name apart. */
const besides = (row) => [row.code, row.status, row.email].filter((value) => value && value !== called(row)).slice(0, 2).join(" · ");

/** `list(text)` answers rows whose name has the text; `frame(input)` is the label around it. Items of a list are always `required`. */
export function choose(list, frame, required) {
  const box = unique("options");
  const options = el("ul", { class: "options", role: "listbox", id: box, "aria-label": "Records by name", hidden: true });
  const id = el("p", { class: "chosen", hidden: true });
  const input = el("input", { type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": box, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Name or UUID" });
  let chosen = null;
  let active = -1;
  let timer;
  let asked = 0;

  const rows = () => [...options.querySelectorAll("[role=option]")];
  const show = (open) => {
    options.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) point(-1);
  };
  function point(place) {
    rows().forEach((row, at) => row.setAttribute("aria-selected", String(at === place)));
    active = place;
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", rows()[place].id);
    rows()[place].scrollIntoView({ block: "nearest" });
  }
  function take(row) {
    chosen = row.id;
    input.value = called(row);
    id.textContent = row.id;
    id.hidden = false;
    show(false);
    mark(input, null);
  }
  async function ask() {
    const mine = ++asked;
    const found = await list(UUID.test(input.value.trim()) ? "" : input.value.trim());
    if (mine !== asked || document.activeElement !== input) return;
    const told = found === null ? "The list did not come. Enter the id." : "Nothing has this name.";
    options.replaceChildren(...(found?.length ? found.map(option) : [el("li", { class: "about", role: "option", "aria-disabled": "true", id: unique("option") }, told)]));
    show(true);
  }
  const option = (row) => el(
    "li", { role: "option", id: unique("option"), "aria-selected": "false", mousedown: (event) => { event.preventDefault(); take(row); } },
    called(row), besides(row) && el("span", { class: "about" }, besides(row)),
  );
  function forget() {
    chosen = null;
    id.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MILLISECONDS);
  }
  function press(event) {
    const choices = rows().filter((row) => !row.hasAttribute("aria-disabled"));
    if (event.key === "ArrowDown" && options.hidden) ask();
    else if (event.key === "Escape" && !options.hidden) { event.stopPropagation(); show(false); }
    else if (options.hidden || !choices.length) return;
    else if (event.key === "ArrowDown") point((active + 1) % choices.length);
    else if (event.key === "ArrowUp") point((active - 1 + choices.length) % choices.length);
    else if (event.key === "Enter" && active >= 0) choices[active].dispatchEvent(new MouseEvent("mousedown", { cancelable: true }));
    else return;
    event.preventDefault();
  }
  input.addEventListener("input", forget);
  input.addEventListener("focus", ask);
  input.addEventListener("keydown", press);
  input.addEventListener("blur", () => show(false));
  const element = frame(input);
  input.after(options, id);
  return {
    element,
    read: () => chosen ?? (input.value.trim() || undefined),
    fill: (value) => {
      chosen = null;
      id.hidden = true;
      input.value = value ?? "";
    },
    problem: () => {
      const value = chosen ?? input.value.trim();
      const missing = !value && required ? "Choose one by its name, or enter its id." : null;
      return mark(input, missing ?? (value && !UUID.test(value) ? "Choose one of the list, or enter a UUID." : null));
    },
  };
}
