"""The MCP engine without I/O: messages, revisions, eras, errors, cursors. Needs the standard library and orjson."""
