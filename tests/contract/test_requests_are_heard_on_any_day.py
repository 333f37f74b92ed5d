"""The demo company has a record for every argument that names one, whatever day a check of the contract runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gauzy_mcp.rehearsal import Rehearsal
from tests.clocks import MOMENTS, clock
from tests.companies import company

OF_TIME = ("get_time_log", "update_time_log", "delete_time_log", "set_timesheet_status", "list_time_logs")


@pytest.mark.parametrize("name", MOMENTS)
async def test_every_argument_finds_its_record(tmp_path: Path, name: str) -> None:
    moment = MOMENTS[name]
    rehearsal = Rehearsal(tmp_path, clock(moment), company(moment))
    for tool in rehearsal.catalog:
        await rehearsal.known(tool)
    for tool_name in OF_TIME:
        tool = rehearsal.catalog.find(tool_name)
        assert tool is not None
        outcomes = [await rehearsal.call(tool_name, given) for given in await rehearsal.examples(tool)]
        assert any(outcome.error is None and outcome.requests for outcome in outcomes), tool_name
        rehearsal.renew()
    await rehearsal.stop()
