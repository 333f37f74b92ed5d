"""Deals through the tools."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

SALES = ident("Pipeline", "New business")
LEAD, WON = ident("PipelineStage", "New business/Lead"), ident("PipelineStage", "New business/Won")
CAMPUS = ident("Deal", "Campus app")
LUMEN, SUMMIT = ident("contact", "Lumen Academy"), ident("contact", "Summit Travel")
NOBODYS = "00000000-0000-4000-8000-000000000000"


def titles(answer: Any) -> list[str]:
    return [row["title"] for row in answer["items"]]


async def test_a_deal_is_created_found_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_deal", title="Tours by bus", stageId=LEAD, probability=2, clientId=SUMMIT)
    found = await gauzy.call("get_deals_by_client", clientId=SUMMIT)
    assert [(row["id"], row["stageName"], row["clientName"], row["pipelineId"]) for row in found["items"]] == [
        (made["id"], "Lead", "Summit Travel", SALES)
    ]
    await gauzy.call("update_deal", id=made["id"], title="Tours by train", probability=4)
    shown = await gauzy.call("get_deal", id=made["id"])
    assert (shown["title"], shown["probability"], shown["stageId"]) == ("Tours by train", 4, LEAD)
    await gauzy.call("delete_deal", id=made["id"])
    with pytest.raises(Refused, match="not found"):
        await gauzy.call("get_deal", id=made["id"])


async def test_the_probability_is_zero_unless_given(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_deal", title="Perhaps", stageId=LEAD)
    assert (await gauzy.call("get_deal", id=made["id"]))["probability"] == 0


@pytest.mark.parametrize(("filters", "count"), [
    ({}, 10),
    ({"pipelineId": SALES}, 7),
    ({"stage": "Offer"}, 2),
    ({"stageId": LEAD}, 2),
    ({"clientId": LUMEN}, 1),
    ({"probability": 5}, 2),
    ({"search": "lumen"}, 1),
    ({"search": "APP"}, 1),
    ({"pipelineId": SALES, "search": "portal"}, 1),
    ({"createdFrom": "2000-01-01"}, 10),
    ({"createdTo": "2000-01-01"}, 0),
    ({"isArchived": False}, 10),
    ({"isArchived": True}, 0),
])  # fmt: skip
async def test_lists_and_counts_are_filtered_alike(gauzy: Gauzy, filters: dict[str, Any], count: int) -> None:
    assert (await gauzy.call("get_deal_count", **filters))["count"] == count
    answer = await gauzy.call("get_deals", limit=3, **filters)
    assert (answer["total"], len(answer["items"])) == (count, min(count, 3))


async def test_pages_follow_each_other(gauzy: Gauzy) -> None:
    pages = [titles(await gauzy.call("get_deals", sort="title", limit=4, page=page)) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [4, 4, 2]
    everything = [title for page in pages for title in page]
    assert everything == sorted(everything)


async def test_mine_are_those_that_i_entered(gauzy: Gauzy) -> None:
    mine = await gauzy.call("get_my_deals", limit=100)
    assert mine["total"] == 6
    assert "Campus app" not in titles(mine)


async def test_a_search_looks_at_titles_and_clients(gauzy: Gauzy) -> None:
    assert titles(await gauzy.call("search_deals", query="kettle")) == ["Route planning for twelve vans"]
    assert titles(await gauzy.call("search_deals", query="zzz")) == []


async def test_a_stage_is_named_or_given_by_id(gauzy: Gauzy) -> None:
    moved = await gauzy.call("update_deal_stage", id=CAMPUS, stage="negotiation")
    assert moved["stageName"] == "Negotiation"
    assert (await gauzy.call("update_deal_stage", id=CAMPUS, stageId=WON))["stageName"] == "Won"
    with pytest.raises(Refused, match="it has Lead, Offer"):
        await gauzy.call("update_deal_stage", id=CAMPUS, stage="CLOSED_WON")
    with pytest.raises(Refused, match="Give stageId"):
        await gauzy.call("update_deal_stage", id=CAMPUS)
    assert (await gauzy.call("get_deal", id=CAMPUS))["stageId"] == WON


async def test_a_client_keeps_one_deal(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="change Campus app"):
        await gauzy.call("create_deal", title="Another", stageId=LEAD, clientId=LUMEN)
    with pytest.raises(Refused, match="change Campus app"):
        await gauzy.call("update_deal", id=ident("Deal", "Patient portal"), clientId=LUMEN)
    await gauzy.call("update_deal", id=CAMPUS, clientId=LUMEN, probability=5)
    assert (await gauzy.call("get_deals_by_client", clientId=LUMEN))["items"][0]["probability"] == 5


async def test_the_board_shows_empty_stages_too(gauzy: Gauzy) -> None:
    board = await gauzy.call("get_deals_pipeline")
    columns = {one["name"]: [stage["count"] for stage in one["stages"]] for one in board["pipelines"]}
    assert columns == {"New business": [2, 2, 1, 1, 1], "Renewals": [1, 1, 1]}
    one = await gauzy.call("get_deals_pipeline", pipelineId=SALES, clientId=LUMEN)
    assert [[deal["clientName"] for deal in stage["deals"]] for stage in one["pipelines"][0]["stages"]][1] == [
        "Lumen Academy"
    ]


async def test_statistics_are_counted_per_stage(gauzy: Gauzy) -> None:
    told = await gauzy.call("get_deal_statistics", pipelineId=SALES)
    assert (told["count"], told["complete"]) == (7, True)
    assert told["by"]["stageName"]["Lead"] == 2
    assert told["by"]["pipelineName"] == {"New business": 7}
    assert told["averages"] == {"probability": 2.29}


@pytest.mark.parametrize(("name", "arguments"), [
    ("create_deal", {"title": "x", "stageId": LEAD, "probability": 6}),
    ("create_deal", {"title": "x"}),
    ("create_deal", {"title": "x", "stageId": NOBODYS}),
    ("update_deal", {"id": CAMPUS, "probability": 99}),
    ("update_deal", {"id": CAMPUS, "stageId": NOBODYS}),
    ("update_deal", {"id": NOBODYS, "title": "x"}),
    ("update_deal", {"id": CAMPUS, "value": 5}),
    ("delete_deal", {"id": NOBODYS}),
    ("search_deals", {}),
])  # fmt: skip
async def test_what_gauzy_cannot_take_changes_nothing(gauzy: Gauzy, name: str, arguments: dict[str, Any]) -> None:
    before = await gauzy.call("get_deals", limit=100)
    with pytest.raises(Refused):
        await gauzy.call(name, **arguments)
    assert await gauzy.call("get_deals", limit=100) == before


@pytest.mark.parametrize("name", ["add_deal_property", "update_deal_property", "remove_deal_property"])
async def test_properties_are_told_to_be_none(gauzy: Gauzy, name: str) -> None:
    with pytest.raises(Refused, match="update_deal"):
        await gauzy.call(name, dealId=CAMPUS, propertyName="budget", value="5")
