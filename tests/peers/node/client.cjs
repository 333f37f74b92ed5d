// The v1 TypeScript client. Arguments: a URL (ws: or http:), or the command of a stdio server.
'use strict';

const { Client } = require('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = require('@modelcontextprotocol/sdk/client/stdio.js');
const { StreamableHTTPClientTransport } = require('@modelcontextprotocol/sdk/client/streamableHttp.js');
const { WebSocketClientTransport } = require('@modelcontextprotocol/sdk/client/websocket.js');
const { converse } = require('./spoken.cjs');

function transportTo([first, ...rest]) {
  if (first.startsWith('ws:')) return new WebSocketClientTransport(new URL(first));
  if (first.startsWith('http:')) return new StreamableHTTPClientTransport(new URL(first));
  return new StdioClientTransport({ command: first, args: rest, env: process.env });
}

async function main(where) {
  const transport = transportTo(where);
  // The client tells the negotiated revision to its transport alone.
  let protocolVersion;
  const told = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (version) => { protocolVersion = version; told?.(version); };
  const client = new Client({ name: 'peer', version: '1.0.0' });
  await client.connect(transport);
  await client.ping();
  await converse(client, protocolVersion);
}

main(process.argv.slice(2));
