"""Attack group 47, with registrations that nobody thought of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oauth.server.places import base_of
from tests.processes import Server

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
uris = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            ["https:", "http:", "cursor:", "javascript:", "//", "localhost", "127.0.0.1", "[::1]", "evil.example",
             ":8080", ":", "@", "#", "/", "\\", "%", "?a=b", "\t", "é", "*", ";"]
        ),
        max_size=7,
    ),
)  # fmt: skip
members = st.fixed_dictionaries(
    {"redirect_uris": st.lists(uris, max_size=3) | anything},
    optional={
        "client_name": st.text() | anything,
        "grant_types": st.lists(st.sampled_from(["authorization_code", "refresh_token", "password"])) | anything,
        "response_types": st.lists(st.sampled_from(["code", "token"])) | anything,
        "token_endpoint_auth_method": st.sampled_from(["none", "client_secret_post", "private_key_jwt"]) | anything,
        "scope": anything,
        "jwks": anything,
    },
)


@pytest.fixture(scope="module")
def opened(place: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base_of(place), timeout=60) as client:
        yield client


@settings(max_examples=100, deadline=None)
@given(sent=members | anything)
def test_group_47_any_json_is_refused_in_words_or_makes_a_client_of_the_rules(opened: httpx.Client, sent: Any) -> None:
    answer = opened.post("/oauth/register", content=json.dumps(sent))
    assert answer.status_code in (201, 400), answer.text
    body = answer.json()
    if answer.status_code == 400:
        assert body["error"] in ("invalid_client_metadata", "invalid_redirect_uri")
        assert body["error_description"]
        return
    assert set(body["grant_types"]) <= {"authorization_code", "refresh_token"}
    assert body["token_endpoint_auth_method"] in ("none", "client_secret_basic", "client_secret_post")
    assert 0 < len(body["redirect_uris"]) <= 10
    assert all(map(safe, body["redirect_uris"])), body


def safe(uri: str) -> bool:
    """Https, this machine, or a scheme that is a known program's; nobody's name or place in it."""
    parts = urlsplit(uri)
    at_home = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    elsewhere = parts.scheme == "https" and bool(parts.hostname)
    return uri.isascii() and not set(uri) & set("#@\\\t") and (at_home or elsewhere or parts.scheme == "cursor")
