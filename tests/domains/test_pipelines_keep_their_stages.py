"""Pipelines and their stages through the tools: no change loses a stage or a deal that nobody gave up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

SALES = ident("Pipeline", "New business")
LEAD, OFFER = ident("PipelineStage", "New business/Lead"), ident("PipelineStage", "New business/Offer")
NOBODYS = "00000000-0000-4000-8000-000000000000"


async def stages(gauzy: Gauzy, pipeline_id: str = SALES) -> list[str]:
    return [one["name"] for one in (await gauzy.call("get_pipeline", id=pipeline_id))["stages"]]


async def deals(gauzy: Gauzy, **filters: Any) -> int:
    return (await gauzy.call("get_deal_count", **filters))["count"]


async def without_tenant(gauzy: Gauzy) -> tuple[str, str, str]:
    """A pipeline as Gauzy's own pages make it, whose stages belong to no tenant: its id and those of its stages."""
    identity = await gauzy.request("GET", "/user/me")
    owner = {"tenantId": identity["tenantId"], "organizationId": ident("organization", "Gauzy Demo Company Ltd")}
    body = {**owner, "name": "Older", "stages": [{"name": "A"}, {"name": "B"}]}
    made = await gauzy.request("POST", "/pipelines", body=body)
    return made["id"], made["stages"][0]["id"], made["stages"][1]["id"]


async def test_a_pipeline_is_created_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_pipeline", name="Hiring of agencies", stages=["Called", "Chosen"])
    assert [(one["index"], one["name"]) for one in made["stages"]] == [(1, "Called"), (2, "Chosen")]
    for filters in ({"name": "agencies"}, {"stage": "chos"}):
        found = await gauzy.call("get_pipelines", **filters)
        assert [(row["id"], len(row["stages"])) for row in found["items"]] == [(made["id"], 2)]
    changed = await gauzy.call("update_pipeline", id=made["id"], name="Agencies", isActive=False)
    assert (changed["name"], changed["isActive"]) == ("Agencies", False)
    assert [row["id"] for row in (await gauzy.call("get_pipelines", isActive=False))["items"]] == [made["id"]]
    assert await gauzy.call("delete_pipeline", id=made["id"]) == {"id": made["id"], "deleted": True, "deals": 0}
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("get_pipeline", id=made["id"])


async def test_a_change_of_the_name_keeps_stages_and_deals(gauzy: Gauzy) -> None:
    before, count = await stages(gauzy), await deals(gauzy)
    await gauzy.call("update_pipeline", id=SALES, name="Sales", description="All of it")
    assert await stages(gauzy) == before
    assert await deals(gauzy) == count


async def test_a_stage_is_added_at_its_place(gauzy: Gauzy) -> None:
    await gauzy.call("add_pipeline_stage", pipelineId=SALES, name="Demo", description="Shown", position=2)
    await gauzy.call("add_pipeline_stage", pipelineId=SALES, name="Archive")
    assert await stages(gauzy) == ["Lead", "Demo", "Offer", "Negotiation", "Won", "Lost", "Archive"]
    assert await deals(gauzy, stage="Offer") == 2


async def test_a_stage_is_renamed_and_moved_with_its_deals(gauzy: Gauzy) -> None:
    await gauzy.call("update_pipeline_stage", pipelineId=SALES, stageId=OFFER, name="Proposal", position=1)
    assert await stages(gauzy) == ["Proposal", "Lead", "Negotiation", "Won", "Lost"]
    assert await deals(gauzy, stage="Proposal") == 2
    with pytest.raises(Refused, match="at least one of"):
        await gauzy.call("update_pipeline_stage", pipelineId=SALES, stageId=OFFER)
    with pytest.raises(Refused, match="no stage"):
        await gauzy.call("update_pipeline_stage", pipelineId=SALES, stageId=NOBODYS, name="x")


async def test_a_stage_with_deals_goes_only_when_they_are_provided_for(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="2 deals would be deleted"):
        await gauzy.call("remove_pipeline_stage", pipelineId=SALES, stageId=LEAD)
    assert await deals(gauzy, stageId=LEAD) == 2
    await gauzy.call("remove_pipeline_stage", pipelineId=SALES, stageId=LEAD, moveDealsTo=OFFER)
    assert await stages(gauzy) == ["Offer", "Negotiation", "Won", "Lost"]
    assert await deals(gauzy, stageId=OFFER) == 4
    await gauzy.call("remove_pipeline_stage", pipelineId=SALES, stageId=OFFER, deleteDeals=True)
    assert await deals(gauzy, pipelineId=SALES) == 3


@pytest.mark.parametrize("target", [LEAD, ident("PipelineStage", "Renewals/Due")])
async def test_deals_move_only_to_another_stage_of_the_pipeline(gauzy: Gauzy, target: str) -> None:
    with pytest.raises(Refused):
        await gauzy.call("remove_pipeline_stage", pipelineId=SALES, stageId=LEAD, moveDealsTo=target)
    assert await deals(gauzy, stageId=LEAD) == 2
    assert "Lead" in await stages(gauzy)


async def test_a_pipeline_with_deals_goes_only_when_told(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="7 deals would be deleted"):
        await gauzy.call("delete_pipeline", id=SALES)
    assert await deals(gauzy, pipelineId=SALES) == 7
    assert (await gauzy.call("delete_pipeline", id=SALES, deleteDeals=True))["deals"] == 7
    assert await deals(gauzy) == 3


async def test_stages_that_belong_to_no_tenant_are_kept_and_removed_alike(gauzy: Gauzy) -> None:
    pipeline_id, first, second = await without_tenant(gauzy)
    await gauzy.call("create_deal", title="Hidden", stageId=first)
    board = await gauzy.call("get_deals_pipeline", pipelineId=pipeline_id)
    assert [stage["count"] for stage in board["pipelines"][0]["stages"]] == [1, 0]
    await gauzy.call("remove_pipeline_stage", pipelineId=pipeline_id, stageId=second)
    assert await stages(gauzy, pipeline_id) == ["A"]
    assert await deals(gauzy, stageId=first) == 1


async def test_two_changes_at_once_lose_nothing(gauzy: Gauzy) -> None:
    names = [f"Step {number}" for number in range(6)]
    await asyncio.gather(*(gauzy.call("add_pipeline_stage", pipelineId=SALES, name=name) for name in names))
    assert sorted((await stages(gauzy))[5:]) == names
    assert await deals(gauzy, pipelineId=SALES) == 7


async def test_an_unknown_pipeline_is_told(gauzy: Gauzy) -> None:
    for name, arguments in (
        ("update_pipeline", {"id": NOBODYS, "name": "x"}),
        ("add_pipeline_stage", {"pipelineId": NOBODYS, "name": "x"}),
        ("delete_pipeline", {"id": NOBODYS}),
    ):
        with pytest.raises(Refused, match="not found"):
            await gauzy.call(name, **arguments)


async def test_an_employee_may_not_see_pipelines(gauzy: Gauzy) -> None:
    employee = await gauzy.sign_in("employee@gauzy.local")
    with pytest.raises(Refused, match="no permission"):
        await employee.call("get_pipelines")
