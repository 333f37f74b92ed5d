"""Attack group 47: floods of registrations, and what becomes of clients that nobody uses."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from oauth_resource.server.unused import MOST_UNUSED
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of, embedded
from tests.oauth.server.registering import good, register
from tests.processes import MANAGE, Server, environment

CLIENTS = "oauth2_provider_application"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def counting(home: Path) -> Iterator[Server]:
    """A server that counts, behind a proxy that tells from where somebody comes."""
    with embedded(str(home), THROTTLE_ENABLED="true", MCP_TRUSTED_PROXIES="127.0.0.1") as running:
        yield running


def registered(counting: Server, address: str, **changes: Any) -> str:
    answer = register(base_of(counting), good(**changes), headers={"X-Forwarded-For": address})
    assert answer.status_code == 201, answer.text
    client: str = answer.json()["client_id"]
    return client


def rows(home: Path, query: str, *values: str | int) -> list[Any]:
    with contextlib.closing(sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20)) as opened, opened:
        return opened.execute(query, values).fetchall()


def known(home: Path, client: str) -> bool:
    return bool(rows(home, f"SELECT 1 FROM {CLIENTS} WHERE client_id = ?", client))


def unused_for(home: Path, client: str, days: int) -> None:
    rows(home, f"UPDATE {CLIENTS} SET updated = datetime('now', ?) WHERE client_id = ?", f"-{days} days", client)


def remove_unused_clients(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, MANAGE, "remove_unused_clients", *arguments]
    embedding = {"MCP_AUTH_ENABLED": "true", "MCP_AUTH_RESOURCE_URI": "http://localhost:3001"}
    return subprocess.run(command, env=environment(embedding, str(home)), capture_output=True, text=True)


def test_group_47_registrations_are_counted_by_address(counting: Server) -> None:
    for _ in range(10):
        registered(counting, "203.0.113.1")
    refused = register(base_of(counting), good(), headers={"X-Forwarded-For": "203.0.113.1"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert refused.headers["Cache-Control"] == "no-store"
    assert registered(counting, "203.0.113.2")


def test_group_47_bad_registrations_are_counted_too(counting: Server) -> None:
    answers = [
        register(base_of(counting), {}, headers={"X-Forwarded-For": "203.0.113.3"}).status_code for _ in range(11)
    ]
    assert answers == [400] * 10 + [429]


def test_failures_are_counted_by_address_and_hold_up_no_good_client_there(counting: Server) -> None:
    def refresh(client: str, token: str, address: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client}
        return httpx.post(f"{base_of(counting)}/oauth/token", data=form, headers={"X-Forwarded-For": address})

    with Person(counting) as person:
        person.sign_in()
        client = OAuthClient.registered(person.base)
        token = client.tokens(person)["refresh_token"]
    answers = [refresh(f"client-{number}", "guessed", "203.0.113.9") for number in range(101)]
    assert [answer.status_code for answer in answers] == [401] * 100 + [429]
    assert answers[-1].json()["error"] == "temporarily_unavailable" and int(answers[-1].headers["Retry-After"]) > 0
    assert answers[-1].headers["Access-Control-Allow-Origin"] == "*"
    assert refresh(client.id, token, "203.0.113.9").status_code == 200
    assert refresh("client-0", "guessed", "203.0.113.10").status_code == 401


def test_group_47_a_flood_pushes_out_the_oldest_unused_and_nobody_who_is_used(counting: Server, home: Path) -> None:
    used, fresh = (registered(counting, "203.0.113.4") for _ in range(2))
    with Person(counting) as person:
        person.sign_in()
        client = OAuthClient(person.base, used, "https://client.example/callback")
        tokens = client.tokens(person)
    columns = [row[1] for row in rows(home, f"PRAGMA table_info({CLIENTS})") if row[1] not in ("id", "client_id")]
    copied = ", ".join("'2020-01-01'" if name == "created" else name for name in columns)
    rows(
        home,
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO {CLIENTS} "
        f"(client_id, {', '.join(columns)}) SELECT 'flood-' || i, {copied} FROM n, {CLIENTS} WHERE client_id = ?",
        MOST_UNUSED,
        fresh,
    )
    rows(home, f"UPDATE {CLIENTS} SET created = '2019-01-01' WHERE client_id = ?", used)
    before = rows(home, f"SELECT count(*) FROM {CLIENTS}")[0][0]
    last = registered(counting, "203.0.113.5")
    assert rows(home, f"SELECT count(*) FROM {CLIENTS}")[0][0] < before
    assert all(known(home, client) for client in (used, fresh, last))
    assert client.refresh(tokens["refresh_token"]).status_code == 200
    rows(home, f"DELETE FROM {CLIENTS} WHERE client_id LIKE 'flood-%'")


def test_clients_that_nobody_used_for_long_are_removed_and_said_so(counting: Server, home: Path) -> None:
    old, young, used, left = (registered(counting, "203.0.113.6") for _ in range(4))
    with Person(counting) as person:
        person.sign_in()
        client = OAuthClient(person.base, used, "https://client.example/callback")
        tokens = client.tokens(person)
        once = OAuthClient(person.base, left, "https://client.example/callback")
        once.revoke(once.tokens(person)["refresh_token"])
    for client_id in (old, used, left):
        unused_for(home, client_id, 31)
    rows(home, f"UPDATE {CLIENTS} SET registration_source = 'manual' WHERE client_id = ?", young)
    unused_for(home, young, 3000)
    done = remove_unused_clients(home=home)
    assert done.returncode == 0, done.stderr
    assert ["clients", "1"] in [line.rsplit(maxsplit=1) for line in done.stdout.splitlines()]
    # Whoever disconnects today may connect again tomorrow, and an operator's client is the operator's.
    assert [known(home, client_id) for client_id in (old, young, used, left)] == [False, True, True, True]
    assert client.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("days", ["0", "-1", "x", "1.5", "99999"])
def test_days_are_a_number_from_one(days: str, tmp_path: Path) -> None:
    done = remove_unused_clients(f"--days={days}", home=tmp_path)
    assert done.returncode == 2
    assert "--days: must be a whole number from 1 to 3650" in done.stderr
