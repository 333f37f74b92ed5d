"""Gauzy tokens are kept for as long as somebody can use them, and no longer."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

from tests.commands.run import manage
from tests.oauth.knocking import opened
from tests.oauth.stand_in import StandIn
from tests.oauth.test_accounts_are_linked_in_the_browser import invited, sign_in


def rows(home: Path, query: str, *values: object) -> list[Any]:
    with contextlib.closing(sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20)) as database, database:
        return database.execute(query, values).fetchall()


def test_a_sign_in_that_nobody_completes_is_forgotten_without_anybody_coming_back(
    issuer: StandIn, tmp_path: Path
) -> None:
    environment = issuer.environment(GAUZY_IDENTITY_MODE="per_user", GAUZY_MCP_HOME=str(tmp_path), MCP_TRANSPORT="http")
    with opened(environment) as (running, client):
        for name in ("ann", "ben", "cleo"):
            sign_in(running, invited(client, issuer.token(sub=name)))
    assert rows(tmp_path, "SELECT count(*) FROM vault_pendinglink WHERE length(sealed) > 0") == [(3,)]
    (waiting,), (asked,), (young,) = rows(tmp_path, "SELECT id FROM vault_pendinglink")
    for over in (waiting, asked):
        rows(tmp_path, "UPDATE vault_pendinglink SET expires = datetime('now', '-1 seconds') WHERE id = ?", over)
    rows(tmp_path, "UPDATE vault_pendinglink SET code = '', confirmation = 'x' WHERE id = ?", asked)
    kept = "SELECT id FROM vault_pendinglink WHERE length(sealed) > 0 OR code <> '' OR confirmation <> ''"
    with opened(environment):
        ends = time.time() + 20
        while len(rows(tmp_path, kept)) > 1:
            assert time.time() < ends, "their tokens are still there"
    assert rows(tmp_path, kept) == [(young,)]


def test_accounts_that_all_people_of_a_client_shared_are_forgotten(tmp_path: Path) -> None:
    """Of versions that took a token without ``sub`` for its client."""
    home = {"GAUZY_MCP_HOME": str(tmp_path)}
    assert manage("migrate", "vault", "0003", **home).returncode == 0
    for number, subject in enumerate(("client:webapp", "ann", "clients")):
        rows(
            tmp_path,
            "INSERT INTO vault_credential (id, owner, issuer, subject, api, account, sealed, created, updated)"
            " VALUES (?, ?, 'https://auth.example.com', ?, '', '', x'00', datetime('now'), datetime('now'))",
            f"{number:032}", f"owner-{number}", subject,
        )  # fmt: skip
    assert manage("migrate", "vault", **home).returncode == 0
    assert rows(tmp_path, "SELECT subject FROM vault_credential ORDER BY subject") == [("ann",), ("clients",)]
