"""Attack groups 44 and 45: resources and scopes that were not granted (RFC 8707, RFC 6749 section 3.3)."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person, redirected
from tests.oauth.server.using import call, status_of


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return read


@pytest.mark.parametrize("resource", ["https://other.example", "/mcp", "urn:x", "http://localhost/mcp", "x" * 3000])
def test_group_44_another_resource_is_refused_before_consent(person: Person, resource: str) -> None:
    answer = redirected(person.asked(OAuthClient.registered(person.base), resource=resource))
    assert answer["error"] == "invalid_target" and "code" not in answer


def test_group_44_a_token_request_cannot_widen_what_was_granted(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    code = person.allows(client)["code"]
    for other in ("https://other.example", f"{person.base}/sse", person.base):
        assert client.exchange(code, resource=other).json()["error"] == "invalid_target"
    tokens = client.exchange(code, resource=f"{person.base}/mcp").json()
    assert claims(tokens["access_token"])["aud"] == f"{person.base}/mcp"
    for other in ("https://other.example", f"{person.base}/sse"):
        assert client.refresh(tokens["refresh_token"], resource=other).json()["error"] == "invalid_target"
    refreshed = client.refresh(tokens["refresh_token"]).json()
    assert claims(refreshed["access_token"])["aud"] == f"{person.base}/mcp"


@pytest.mark.parametrize("foreign", ["https://other.example", "{base}/sse"])
def test_group_44_one_granted_resource_does_not_bring_another_with_it(person: Person, foreign: str) -> None:
    client = OAuthClient.registered(person.base)
    granted, other = f"{person.base}/mcp", foreign.format(base=person.base)
    code = person.allows(client)["code"]
    exchange = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": client.redirect, "client_id": client.id,
        "code_verifier": client.verifier,
    }  # fmt: skip
    for both in ([granted, other], [other, granted]):
        assert asked(client, exchange, both)["error"] == "invalid_target"
    tokens = asked(client, exchange, [granted])
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": client.id}
    for both in ([granted, other], [other, granted]):
        assert asked(client, refresh, both)["error"] == "invalid_target"
    assert claims(asked(client, refresh, [granted])["access_token"])["aud"] == granted


def test_group_44_nor_does_consent(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    for both in ([f"{person.base}/mcp", "https://other.example"], ["https://other.example", f"{person.base}/mcp"]):
        answer = redirected(person.browser.get("/oauth/authorize", params={**client.request(), "resource": both}))
        assert answer["error"] == "invalid_target" and "code" not in answer


def asked(client: OAuthClient, form: dict[str, str], resources: list[str]) -> dict[str, Any]:
    """What the token endpoint answers to a request that names several resources."""
    answer: dict[str, Any] = httpx.post(f"{client.base}/oauth/token", data={**form, "resource": resources}).json()
    return answer


def test_group_44_none_means_this_server(person: Person) -> None:
    tokens = OAuthClient.registered(person.base).tokens(person, resource=None)
    assert claims(tokens["access_token"])["aud"] == person.base
    assert status_of(person.base, tokens["access_token"], "/sse") == 200


def test_spellings_of_an_address_are_one_resource(person: Person) -> None:
    spelled = person.base.replace("http://localhost", "HTTP://LOCALHOST") + "/mcp/"
    tokens = OAuthClient.registered(person.base).tokens(person, resource=spelled)
    assert claims(tokens["access_token"])["aud"] == f"{person.base}/mcp"


def test_group_45_a_refresh_cannot_ask_for_more(person: Person) -> None:
    client = OAuthClient.registered(person.base, scope="mcp.read")
    tokens = client.tokens(person, scope="mcp.read")
    assert tokens["scope"] == "mcp.read"
    for scope in ("mcp.read mcp.write", "mcp.admin", "mcp.read mcp.readx"):
        assert client.refresh(tokens["refresh_token"], scope=scope).json()["error"] == "invalid_scope"
    assert call(person.base, tokens["access_token"], "create_task", title="x").status_code == 403
    wider = client.tokens(person, scope="mcp.read mcp.write")
    assert wider["scope"] == "mcp.read mcp.write", "a client steps up by asking the person"


def test_group_45_what_is_not_ours_is_left_out_and_told(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    assert client.tokens(person, scope="openid mcp.read profile")["scope"] == "mcp.read"
    assert client.tokens(person, scope="openid offline_access mcp.read")["scope"] == "mcp.read offline_access"
    assert client.tokens(person, scope=None)["scope"] == "mcp.read mcp.write"
    assert redirected(person.asked(client, scope="mcp.readx everything"))["error"] == "invalid_scope"


def test_group_45_only_staff_can_grant_the_scope_of_operators(person: Person) -> None:
    tokens = OAuthClient.registered(person.base).tokens(person, scope="mcp.read mcp.admin")
    assert tokens["scope"] == "mcp.read"


def test_a_person_may_grant_less_than_is_asked_for(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    page = person.asked(client, scope="mcp.read mcp.write")
    code = redirected(person.submit(page, decision="allow"))["code"]
    assert client.exchange(code).json()["scope"] == "mcp.read"


def test_a_token_says_what_rfc_9068_wants(person: Person) -> None:
    client = OAuthClient.registered(person.base)
    tokens = client.tokens(person)
    header = json.loads(base64.urlsafe_b64decode(tokens["access_token"].split(".")[0] + "=="))
    told = claims(tokens["access_token"])
    assert header["typ"] == "at+jwt" and header["alg"] == "RS256" and header["kid"]
    assert told["iss"] == person.base and told["client_id"] == client.id and told["exp"] - told["iat"] == 600
    assert "demo" not in json.dumps(told), "the subject says nothing of the person"
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] == 600
