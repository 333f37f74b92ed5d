// The TypeScript SDK as a client with OAuth. It prints {"open": address} and reads the code, then prints what it found.
const { Client } = require("@modelcontextprotocol/sdk/client/index.js");
const { StreamableHTTPClientTransport } = require("@modelcontextprotocol/sdk/client/streamableHttp.js");
const { UnauthorizedError } = require("@modelcontextprotocol/sdk/client/auth.js");
const lines = require("node:readline").createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const kept = {};
let visits = 0;
let given = 0;
const provider = {
  get redirectUrl() { return process.env.REDIRECT; },
  get clientMetadata() {
    return { client_name: "sdk", redirect_uris: [process.env.REDIRECT], token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };
  },
  state: () => "a-state",
  clientInformation: () => kept.client,
  saveClientInformation: (client) => { kept.client = client; },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => { kept.tokens = tokens; given += 1; },
  redirectToAuthorization: (address) => { visits += 1; console.log(JSON.stringify({ open: String(address) })); },
  saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
  codeVerifier: () => kept.verifier,
};
const transport = () => new StreamableHTTPClientTransport(new URL(process.env.SERVER), { authProvider: provider });

async function connected() {
  const first = transport();
  try {
    const client = new Client({ name: "sdk", version: "1" });
    await client.connect(first);
    return client;
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
  }
  await first.finishAuth((await lines.next()).value);
  const client = new Client({ name: "sdk", version: "1" });
  await client.connect(transport());
  return client;
}

(async () => {
  const client = await connected();
  const call = async () => (await client.callTool({ name: "get_projects", arguments: { limit: 1 } })).isError ?? false;
  const first = await call();
  kept.tokens = { ...kept.tokens, access_token: kept.tokens.access_token.slice(0, -8) + "AAAAAAAA" };
  const before = given;
  const afterRefresh = await call();
  console.log(JSON.stringify({ first, afterRefresh, refreshed: given > before, visits }));
  process.exit(0);
})().catch((error) => { console.error(error); process.exit(1); });
