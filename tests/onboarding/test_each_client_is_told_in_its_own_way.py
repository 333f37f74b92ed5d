"""What stands in each client's configuration, on each system and over each transport."""

from __future__ import annotations

import base64
import dataclasses
import json
import shlex
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from mcp_tools.onboarding.clients import CLIENTS, Unsupported, client_configs, instructions
from tests.onboarding.machines import HTTP, LINUX, MAC, UNIX_LAUNCH, WINDOWS, WINDOWS_LAUNCH

KEYS = {"client", "title", "steps", "snippet", "language", "deep_link"}


def entry(name: str, *how: Any) -> dict[str, Any]:
    """What stands under the name of this server."""
    snippet = json.loads(instructions(name, *how)["snippet"])
    return dict(snippet["servers" if name == "vscode" else "mcpServers"]["gauzy"])


@pytest.mark.parametrize("name", ["claude-desktop", "cursor", "windsurf"])
def test_a_program_is_named_by_its_absolute_paths(name: str) -> None:
    for machine, launch in ((MAC, UNIX_LAUNCH), (WINDOWS, WINDOWS_LAUNCH)):
        assert entry(name, launch, machine) == {"command": launch.command, "args": list(launch.arguments)}


def test_an_address_has_the_name_that_each_client_reads() -> None:
    address = "https://mcp.example.com/mcp"
    assert entry("cursor", HTTP, LINUX) == {"url": address}
    assert entry("windsurf", HTTP, LINUX) == {"serverUrl": address}
    assert entry("vscode", HTTP, LINUX) == {"type": "http", "url": address}


def test_claude_desktop_reaches_an_address_by_a_bridge_that_starts_on_its_system() -> None:
    assert entry("claude-desktop", HTTP, MAC)["command"] == "npx"
    assert entry("claude-desktop", HTTP, WINDOWS) == {
        "command": "cmd",
        "args": ["/c", "npx", "-y", "mcp-remote", "https://mcp.example.com/mcp"],
    }


def test_vs_code_asks_for_the_account_and_keeps_the_password() -> None:
    asking = dataclasses.replace(UNIX_LAUNCH, asks=True)
    snippet = json.loads(instructions("vscode", asking, LINUX)["snippet"])
    ids = {one["id"]: one["password"] for one in snippet["inputs"]}
    assert ids == {"gauzy-url": False, "gauzy-email": False, "gauzy-password": True}
    assert snippet["servers"]["gauzy"]["env"]["GAUZY_AUTH_PASSWORD"] == "${input:gauzy-password}"
    assert "inputs" not in json.loads(instructions("vscode", UNIX_LAUNCH, LINUX)["snippet"])


def test_the_command_for_claude_code_is_taken_apart_as_it_was_meant() -> None:
    launch = dataclasses.replace(UNIX_LAUNCH, variables={"API_BASE_URL": "https://gauzy.example.com"})
    words = shlex.split(instructions("claude-code", launch, MAC)["snippet"])
    assert words[:6] == ["claude", "mcp", "add", "--scope", "user", "gauzy"]
    assert words[words.index("--") + 1 :] == [launch.command, *launch.arguments]
    assert words[words.index("--env") + 1] == "API_BASE_URL=https://gauzy.example.com"
    windows = instructions("claude-code", WINDOWS_LAUNCH, WINDOWS)["snippet"]
    assert windows.endswith(r'-- "C:\gauzy mcp\.venv\Scripts\python.exe" "C:\gauzy mcp\manage.py" runstdio')


def test_the_link_for_cursor_holds_the_entry() -> None:
    link = urlsplit(instructions("cursor", UNIX_LAUNCH, MAC)["deep_link"])
    assert (link.scheme, link.netloc, link.path) == ("cursor", "anysphere.cursor-deeplink", "/mcp/install")
    query = parse_qs(link.query)
    assert query["name"] == ["gauzy"]
    assert json.loads(base64.b64decode(query["config"][0])) == entry("cursor", UNIX_LAUNCH, MAC)


def test_the_link_for_vs_code_holds_the_entry_its_name_and_its_inputs() -> None:
    asking = dataclasses.replace(UNIX_LAUNCH, asks=True)
    link = instructions("vscode", asking, LINUX)["deep_link"]
    assert link.startswith("vscode:mcp/install?")
    held = json.loads(unquote(link.partition("?")[2]))
    assert held.pop("name") == "gauzy"
    assert [one["id"] for one in held.pop("inputs")] == ["gauzy-url", "gauzy-email", "gauzy-password"]
    assert held == entry("vscode", asking, LINUX)


def test_chatgpt_has_an_address_to_enter_and_starts_no_program() -> None:
    told = instructions("chatgpt", HTTP, LINUX)
    assert (told["snippet"], told["language"]) == ("https://mcp.example.com/mcp", "text")
    with pytest.raises(Unsupported, match=r"--transport: .* allowed for --client chatgpt: http"):
        instructions("chatgpt", UNIX_LAUNCH, LINUX)


@pytest.mark.parametrize(
    "address", ["http://localhost:3001", "https://10.0.0.3", "https://gauzy", "http://mcp.example.com"]
)
def test_chatgpt_cannot_reach_what_is_not_public(address: str) -> None:
    told = next(one for one in client_configs(address) if one["client"] == "chatgpt")
    assert "public https addresses alone" in told["steps"][0]


def test_a_page_is_told_of_every_client_in_one_shape() -> None:
    told = client_configs("https://mcp.example.com/")
    assert [one["client"] for one in told] == list(CLIENTS)
    assert all(set(one) == KEYS and one["steps"] and one["snippet"] for one in told)
    assert all("https://mcp.example.com/mcp" in one["snippet"] for one in told)
    assert json.dumps(told)


def test_an_unknown_client_is_told_with_those_that_are_known() -> None:
    with pytest.raises(Unsupported, match=r"--client: 'emacs' is not known; allowed: claude-desktop, .*inspector"):
        instructions("emacs", HTTP, LINUX)
