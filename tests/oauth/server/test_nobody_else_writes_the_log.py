"""What a stranger sends is told in the log, within the line that tells of it."""

from __future__ import annotations

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of
from tests.processes import Server

FORGED = "token issued client=somebody"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u0085", "\x0b", "\x1b[2K\r"], ids=ascii)
def test_a_client_id_that_ends_a_line_ends_none(place: Server, end: str) -> None:
    form = {"grant_type": f"refresh_token{end}{FORGED}", "client_id": f"x{end}{FORGED}", "refresh_token": "x"}
    before = len(place.logged().splitlines())
    assert httpx.post(f"{base_of(place)}/oauth/token", data=form).status_code == 400
    told = [line for line in place.logged().splitlines()[before:] if FORGED in line]
    assert told and all("token refused" in line for line in told)
    assert "\x1b" not in place.logged()


def test_a_client_that_proves_itself_by_http_basic_is_named(place: Server, person: Person) -> None:
    client = OAuthClient.registered(person.base, token_endpoint_auth_method="client_secret_basic")
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    answer = httpx.post(f"{person.base}/oauth/token", data=form, auth=(client.id, client.secret))
    assert answer.json()["error"] == "invalid_grant"
    assert f"client={client.id} error=invalid_grant" in place.logged()
    assert client.secret not in place.logged()
