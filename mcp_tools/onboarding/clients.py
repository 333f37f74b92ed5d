"""Every client that this project knows, and how it is told of this server: facts as pure functions, no I/O.

``client_configs(base_url)`` answers plain data for pages: a list with one
``{client, title, steps, snippet, language, deep_link}`` for each client that is reached over HTTP, where ``steps`` is a
list of sentences, ``language`` one of json, shell and text, and ``deep_link`` a URL that opens the client, or None.
``instructions(name, …)`` answers the same for one client and either transport.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.onboarding import deep_links, entries
from mcp_tools.onboarding.entries import Http, Launch, Means
from mcp_tools.onboarding.machine import Machine

NAME: Final = "gauzy"
"""What this server is called in a client's configuration."""

TRANSPORTS: Final = ("stdio", "http")


class Unsupported(Exception):
    """A client cannot do what was asked of it; the message names the argument and what may stand there."""


@dataclass(frozen=True, slots=True)
class Client:
    """``entry`` makes what stands in the client's file under ``section``; ``place`` says which file that is.

    Without ``place`` the client keeps no file that others may write. ``comments`` says that it takes JSON with
    comments, ``can_ask`` that it asks people for what it keeps secret. ``steps`` tells a person what to do; unless
    given, to fill the file and then what ``then`` says.
    """

    name: str
    title: str
    steps: Callable[[Means, Machine], list[str]] | None = None
    then: str = ""
    entry: Callable[[Means, Machine], dict[str, Any]] | None = None
    section: str = "mcpServers"
    place: Callable[[Machine], str] | None = None
    comments: bool = False
    command: Callable[[Means, Machine], str] | None = None
    deep_link: Callable[[str, Mapping[str, Any]], str] | None = None
    over_http_alone: bool = False
    can_ask: bool = False

    def told(self, means: Means, machine: Machine) -> list[str]:
        """What a person does, a sentence a step."""
        if self.steps is not None:
            return self.steps(means, machine)
        assert self.place is not None
        return [f"Put this into {self.place(machine)}, beside what is there.", self.then]

    def addition(self, means: Means, machine: Machine) -> dict[str, Any]:
        """What is added to the client's file, whole: ``{section: {NAME: entry}}``, and the inputs of VS Code."""
        assert self.entry is not None
        added: dict[str, Any] = {self.section: {NAME: self.entry(means, machine)}}
        inputs = entries.inputs(means) if self.can_ask else []
        return {**added, "inputs": inputs} if inputs else added


def _claude_desktop(means: Means, machine: Machine) -> list[str]:
    put = f"Put this into {Machine.claude_desktop(machine)}, beside what is there."
    if isinstance(means, Launch):
        return [put, "Quit Claude Desktop and start it again; the tools are behind the + of a conversation."]
    if means.is_public:
        return [
            f"In Settings, Connectors, choose Add custom connector, and enter {means.endpoint}; no file is needed.",
            f"Or, for this machine alone: {put[0].lower()}{put[1:]} It needs Node.js.",
        ]
    return [put, "Quit Claude Desktop and start it again. The bridge mcp-remote needs Node.js."]


def _chatgpt(means: Means, machine: Machine) -> list[str]:
    steps = [
        "In ChatGPT on the web, switch Developer mode on: Settings, Apps, Advanced settings.",
        "Choose Create app in Settings, Apps; give it the name Gauzy and the address below as MCP Server URL.",
        "Choose OAuth where this server has MCP_AUTH_ENABLED=true, No authentication otherwise, and create it.",
    ]
    if isinstance(means, Http) and not means.is_public:
        return [f"ChatGPT reaches public https addresses alone, which {means.base_url} is not.", *steps]
    return steps


CLIENTS: Final[Mapping[str, Client]] = {
    client.name: client
    for client in (
        Client(
            "claude-desktop",
            "Claude Desktop",
            _claude_desktop,
            entry=entries.claude_desktop,
            place=Machine.claude_desktop,
        ),
        Client(
            "claude-code",
            "Claude Code",
            lambda means, machine: [
                "Run this in a terminal.",
                "In Claude Code, /mcp shows the server" + ("." if isinstance(means, Launch) else " and signs you in."),
            ],
            entry=entries.typed,
            place=Machine.claude_code,
            command=entries.claude_mcp_add,
        ),
        Client(
            "cursor",
            "Cursor",
            then="Cursor asks whether to switch it on; Settings, Tools & MCP shows it.",
            entry=entries.plain,
            place=Machine.cursor,
            deep_link=deep_links.cursor,
        ),
        Client(
            "vscode",
            "VS Code",
            then="Choose Start above the entry; the tools are in the chat's Agent mode.",
            entry=entries.vscode,
            section="servers",
            place=Machine.vscode,
            comments=True,
            can_ask=True,
            deep_link=deep_links.vscode,
        ),
        Client("chatgpt", "ChatGPT", _chatgpt, over_http_alone=True),
        Client(
            "windsurf",
            "Windsurf",
            then="Press the refresh button of Cascade's MCP servers.",
            entry=entries.windsurf,
            place=Machine.windsurf,
        ),
        Client(
            "inspector",
            "MCP Inspector",
            lambda means, machine: ["Run this in a terminal; it needs Node.js 22 and opens a page in the browser."],
            command=entries.inspector,
        ),
    )
}


def client_configs(base_url: str, machine: Machine | None = None) -> list[dict[str, Any]]:
    """Every client over HTTP; see the module. ``base_url`` is this server's address without the path of an endpoint.

    Without a ``machine``, as on a page, files are named as from any home: ``~`` and ``%APPDATA%``.
    """
    means = Http(base_url)
    return [instructions(name, means, machine or Machine.anybodys()) for name in CLIENTS]


def instructions(name: str, means: Means, machine: Machine) -> dict[str, Any]:
    """``{client, title, steps, snippet, language, deep_link}``. Raises Unsupported."""
    client = find(name)
    if client.over_http_alone and isinstance(means, Launch):
        raise Unsupported(f"--transport: {client.title} starts no programs; allowed for --client {name}: http")
    snippet, language = _snippet(client, means, machine)
    link = None
    if client.deep_link is not None:
        addition = client.addition(means, machine)
        asked = {"inputs": addition["inputs"]} if "inputs" in addition else {}
        link = client.deep_link(NAME, {**addition[client.section][NAME], **asked})
    return {
        "client": name,
        "title": client.title,
        "steps": client.told(means, machine),
        "snippet": snippet,
        "language": language,
        "deep_link": link,
    }


def find(name: str) -> Client:
    """Raises Unsupported for a name that is not in CLIENTS."""
    if name not in CLIENTS:
        raise Unsupported(f"--client: {name!r} is not known; allowed: {', '.join(CLIENTS)}")
    return CLIENTS[name]


def _snippet(client: Client, means: Means, machine: Machine) -> tuple[str, str]:
    if client.command is not None:
        return client.command(means, machine), "shell"
    if client.entry is None:
        assert isinstance(means, Http)
        return means.endpoint, "text"
    return entries.written(client.addition(means, machine)), "json"
