"""Races, on SQLite and on PostgreSQL: many requests at once for what may happen once, and never an error of ours."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import embedded
from tests.oauth.server.racing import AT_ONCE, together
from tests.oauth.server.using import status_of
from tests.operations.places import migrate, postgres
from tests.processes import Server


@contextlib.contextmanager
def on(database: str) -> Iterator[Server]:
    with contextlib.ExitStack() as stack:
        variables = {}
        if database == "postgresql":
            url = stack.enter_context(postgres())
            variables["DATABASE_URL"] = url
        running = stack.enter_context(embedded(**variables))
        yield running
        assert "Traceback" not in running.logged(), running.logged()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def racing(request: pytest.FixtureRequest) -> Iterator[Server]:
    with on(request.param) as running:
        yield running


@pytest.fixture
def someone(racing: Server) -> Iterator[Person]:
    with Person(racing) as opened:
        opened.sign_in()
        yield opened


def test_group_38_one_code_exchanged_at_once_makes_one_token(someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    code = someone.allows(client)["code"]
    answers = together(*[lambda: client.exchange(code)] * AT_ONCE)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: AT_ONCE - 1}
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    (given,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert status_of(someone.base, given["access_token"]) == 401, "the others were replays, which end what it became"


def test_group_46_one_refresh_token_used_at_once_makes_one_pair(someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    tokens = client.tokens(someone)
    answers = together(*[lambda: client.refresh(tokens["refresh_token"])] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {200}
    pairs = {answer.json()["refresh_token"] for answer in answers}
    assert len(pairs) == 1, "each got the same answer"
    assert status_of(someone.base, answers[0].json()["access_token"]) == 200


def test_a_refresh_beside_a_revocation_leaves_nothing(someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    for _ in range(3):
        tokens = client.tokens(someone)
        refreshed, revoked = together(
            lambda held=tokens: client.refresh(held["refresh_token"]),
            lambda held=tokens: client.revoke(held["refresh_token"]),
        )
        assert revoked.status_code == 200 and refreshed.status_code in (200, 400)
        if refreshed.status_code == 200:
            # The refresh came first, and its successor ends with it.
            assert status_of(someone.base, refreshed.json()["access_token"]) == 401
            assert client.refresh(refreshed.json()["refresh_token"]).status_code == 400
        assert client.refresh(tokens["refresh_token"]).status_code == 400


def test_many_people_register_and_sign_in_at_once(someone: Person) -> None:
    def whole(_: int) -> Any:
        client = OAuthClient.registered(someone.base)
        tokens = client.tokens(someone)
        return status_of(someone.base, tokens["access_token"])

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(whole, range(8))) == {200}


def test_processes_that_start_together_make_one_signing_key() -> None:
    with postgres(migrated=False) as url:
        migrate(url)
        variables = {"DATABASE_URL": url, "MCP_SECRET_KEY": "k" * 64}
        with embedded(**variables) as a, embedded(**variables) as b:
            sets = together(*[lambda one=one: httpx.get(f"{one.http}/oauth/jwks") for one in (a, b) * 4])
        assert {answer.status_code for answer in sets} == {200}
        assert len({answer.json()["keys"][0]["kid"] for answer in sets}) == 1
        assert all(len(answer.json()["keys"]) == 1 for answer in sets)
