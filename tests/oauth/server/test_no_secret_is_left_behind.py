"""Codes, tokens, secrets and passwords: neither in the log at its most talkative, nor in the database, nor in Redis."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import httpx
import redis

from tests.oauth.server.person import OAuthClient, Person, redirected
from tests.oauth.server.places import embedded
from tests.oauth.server.using import call, status_of
from tests.processes import Server
from tests.redis_server import private

PASSPHRASE = "a-passphrase-that-Gauzy-refuses"


def test_nothing_keeps_what_is_secret(tmp_path: Path) -> None:
    with private() as store:
        debug = {"GAUZY_MCP_DEBUG": "true", "REDIS_URL": store.url, "MCP_SECRET_KEY": "s" * 64}
        with embedded(str(tmp_path), **debug) as place, Person(place) as person:
            secrets = set(used(person))
            everything = logged(place) + remembered(store.url) + stored(tmp_path)
            secrets |= set(person.browser.cookies.values())
    assert "token issued" in everything and "lastresponse" in everything, "there was something to find"
    assert all(len(secret) > 20 for secret in secrets)
    assert not [secret[:12] for secret in secrets if secret in everything]


def used(person: Person) -> Iterable[str]:
    """A sign-in, what clients do with it, and mistakes that put secrets where they do not belong."""
    person.sign_in(password=PASSPHRASE)
    yield PASSPHRASE
    person.sign_in()
    client = OAuthClient.registered(person.base, token_endpoint_auth_method="client_secret_post")
    waiting = redirected(person.submit(person.asked(client), decision="allow"))["code"]
    code = person.allows(client)["code"]
    client.exchange(code, code_verifier="w" * 43)
    first = client.exchange(code).json()
    second = client.refresh(first["refresh_token"]).json()
    client.refresh(first["refresh_token"])
    assert status_of(person.base, second["access_token"]) == 200
    call(person.base, second["access_token"], "get_projects")
    yield from (client.secret, client.verifier, waiting, code)
    for tokens in (first, second):
        yield from (tokens["access_token"], tokens["access_token"].rpartition(".")[2], tokens["refresh_token"])
    misplaced = {"code": waiting, "token": second["access_token"], "client_secret": client.secret}
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
        assert httpx.get(f"{person.base}{path}", params=misplaced).status_code == 405
        assert httpx.post(f"{person.base}{path}", params=misplaced).status_code == 400
        assert httpx.post(f"{person.base}{path}", json=misplaced).status_code == 400
    client.post("/oauth/introspect", {**misplaced, "client_id": client.id})
    client.exchange(code)
    client.revoke(second["refresh_token"])


def logged(place: Server) -> str:
    text = place.logged()
    assert " DEBUG " in text
    return text


def stored(home: Path) -> str:
    """Every row of every table, and the files as they are."""
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as database:
        rows = "\n".join(database.iterdump())
    return rows + "".join(path.read_bytes().decode("latin-1") for path in home.glob("gauzy-mcp.sqlite3*"))


def remembered(url: str) -> str:
    with redis.Redis.from_url(url) as store:
        return "".join(repr(name) + repr(store.dump(name)) for name in store.scan_iter("*"))
