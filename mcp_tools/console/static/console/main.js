/** Puts the parts of the console together. */

import { button, byId, el } from "./dom.js";
import { Catalogue } from "./catalogue.js";
import { Client } from "./client.js";
import { Connection, Lost } from "./connection.js";
import { connectClient, copyCall } from "./copy.js";
import { dialog, elicited } from "./dialogs.js";
import { Drawer } from "./drawer.js";
import { Frames } from "./frames.js";
import { History } from "./history.js";
import { keyboard } from "./keyboard.js";
import { Lookups } from "./lookups.js";
import { address, at } from "./place.js";
import { Runner } from "./runner.js";
import { SignIn } from "./signin.js";
import { connectionState, signedOut, state } from "./states.js";
import { ToolPane } from "./tool.js";

const LONGEST_TIMEOUT = 2 ** 31 - 1;
const BUSY_MILLISECONDS = 1000;
const CHANGE_WHO = ["login", "logout", "link_account", "unlink_account", "switch_organization"];

const page = document.documentElement.dataset;
const signIn = "signsIn" in page ? new SignIn(page.endpoint, page.client, page.clientPlaces.split(" ").filter(Boolean)) : null;
const connection = new Connection(page.endpoint, (method, params, signal) => serve(method, params, signal));
const client = new Client(connection);
const frames = new Frames();
const lookups = new Lookups(client);
const pane = new ToolPane({ run: (tool, args) => runner.run(tool, args), copy: (tool, args) => copyCall(tool, args, facts.clients), scope: (tool) => lookups.scope(tool) });
const calls = new History((name, args, now) => replay(name, args, now));
const runner = new Runner(client, { history: calls, pane, changed, signIn: stepUp });
const catalogue = new Catalogue((tool) => open(tool), (query) => client.search(query));
const drawer = new Drawer({ history: calls, log: frames });

let facts = { toolsets: {}, lookups: {}, formats: {}, searches: {}, clients: [] };
let draft = null;
let renewal = null;
let renewed = false;

async function serve(method, params, signal) {
  if (method === "ping") return {};
  if (method === "elicitation/create") return runner.agreement(params) ?? elicited(params, signal);
  throw Object.assign(new Error(`Method not found: ${method}`), { code: -32601 });
}

function open(tool, args) {
  pane.open(tool, args);
  runner.clear();
  catalogue.mark(tool.name);
  document.body.dataset.view = "tool";
  if (location.hash.slice(1) !== tool.name) history.pushState(null, "", `#${tool.name}`);
  document.title = `${tool.name} · Gauzy MCP console`;
  byId("tool").focus({ preventScroll: true });
}

function replay(name, args, now) {
  const tool = client.tools.get(name);
  if (!tool) return pane.instead(unlisted(name));
  open(tool, args);
  drawer.close();
  if (now) pane.run();
}

function unlisted(name) {
  const known = Object.values(facts.toolsets).some((names) => names.includes(name));
  if (known && signIn) return state("403", `${name} is not among your tools`, "Your sign-in may not reach it.", [button("Sign in with mcp.write", () => stepUp("mcp.read mcp.write"), { class: "primary" })], "warns");
  return state("unknown", `There is no tool ${name} here`, known ? "This server does not list it." : "Look for another one.");
}

/** What the address names, or what was open before a sign-in. */
function show() {
  const name = location.hash.slice(1);
  const kept = draft?.name === name ? draft.args : undefined;
  draft = null;
  const tool = client.tools.get(name);
  if (tool) open(tool, kept);
  else if (name) pane.instead(unlisted(name));
  else {
    pane.empty(client.tools.size);
    document.body.dataset.view = "list";
  }
}

async function stepUp(scope) {
  const kept = { hash: location.hash, draft: pane.draft() };
  await signIn.begin(scope ?? (signIn.scopes.join(" ") || "mcp.read"), kept).catch(notSignedIn);
}

/** A sign-in failed; one that was there before stays. */
function notSignedIn({ message }) {
  if (signIn.token) dialog("You are signed in as before", el("p", {}, message));
  else leave(message);
}

