"""Comments: on what, by whom, replies, and who sees them."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.sandbox import demo
from mcp_tools.sandbox.demo import ident
from tests.domains.gauzy import Gauzy, Refused

ROUTE, APOLLO = ident("task", "APO-1"), ident("project", "Apollo")
FIRST, NOBODYS = ident("Comment", "0"), "00000000-0000-4000-8000-000000000000"
ALEX = ident("employee", f"{demo.TENANT}/demo@gauzy.local")


async def texts(gauzy: Gauzy, tool: str, **arguments: Any) -> list[str]:
    return [row["comment"] for row in (await gauzy.call(tool, **arguments))["items"]]


async def test_they_are_listed_with_their_author_the_latest_first(gauzy: Gauzy) -> None:
    found = await gauzy.call("get_comments", limit=4, page=2)
    moments = [row["createdAt"] for row in found["items"]]
    assert (found["total"], found["has_more"], moments) == (9, True, sorted(moments, reverse=True))
    assert all(row["authorName"] for row in found["items"])


async def test_those_on_one_record_come_with_or_without_replies(gauzy: Gauzy) -> None:
    assert len(await texts(gauzy, "get_comments_by_entity", entity="Task", entityId=ROUTE)) == 3
    plain = await gauzy.call("get_comments_by_entity", entity="task", entityId=ROUTE, includeReplies=False)
    assert [row["authorName"] for row in plain["items"]] == ["Marco Rossi"]
    assert await texts(gauzy, "get_comments_by_entity", entity="PROJECT", entityId=APOLLO, limit=1) == [
        "The client moved the pilot to the first Monday of next month."
    ]


async def test_views_and_counts_agree(gauzy: Gauzy) -> None:
    assert (await gauzy.call("get_comment_count", entity="Task"))["count"] == 6
    assert (await gauzy.call("get_comment_replies", parentId=FIRST))["total"] == 2
    assert await texts(gauzy, "search_comments", query="COLOURS") == [
        "I take the colours.", "<p>Yes: the map tiles are cached, only the colours are open.</p>"
    ]  # fmt: skip
    assert await texts(gauzy, "get_recent_comments", limit=1) == ["Prefers calls before ten."]
    assert await texts(gauzy, "get_my_comments") == ["The client moved the pilot to the first Monday of next month."]


async def test_one_is_made_by_me_changed_and_deleted(gauzy: Gauzy) -> None:
    made = await gauzy.call("create_comment", comment="<b>Done</b>", entity="Task", entityId=ROUTE)
    assert made["employeeId"] == ALEX
    await gauzy.call("update_comment", id=made["id"], resolved=True)
    shown = await gauzy.call("get_comment", id=made["id"])
    assert (shown["comment"], shown["resolved"], shown["authorName"]) == ("<b>Done</b>", True, "Alex Morgan")
    await gauzy.call("delete_comment", id=made["id"])
    for tool in ("get_comment", "delete_comment"):
        with pytest.raises(Refused, match="not found"):
            await gauzy.call(tool, id=made["id"])


async def test_a_reply_is_about_what_its_parent_is_about(gauzy: Gauzy) -> None:
    made = await gauzy.call("reply_to_comment", parentId=ident("Comment", "6"), comment="Thanks", entity="TASK")
    assert (made["entity"], made["entityId"]) == ("OrganizationProject", APOLLO)
    assert await texts(gauzy, "get_comment_replies", parentId=ident("Comment", "6")) == [
        "Plan and budget are updated.", "Thanks"
    ]  # fmt: skip


async def test_replies_outlive_their_parent(gauzy: Gauzy) -> None:
    await gauzy.call("delete_comment", id=FIRST)
    rows = (await gauzy.call("get_comments_by_entity", entity="Task", entityId=ROUTE))["items"]
    assert [row.get("parentId") for row in rows] == [None, None]


@pytest.mark.parametrize(("tool", "key", "record"), [
    ("add_comment_to_task", "taskId", ROUTE), ("add_comment_to_project", "projectId", APOLLO),
])  # fmt: skip
async def test_tasks_and_projects_have_tools_of_their_own(gauzy: Gauzy, tool: str, key: str, record: str) -> None:
    made = await gauzy.call(tool, comment="Short and good", **{key: record})
    assert (await gauzy.call("get_comment", id=made["id"]))["entityId"] == record


async def test_nothing_is_said_about_what_does_not_exist(gauzy: Gauzy) -> None:
    """Gauzy would store it."""
    for tool, arguments in (
        ("create_comment", {"entity": "OrganizationProject", "entityId": NOBODYS}),
        ("add_comment_to_task", {"taskId": NOBODYS}),
        ("reply_to_comment", {"parentId": NOBODYS}),
    ):
        with pytest.raises(Refused, match="not found"):
            await gauzy.call(tool, comment="x", **arguments)
    assert (await gauzy.call("get_comment_count"))["count"] == 9


async def test_goals_have_no_comments_and_the_answer_says_what_to_do(gauzy: Gauzy) -> None:
    with pytest.raises(Refused, match="update_goal"):
        await gauzy.call("add_comment_to_goal", goalId=NOBODYS, comment="x")


async def test_an_employee_sees_and_changes_only_his_own(gauzy: Gauzy) -> None:
    emma = await gauzy.sign_in("employee@gauzy.local")
    assert await texts(emma, "get_comments") == ["I take the colours."]
    with pytest.raises(Refused):
        await emma.call("update_comment", id=FIRST, comment="mine now")
    with pytest.raises(Refused):
        await emma.call("delete_comment", id=FIRST)
    assert (await gauzy.call("get_comment", id=FIRST))["comment"].startswith("The dispatchers")


@pytest.mark.parametrize(("tool", "arguments", "told"), [
    ("create_comment", {"comment": "x", "entity": "Goal", "entityId": ROUTE}, "possible are Broadcast"),
    ("get_comments", {"entity": "organization x"}, "possible are"),
    ("get_comments_by_entity", {"entityId": ROUTE}, "entity"),
    ("create_comment", {"comment": "", "entity": "Task", "entityId": ROUTE}, "comment"),
    ("update_comment", {"id": FIRST}, "Nothing to change"),
    ("update_comment", {"id": FIRST, "entityId": APOLLO}, "entityId"),
    ("add_comment_to_task", {"taskId": ROUTE}, "comment"),
])  # fmt: skip
async def test_wrong_arguments_are_told(gauzy: Gauzy, tool: str, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        await gauzy.call(tool, **arguments)
