"""What stands in each client's configuration for this server, and the commands that put it there."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from mcp_tools.onboarding.machine import Machine

ASKED: Final = (
    ("API_BASE_URL", "gauzy-url", "Address of your Gauzy API; empty for the demo company", False),
    ("GAUZY_AUTH_EMAIL", "gauzy-email", "E-mail address of your Gauzy account", False),
    ("GAUZY_AUTH_PASSWORD", "gauzy-password", "Password of your Gauzy account", True),
)
"""Variable, id of the input, what the person is asked, and whether it is a secret."""


@dataclass(frozen=True, slots=True)
class Launch:
    """The server as a program: what to start, with absolute paths. ``variables`` hold no secret.

    ``asks`` says that the account is not configured where the server itself reads it, so that a client that can ask
    for it should.
    """

    command: str
    arguments: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Http:
    """The server at an address; ``base_url`` has no path of an endpoint."""

    base_url: str

    @property
    def endpoint(self) -> str:
        return f"{self.base_url.rstrip('/')}/mcp"

    @property
    def is_public(self) -> bool:
        """Whether a client that runs elsewhere may reach it: https, and no name or address of a private network."""
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        try:
            local = not ipaddress.ip_address(host).is_global
        except ValueError:
            local = host.endswith((".local", ".internal", "localhost")) or "." not in host
        return parts.scheme == "https" and not local


Means = Launch | Http


def plain(means: Means, machine: Machine) -> dict[str, Any]:
    if isinstance(means, Http):
        return {"url": means.endpoint}
    started = {"command": means.command, "args": list(means.arguments)}
    return {**started, "env": dict(means.variables)} if means.variables else started


def typed(means: Means, machine: Machine) -> dict[str, Any]:
    kind = "http" if isinstance(means, Http) else "stdio"
    return {"type": kind, **plain(means, machine)}


def windsurf(means: Means, machine: Machine) -> dict[str, Any]:
    return {"serverUrl": means.endpoint} if isinstance(means, Http) else plain(means, machine)


def claude_desktop(means: Means, machine: Machine) -> dict[str, Any]:
    """Its file knows programs alone, so that an address needs a bridge."""
    if isinstance(means, Launch):
        return plain(means, machine)
    command, *arguments = machine.npx("-y", "mcp-remote", means.endpoint)
    return {"command": command, "args": arguments}


def vscode(means: Means, machine: Machine) -> dict[str, Any]:
    entry = typed(means, machine)
    if isinstance(means, Launch) and means.asks:
        asked = {variable: f"${{input:{name}}}" for variable, name, _, _ in ASKED}
        entry["env"] = {**means.variables, **asked}
    return entry


def inputs(means: Means) -> list[dict[str, Any]]:
    """What VS Code asks the person for, and keeps with its secrets."""
    if isinstance(means, Http) or not means.asks:
        return []
    return [
        {"type": "promptString", "id": name, "description": about, "password": secret}
        for _, name, about, secret in ASKED
    ]


def claude_mcp_add(means: Means, machine: Machine) -> str:
    words = ["claude", "mcp", "add", "--scope", "user"]
    if isinstance(means, Http):
        return machine.shell([*words, "--transport", "http", "gauzy", means.endpoint])
    given = [word for name, value in means.variables.items() for word in ("--env", f"{name}={value}")]
    return machine.shell([*words, "gauzy", *given, "--", means.command, *means.arguments])


def inspector(means: Means, machine: Machine) -> str:
    words = ["npx", "-y", "@modelcontextprotocol/inspector"]
    if isinstance(means, Http):
        return machine.shell([*words, "--transport", "http", "--server-url", means.endpoint])
    given = [word for name, value in means.variables.items() for word in ("-e", f"{name}={value}")]
    return machine.shell([*words, *given, means.command, *means.arguments])


def written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
