/** Why a WebSocket did not open: browsers do not say, so the same question is asked over HTTP. */

const PING = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });

/** {code, seconds, scope, message} of the server's answer to a ping; code 0 when there is none. */
export async function probe(token) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  try {
    const answer = await fetch("/mcp", { method: "POST", headers, body: PING });
    const challenge = answer.headers.get("WWW-Authenticate") ?? "";
    const seconds = Number(answer.headers.get("Retry-After")) || null;
    return { code: answer.status, seconds, scope: named(challenge, "scope"), message: await reason(answer) };
  } catch {
    return { code: 0 };
  }
}

/** Whether Gauzy answers this server, as far as it says so itself. */
export async function gauzyIsAway() {
  try {
    const answer = await fetch("/readyz");
    return (await answer.json()).parts?.gauzy?.ok === false;
  } catch {
    return false;
  }
}

const named = (challenge, name) => challenge.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? "";

async function reason(answer) {
  const body = await answer.json().catch(() => ({}));
  return body.error_description ?? body.error?.message ?? "";
}
