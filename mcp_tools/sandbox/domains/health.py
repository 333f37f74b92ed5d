"""What the API says about itself (Gauzy routes ``/`` and ``/health``)."""

from __future__ import annotations

from mcp_tools.sandbox.http import Call, Reply
from mcp_tools.sandbox.routing import Access, get


def root(call: Call) -> Reply:
    return Reply(200, {"status": 200, "message": "Gauzy API"})


def health(call: Call) -> Reply:
    parts = {
        "database": {"status": "up"},
        "storage": {"status": "up"},
        "cache": {"status": "up", "cacheType": "memory"},
    }
    return Reply(200, {"status": "ok", "info": parts, "error": {}, "details": parts})


ROUTES = [get("", root, access=Access.PUBLIC), get("/health", health, access=Access.PUBLIC)]
