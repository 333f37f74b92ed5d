"""Credentials at rest: sealed for their row and owner, by keys that can be changed, and kept over a restart."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.oauth.knocking import DEMO, ask, call, opened, text_of
from tests.oauth.stand_in import StandIn
from tests.processes import MANAGE, environment

OLD, NEW = "old-" + "1" * 60, "new-" + "2" * 60


def per_user(issuer: StandIn, home: str, **more: str) -> dict[str, str]:
    return issuer.environment(GAUZY_IDENTITY_MODE="per_user", GAUZY_MCP_HOME=home, MCP_SECRET_KEY="a" * 64, **more)


def rotate(env: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, MANAGE, "rotate_credential_keys", *options]
    return subprocess.run(command, env=environment(env, env["GAUZY_MCP_HOME"]), capture_output=True, text=True)


def rows(home: str, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(Path(home) / "gauzy-mcp.sqlite3") as database:
        found = database.execute(query).fetchall()
    database.close()
    return found


def test_tokens_survive_a_restart_and_cannot_be_read_in_the_database(issuer: StandIn) -> None:
    home = tempfile.mkdtemp()
    env = per_user(issuer, home)
    token = issuer.token(sub="ann")
    with opened(env) as (_, client):
        call(client, token, "login", DEMO)
    with opened(env) as (_, client):
        assert not call(client, token, "get_projects").get("isError")
    stored = b"".join(path.read_bytes() for path in Path(home).glob("gauzy-mcp.sqlite3*"))
    assert b'"refresh_token": "' not in stored and b"eyJ" not in stored
    assert rows(home, "SELECT subject, account FROM vault_credential") == [("ann", DEMO["email"])]


def test_a_row_that_is_copied_to_somebody_else_does_not_open(issuer: StandIn) -> None:
    home = tempfile.mkdtemp()
    env = per_user(issuer, home)
    ann, ben = issuer.token(sub="ann"), issuer.token(sub="ben")
    with opened(env) as (_, client):
        call(client, ann, "login", DEMO)
        call(client, ben, "login", DEMO)
    take = "UPDATE vault_credential SET sealed = (SELECT sealed FROM vault_credential WHERE subject = 'ann')"
    rows(home, take + " WHERE subject = 'ben'")
    with opened(env) as (running, client):
        assert not call(client, ann, "get_projects").get("isError")
        answer = client.post(
            "/sse",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_projects"}},
            headers={"Authorization": f"Bearer {ben}"},
        )
        assert answer.status_code == 503
        assert "does not open" in running.logged()


def test_keys_are_rotated_without_anybody_noticing(issuer: StandIn) -> None:
    home = tempfile.mkdtemp()
    token = issuer.token(sub="ann")
    with opened(per_user(issuer, home, MCP_CREDENTIAL_KEYS=OLD)) as (_, client):
        call(client, token, "login", DEMO)
    both = per_user(issuer, home, MCP_CREDENTIAL_KEYS=f"{NEW},{OLD}")
    assert rotate(both, "--dry-run").stdout == "1 sealed anew, 0 were current already.\n"
    assert rotate(both).stdout == "1 sealed anew, 0 were current already.\n"
    assert rotate(both).stdout == "0 sealed anew, 1 were current already.\n"
    with opened(per_user(issuer, home, MCP_CREDENTIAL_KEYS=NEW)) as (_, client):
        assert not call(client, token, "get_projects").get("isError")
    lost = rotate(per_user(issuer, home, MCP_CREDENTIAL_KEYS=OLD))
    assert lost.returncode == 1 and "1 do not open with any key of the ring" in lost.stderr


def test_shared_mode_shares_and_says_so(issuer: StandIn) -> None:
    with opened(issuer.environment(GAUZY_IDENTITY_MODE="shared")) as (running, client):
        for name in ("ann", "ben"):
            status = call(client, issuer.token(sub=name), "get_auth_status")["structuredContent"]
            assert (status["source"], status["email"]) == ("shared", DEMO["email"])
        assert DEMO["email"] in text_of(call(client, issuer.token(), "get_current_user"))
        names = {tool["name"] for tool in ask(client, "tools/list", token=issuer.token()).json()["result"]["tools"]}
        assert not names & {"login", "link_account"}, "there is nothing to link"
        assert "everybody with an access token acts as the configured Gauzy account" in running.logged()
