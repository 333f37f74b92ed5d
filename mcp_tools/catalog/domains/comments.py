"""Comments on tasks, projects and other records (Gauzy route ``/comment``). An employee sees only his own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mcp_tools.catalog import fields as f
from mcp_tools.catalog.context import Identity, ToolContext
from mcp_tools.catalog.entity import Entity, Prepare
from mcp_tools.catalog.local import Local, containing
from mcp_tools.catalog.paths import path_to
from mcp_tools.catalog.requests import meant
from mcp_tools.catalog.rows import project
from mcp_tools.catalog.styles import Offsets
from mcp_tools.catalog.tool import Tool, ToolError

RECORDS: Final = (
    "Broadcast", "Candidate", "Comment", "Contact", "Currency", "DailyPlan", "Dashboard", "DashboardWidget",
    "Employee", "Expense", "Invoice", "Income", "Language", "Organization", "OrganizationContact",
    "OrganizationDepartment", "OrganizationDocument", "OrganizationProject", "OrganizationTeam",
    "OrganizationProjectModule", "OrganizationSprint", "OrganizationVendor", "ResourceLink", "ScreeningTask",
    "OrganizationStrategicInitiative", "Task", "TaskLinkedIssue", "TaskView", "User", "Tenant",
)  # fmt: skip
"""The kinds of records that Gauzy keeps comments and activity logs about."""

CHECKED: Final = {
    "Task": "/tasks", "OrganizationProject": "/organization-projects", "Employee": "/employee",
    "OrganizationContact": "/organization-contact", "Comment": "/comment",
}  # fmt: skip
"""Where a record is read before it is commented on: Gauzy takes comments on what does not exist."""


def kind_of_record() -> f.Field:
    return f.one_of_many(*RECORDS, about="Task, OrganizationProject, Employee …")


comment = Entity(
    "comment",
    "/comment",
    "comments",
    columns={
        "comment": f.text("HTML allowed", required=True),
        "entity": kind_of_record().as_required().as_once(),
        "entityId": f.ref(required=True).as_once(),
        "parentId": f.ref("Comment it replies to").as_once(),
        "employeeId": f.ref().as_once().as_unlisted(),
        "mentionEmployeeIds": f.refs("Who is notified"),
        "resolved": f.boolean(),
    },
    filters={
        "entity": kind_of_record(),
        "entityId": f.ref(),
        "employeeId": f.ref("Author; not set for all").as_unlisted(),
        "userId": f.ref("Author", where="createdByUserId"),
        "resolved": f.boolean().as_unlisted(),
    },
    local={"search": containing("comment")},
    names={"authorName": "createdByUser.name"},
    include=("createdByUser",),
    sort=("createdAt", "updatedAt", "comment", "entity"),
    relations=("employee", "employee.user", "replies", "parent", "members", "teams", "createdByUser"),
    style=Offsets(),
    wrapper="comment_data",
)
replies = replace(comment, filters={"parentId": f.ref("Comment")}, local={})
by_text = replace(comment, local={"query": containing("comment")})
threads = replace(
    comment,
    local={"includeReplies": Local(f.boolean("Default true"), lambda row, wanted: wanted or not row.get("parentId"))},
)


async def by_me(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """The comment with its author, after a look whether there is such a record."""
    entity = meant(comment.columns["entity"], "entity", arguments["entity"])
    path = CHECKED.get(entity)
    if path:
        await context.gauzy.request("GET", path_to(path + "/{entityId}", entityId=arguments["entityId"]))
    identity = await context.gauzy.identity()
    own = {"employeeId": identity.employee_id} if identity.employee_id else {}
    return {**own, **arguments, "entity": entity}


async def reply(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
    """A reply is about what its parent is about."""
    parent = await comment.read(context.gauzy, arguments["parentId"])
    about = {"entity": parent["entity"], "entityId": parent["entityId"]}
    return await by_me(context, {**arguments, **about})


def on(entity: str, key: str) -> Prepare:
    async def prepare(context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        return await by_me(context, {**arguments, "entity": entity, "entityId": arguments[key]})

    return prepare


async def on_goal(context: ToolContext, arguments: dict[str, Any]) -> Any:
    raise ToolError(
        "Gauzy keeps no comments on goals. Put the text into the goal's description with update_goal, "
        "or record progress with create_key_result_update."
    )


def written_by_me(identity: Identity) -> Mapping[str, Any]:
    return {"userId": identity.user_id}


def adding(name: str, description: str, key: str, prepare: Prepare, keywords: str = "note remark write") -> Tool:
    """A tool that comments on what the id ``key`` names."""

    async def run(context: ToolContext, arguments: dict[str, Any]) -> Any:
        given = await prepare(context, arguments)
        return project(await comment.make(context.gauzy, given), {}, comment.names)

    asked = {key: f.ref(), "comment": f.text(required=True)}
    taken = {"mentionEmployeeIds": f.refs(), "entity": f.text(), "entityId": f.ref()}
    return Tool(
        name, description, comment.toolset, run, f.properties(asked), [*asked],
        output=comment.output, effect="adds", hidden=f.properties(taken), keywords=keywords,
    )  # fmt: skip


GOAL = f.properties({"goalId": f.ref(), "comment": f.text()})

TOOLS = [
    comment.list("get_comments", "Comments on records, the latest first.", sort="-createdAt"),
    by_text.list(
        "search_comments", "Find comments by a text.",
        require=("query",), without=("entityId",), sort="-createdAt", brief=True,
    ),
    threads.list(
        "get_comments_by_entity", "The comments on one record, the oldest first.",
        require=("entity", "entityId"), without=("userId",), sort="createdAt", brief=True,
    ),
    replies.list(
        "get_comment_replies", "The replies to a comment.", require=("parentId",), sort="createdAt", brief=True
    ),
    comment.list(
        "get_my_comments", "What I have commented.",
        fixed=written_by_me, without=("userId", "employeeId", "search"), sort="-createdAt", brief=True,
    ),
    comment.list(
        "get_recent_comments", "The latest comments.", without=("entityId", "search"), sort="-createdAt", brief=True
    ),
    comment.count("get_comment_count", "How many comments there are, all or by filter.", without=("search",)),
    comment.get("get_comment", "One comment by id."),
    comment.create("create_comment", "Comment on any record.", prepare=by_me).found_by("note remark write mention"),
    adding("reply_to_comment", "Reply to a comment.", "parentId", reply, "answer respond"),
    adding("add_comment_to_task", "Comment on a task.", "taskId", on("Task", "taskId")),
    adding("add_comment_to_project", "Comment on a project.", "projectId", on("OrganizationProject", "projectId")),
    comment.update("update_comment", "Change the text of a comment, or mark it resolved."),
    comment.delete("delete_comment", "Delete a comment for good; its replies stay."),
    Tool(
        "add_comment_to_goal", "Gauzy keeps no comments on goals.", "comments", on_goal, GOAL, [*GOAL],
        output=comment.output, effect="adds", kind="unavailable", listed=False,
    ),
]  # fmt: skip
