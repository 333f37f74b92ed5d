"""Differences planted into the document are found, each with its request and its name."""

from __future__ import annotations

from typing import Any

from tests.contract.rehearsed import document, problems


def body(raw: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    """The schema of a request's body, made its own so that a change stays there."""
    content = raw["paths"][path][method]["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    own = dict(raw["components"]["schemas"][name])
    content["schema"] = own
    return own


async def test_a_route_that_is_gone() -> None:
    raw = document()
    del raw["paths"]["/api/timesheet/timer/start"]
    assert ("POST /api/timesheet/timer/start", "there is no such route") in await problems(raw)


async def test_a_route_that_takes_another_method() -> None:
    raw = document()
    raw["paths"]["/api/tasks/{id}"]["patch"] = raw["paths"]["/api/tasks/{id}"].pop("put")
    assert any(
        request.startswith("PUT /api/tasks/") and problem == "there is no such route"
        for request, problem in await problems(raw)
    )


async def test_a_field_that_the_body_no_longer_has() -> None:
    raw = document()
    schema = body(raw, "post", "/api/tasks")
    schema["properties"] = {name: one for name, one in schema["properties"].items() if name != "title"}
    assert ("POST /api/tasks", "the body has no title") in await problems(raw)


async def test_a_field_that_the_body_must_have_now() -> None:
    raw = document()
    schema = body(raw, "post", "/api/tasks")
    schema["properties"] = {**schema["properties"], "reviewer": {"type": "string"}}
    schema["required"] = [*schema.get("required", ()), "reviewer"]
    assert ("POST /api/tasks", "the body lacks reviewer") in await problems(raw)


async def test_a_value_that_is_not_known_any_more() -> None:
    raw = document()
    schema = body(raw, "post", "/api/tasks")
    schema["properties"] = {**schema["properties"], "title": {"type": "string", "enum": ["another"]}}
    assert ("POST /api/tasks", "title cannot be text") in await problems(raw)


async def test_a_query_that_is_not_taken_any_more() -> None:
    raw = document()
    operation = raw["paths"]["/api/timesheet/time-log"]["get"]
    operation["parameters"] = [one for one in operation["parameters"] if one["name"].startswith("startDate")]
    assert any(
        request == "GET /api/timesheet/time-log" and problem.startswith("the query has no ")
        for request, problem in await problems(raw)
    )


async def test_a_query_that_must_be_given_now() -> None:
    raw = document()
    added = {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
    raw["paths"]["/api/tasks/pagination"]["get"].setdefault("parameters", []).append(added)
    assert ("GET /api/tasks/pagination", "the query lacks region") in await problems(raw)
