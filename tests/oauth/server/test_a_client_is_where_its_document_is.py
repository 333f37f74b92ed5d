"""Client ID metadata documents as clients publish them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata

from tests.oauth.server.document_host import Answer, DocumentHost, document_host
from tests.oauth.server.person import OAuthClient, Person
from tests.oauth.server.places import base_of, embedded
from tests.oauth.server.test_official_clients_sign_in import Browser
from tests.oauth.test_official_clients_find_their_way import Kept
from tests.processes import Server

CALLBACK = "http://127.0.0.1:7777/callback"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"

PUBLISHED: dict[str, dict[str, Any]] = {
    "https://claude.ai/oauth/mcp-oauth-client-metadata": {
        "client_name": "Claude",
        "redirect_uris": ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
        "grant_types": ["authorization_code", "refresh_token", JWT_BEARER],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "logo_uri": "https://claude.ai/logo.png",
    },
    "https://claude.ai/oauth/claude-code-client-metadata": {
        "client_name": "Claude Code",
        "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    },
    "https://chatgpt.com/oauth/client.json": {
        "client_name": "ChatGPT",
        "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        "jwks_uri": "https://chatgpt.com/oauth/jwks.json",
    },
    "https://vscode.dev/oauth/client-metadata.json": {
        "client_name": "Visual Studio Code",
        "redirect_uris": ["http://127.0.0.1:33418/", "http://127.0.0.1/", "https://vscode.dev/redirect"],
        "grant_types": ["authorization_code", "refresh_token", DEVICE],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native",
    },
}


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentHost]:
    with document_host(tmp_path_factory.mktemp("hosts")) as running:
        yield running


@pytest.fixture(scope="module")
def trusting(hosts: DocumentHost) -> Iterator[Server]:
    with embedded(
        DJANGO_SETTINGS_MODULE="tests.oauth.server.settings_with_local_documents",
        TEST_DOCUMENTS_PORT=str(hosts.port),
        TEST_DOCUMENTS_CERTIFICATE=str(hosts.certificate),
    ) as running:
        yield running


@pytest.fixture(scope="module")
def person(trusting: Server) -> Iterator[Person]:
    with Person(trusting) as opened:
        opened.sign_in()
        yield opened


def at(trusting: Server, url: str, redirect: str = CALLBACK) -> OAuthClient:
    return OAuthClient(base_of(trusting), url, redirect)


@pytest.mark.parametrize("url", PUBLISHED)
def test_clients_sign_in_with_the_documents_they_publish(
    url: str, hosts: DocumentHost, trusting: Server, person: Person
) -> None:
    hosts.publish(url, **PUBLISHED[url])
    client = at(trusting, url, PUBLISHED[url]["redirect_uris"][0])
    page = person.asked(client)
    assert PUBLISHED[url]["client_name"] in page.text
    tokens = client.tokens(person)
    assert client.refresh(tokens["refresh_token"]).status_code == 200


async def test_the_official_client_signs_in_with_a_document_and_registers_nothing(
    hosts: DocumentHost, trusting: Server, person: Person
) -> None:
    url = hosts.publish("https://client.example/official.json", redirect_uris=[CALLBACK])
    kept, browser = Kept(), Browser(person)
    metadata = OAuthClientMetadata(client_name="test", redirect_uris=[CALLBACK], token_endpoint_auth_method="none")
    address = f"{person.base}/mcp"
    auth = OAuthClientProvider(address, metadata, kept, browser.open, browser.come_back, client_metadata_url=url)
    async with (
        httpx2.AsyncClient(auth=auth, timeout=60) as http,
        Client(streamable_http_client(address, http_client=http)) as client,
    ):
        assert (await client.call_tool("get_projects", {"limit": 1})).is_error is False
        auth.context.token_expiry_time = 1.0
        assert (await client.call_tool("get_projects", {"limit": 1})).is_error is False
    assert auth.context.client_info is not None and auth.context.client_info.client_id == url
    assert len(browser.visits) == 1 and len(kept.given) == 2, "refreshed without the person"


def test_a_program_of_this_computer_may_listen_at_any_port(
    hosts: DocumentHost, trusting: Server, person: Person
) -> None:
    url = hosts.publish("https://client.example/native", redirect_uris=["http://localhost/callback"])
    assert "access_token" in at(trusting, url, "http://localhost:49152/callback").tokens(person)


def test_group_48_nothing_but_the_document_is_fetched(hosts: DocumentHost, trusting: Server, person: Person) -> None:
    url = hosts.publish(
        "https://client.example/logo",
        logo_uri="https://client.example/logo.png",
        jwks_uri="https://client.example/keys",
        client_uri="https://client.example/",
    )
    page = person.asked(at(trusting, url))
    assert page.status_code == 200
    assert "logo.png" not in page.text
    assert [
        one for one in hosts.asked if one.startswith(("https://client.example/logo", "https://client.example/k"))
    ] == [url]


def test_group_48_a_document_that_changes_its_redirect_counts_at_once(
    hosts: DocumentHost, trusting: Server, person: Person
) -> None:
    url = hosts.publish("https://client.example/moving", age=0)
    assert person.asked(at(trusting, url)).status_code == 200
    hosts.publish(url, redirect_uris=["https://client.example/new"])
    assert person.asked(at(trusting, url)).status_code == 400
    assert person.asked(at(trusting, url, "https://client.example/new")).status_code == 200


def test_a_document_that_is_away_for_a_moment_is_believed_longer(
    hosts: DocumentHost, trusting: Server, person: Person
) -> None:
    url = hosts.publish("https://client.example/away", age=0)
    assert person.asked(at(trusting, url)).status_code == 200
    hosts.answers[url] = Answer(b"", 503)
    assert person.asked(at(trusting, url)).status_code == 200
    assert hosts.asked.count(url) == 2


def test_a_document_is_asked_for_once_while_it_is_good(hosts: DocumentHost, trusting: Server, person: Person) -> None:
    url = hosts.publish("https://client.example/good")
    for _ in range(3):
        assert person.asked(at(trusting, url)).status_code == 200
    assert hosts.asked.count(url) == 1


def test_group_48_a_token_request_fetches_no_document(hosts: DocumentHost, trusting: Server) -> None:
    url = hosts.publish("https://client.example/unseen")
    answer = at(trusting, url).exchange("made-up")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert url not in hosts.asked


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "https://client.example/another"},
        {"redirect_uris": ["http://client.example/callback"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": "https://client.example/callback"},
        {"redirect_uris": []},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"client_secret": "s3cret"},
        {"grant_types": ["client_credentials"]},
        {"client_name": 5},
    ],
    ids=str,
)
def test_group_48_a_document_that_is_no_clients_is_refused_on_a_page(
    changed: dict[str, Any], hosts: DocumentHost, trusting: Server, person: Person
) -> None:
    url = hosts.publish("https://client.example/bad", **changed)
    page = person.asked(at(trusting, url))
    assert page.status_code == 400
    assert "Location" not in page.headers
    assert hosts.asked[-1] == url


def test_a_long_name_is_cut(hosts: DocumentHost, trusting: Server, person: Person) -> None:
    url = hosts.publish("https://client.example/named", client_name="x" * 3000)
    page = person.asked(at(trusting, url))
    assert page.status_code == 200
    assert "x" * 256 not in page.text
