"""The client's own file, on macOS, Windows and Linux."""

from __future__ import annotations

import pytest

from mcp_tools.onboarding.clients import CLIENTS
from mcp_tools.onboarding.machine import Machine
from tests.onboarding.machines import LINUX, MAC, WINDOWS

PLACES = {
    "claude-desktop": (
        "/Users/ada/Library/Application Support/Claude/claude_desktop_config.json",
        "/home/ada/settings/Claude/claude_desktop_config.json",
        r"D:\Roaming\Claude\claude_desktop_config.json",
    ),
    "claude-code": ("/Users/ada/.claude.json", "/home/ada/.claude.json", r"C:\Users\Ada\.claude.json"),
    "cursor": ("/Users/ada/.cursor/mcp.json", "/home/ada/.cursor/mcp.json", r"C:\Users\Ada\.cursor\mcp.json"),
    "vscode": (
        "/Users/ada/Library/Application Support/Code/User/mcp.json",
        "/home/ada/settings/Code/User/mcp.json",
        r"D:\Roaming\Code\User\mcp.json",
    ),
    "windsurf": (
        "/Users/ada/.codeium/windsurf/mcp_config.json",
        "/home/ada/.codeium/windsurf/mcp_config.json",
        r"C:\Users\Ada\.codeium\windsurf\mcp_config.json",
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_it_is_found_on_every_system(name: str) -> None:
    place = CLIENTS[name].place
    assert place is not None
    assert tuple(place(machine) for machine in (MAC, LINUX, WINDOWS)) == PLACES[name]


def test_every_client_with_a_file_is_in_the_table() -> None:
    assert {name for name, client in CLIENTS.items() if client.place} == set(PLACES)


def test_without_variables_the_usual_folders_are_meant() -> None:
    claude = CLIENTS["claude-desktop"].place
    assert claude is not None
    assert claude(Machine("linux", "/home/ada")) == "/home/ada/.config/Claude/claude_desktop_config.json"
    assert claude(Machine("win32", r"C:\Users\Ada")) == (
        r"C:\Users\Ada\AppData\Roaming\Claude\claude_desktop_config.json"
    )


def test_claude_code_may_keep_its_file_elsewhere() -> None:
    place = CLIENTS["claude-code"].place
    assert place is not None
    assert place(Machine("linux", "/home/ada", {"CLAUDE_CONFIG_DIR": "/srv/claude"})) == "/srv/claude/.claude.json"
