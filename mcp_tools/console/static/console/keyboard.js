/** The keys of the whole page, and the way back. */

import { byId } from "./dom.js";

const NARROW = matchMedia("(max-width: 759px)");

/** / goes to the search, Escape one step back: from the drawer, from an answer on a phone, from a tool. */
export function keyboard(catalogue, drawer, pane) {
  const view = document.body.dataset;
  function press(event) {
    const typing = event.target.matches("input, textarea, select");
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/" && !typing) catalogue.focus();
    else if (event.key === "Escape") back();
    else return;
    event.preventDefault();
  }
  function back() {
    if (drawer.isOpen) return drawer.close();
    if (NARROW.matches && view.view === "answer" && pane.tool) {
      view.view = "tool";
      return byId("tool").focus();
    }
    view.view = "list";
    (document.querySelector("ul:not([hidden]) > li > .item[aria-current]") ?? byId("search")).focus();
  }
  addEventListener("keydown", press);
  byId("back").addEventListener("click", back);
}
