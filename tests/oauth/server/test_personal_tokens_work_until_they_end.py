"""Personal access tokens: made on the page, used by programs, ended in every process."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.oauth.knocking import bearer, call, knock, text_of
from tests.oauth.server.person import Person
from tests.oauth.server.places import embedded
from tests.oauth.sockets import dial, exchange
from tests.operations.places import postgres
from tests.operations.sockets import closing
from tests.processes import Server, server

FORM = {"name": "Nightly report", "may": "read", "days": "30"}


def made(person: Person, **changes: str) -> httpx.Response:
    return person.send("/account/tokens", **{**FORM, **changes})


def token_of(answer: httpx.Response) -> str:
    found = re.search(r"gauzy_mcp_pat_[\w-]{43}", answer.text)
    assert found, answer.text
    return found[0]


def deleted(person: Person, key: str) -> httpx.Response:
    return person.send("/account/tokens/delete", token=key)


def row(page: str, name: str = "Once &lt;only&gt;") -> str:
    """What the page says of a token."""
    return next(item for item in page.split("<li>") if name in item)


def newest(person: Person) -> str:
    """The id of the token that was made last."""
    return re.findall(r'name="token" value="([\w-]{36})"', person.browser.get("/account").text)[0]


@pytest.fixture
def mcp(place: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.http, timeout=30, verify=False) as opened:
        yield opened


def test_a_token_is_shown_once_and_works_over_http_and_websocket(
    person: Person, place: Server, mcp: httpx.Client
) -> None:
    answer = made(person, name="Once <only>")
    token = token_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    page = person.browser.get("/account").text
    assert token not in page
    assert "Once &lt;only&gt;" in page
    assert "Never used" in row(page)
    assert "Apollo" in text_of(call(mcp, token, "get_projects"))
    with dial(place, additional_headers=bearer(token)) as socket:
        assert exchange(socket, "ping")["result"] == {}
    assert "Last used" in row(person.browser.get("/account").text)


def test_a_token_reaches_as_far_as_it_says(person: Person, mcp: httpx.Client) -> None:
    params = {"name": "create_task", "arguments": {"title": "By a token"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    reading, writing = token_of(made(person)), token_of(made(person, may="write"))
    refused = mcp.post("/mcp", json=message, headers=bearer(reading))
    assert (refused.status_code, refused.json()["error"]) == (403, "insufficient_scope")
    assert "isError" not in mcp.post("/mcp", json=message, headers=bearer(writing)).json()["result"]


def test_only_a_digest_is_kept(person: Person, home: Path) -> None:
    token = token_of(made(person))
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as opened:
        assert not any(token in line for line in opened.iterdump())


def test_a_deleted_token_is_refused_at_once(person: Person, mcp: httpx.Client) -> None:
    token = token_of(made(person))
    assert knock(mcp, token).status_code == 200
    assert deleted(person, newest(person)).status_code == 303
    assert knock(mcp, token).status_code == 401
    assert deleted(person, "no-id").status_code == 404


def test_nobody_deletes_the_token_of_another(person: Person, place: Server, mcp: httpx.Client) -> None:
    token = token_of(made(person))
    with Person(place) as other:
        other.sign_in(email="employee@gauzy.local")
        assert deleted(other, newest(person)).status_code == 404
    assert knock(mcp, token).status_code == 200


def test_an_expired_token_is_refused_on_every_way_in(
    person: Person, place: Server, home: Path, mcp: httpx.Client
) -> None:
    token = token_of(made(person, name="Over"))
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as opened:
        opened.execute("UPDATE authorization_personaltoken SET expires = '2020-01-01 00:00:00' WHERE name = 'Over'")
    assert knock(mcp, token).status_code == 401
    with pytest.raises(InvalidStatus) as refused, dial(place, additional_headers=bearer(token)):
        pass
    assert refused.value.response.status_code in (401, 403)
    assert "expired" in person.browser.get("/account").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "name:"), ({"name": "n" * 101}, "name:"), ({"may": "everything"}, "may:"),
        ({"may": "admin"}, "may:"), ({"days": "366"}, "expires:"), ({"days": "-7"}, "expires:"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named(person: Person, wrong: dict[str, str], said: str) -> None:
    answer = made(person, **wrong)
    assert answer.status_code == 400
    assert said in answer.text
    assert "gauzy_mcp_pat_" not in answer.text


def test_a_token_that_ends_in_one_process_is_refused_in_another(redis_url: str, tmp_path: Path) -> None:
    with postgres() as database:
        shared = {"DATABASE_URL": database, "REDIS_URL": redis_url, "MCP_SECRET_KEY": "s" * 40}
        with embedded(str(tmp_path / "one"), **shared) as one, Person(one) as person:
            address = {"MCP_AUTH_ENABLED": "true", "MCP_AUTH_RESOURCE_URI": person.base}
            with server({**shared, **address}, str(tmp_path / "two")) as two:
                person.sign_in()
                token = token_of(made(person))
                with (
                    httpx.Client(base_url=two.http, verify=False) as there,
                    dial(two, additional_headers=bearer(token)) as socket,
                ):
                    assert knock(there, token).status_code == 200
                    assert exchange(socket, "ping")["result"] == {}
                    assert deleted(person, newest(person)).status_code == 303
                    assert closing(socket) == 4401
                    assert knock(there, token).status_code == 401
