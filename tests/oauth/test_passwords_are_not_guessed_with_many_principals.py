"""The login tool counts passwords by address and by account, however many access tokens the guesser has."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.oauth.knocking import call
from tests.oauth.stand_in import StandIn
from tests.processes import Server, server

LOGINS = 10


@pytest.fixture(scope="module")
def limited(issuer: StandIn) -> Iterator[Server]:
    throttle = {"THROTTLE_ENABLED": "true", "THROTTLE_TTL": "3600000", "THROTTLE_LIMIT": "1000"}
    proxies = {"MCP_TRUSTED_PROXIES": "127.0.0.1"}
    with server(issuer.environment(GAUZY_IDENTITY_MODE="per_user", **throttle, **proxies)) as running:
        yield running


def tried(place: Server, issuer: StandIn, number: int, address: str, email: str) -> str:
    """What ``login`` answers the principal of that number, who calls from ``address``."""
    token = issuer.token(sub=f"guesser-{number}")
    with httpx.Client(base_url=place.http, headers={"X-Forwarded-For": address}, timeout=30) as client:
        return str(call(client, token, "login", {"email": email, "password": "wrong"})["content"][0]["text"])


def test_one_address_tries_ten_passwords(limited: Server, issuer: StandIn) -> None:
    told = [
        tried(limited, issuer, number, "198.51.100.7", f"somebody-{number}@gauzy.local") for number in range(LOGINS + 1)
    ]
    assert ["Too many" in one for one in told] == [False] * LOGINS + [True]


def test_one_account_is_tried_ten_times(limited: Server, issuer: StandIn) -> None:
    told = [
        tried(limited, issuer, number, f"198.51.101.{number}", "Employee@gauzy.local") for number in range(LOGINS + 1)
    ]
    assert ["Too many" in one for one in told] == [False] * LOGINS + [True]
