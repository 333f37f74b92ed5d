"""HTTP: JSON-RPC by POST for anybody, Streamable HTTP for MCP clients, at one endpoint."""
