"""``manage.py config``, as people run it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.processes import MANAGE, Stdio, environment


def config(*arguments: str, home: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {"HOME": str(home), "XDG_CONFIG_HOME": "", "CLAUDE_CONFIG_DIR": ""} if home else {}
    return subprocess.run(
        [sys.executable, MANAGE, "config", *arguments],
        env={**environment({"GAUZY_MCP_HOME": tempfile.gettempdir(), **variables}), **own},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tempfile.gettempdir(),
    )


def test_what_is_printed_starts_this_server() -> None:
    done = config("--client", "claude-desktop")
    entry = json.loads(done.stdout)["mcpServers"]["gauzy"]
    assert entry["command"] == sys.executable
    with Stdio(entry.get("env"), command=entry["args"]) as server:
        assert len(server.ask("tools/list")["result"]["tools"]) > 20


@pytest.mark.parametrize("client", ["claude-desktop", "claude-code", "cursor", "vscode", "windsurf"])
def test_it_is_written_into_the_clients_own_file(client: str, tmp_path: Path) -> None:
    done = config("--client", client, "--write", home=tmp_path)
    assert done.returncode == 0, done.stderr
    written = next(path for path in tmp_path.rglob("*.json"))
    assert str(written) in done.stdout
    section = "servers" if client == "vscode" else "mcpServers"
    assert json.loads(written.read_text())[section]["gauzy"]["args"][-1] == "runstdio"


def test_an_address_is_written_as_given(tmp_path: Path) -> None:
    config("--client", "cursor", "--url", "https://mcp.example.com/mcp/", "--write", home=tmp_path)
    written = json.loads((tmp_path / ".cursor" / "mcp.json").read_text())
    assert written == {"mcpServers": {"gauzy": {"url": "https://mcp.example.com/mcp"}}}


def test_without_an_address_that_of_this_server_is_meant() -> None:
    done = config("--client", "windsurf", "--transport", "http", MCP_HTTP_PORT="3011")
    assert json.loads(done.stdout)["mcpServers"]["gauzy"]["serverUrl"] == "http://localhost:3011/mcp"


@pytest.mark.parametrize("client", ["claude-desktop", "claude-code", "cursor", "vscode", "windsurf", "inspector"])
def test_what_clients_do_not_inherit_goes_along_and_secrets_do_not(client: str) -> None:
    done = config(
        "--client",
        client,
        API_BASE_URL="https://gauzy.example.com",
        GAUZY_AUTH_EMAIL="ada@example.com",
        GAUZY_AUTH_PASSWORD="pässword-1",
        MCP_TOOLSETS="core,tasks",
    )
    assert "core,tasks" in done.stdout
    assert "pässword" not in done.stdout + done.stderr
    assert "ada@example.com" not in done.stdout, "an account without its password does not start"
    assert "GAUZY_AUTH_PASSWORD" in done.stderr or "keeps the password" in done.stderr


WRONG = {
    ("--client", "emacs"): ("--client", "claude-desktop"),
    ("--client", "cursor", "--transport", "carrier-pigeon"): ("--transport", "stdio"),
    ("--client", "chatgpt", "--transport", "stdio"): ("--transport", "http"),
    ("--client", "inspector", "--write"): ("--write", "claude-desktop, claude-code"),
    ("--client", "cursor", "--url", "mcp.example.com"): ("--url", "https://"),
    ("--client", "cursor", "--transport", "stdio", "--url", "https://mcp.example.com"): ("--url", "--transport http"),
    (): ("--client", "required"),
}


@pytest.mark.parametrize("arguments", WRONG)
def test_a_wrong_argument_is_named_with_what_is_allowed(arguments: tuple[str, ...]) -> None:
    done = config(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert all(word in done.stderr for word in WRONG[arguments]), done.stderr


def test_a_file_with_comments_is_left_alone_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = tmp_path / ".config" / "Code" / "User" / "mcp.json"
    path.parent.mkdir(parents=True)
    path.write_text('{\n  // mine\n  "servers": {}\n}')
    done = config("--client", "vscode", "--write", home=tmp_path)
    assert done.returncode == 1
    assert "comments" in done.stderr and "without --write" in done.stderr
    assert "// mine" in path.read_text()


def test_it_is_listed_and_explained_among_the_commands() -> None:
    listed = subprocess.run([sys.executable, MANAGE, "help"], env=environment(), capture_output=True, text=True)
    assert "    config\n" in listed.stdout and "    doctor\n" in listed.stdout
    explained = subprocess.run(
        [sys.executable, MANAGE, "help", "config"], env=environment(), capture_output=True, text=True
    )
    assert "--client" in explained.stdout
