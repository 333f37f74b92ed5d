"""What this server is handed out as: a bundle for Claude Desktop, and its entry in the MCP registry.

``python -m gauzy_mcp.bundle dist/gauzy-mcp.mcpb`` writes the bundle (``make bundle``), ``python -m gauzy_mcp.bundle
--registry`` prints ``server.json``.
"""
