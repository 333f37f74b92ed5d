"""Attack groups 49, 52 and 53: introspection by strangers, the device flow, clients that want tokens of their own."""

from __future__ import annotations

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person


@pytest.mark.parametrize(
    "grant",
    [
        "client_credentials", "password", "implicit", "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange", "",
    ],
)  # fmt: skip
def test_group_52_and_53_other_grants_do_not_exist(person: Person, grant: str) -> None:
    client = OAuthClient.registered(person.base, token_endpoint_auth_method="client_secret_post")
    form = {
        "grant_type": grant, "client_id": client.id, "client_secret": client.secret, "scope": "mcp.admin",
        "username": "demo@gauzy.local", "password": "demo", "device_code": "x",
    }  # fmt: skip
    answer = client.post("/oauth/token", dict(form))
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_group_49_a_client_that_registered_itself_learns_nothing_of_tokens(person: Person) -> None:
    client = OAuthClient.registered(person.base, token_endpoint_auth_method="client_secret_post")
    tokens = client.tokens(person)
    for secret in (client.secret, "wrong", None):
        form = {"token": tokens["access_token"], "client_id": client.id, "client_secret": secret}
        answer = client.post("/oauth/introspect", form)
        assert answer.status_code == 401 and "active" not in answer.text


def test_group_49_a_token_is_not_introspected_by_get(person: Person) -> None:
    tokens = OAuthClient.registered(person.base).tokens(person)
    answer = httpx.get(f"{person.base}/oauth/introspect", params={"token": tokens["access_token"]})
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/introspect"])
def test_parameters_in_the_address_are_refused(person: Person, path: str) -> None:
    answer = httpx.post(f"{person.base}{path}?token=x", data={"token": "x"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_unknown_client_and_wrong_secret_are_told_alike(person: Person) -> None:
    client = OAuthClient.registered(person.base, token_endpoint_auth_method="client_secret_post")
    wrong = client.refresh("x", client_secret="wrong")
    unknown = client.refresh("x", client_id="nobody", client_secret="wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content and wrong.json()["error"] == "invalid_client"


def test_revoking_what_is_unknown_is_no_error_and_tells_nothing(person: Person) -> None:
    client, other = OAuthClient.registered(person.base), OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    for token in ("nothing", tokens["refresh_token"]):
        answer = other.revoke(token)
        assert answer.status_code == 200 and answer.content == b""
    assert client.refresh(tokens["refresh_token"]).status_code == 200, "another client's token is not its to revoke"
