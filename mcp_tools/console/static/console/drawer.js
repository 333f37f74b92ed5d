/** The drawer at the bottom: history and log, one at a time. */

import { byId } from "./dom.js";

export class Drawer {
  #place = byId("drawer");
  #shown = null;

  /** `rooms` are {history, log}; each has an element, and may have show(). */
  constructor(rooms) {
    this.rooms = rooms;
    for (const name of Object.keys(rooms)) byId(`open-${name}`).addEventListener("click", () => (this.#shown === name ? this.close() : this.#open(name)));
  }

  get isOpen() {
    return this.#shown !== null;
  }

  close() {
    const from = this.#shown;
    this.#open(null);
    byId(`open-${from}`)?.focus();
  }

  #open(name) {
    this.#shown = name;
    this.#place.hidden = !name;
    for (const room of Object.keys(this.rooms)) byId(`open-${room}`).setAttribute("aria-expanded", String(room === name));
    if (!name) return this.#place.replaceChildren();
    this.#place.replaceChildren(this.rooms[name].element);
    this.rooms[name].show?.();
  }
}
