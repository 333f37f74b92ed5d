// The v2 TypeScript client. Arguments: "legacy", "auto" or a revision to insist on; then as for client.cjs.
'use strict';

const { Client, StreamableHTTPClientTransport } = require('@modelcontextprotocol/client');
const { StdioClientTransport } = require('@modelcontextprotocol/client/stdio');
const { converse } = require('./spoken.cjs');

// v2 brings no WebSocket transport, but lets one be written.
class WebSocketTransport {
  constructor(url) { this.url = url; }

  async start() {
    this.socket = new WebSocket(this.url, 'mcp');
    this.socket.onmessage = ({ data }) => this.onmessage?.(JSON.parse(data));
    this.socket.onclose = () => this.onclose?.();
    await new Promise((resolve, reject) => {
      this.socket.onopen = resolve;
      this.socket.onerror = ({ message }) => reject(new Error(message));
    });
  }

  async send(message) { this.socket.send(JSON.stringify(message)); }

  async close() { this.socket.close(); }
}

function transportTo([first, ...rest]) {
  if (first.startsWith('ws:')) return new WebSocketTransport(first);
  if (first.startsWith('http:')) return new StreamableHTTPClientTransport(new URL(first));
  return new StdioClientTransport({ command: first, args: rest, env: process.env });
}

async function main(mode, where) {
  const chosen = ['legacy', 'auto'].includes(mode) ? mode : { pin: mode };
  const client = new Client({ name: 'peer', version: '2.0.0' }, { versionNegotiation: { mode: chosen } });
  await client.connect(transportTo(where));
  await converse(client, client.getNegotiatedProtocolVersion());
}

main(process.argv[2], process.argv.slice(3));
