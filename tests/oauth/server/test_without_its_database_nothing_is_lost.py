"""While the database is away, clients are told to come back; no token is called bad, and no code is used up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from tests.oauth.server.person import OAuthClient, Person, redirected
from tests.oauth.server.places import Pair
from tests.oauth.server.registering import good, register
from tests.oauth.server.using import PING, bearer, status_of


@pytest.fixture
def someone(pair: Pair) -> Iterator[Person]:
    with Person(pair.first) as opened:
        opened.sign_in()
        yield opened


@contextlib.contextmanager
def away(pair: Pair, table: str) -> Iterator[None]:
    with psycopg.connect(pair.database, autocommit=True) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO away")  # type: ignore[arg-type]
        try:
            yield
        finally:
            database.execute(f"ALTER TABLE away RENAME TO {table}")  # type: ignore[arg-type]


def is_told_to_come_back(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0


def test_tokens_and_codes_are_as_good_as_before(pair: Pair, someone: Person) -> None:
    client = OAuthClient.registered(someone.base)
    tokens = client.tokens(someone)
    code = someone.allows(client)["code"]
    with away(pair, "oauth2_provider_accesstoken"):
        for place in pair.both:
            call = httpx.post(f"{place.http}/mcp", json=PING, headers=bearer(tokens["access_token"]))
            assert is_told_to_come_back(call), "a 401 would make the client throw its token away"
        for answer in (client.exchange(code), client.refresh(tokens["refresh_token"])):
            assert is_told_to_come_back(answer) and answer.json()["error"] == "temporarily_unavailable"
    assert status_of(someone.base, tokens["access_token"]) == 200
    assert client.exchange(code).status_code == client.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("table", ["oauth2_provider_application", "auth_user", "authorization_account"])
def test_people_are_told_on_a_page_and_go_on_later(pair: Pair, someone: Person, table: str) -> None:
    client = OAuthClient.registered(someone.base)
    consent = someone.asked(client)
    with away(pair, table):
        for page in (someone.asked(client), someone.submit(consent, decision="allow")):
            assert is_told_to_come_back(page) and "Try again in a moment" in page.text
    assert "code" in redirected(someone.submit(consent, decision="allow"))


def test_programs_are_told_wherever_they_ask(pair: Pair, someone: Person) -> None:
    token = OAuthClient.registered(someone.base).tokens(someone)["access_token"]
    with away(pair, "oauth2_provider_application"):
        assert is_told_to_come_back(register(someone.base, good()))
    with away(pair, "authorization_signingkey"):
        assert is_told_to_come_back(httpx.get(f"{someone.base}/oauth/jwks"))
    with away(pair, "authorization_account"):
        assert is_told_to_come_back(httpx.get(f"{someone.base}/oauth/userinfo", headers=bearer(token)))
