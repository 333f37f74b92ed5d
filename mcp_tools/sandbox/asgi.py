"""The sandbox of this process, imported at the first request to it."""

from __future__ import annotations

from typing import Final

from gauzy_mcp.env import environment
from gauzy_mcp.home import derive, ensure_home, root_secret
from mcp_tools.sandbox.application import Sandbox

FILE: Final = "sandbox.sqlite3"


def _sandbox() -> Sandbox:
    env = environment()
    return Sandbox(ensure_home(env.home) / FILE, derive(root_secret(env), "sandbox"))


application = _sandbox()
