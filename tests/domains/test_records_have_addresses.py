"""Records are read by address, addresses are completed from names, and who subscribed hears of changes."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.dispatch.talk import Client, talking

APOLLO = f"gauzy://project/{ident('project', 'Apollo')}"


async def completed(client: Client, ref: dict[str, str], name: str, value: str) -> list[str]:
    params = {"ref": ref, "argument": {"name": name, "value": value}}
    return list((await client.ask("completion/complete", params))["result"]["completion"]["values"])


async def read(client: Client, uri: str) -> Any:
    [contents] = (await client.ask("resources/read", {"uri": uri}))["result"]["contents"]
    assert (contents["uri"], contents["mimeType"]) == (uri, "application/json")
    return json.loads(contents["text"])


async def test_me_says_who_is_signed_in_and_what_the_timer_does(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        me = await read(client, "gauzy://me")
    assert me["email"] == "demo@gauzy.local" and "running" in me["timer"]
    assert "token" not in json.dumps(me).lower()


@pytest.mark.parametrize(
    ("word", "typed"), [("project", "apol"), ("task", "return"), ("employee", "samira"), ("contact", "alpine")]
)
async def test_a_name_leads_to_an_address_that_can_be_read(tmp_path: Path, word: str, typed: str) -> None:
    ref = {"type": "ref/resource", "uri": f"gauzy://{word}/{{id}}"}
    async with talking(tmp_path) as client:
        ids = await completed(client, ref, "id", typed)
        record = await read(client, f"gauzy://{word}/{ids[0]}")
        assert record["id"] == ids[0]
        assert ids[0] in await completed(client, ref, "id", ids[0][:9])


async def test_a_prompts_argument_is_completed_by_names(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        values = await completed(client, {"type": "ref/prompt", "name": "project_status"}, "project", "apo")
    assert values[0] == "Apollo"


@pytest.mark.parametrize("uri", ["gauzy://task/nope", "gauzy://task/00000000-0000-4000-8000-000000000000", "gauzy://x"])
async def test_where_nothing_is_the_error_repeats_the_address(tmp_path: Path, uri: str) -> None:
    async with talking(tmp_path) as client:
        error = (await client.ask("resources/read", {"uri": uri}))["error"]
    assert (error["code"], error["data"]) == (-32002, {"uri": uri})


async def test_who_subscribed_hears_of_a_change_and_of_no_other(tmp_path: Path) -> None:
    other = ident("project", "Website Relaunch")
    async with talking(tmp_path) as client:
        assert (await client.ask("resources/subscribe", {"uri": APOLLO}))["result"] == {}
        await client.call("update_project", id=other, status="open")
        await client.call("update_project", id=ident("project", "Apollo"), status="completed")
        await asyncio.sleep(0)
        heard = [note["params"] for note in client.notes if note["method"] == "notifications/resources/updated"]
        assert heard == [{"uri": APOLLO}]
        await client.ask("resources/unsubscribe", {"uri": APOLLO})
        await client.call("update_project", id=ident("project", "Apollo"), status="open")
        assert len([note for note in client.notes if note["method"] == "notifications/resources/updated"]) == 1


async def test_a_record_of_nobody_cannot_be_subscribed_to(tmp_path: Path) -> None:
    async with talking(tmp_path) as client:
        error = (await client.ask("resources/subscribe", {"uri": "gauzy://task/nope"}))["error"]
    assert error["code"] == -32002
