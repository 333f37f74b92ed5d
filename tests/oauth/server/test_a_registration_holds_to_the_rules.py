"""Attack group 47: registrations that would make a client of something that must be none."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of
from tests.oauth.server.registering import DEVICE, good, register
from tests.processes import Server
from tests.transports.calls import message


def refused(place: Server, metadata: object, error: str, member: str) -> None:
    answer = register(base_of(place), metadata)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"] == error
    assert member in answer.json()["error_description"]


@pytest.mark.parametrize(
    "uri",
    [
        "http://client.example/callback", "http://127.0.0.1.client.example/", "http://localhost.client.example/",
        "http://10.0.0.1/", "http://[::2]/", "http://2130706433/", "http://0.0.0.0/", "javascript:alert(1)",
        "data:text/html,x", "file:///etc/passwd", "ftp://client.example/", "vbscript:x", "blob:https://client.example/",
        "https://client.example/#fragment", "https://client.example/#", "https://user@client.example/",
        "https://user:word@client.example/", "https://@client.example/", "https://client.example\\@evil.example/",
        "https:///callback", "https://", "https://client.example:99999/", "http://localhost:*/callback",
        "http://127.0.0.1:0/callback", "http://localhost:00/callback", "https://client.example:0/",
        "http://[::1]:65536/callback", "/callback",
        "client.example", "", "https://client.example/ x", "https://client.example/\n", "https://client.example/\x00",
        "https://client.example/\x7f", "https://clïent.example/", "https://client.example/<script>",
        "https://e.example;sandbox/", "https://e.example,*.evil.example/", "https://e.example%0d%0aX/", "https://e'x/",
        "https://[::1/callback", "https://client.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_group_47_a_redirect_that_nobody_should_be_sent_to(uri: str, place: Server) -> None:
    for uris in ([uri], ["https://client.example/callback", uri]):
        refused(place, good(redirect_uris=uris), "invalid_redirect_uri", "redirect_uris")


@pytest.mark.parametrize("count", [0, 11, 500])
def test_group_47_too_many_redirects_or_none(count: int, place: Server) -> None:
    uris = [f"https://c.example/{number}" for number in range(count)]
    refused(place, good(redirect_uris=uris), "invalid_redirect_uri", "1 to 10 entries")


def test_ten_redirects_are_taken(place: Server) -> None:
    uris = [f"https://client.example/{'a' * 1000}/{number}" for number in range(10)]
    assert register(base_of(place), good(redirect_uris=uris)).json()["redirect_uris"] == uris


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"redirect_uris": None}, "redirect_uris"),
        ({"redirect_uris": "https://client.example/"}, "redirect_uris must be an array of texts"),
        ({"redirect_uris": [5]}, "redirect_uris must be an array of texts"),
        ({"redirect_uris": ["\ud800"]}, "redirect_uris must be an array of texts"),
        ({"redirect_uris": {"a": 1}}, "redirect_uris must be an array of texts"),
        ({"client_name": 5}, "client_name must be a text"),
        ({"client_name": ["x"]}, "client_name must be a text"),
        ({"client_name": "a\x00b"}, "client_name must be a text"),
        ({"client_name": "\ud800"}, "client_name must be a text"),
        ({"grant_types": "authorization_code"}, "grant_types must be an array of texts"),
        ({"grant_types": []}, "grant_types must contain authorization_code"),
        ({"grant_types": ["refresh_token"]}, "grant_types must contain authorization_code"),
        ({"grant_types": [DEVICE]}, "grant_types must contain authorization_code"),
        ({"grant_types": ["client_credentials"]}, "grant_types must contain authorization_code"),
        ({"grant_types": ["password", "implicit"]}, "grant_types must contain authorization_code"),
        ({"grant_types": [None]}, "grant_types must be an array of texts"),
        ({"response_types": ["token"]}, "response_types must contain code"),
        ({"response_types": "code"}, "response_types must be an array of texts"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "token_endpoint_auth_method must be one of none"),
        ({"token_endpoint_auth_method": "tls_client_auth"}, "token_endpoint_auth_method must be one of none"),
        ({"token_endpoint_auth_method": True}, "token_endpoint_auth_method must be a text"),
    ],
    ids=str,
)
def test_group_47_a_member_that_is_not_what_it_should_be(changes: dict[str, Any], member: str, place: Server) -> None:
    error = "invalid_redirect_uri" if changes == {"redirect_uris": None} else "invalid_client_metadata"
    refused(place, good(**changes), error, member)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 9000, b"9" * 9000, b"a=b"])
def test_group_47_a_body_that_is_no_registration(body: bytes, place: Server) -> None:
    answer = httpx.post(f"{base_of(place)}/oauth/register", content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert "the request must be" in answer.json()["error_description"]


@pytest.mark.parametrize("length", [16 * 1024 + 1, 1024 * 1024, 5 * 1024 * 1024])
def test_group_47_a_body_that_is_too_long(length: int, place: Server) -> None:
    answer = httpx.post(f"{base_of(place)}/oauth/register", content=b" " * (length - 2) + b"{}", timeout=60)
    assert answer.status_code == 400
    assert "longer than 16384 bytes" in answer.json()["error_description"]


def test_group_47_grants_that_are_not_offered_are_left_out(person: Person) -> None:
    asked = good(
        grant_types=["authorization_code", "client_credentials", "password", "implicit", DEVICE],
        token_endpoint_auth_method="client_secret_post",
    )
    made = register(person.base, asked).json()
    assert made["grant_types"] == ["authorization_code"]
    client = OAuthClient(person.base, made["client_id"], made["redirect_uris"][0], made["client_secret"])
    for grant in ("client_credentials", "password", DEVICE):
        answer = client.post(
            "/oauth/token",
            {"grant_type": grant, "client_id": client.id, "client_secret": client.secret, "scope": "mcp.admin"},
        )
        assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_group_47_members_that_nobody_here_knows_are_ignored(place: Server) -> None:
    asked = good(
        client_id="mine", client_secret="mine", registration_source="manual", skip_authorization=True, user=1, id=1
    )
    made = register(base_of(place), asked).json()
    assert made["client_id"] != "mine"
    assert not {"client_secret", "registration_source", "skip_authorization", "user"} & made.keys()


def test_group_47_a_registration_cannot_be_changed_and_hands_out_no_token(person: Person) -> None:
    made = register(person.base, good(token_endpoint_auth_method="client_secret_post")).json()
    assert not {"registration_access_token", "registration_client_uri"} & made.keys()
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        for path in ("/oauth/register", "/register"):
            answer = httpx.request(method, f"{person.base}{path}", params={"client_id": made["client_id"]})
            assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
        place = f"{person.base}/oauth/register/{made['client_id']}"
        assert (
            httpx.request(method, place, headers={"Authorization": f"Bearer {made['client_secret']}"}).status_code
            == 404
        )


def test_group_47_nothing_of_a_registration_opens_the_resource(place: Server) -> None:
    made = register(base_of(place), good(token_endpoint_auth_method="client_secret_basic")).json()
    for text in (made["client_secret"], made["client_id"]):
        answer = httpx.post(
            f"{base_of(place)}/mcp", json=message("tools/list"), headers={"Authorization": f"Bearer {text}"}
        )
        assert answer.status_code == 401


def test_group_47_a_registered_client_may_not_introspect(person: Person) -> None:
    made = register(person.base, good(token_endpoint_auth_method="client_secret_basic")).json()
    token = OAuthClient.registered(person.base).tokens(person)["access_token"]
    answer = httpx.post(
        f"{person.base}/oauth/introspect", data={"token": token}, auth=(made["client_id"], made["client_secret"])
    )
    assert answer.status_code in (401, 403)
    assert "active" not in answer.json()


def test_a_long_name_is_cut_and_told(place: Server) -> None:
    made = register(base_of(place), good(client_name="é" * 1000)).json()
    assert made["client_name"] == "é" * 255
