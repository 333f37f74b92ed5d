"""/readyz names the issuer's keys and introspection, and is honest about keys that are old."""

from __future__ import annotations

from typing import Any

import httpx

from tests.oauth.knocking import opened
from tests.oauth.stand_in import StandIn, says
from tests.processes import Server


def parts(running: Server) -> dict[str, Any]:
    answer = httpx.get(f"{running.http}/readyz", timeout=30)
    found: dict[str, Any] = answer.json()["parts"]
    assert (answer.status_code == 200) == all(part["ok"] for part in found.values())
    return found


def test_keys_at_hand_are_counted(own_issuer: StandIn) -> None:
    with opened(own_issuer.environment()) as (running, _):
        told = parts(running)["jwks"]
        assert told["ok"] is True and told["keys"] == 3 and told["stale"] is False and told["age"] >= 0


def test_an_issuer_that_is_away_at_the_start_makes_the_server_not_ready(own_issuer: StandIn) -> None:
    own_issuer.stop()
    with opened(own_issuer.environment()) as (running, _):
        assert parts(running)["jwks"] == {"ok": False, "problem": "IssuerUnavailable"} | _took(running)
    own_issuer.restart()


def test_keys_that_are_known_serve_while_the_issuer_is_away(own_issuer: StandIn) -> None:
    with opened(own_issuer.environment()) as (running, client):
        headers = {"Authorization": f"Bearer {own_issuer.token()}"}
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        assert client.post("/mcp", json=ping, headers=headers).status_code == 200
        own_issuer.stop()
        assert parts(running)["jwks"]["ok"] is True
    own_issuer.restart()


def test_introspection_must_know_us(own_issuer: StandIn) -> None:
    variables = own_issuer.environment(**own_issuer.introspecting())
    with opened(variables) as (running, _):
        assert parts(running)["introspection"]["ok"] is True
    own_issuer.introspect = says(401)
    with opened(variables) as (running, _):
        told = parts(running)["introspection"]
        assert told["ok"] is False and told["problem"] == "IssuerUnavailable"


def _took(running: Server) -> dict[str, Any]:
    return {"milliseconds": parts(running)["jwks"]["milliseconds"]}
