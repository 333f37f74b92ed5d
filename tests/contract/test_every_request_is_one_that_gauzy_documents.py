"""Every request that every tool makes, for each of its arguments, against Gauzy's own document."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mcp_tools.catalog.domains import catalog
from tests.contract.rehearsed import document, rehearsed, report


async def test_nothing_is_sent_that_the_document_does_not_know() -> None:
    found = await report(document())
    assert found.mismatches == ()
    assert found.silent == ()
    assert len(found.requests) > 150


async def test_every_tool_that_talks_to_gauzy_was_heard() -> None:
    assert {tool for tool, _ in await rehearsed()} == {tool.name for tool in catalog() if tool.kind == "gauzy"}


async def test_tools_that_change_something_were_seen_changing_it() -> None:
    writers = {tool.name for tool in catalog() if tool.kind == "gauzy" and tool.effect != "reads"}
    only_read = {
        tool for tool, made in await rehearsed() if tool in writers and all(one.method == "GET" for one in made)
    }
    # The example names what the demo company has not: an image, a member to take off, a skill to take away.
    assert {tool for tool in only_read if "merchant" not in tool} == {
        "assign_employees_to_time_off_policy",
        "delete_product_gallery_image",
        "remove_skill_from_employee",
        "unassign_task_from_employee",
    }
    # Today's Gauzy answers no merchant, and a change is merged with what is there.
    assert all(
        tool.split("_")[0] in ("update", "delete", "archive", "restore") for tool in only_read if "merchant" in tool
    )


async def test_the_whole_document_agrees_with_its_extract() -> None:
    place = Path(os.environ.get("GAUZY_REFERENCE_DIR", "../shared")) / "gauzy" / "openapi.json"
    if not place.is_file():
        pytest.skip(f"{place} is not here: GAUZY_REFERENCE_DIR names the folder of Gauzy's documents")
    found = await report(json.loads(place.read_text(encoding="utf-8")))
    assert found.mismatches == ()
