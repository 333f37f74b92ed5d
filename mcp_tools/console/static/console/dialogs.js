/** Questions to the person: before something is destroyed, and those of the server. */

import { button, el, unique } from "./dom.js";
import { Form } from "./form.js";

/** Shows a dialog until `signal`. Answers what it closed with: the value of a button, or “” for Escape. */
export function dialog(title, content, actions = null, signal = null) {
  const id = unique("title");
  const made = el("dialog", { "aria-labelledby": id });
  const close = actions ?? [button("Close", () => made.close(""), { class: "quiet" })];
  made.append(el("h2", { id }, title), ...[content].flat().filter(Boolean), el("div", { class: "actions" }, close));
  document.body.append(made);
  made.showModal();
  signal?.addEventListener("abort", () => made.close(""));
  return new Promise((resolve) => {
    made.addEventListener("close", () => {
      made.remove();
      resolve(made.returnValue);
    });
  });
}

const closing = (words, value, attributes = {}) => button(words, (event) => event.target.closest("dialog").close(value), attributes);

/** Whether the person wants `tool` to destroy what `args` name; `called` is the record's name, where it has one. */
export async function confirmed(tool, args, called) {
  const what = called ? el("p", {}, "It is about ", el("strong", {}, called), ".") : null;
  const given = el("pre", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Arguments" }, JSON.stringify(args, null, 2));
  const actions = [closing("Cancel", "", { class: "quiet", autofocus: true }), closing(`Run ${tool.name}`, "yes", { class: "danger" })];
  return (await dialog("This cannot be undone", [el("p", {}, tool.description), what, given], actions)) === "yes";
}

/** Answers a question of the server (elicitation): {action, content?}. */
export function elicited(params, signal) {
  return params.mode === "url" ? visit(params, signal) : fill(params, signal);
}

async function fill({ message, requestedSchema }, signal) {
  const form = new Form(requestedSchema, { lookup: () => null });
  const send = button("Send", (event) => form.problem() || event.target.closest("dialog").close("accept"), { class: "primary" });
  const actions = [closing("Not now", "cancel", { class: "quiet" }), closing("Decline", "decline", { class: "quiet" }), send];
  const action = (await dialog("The server asks", [el("p", {}, message), form.element], actions, signal)) || "cancel";
  return action === "accept" ? { action, content: form.read() } : { action };
}

async function visit({ message, url }, signal) {
  const host = webHost(url);
  if (!host) return { action: "decline" };
  const link = el("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "button", click: (event) => event.target.closest("dialog").close("accept") }, `Open ${host}`);
  const told = [el("p", {}, message), el("p", {}, el("code", {}, url))];
  const action = await dialog("The server asks you to visit a page", told, [closing("Decline", "decline", { class: "quiet" }), link], signal);
  return { action: action || "cancel" };
}

/** The host of a web address; null for what is none, such as javascript:. */
function webHost(url) {
  try {
    const { protocol, host } = new URL(url);
    return ["http:", "https:"].includes(protocol) ? host : null;
  } catch {
    return null;
  }
}
