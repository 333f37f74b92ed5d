// An independent authorization server for tests: oidc-provider, with everybody signed in and every request granted.
//   RESOURCE=http://localhost:3001 node server.mjs
// prints one line of JSON, {"issuer": "http://127.0.0.1:…"}, when it serves.
// ALGORITHM: RS256 (default), ES256 or PS256. FORMAT: jwt (default) or opaque. LIFE: seconds of an access token.
// PORT and KEYS, a file, make it come back where and as it was. POST /test/rotate signs with new keys from then on and
// publishes the old ones too; POST /test/retire publishes the newest alone.
// SCOPES=registered holds clients to the scope they registered with.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import { Provider, errors } from "oidc-provider";

const { RESOURCE, ALGORITHM = "RS256", FORMAT = "jwt", LIFE = "300", PORT = "0", KEYS, SCOPES } = process.env;
const resources = ["", "/sse", "/mcp"].map((path) => RESOURCE + path);
const scopes = ["mcp.read", "mcp.write", "mcp.admin"];
const life = Number(LIFE);

async function signingKey(alg, generation) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid: `peer-${alg}-${generation}`, use: "sig" };
}

// The newest generation comes first, and signs.
let generations = KEYS && existsSync(KEYS) ? JSON.parse(readFileSync(KEYS)) : [];

async function addGeneration() {
  const number = generations.length + 1;
  generations = [await Promise.all(["RS256", "ES256", "PS256"].map((alg) => signingKey(alg, number))), ...generations];
}

if (generations.length === 0) await addGeneration();

function resourceServer(ctx, uri) {
  if (!resources.includes(uri)) throw new errors.InvalidTarget();
  const jwt = FORMAT === "jwt" ? { jwt: { sign: { alg: ALGORITHM } } } : {};
  return { scope: scopes.join(" "), audience: uri, accessTokenFormat: FORMAT, accessTokenTTL: life, ...jwt };
}

const http = createServer();
await new Promise((ready) => http.listen(Number(PORT), "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${http.address().port}`;

const configuration = {
  scopes: ["openid", "offline_access", ...scopes],
  clients: [
    { client_id: "resource-server", client_secret: "resource-secret", grant_types: [], response_types: [], redirect_uris: [] },
    {
      client_id: "machine", client_secret: "machine-secret", grant_types: ["client_credentials"], response_types: [],
      redirect_uris: [],
    },
    {
      client_id: "console", token_endpoint_auth_method: "none", redirect_uris: [`${RESOURCE}/`],
      grant_types: ["authorization_code", "refresh_token"], response_types: ["code"],
    },
  ],
  clientBasedCORS: () => true,
  cookies: { keys: ["only for tests"] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed("refresh_token"),
  ttl: { AccessToken: life, ClientCredentials: life, Grant: 86400, Interaction: 600, RefreshToken: 86400, Session: 86400 },
  // RFC 7662 has no member for it, and the answer about a client's own opaque token names no subject.
  extraTokenClaims: (ctx, token) => (token.kind === "ClientCredentials" ? { gty: "client-credentials" } : undefined),
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (ctx, interaction) => `/grant/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (ctx, client) => client.clientId === "resource-server" },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: resourceServer,
    },
  },
};

// oidc-provider takes its keys once, so other keys are another instance on the same store.
function serving() {
  if (KEYS) writeFileSync(KEYS, JSON.stringify(generations));
  const provider = new Provider(issuer, { ...configuration, jwks: { keys: generations.flat() } });
  if (SCOPES !== "registered") provider.use(ignoringRegisteredScope);
  provider.use((ctx, next) => granting(provider, ctx, next));
  provider.on("server_error", (ctx, error) => console.error(error));
  return provider.callback();
}

// Clients register with the scopes that they need first. That does not keep them from asking for more later.
async function ignoringRegisteredScope(ctx, next) {
  if (ctx.method === "POST" && ctx.path === "/reg") {
    const parts = [];
    for await (const part of ctx.req) parts.push(part);
    const { scope, ...rest } = JSON.parse(Buffer.concat(parts));
    ctx.req.body = rest;
  }
  return next();
}

// Whoever comes is alice, and agrees to all that was asked for.
async function granting(provider, ctx, next) {
  if (!ctx.path.startsWith("/grant/")) return next();
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  if (prompt.name === "login") {
    return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: "alice" } });
  }
  const owner = { accountId: session.accountId, clientId: params.client_id };
  const grant = (grantId && (await provider.Grant.find(grantId))) || new provider.Grant(owner);
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? []).join(" "));
  for (const [uri, missing] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    grant.addResourceScope(uri, missing.join(" "));
  }
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(ctx.req, ctx.res, { consent }, { mergeWithLastSubmission: true });
}

let handle = serving();
http.on("request", async (request, response) => {
  if (request.method !== "POST" || !request.url.startsWith("/test/")) return handle(request, response);
  if (request.url === "/test/rotate") await addGeneration();
  else generations = generations.slice(0, 1);
  handle = serving();
  response.end();
});
console.log(JSON.stringify({ issuer }));
