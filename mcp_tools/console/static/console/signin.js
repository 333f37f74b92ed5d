/**
 * Signing in: authorization code with PKCE (RFC 7636) at the server that the resource names (RFC 9728).
 *
 * Tokens live in this tab alone (sessionStorage), never in an address. Raises SignInFailed, in words.
 */

import { SignInFailed, discover, register } from "./issuer.js";
import { at } from "./place.js";

const STARTED = "gauzy-sign-in";
const TOKENS = "gauzy-tokens";
const EARLY_MILLISECONDS = 5000;

export class SignIn {
  /**
   * `path` is that of the endpoint that tokens are for. Without `client`, an id, this page registers itself, as it does
   * at an address that is not one of `places`, where there are any.
   */
  constructor(path, client = "", places = []) {
    this.path = path;
    this.redirect = at("/");
    this.client = places.length === 0 || places.includes(this.redirect) ? client : "";
    this.tokens = read(TOKENS);
  }

  get token() {
    return this.tokens?.access_token ?? null;
  }

  get scopes() {
    return (this.tokens?.scope ?? "").split(" ").filter(Boolean);
  }

  /** Leaves for the sign-in page. `kept` comes back with finish(). */
  async begin(scope, kept) {
    if (!crypto.subtle) throw new SignInFailed("Browsers sign in on secure pages only: open this one by https or on localhost.");
    const { resource, issuer, scopes, metadata } = await discover(this.path);
    const abandoned = read(STARTED)?.issuer === issuer;
    const client = this.client || (await register(issuer, metadata, { redirect: this.redirect, scopes, anew: abandoned }));
    const verifier = random();
    const state = random();
    write(STARTED, { state, verifier, issuer, client, resource, scope, metadata: endpoints(metadata), kept });
    const address = new URL(metadata.authorization_endpoint);
    const asked = {
      response_type: "code", client_id: client, redirect_uri: this.redirect, scope, state, resource,
      code_challenge: await challenge(verifier), code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
    location.assign(address);
  }

  /**
   * Takes the answer of the sign-in page out of the address. Answers what begin() kept; undefined without an answer.
   * An earlier sign-in outlives one that fails, whose error has what was `kept` too.
   */
  async finish() {
    const answer = new URLSearchParams(location.search);
    if (!answer.has("state")) return undefined;
    const started = read(STARTED);
    sessionStorage.removeItem(STARTED);
    history.replaceState(null, "", location.pathname + (started?.kept?.hash ?? ""));
    try {
      check(answer, started);
      await this.#ask(started, {
        grant_type: "authorization_code", code: answer.get("code"), redirect_uri: this.redirect,
        code_verifier: started.verifier,
      });
    } catch (error) {
      throw Object.assign(error, { kept: started?.kept });
    }
    return started.kept ?? null;
  }

  /** Whether a new token came for the refresh token. */
  async renew() {
    if (!this.tokens?.refresh_token) return false;
    try {
      await this.#ask(this.tokens.from, { grant_type: "refresh_token", refresh_token: this.tokens.refresh_token });
      return true;
    } catch {
      return false;
    }
  }

  /** Milliseconds until the token should be renewed; null without an end. */
  get left() {
    return this.tokens?.ends ? Math.max(0, this.tokens.ends - EARLY_MILLISECONDS - Date.now()) : null;
  }

  /** Forgets the tokens here, and has the server forget them. */
  async end() {
    const { from, access_token, refresh_token } = this.tokens ?? {};
    this.forget();
    if (!from?.metadata.revocation_endpoint) return;
    const body = new URLSearchParams({ token: refresh_token ?? access_token, client_id: from.client });
    // Who is away now lets the token run out by itself, soon enough.
    await fetch(from.metadata.revocation_endpoint, { method: "POST", body }).catch(() => null);
  }

  forget() {
    this.tokens = null;
    sessionStorage.removeItem(TOKENS);
  }

  async #ask(from, form) {
    const body = new URLSearchParams({ ...form, client_id: from.client, resource: from.resource });
    const answer = await fetch(from.metadata.token_endpoint, { method: "POST", body }).catch(() => null);
    const told = (await answer?.json().catch(() => null)) ?? {};
    if (!answer?.ok || !told.access_token) {
      throw new SignInFailed(`No token was issued: ${told.error_description ?? told.error ?? "the server did not answer"}.`);
    }
    const { client, resource, metadata } = from;
    this.tokens = {
      access_token: told.access_token,
      refresh_token: told.refresh_token ?? this.tokens?.refresh_token,
      scope: told.scope ?? from.scope ?? this.tokens?.scope,
      ends: told.expires_in ? Date.now() + told.expires_in * 1000 : null,
      from: { client, resource, metadata },
    };
    write(TOKENS, this.tokens);
  }
}

/** RFC 6749 section 10.12 (state) and RFC 9207 (iss). */
function check(answer, started) {
  if (!started || answer.get("state") !== started.state) {
    throw new SignInFailed("This answer belongs to no sign-in that began in this tab. Sign in again.");
  }
  const said = answer.get("iss");
  if (said ? said !== started.issuer : started.metadata.says_iss) {
    throw new SignInFailed("Another server answered than the one that was asked. Nothing was sent to it.");
  }
  if (answer.has("error")) {
    const denied = answer.get("error") === "access_denied";
    throw new SignInFailed(denied ? "You did not allow it, so nothing was signed in." : `The sign-in failed: ${answer.get("error_description") ?? answer.get("error")}.`);
  }
}

const endpoints = (metadata) => ({
  token_endpoint: metadata.token_endpoint,
  revocation_endpoint: metadata.revocation_endpoint,
  says_iss: metadata.authorization_response_iss_parameter_supported === true,
});

const read = (name) => JSON.parse(sessionStorage.getItem(name) ?? "null");
const write = (name, value) => sessionStorage.setItem(name, JSON.stringify(value));
const encoded = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => encoded(crypto.getRandomValues(new Uint8Array(32)));

async function challenge(verifier) {
  return encoded(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
}
