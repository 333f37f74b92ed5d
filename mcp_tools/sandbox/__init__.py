"""A small Gauzy inside this process, with a demo company: the default when API_BASE_URL is unset.

It answers the routes that the tools use as the real API does: same paths, validation messages, paging, roles and
quirks. It is reached through HTTP alone (:mod:`mcp_tools.sandbox.asgi`), and stands on sqlite3 without Django, so
that a stdio process can have it at once.
"""
