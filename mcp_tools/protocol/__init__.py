"""The MCP engine without I/O: messages, revisions, eras, errors, cursors. Imports nothing but the standard library and orjson."""
