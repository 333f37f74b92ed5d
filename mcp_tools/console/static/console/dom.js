/** Elements without markup: what is data only ever becomes text. */

let count = 0;

/** A name for an element that another one refers to. */
export const unique = (word) => `${word}-${++count}`;

/**
 * An element. `attributes` whose value is a function are listeners, true stands for an empty attribute; null, false and
 * undefined are left out. Children that are no nodes become text.
 */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const button = (words, click, attributes = {}) => el("button", { type: "button", click, ...attributes }, words);

export const byId = (id) => document.getElementById(id);

/** Has a screen reader say something. */
export const say = (text) => (byId("said").textContent = text);

/** Words of a name: `product_categories` and `productCategories` are “Product categories”. */
export function words(name) {
  const spaced = name.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Marks an input as wrong, or as right again. */
export function invalid(input, wrong) {
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** Tabs after the ARIA pattern: arrows move, one panel shows. `tabs` is [[title, panel], …]. */
export function tabs(label, choices) {
  const titles = choices.map(([title, panel], place) => {
    panel.id ||= unique("panel");
    panel.setAttribute("role", "tabpanel");
    const tab = button(title, () => choose(place), { role: "tab", id: unique("tab"), "aria-controls": panel.id });
    panel.setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  function choose(chosen) {
    choices.forEach(([, panel], place) => {
      panel.hidden = place !== chosen;
      titles[place].setAttribute("aria-selected", String(place === chosen));
      titles[place].tabIndex = place === chosen ? 0 : -1;
    });
  }
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (titles.indexOf(event.target) + step + titles.length) % titles.length;
    choose(next);
    titles[next].focus();
  }
  choose(0);
  return el("div", { role: "tablist", class: "tabs", "aria-label": label, keydown: move }, titles);
}
