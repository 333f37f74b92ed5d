/** Finding the authorization server (RFC 9728, RFC 8414) and becoming a client of it (RFC 7591). */

import { at } from "./place.js";

const CLIENTS = "gauzy-client-ids";

/** A sign-in that cannot go on; the message is for people. */
export class SignInFailed extends Error {}

/** {resource, issuer, scopes, metadata} for the endpoint at `path`. */
export async function discover(path) {
  const { resource, authorization_servers: servers, scopes_supported: scopes = [] } = await metadataAt(at(`/.well-known/oauth-protected-resource${path}`));
  const issuer = servers?.[0];
  if (!issuer) throw new SignInFailed("The server names no authorization server.");
  const metadata = await firstOf(places(issuer));
  if (metadata?.issuer !== issuer) throw new SignInFailed(`The metadata of ${issuer} cannot be read, or is somebody else's.`);
  const methods = metadata.code_challenge_methods_supported;
  if (methods && !methods.includes("S256")) throw new SignInFailed(`${issuer} does not support PKCE with S256.`);
  return { resource, issuer, scopes, metadata };
}

/** The client id of this page. A registration that a sign-in did not come back from is made `anew`. */
export async function register(issuer, metadata, { redirect, scopes, anew }) {
  const key = `${issuer} ${redirect}`;
  const known = JSON.parse(localStorage.getItem(CLIENTS) ?? "{}");
  if (known[key] && !anew) return known[key];
  if (!metadata.registration_endpoint) throw new SignInFailed(`${issuer} does not let this page register itself.`);
  const answer = await fetch(metadata.registration_endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      client_name: "Gauzy MCP console",
      redirect_uris: [redirect],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      scope: scopes.join(" "),
    }),
  }).catch(() => null);
  const told = (await answer?.json().catch(() => null)) ?? {};
  if (!told.client_id) throw new SignInFailed(`${issuer} did not register this page: ${told.error_description ?? told.error ?? "no answer"}.`);
  localStorage.setItem(CLIENTS, JSON.stringify({ ...known, [key]: told.client_id }));
  return told.client_id;
}

function places(issuer) {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const oauth = `${origin}/.well-known/oauth-authorization-server${path}`;
  const openid = `${origin}${path}/.well-known/openid-configuration`;
  return path ? [oauth, `${origin}/.well-known/openid-configuration${path}`, openid] : [oauth, openid];
}

async function firstOf(addresses) {
  for (const address of addresses) {
    const found = await fetch(address).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    if (found) return found;
  }
  return null;
}

async function metadataAt(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) throw new SignInFailed("The server does not say where to sign in.");
  return answer.json();
}
