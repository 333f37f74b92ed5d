"""A real authorization server rotates its keys, is killed and comes back, while requests run."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from tests.oauth.knocking import is_refused, knock, opened
from tests.oauth.peer import authorization_server
from tests.oauth.stand_in import RESOURCE
from tests.oauth.traffic import Traffic

UNREMEMBERED = {"MCP_AUTH_TOKEN_CACHE_TTL": "0"}
"""Every request is checked with the keys, and none by what was decided before."""


def key_of(token: str) -> str:
    head = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])


def test_no_token_that_can_be_checked_is_refused_meanwhile(oauth_modules: Path) -> None:
    with (
        authorization_server(oauth_modules, RESOURCE) as peer,
        opened(peer.environment(RESOURCE, **UNREMEMBERED)) as (running, client),
        Traffic(client) as traffic,
    ):
        old = peer.machine_token(RESOURCE)
        traffic.carry(old)
        peer.rotate()
        new, unseen = peer.machine_token(RESOURCE), peer.machine_token(RESOURCE)
        assert key_of(new) == key_of(unseen) != key_of(old)
        traffic.carry(new)
        peer.stop()
        traffic.go_on()
        traffic.carry(unseen)
        peer.start()
        traffic.carry(peer.machine_token(RESOURCE))
        assert traffic.statuses() == {200}, traffic.answers
        assert running.logged().count("keys of ") == 2, "fetched at first, and for the new key"


def test_a_key_that_is_removed_opens_nothing_from_the_next_fetch_on(oauth_modules: Path) -> None:
    with authorization_server(oauth_modules, RESOURCE) as peer:
        old = peer.machine_token(RESOURCE)
        peer.rotate()
        new = peer.machine_token(RESOURCE)
        with opened(peer.environment(RESOURCE, **UNREMEMBERED)) as (_, client):
            assert [knock(client, token).status_code for token in (old, new)] == [200, 200]
        peer.retire()
        with opened(peer.environment(RESOURCE, **UNREMEMBERED)) as (_, client):
            assert knock(client, new).status_code == 200
            assert is_refused(knock(client, old))


def test_a_key_that_came_while_it_was_away_cannot_be_told_from_none(oauth_modules: Path) -> None:
    """So its tokens are not refused, which would make their holders throw them away."""
    with authorization_server(oauth_modules, RESOURCE) as peer:
        old = peer.machine_token(RESOURCE)
        with opened(peer.environment(RESOURCE, **UNREMEMBERED)) as (_, client):
            assert knock(client, old).status_code == 200
            peer.rotate()
            new = peer.machine_token(RESOURCE)
            peer.stop()
            answer = knock(client, new)
            assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
            assert knock(client, old).status_code == 200