/** Nobody is signed in. */
function leave(problem) {
  signIn.forget();
  connection.close();
  connectionState({ status: "signed-out" }, {});
  catalogue.fill(new Map(), {});
  who();
  pane.instead(signedOut(stepUp, problem));
  document.body.dataset.view = "tool";
}

function enter() {
  byId("sign-out").hidden = !signIn?.token;
  clearTimeout(renewal);
  if (signIn && !signIn.token) return leave();
  if (signIn && signIn.left !== null) renewal = setTimeout(renew, Math.min(LONGEST_TIMEOUT, Math.max(BUSY_MILLISECONDS, signIn.left)));
  connection.open(signIn?.token);
}

/** A new token is a new connection, which must not cost a call that runs. */
async function renew() {
  if (runner.busy) renewal = setTimeout(renew, BUSY_MILLISECONDS);
  else if (await signIn.renew()) enter();
}

async function started() {
  try {
    await client.start();
    connection.settled();
    connectionState({ status: "open" }, {});
    renewed = false;
    fillIn();
    await who();
  } catch (error) {
    if (error.data?.retryAfter) connection.retry({ why: "429" }, error.data.retryAfter);
    else if (error.code) unintroduced(error);
    else if (!(error instanceof Lost)) throw error;
  }
}

function unintroduced({ message }) {
  connectionState({ status: "open" }, {});
  pane.instead(state("refused", "The server did not introduce itself", message, [button("Try again", () => connection.open(), { class: "quiet small" })], "fails"));
}

function fillIn() {
  catalogue.fill(client.tools, facts.toolsets, more());
  lookups.fill(facts);
  if (!pane.tool) show();
}

/** What a sign-in for more would show. */
function more() {
  const all = new Set(Object.values(facts.toolsets).flat());
  const hidden = [...all].filter((name) => !client.tools.has(name)).length;
  if (!signIn || !hidden || signIn.scopes.includes("mcp.write")) return null;
  return el("div", { class: "foot" }, el("p", {}, `${hidden} more tools change data.`), button("Sign in for them", () => stepUp("mcp.read mcp.write"), { class: "quiet small" }));
}

/** Says as whom calls are made. */
async function who() {
  const place = byId("account");
  const status = client.tools.has("get_auth_status") && (!signIn || signIn.token) ? await client.look("get_auth_status", {}) : null;
  place.hidden = !status;
  place.textContent = status?.authenticated ? (status.name ?? status.email) : "Not signed in to Gauzy";
  place.title = status?.authenticated ? `Calls are made as ${status.email}` : "Run login to sign in to Gauzy";
}

function changed(name) {
  lookups.forget();
  if (CHANGE_WHO.includes(name)) who();
}

async function heard(told) {
  // A server that refuses a new token too will not take another one.
  if (told.status === "refused" && told.code === 401 && !renewed && (await signIn?.renew())) {
    renewed = true;
    return enter();
  }
  // What was wrong is over when the server has introduced itself, not before.
  if (told.status === "open") started();
  else connectionState(told, { retry: () => connection.open(), signIn: stepUp });
}

async function arrive() {
  connection.addEventListener("status", ({ detail }) => heard(detail));
  connection.addEventListener("frame", ({ detail }) => frames.add(detail));
  connection.addEventListener("notification", ({ detail }) => detail.method === "notifications/tools/list_changed" && client.list().then(fillIn, () => null));
  addEventListener("popstate", show);
  keyboard(catalogue, drawer, pane);
  byId("open-clients").addEventListener("click", () => connectClient(facts.clients));
  byId("sign-out").addEventListener("click", () => signIn.end().then(enter));
  pane.empty(0);
  const told = fetch(at(`/console/facts?at=${encodeURIComponent(address)}`)).then((answer) => answer.json()).then((found) => { facts = found; if (client.tools.size) fillIn(); }, () => null);
  try {
    draft = (await signIn?.finish())?.draft ?? null;
  } catch (error) {
    draft = error.kept?.draft ?? null;
    if (!signIn.token) return leave(error.message);
    notSignedIn(error);
  }
  await told;
  enter();
}

arrive();
