/** Why a WebSocket did not open: browsers do not say, so the same question is asked over HTTP. */

import { at } from "./place.js";

const PING = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
const LONGEST_MILLISECONDS = 10000;

/** {code, seconds, scope, message} of the server's answer to a ping; code 0 when there is none. */
export async function probe(token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  try {
    const answer = await fetch(at("/mcp"), { method: "POST", headers, body: PING, signal: AbortSignal.timeout(LONGEST_MILLISECONDS) });
    const challenge = answer.headers.get("WWW-Authenticate") ?? "";
    const seconds = pause(answer.headers.get("Retry-After"));
    return { code: answer.status, seconds, scope: named(challenge, "scope"), message: await reason(answer) };
  } catch {
    return { code: 0 };
  }
}

/** Whether Gauzy answers this server, as far as it says so itself. */
export async function gauzyIsAway() {
  try {
    const answer = await fetch(at("/readyz"));
    return (await answer.json()).parts?.gauzy?.ok === false;
  } catch {
    return false;
  }
}

/** Seconds of a Retry-After, which may be a date (RFC 9110 section 10.2.3); null where it says nothing of use. */
function pause(told) {
  const seconds = Number(told) || (Date.parse(told) - Date.now()) / 1000;
  return seconds > 0 ? seconds : null;
}

const named = (challenge, name) => challenge.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? "";

async function reason(answer) {
  const body = await answer.json().catch(() => ({}));
  return body.error_description ?? body.error?.message ?? "";
}
