/** A call as it is written elsewhere, and clients' own configuration. A token never goes along: a placeholder does. */

import { button, el, say, tabs } from "./dom.js";
import { dialog } from "./dialogs.js";
import { address } from "./place.js";

const TOLD_MILLISECONDS = 1600;
const TOKEN = "GAUZY_MCP_TOKEN";

const page = document.documentElement.dataset;

/** Puts `text` on the clipboard and says so on the button that asked for it. */
export async function copied(control, text) {
  const before = control.textContent;
  const worked = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  control.textContent = worked ? "Copied" : "Select it and copy by hand";
  say(control.textContent);
  setTimeout(() => (control.textContent = before), TOLD_MILLISECONDS);
}

/** One POST to the JSON-RPC endpoint, for a POSIX shell. */
export function curl(name, args) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } });
  const token = "signsIn" in page ? ` \\\n  -H "Authorization: Bearer $${TOKEN}"` : "";
  return `curl -sS ${address}/sse \\\n  -H 'Content-Type: application/json'${token} \\\n  -d ${quoted(body)}`;
}

/** A program with the official client, package `mcp` 2 or later. */
export function python(name, args) {
  const call = `        result = await client.call_tool(${literal(name)}, ${literal(args)})\n        print(result.structured_content or result.content)\n`;
  if (!("signsIn" in page)) {
    return `import asyncio\n\nfrom mcp.client import Client\n\n\nasync def main() -> None:\n    async with Client(${literal(`${address}/mcp`)}) as client:\n${call}\n\nasyncio.run(main())\n`;
  }
  return (
    "import asyncio\nimport os\n\nimport httpx2\nfrom mcp.client import Client\nfrom mcp.client.streamable_http import streamable_http_client\n\n\n" +
    `async def main() -> None:\n    headers = {"Authorization": f"Bearer {os.environ['${TOKEN}']}"}\n    http = httpx2.AsyncClient(headers=headers)\n` +
    `    async with Client(streamable_http_client(${literal(`${address}/mcp`)}, http_client=http)) as client:\n${call}\n\nasyncio.run(main())\n`
  );
}

/** Asks in which way to copy a call. */
export function copyCall(tool, args, clients) {
  const kinds = [["curl", curl(tool.name, args)], ["Python", python(tool.name, args)], ["Client config", clients[0]?.snippet]];
  const panels = kinds.filter(([, text]) => text).map(([title, text]) => [title, snippet(text, title)]);
  const about = "signsIn" in page ? `Your access token is left out: set ${TOKEN} to one, in the environment.` : null;
  dialog(`Copy ${tool.name}`, [tabs("Copy as", panels), ...panels.map(([, panel]) => panel), about && el("p", { class: "about" }, about)]);
}

/** How each client is connected to this server. */
export function connectClient(clients) {
  const shown = clients.map((client) => [client.title, instructions(client)]);
  const choice = el("select", { id: "client-choice", change: () => show() }, shown.map(([title], place) => el("option", { value: String(place) }, title)));
  const place = el("div");
  const show = () => place.replaceChildren(shown[Number(choice.value)][1]);
  show();
  dialog("Connect a client", [el("div", { class: "field" }, el("label", { for: "client-choice" }, "Client"), choice), place]);
}

function instructions({ title, steps, snippet: text, deep_link: link }) {
  const opens = link && !/^(javascript|data|vbscript):/i.test(link);
  return el(
    "div", {},
    steps?.length && el("ol", { class: "steps" }, steps.map((step) => el("li", {}, step))),
    opens && el("p", {}, el("a", { href: link, class: "button" }, `Add to ${title}`)),
    text && snippet(text, title),
  );
}

function snippet(text, label) {
  const shown = el("pre", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, text);
  return el("div", { class: "snippet" }, shown, button("Copy", (event) => copied(event.target, text), { class: "primary" }));
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A value as Python writes it. */
function literal(value) {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([key, one]) => `${literal(key)}: ${literal(one)}`).join(", ")}}`;
  return JSON.stringify(value);
}
