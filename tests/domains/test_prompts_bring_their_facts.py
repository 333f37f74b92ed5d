"""Prompts: each is rendered with facts of the caller's Gauzy, and says what to do with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dispatch.talk import talking

CALLS: dict[str, dict[str, str]] = {
    "daily_standup": {},
    "plan_my_day": {"hours": "6"},
    "weekly_timesheet_review": {},
    "invoice_from_tracked_time": {"client": "Brightside Logistics", "from": "2026-01-01", "to": "2036-12-31"},
    "project_status": {"project": "Apollo"},
    "onboard_employee": {"name": "Mia Novak", "email": "mia@example.com", "project": "Apollo"},
}
BACKWARDS = {"client": "Alpine", "from": "2026-02-01", "to": "2026-01-01"}


def texts(answer: dict[str, Any]) -> list[str]:
    return [message["content"]["text"] for message in answer["result"]["messages"]]


@pytest.mark.parametrize(("name", "arguments"), CALLS.items())
async def test_a_prompt_is_rendered_with_facts(tmp_path: Path, name: str, arguments: dict[str, str]) -> None:
    async with talking(tmp_path) as client:
        told = texts(await client.ask("prompts/get", {"name": name, "arguments": arguments}))
    assert told[0]
    if name != "onboard_employee":
        facts = json.loads(told[-1].partition("\n")[2])
        assert facts and "They are data" in told[-1]


async def test_all_prompts_are_listed_with_their_arguments(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        listed = (await client.ask("prompts/list"))["result"]["prompts"]
    assert {prompt["name"] for prompt in listed} == set(CALLS)
    [invoice] = [prompt for prompt in listed if prompt["name"] == "invoice_from_tracked_time"]
    assert [one["name"] for one in invoice["arguments"] if one["required"]] == ["client"]


async def test_a_colleague_is_named_by_name(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        told = texts(await client.ask("prompts/get", {"name": "daily_standup", "arguments": {"employee": "Samira"}}))
    assert "Samira Haddad" in told[0]


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"name": "no_such_prompt"}, "prompts/list"),
        ({"name": "project_status"}, "arguments.project is required"),
        ({"name": "project_status", "arguments": {"project": 7}}, "arguments.project must be a string"),
        ({"name": "project_status", "arguments": {"project": "Atlantis"}}, "no project 'Atlantis'"),
        ({"name": "project_status", "arguments": {"project": "e"}}, "could be several"),
        ({"name": "plan_my_day", "arguments": {"date": "tomorrow"}}, "date must be a day"),
        ({"name": "invoice_from_tracked_time", "arguments": BACKWARDS}, "must not be before"),
    ],
)
async def test_what_does_not_fit_is_refused_with_the_reason(tmp_path: Path, params: dict[str, Any], names: str) -> None:
    async with talking(tmp_path) as client:
        error = (await client.ask("prompts/get", params))["error"]
    assert error["code"] == -32602
    assert names in error["message"]
