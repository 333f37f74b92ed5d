"""Linked accounts on PostgreSQL, where two processes without a common folder serve the same people."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg
import pytest

from tests.oauth.knocking import call, opened, text_of
from tests.oauth.stand_in import StandIn
from tests.oauth.upstream import PASSWORD, gauzy, whoami
from tests.operations.operators import FIRST_OPERATOR, Operator
from tests.operations.places import History, postgres
from tests.processes import MANAGE, environment
from tests.redis_server import private

OLD, NEW = "old-" + "1" * 60, "new-" + "2" * 60


@dataclass(frozen=True)
class Pair:
    a: httpx.Client
    b: httpx.Client
    issuer: StandIn
    environment: dict[str, str]

    def somebody(self) -> str:
        """The token of a subject that no other test knows."""
        return self.issuer.token(sub=f"s-{secrets.token_hex(4)}")

    def rows(self, subject: str) -> list[dict[str, Any]]:
        query = f"SELECT * FROM vault_credential WHERE subject = '{subject}'"
        return History(self.environment["DATABASE_URL"]).rows(query)


@pytest.fixture(scope="module")
def two(issuer: StandIn) -> Iterator[Pair]:
    with private() as redis, postgres() as postgres_url, gauzy() as upstream:
        upstream.add("ann@example.com")
        shared = issuer.environment(
            GAUZY_IDENTITY_MODE="per_user", API_BASE_URL=upstream.url, REDIS_URL=redis.url, DATABASE_URL=postgres_url,
            MCP_SECRET_KEY="a" * 64, MCP_CREDENTIAL_KEYS=OLD, **FIRST_OPERATOR,
        )  # fmt: skip
        with opened(shared) as (one, a), opened(shared) as (other, b):
            yield Pair(a, b, issuer, shared)
            for running in (one, other):
                assert "Traceback" not in running.logged(), running.logged()


ANN = {"email": "ann@example.com", "password": PASSWORD}


def at_once(*work: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(work)) as pool:
        begun: list[Future[Any]] = [pool.submit(one) for one in work]
        return [one.result() for one in begun]


def code_of(client: httpx.Client, address: str) -> str:
    page = client.get(address)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    found = re.search(r'<p class="code">([A-Z0-9-]+)</p>', client.post("/link", data={**hidden, **ANN}).text)
    assert found
    return found[1]


def test_an_address_of_one_is_opened_at_the_other_and_completed_at_the_first(two: Pair) -> None:
    token = two.somebody()
    address = re.search(r"/link\?ticket=\S+", text_of(call(two.a, token, "get_projects")))
    assert address
    code = code_of(two.b, address[0])
    assert two.a.get(address[0]).status_code == 410, "used up in both"
    assert call(two.a, token, "link_account", {"code": code})["structuredContent"]["linked"] is True
    assert whoami(two.b, token) == "ann@example.com"


def test_a_database_that_fails_costs_nobody_the_address(two: Pair) -> None:
    token = two.somebody()
    address = re.search(r"/link\?ticket=\S+", text_of(call(two.a, token, "get_projects")))
    assert address
    with psycopg.connect(two.environment["DATABASE_URL"], autocommit=True) as database:
        database.execute("ALTER TABLE vault_pendinglink RENAME TO away")
        try:
            answer = two.a.get(address[0])
        finally:
            database.execute("ALTER TABLE away RENAME TO vault_pendinglink")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert 'role="alert"' in answer.text and "vault_pendinglink" not in answer.text
    assert code_of(two.a, address[0])


def test_a_code_sent_to_both_at_once_counts_once(two: Pair) -> None:
    token = two.somebody()
    address = re.search(r"/link\?ticket=\S+", text_of(call(two.a, token, "get_projects")))
    assert address
    code = code_of(two.a, address[0])
    told = at_once(*(lambda c=c: call(c, token, "link_account", {"code": code}) for c in (two.a, two.b) * 3))
    assert sum(not answer.get("isError") for answer in told) == 1, told


def test_accounts_that_both_link_at_once_are_one_row(two: Pair) -> None:
    subject = f"s-{secrets.token_hex(4)}"
    token = two.issuer.token(sub=subject)
    told = at_once(*(lambda c=c: call(c, token, "login", ANN) for c in (two.a, two.b) * 4))
    assert not [answer for answer in told if answer.get("isError")]
    assert len(two.rows(subject)) == 1
    assert whoami(two.a, token) == whoami(two.b, token) == "ann@example.com"


def test_links_and_unlinks_that_cross_end_in_one_of_both(two: Pair) -> None:
    subject = f"s-{secrets.token_hex(4)}"
    token = two.issuer.token(sub=subject)
    ways = [lambda c=c: call(c, token, "login", ANN) for c in (two.a, two.b)]
    ways += [lambda c=c: call(c, token, "unlink_account") for c in (two.a, two.b)]
    told = at_once(*ways * 3)
    assert all("structuredContent" in answer or answer.get("isError") for answer in told)
    assert whoami(two.a, token) == whoami(two.b, token) == ("ann@example.com" if two.rows(subject) else "")


def test_an_account_that_an_operator_unlinks_at_one_is_unlinked_at_both(two: Pair) -> None:
    subject = f"s-{secrets.token_hex(4)}"
    token = two.issuer.token(sub=subject)
    call(two.a, token, "login", ANN)
    assert whoami(two.a, token) == whoami(two.b, token) == "ann@example.com"
    chosen = {"action": "unlink", "_selected_action": str(two.rows(subject)[0]["id"])}
    with Operator(str(two.b.base_url)) as operator:
        assert operator.submit("/admin/vault/credential/", chosen).status_code == 302
    assert whoami(two.a, token) == whoami(two.b, token) == ""


def test_keys_are_rotated_while_both_serve(two: Pair) -> None:
    subject = f"s-{secrets.token_hex(4)}"
    token = two.issuer.token(sub=subject)
    both = {**two.environment, "MCP_CREDENTIAL_KEYS": f"{NEW},{OLD}"}
    call(two.a, token, "login", ANN)
    sealed = bytes(two.rows(subject)[0]["sealed"])
    with opened(both) as (_, c), opened(both) as (_, d), ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(lambda c=c: [whoami(c, token) for _ in range(20)]) for c in (c, d)]
        done = subprocess.run(
            [sys.executable, MANAGE, "rotate_credential_keys"], env=environment(both), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert {name for asked in asking for name in asked.result()} == {"ann@example.com"}
    assert bytes(two.rows(subject)[0]["sealed"])[:4] != sealed[:4], "another key sealed it"
    with opened({**two.environment, "MCP_CREDENTIAL_KEYS": NEW}) as (_, later):
        assert whoami(later, token) == "ann@example.com"
