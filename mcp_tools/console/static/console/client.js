/** The MCP side of a connection: handshake, tools, calls. Revision 2025-11-25, the last with questions of the server. */

export class Client {
  constructor(connection) {
    this.connection = connection;
    this.server = {};
    this.tools = new Map();
  }

  /** Introduces this page and reads what the server offers. */
  async start() {
    this.server = await this.connection.request("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: { elicitation: { form: {}, url: {} } },
      clientInfo: { name: "gauzy-mcp-console", title: "Gauzy MCP console", version: "1" },
    });
    this.connection.notify("notifications/initialized");
    await this.list();
  }

  async list() {
    const tools = new Map();
    let cursor;
    do {
      const page = await this.connection.request("tools/list", cursor ? { cursor } : {});
      for (const tool of page.tools) tools.set(tool.name, tool);
      cursor = page.nextCursor;
    } while (cursor);
    this.tools = tools;
  }

  /** A CallToolResult. Rejects as Connection.request does. */
  call(name, args, options) {
    return this.connection.request("tools/call", { name, arguments: args }, options);
  }

  /** The structured answer of a tool that reads; null when it fails or says no. */
  async look(name, args) {
    const result = await this.call(name, args).catch(() => null);
    return result && !result.isError ? result.structuredContent : null;
  }

  /** Tools for what somebody wants to do, by the server's own search. */
  async search(query) {
    const found = await this.look("search_tools", { query, limit: 12 });
    return (found?.items ?? []).map((item) => this.tools.get(item.name) ?? { annotations: null, ...item });
  }
}

/** Whether to ask before it runs: it destroys, or nobody knows. */
export const asksFirst = (tool) => ["destroys", "unknown"].includes(nature(tool));

/** What a tool may do: “destroys”, “writes” or “reads”; “unknown” where the server does not tell. */
export function nature(tool) {
  if (!tool.annotations) return "unknown";
  if (tool.annotations.readOnlyHint) return "reads";
  return tool.annotations.destructiveHint ? "destroys" : "writes";
}
