"""curl, with the README's calls pasted into a shell; only port and account differ."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from tests.peers.mission import HTTP, LIST_TOOLS, LIST_TOOLS_WITH_A_TOKEN, LOGIN, at, filled_in
from tests.processes import Server


def paste(example: str, live: Server, *more: str) -> str:
    """What the shell prints for an example, with ``more`` arguments for curl."""
    command = at(filled_in(example), HTTP, live.http).replace("curl ", f"curl -sS {' '.join(more)} ", 1)
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60).stdout


def result(example: str, live: Server, *more: str) -> Any:
    return json.loads(paste(example, live, *more))["result"]


@pytest.mark.parametrize("example", [LIST_TOOLS, LIST_TOOLS_WITH_A_TOKEN], ids=["open", "with a token"])
def test_the_tools_are_listed(live: Server, example: str) -> None:
    """A token that nobody asked for is no reason to refuse."""
    assert {"start_timer", "get_projects"} <= {tool["name"] for tool in result(example, live)["tools"]}


def test_the_login_answers_who_is_signed_in(live: Server) -> None:
    assert result(LOGIN, live)["structuredContent"]["email"] == "demo@gauzy.local"


def test_the_login_hands_back_a_session_that_later_calls_name(live: Server) -> None:
    as_employee = LOGIN.replace("<your-email>", "employee@gauzy.local")
    head, _, _ = paste(as_employee, live, "-i").partition("\r\n\r\n")
    session = re.search(r"(?im)^mcp-session-id: (\S+)", head)
    assert session is not None, head
    assert "HttpOnly" in head and "SameSite=Strict" in head
    assert who(live, "-H", f"'Mcp-Session-Id: {session[1]}'") == ("session", "employee@gauzy.local")
    assert who(live) == ("shared", "demo@gauzy.local")


def who(live: Server, *more: str) -> tuple[str, str]:
    """The source and e-mail address of the account that a call acts as."""
    ask = re.sub(r'"name": "login",\s+"arguments": \{[^}]*\}', '"name": "get_auth_status"', LOGIN)
    status = result(ask, live, *more)["structuredContent"]
    return status["source"], status["email"]
