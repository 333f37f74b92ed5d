/** What the page says when not all is well, or nothing is there yet. Each state has a name in `data-state`. */

import { button, byId, el, say } from "./dom.js";

/** A state as a block. `actions` are buttons; one with a `tone`, warns or fails, is said aloud. */
export function state(name, title, told, actions = [], tone = "") {
  if (tone) say(title);
  return el("div", { class: `state ${tone}`, "data-state": name }, el("h3", {}, title), ...[told].flat().filter(Boolean).map((one) => (one instanceof Node ? one : el("p", {}, one))), actions.length ? el("div", { class: "buttons" }, actions) : null);
}

/** Counts down to `until`, in milliseconds since 1970, then calls `done`. Answers {element, stop}. */
export function countdown(until, before, done) {
  const element = el("span", { class: "countdown" });
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    element.textContent = `${before} ${left} s`;
    if (left > 0) return;
    clearInterval(timer);
    done?.();
  };
  const timer = setInterval(tick, 250);
  tick();
  return { element, stop: () => clearInterval(timer) };
}

let counting = null;

/** The line below the head of the page; without a title there is none. */
export function notice(name, title, told, actions = [], until = null) {
  const place = byId("notice");
  counting?.stop();
  counting = until ? countdown(until, "Trying again in") : null;
  const same = place.dataset.state === name && place.querySelector("p")?.textContent === `${title} ${told}`;
  place.hidden = !title;
  place.dataset.state = name ?? "";
  if (!title) return place.replaceChildren();
  const before = place.querySelector(".countdown");
  // The same sentence with another countdown is not read out again, and a button that is being pressed stays.
  if (same && before && counting) return before.replaceWith(counting.element);
  place.replaceChildren(el("p", { role: "alert" }, el("strong", {}, title), " ", told), ...[counting?.element, ...actions].filter(Boolean));
}

function trying() {
  counting?.stop();
  if (counting) counting.element.textContent = "Trying now";
}

/** Why it waits, and what that means. */
const WAITING = {
  offline: ["The server is away.", "This page connects again by itself; nothing that you entered is lost."],
  blocked: ["WebSockets do not get through.", `The server answers over HTTP. A proxy in front of it must pass the WebSocket's upgrade on: HTTP/1.1 with the headers Upgrade and Connection. If it does, add ${location.origin} to MCP_WS_ALLOWED_ORIGINS.`],
  429: ["Too many requests.", "The server asks to wait."],
  503: ["The server is not ready.", "It answers, but cannot work now."],
};

/** Shows the state of the connection. `act` is {retry, signIn(scope)}; `told` is the detail of a status event. */
export function connectionState(told, act) {
  // Between two attempts nothing changes for the person who waits.
  if (told.status === "connecting" && !byId("notice").hidden) return trying();
  pill(told);
  if (told.status === "waiting") {
    const [title, about] = WAITING[told.why];
    const beside = told.why === "503" ? told.message : told.why === "offline" && told.code ? `A proxy in front of it answers ${told.code}. ${about}` : "";
    notice(told.why, title, beside || about, [button("Try now", act.retry, { class: "quiet small" })], told.until);
  } else if (told.status === "ended") {
    notice("ended", "This session was ended.", "An operator ended it on the server.", [button("Connect again", act.retry, { class: "quiet small" })]);
  } else if (told.status === "refused" && told.code === 401) {
    notice("401", "Your sign-in has ended.", "The server no longer accepts it.", [button("Sign in again", () => act.signIn(), { class: "primary small" })]);
  } else if (told.status === "refused") {
    const more = told.scope ? button(`Sign in with ${told.scope}`, () => act.signIn(told.scope), { class: "primary small" }) : button("Try again", act.retry, { class: "quiet small" });
    notice("403", "The server does not let this page in.", told.scope ? `It needs ${told.scope}.` : told.message || "It answers 403 without a reason, as a proxy in front of it may.", [more]);
  } else notice(null);
}

const PILL = { connecting: "Connecting", open: "Connected", waiting: "Offline", refused: "Not let in", ended: "Ended", "signed-out": "Signed out" };

function pill({ status, why }) {
  const place = byId("connection");
  const words = why === "429" || why === "503" ? "Waiting" : PILL[status];
  if (place.textContent.trim() === words && place.dataset.status === status) return;
  place.dataset.status = status;
  place.querySelector(".words").textContent = words;
}

/** The page of somebody who is not signed in. `signIn(scope)` leaves for the sign-in page. */
export function signedOut(signIn, problem) {
  const writes = el("input", { type: "checkbox", id: "with-writes" });
  const go = () => signIn(writes.checked ? "mcp.read mcp.write" : "mcp.read");
  return state("signed-out", "Sign in to use the tools", [
    problem && el("p", { class: "problem", role: "alert" }, problem),
    "You sign in at the authorization server of this Gauzy, and come back here. The sign-in stays in this tab.",
    el("p", { class: "check" }, writes, el("label", { for: "with-writes" }, "Also let this page change data (mcp.write)")),
  ], [button("Sign in", go, { class: "primary" })]);
}

export const noAnswer = () => state("empty", "No answer yet", "Run the tool, and its answer shows here as a table, as JSON, and as the text that a model reads.");

export function noTool(known) {
  const keys = [["/", "search"], ["↑ ↓", "move"], ["Enter", "open"], ["Ctrl Enter", "run"], ["Esc", "back"]];
  const shown = el("ul", { class: "keys" }, keys.map(([key, does]) => el("li", {}, el("kbd", {}, key), ` ${does}`)));
  return state("no-tool", "Choose a tool", [known ? `${known} tools are here. Look for one by what it should do.` : "They show here as soon as the page is connected.", shown]);
}
