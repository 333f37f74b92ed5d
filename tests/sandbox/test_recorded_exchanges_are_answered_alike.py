"""Every sample of a real Gauzy, sent in the order it was recorded, gets an answer of the same shape."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from mcp_tools.sandbox.application import Sandbox
from tests.clocks import clock
from tests.sandbox.client import OWNER, signed_in
from tests.sandbox.conftest import KEY
from tests.sandbox.replay import IDS, Replay, problems, recorded

EXCHANGES = recorded("samples")
DIFFERENT: Mapping[str, str] = {}
"""Exchanges that the sandbox answers otherwise, and why."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The differences of each exchange."""
    return asyncio.run(_replayed(Sandbox(tmp_path_factory.mktemp("replay") / "sandbox.sqlite3", KEY, clock())))


async def _replayed(sandbox: Sandbox) -> dict[str, list[str]]:
    replay = Replay(sandbox, IDS | {"employeeId": IDS["adminEmployeeId"]})
    admin = await signed_in(sandbox)
    await admin.ask("PUT", f"/employee/{IDS['adminEmployeeId']}", body={**OWNER, "isTrackingEnabled": False})
    outcome = {}
    for exchange in EXCHANGES:
        answer = await replay.send(exchange, exchange["role"])
        outcome[exchange["name"]] = problems(exchange, answer, replay)
        _remember(replay, exchange, answer.body)
    sandbox.close()
    return outcome


def _remember(replay: Replay, exchange: Mapping[str, Any], body: Any) -> None:
    if isinstance(body, dict):
        if "makes" in exchange and "id" in body:
            replay.ids[exchange["makes"]] = body["id"]
        if "refresh_token" in body:
            replay.ids["used"] = replay.ids.get("token", "")
            replay.ids["token"] = body["refresh_token"]
        if exchange["name"] == "auth-refresh-token":
            replay.ids["token"] = replay.ids["used"]


@pytest.mark.parametrize("name", [exchange["name"] for exchange in EXCHANGES])
def test_it_has_the_recorded_shape(name: str, found: Mapping[str, list[str]]) -> None:
    if name in DIFFERENT:
        assert found[name], f"{name} is answered alike now: take it off the table"
    else:
        assert found[name] == []
