"""A tool that some client could not take, or that contradicts itself, is refused where it is declared, with the fix."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_tools.catalog.tool import Catalog, DeclarationError, Tool


async def run(context: Any, arguments: dict[str, Any]) -> Any:
    raise AssertionError("never called")


def declared(name: str = "get_things", description: str = "Find the things.", **options: Any) -> Tool:
    return Tool(name, description, options.pop("toolset", "things"), run, **{"effect": "reads", **options})


@pytest.mark.parametrize("name", ["", "get things", "get-things", "get.things", "café", "x" * 41])
def test_a_name_that_some_client_refuses(name: str) -> None:
    with pytest.raises(DeclarationError, match="name a tool with at most 40 letters, digits and underscores"):
        declared(name)
    with pytest.raises(DeclarationError, match="name a tool"):
        declared(aliases=(name,))


@pytest.mark.parametrize("description", ["", "Things.", "x" * 1025])
def test_a_description_that_says_nothing_or_too_much(description: str) -> None:
    with pytest.raises(DeclarationError, match=r"get_things: describe it in 10 to 1,024 characters, not \d+"):
        declared(description=description)


def test_a_required_argument_that_is_not_declared() -> None:
    with pytest.raises(DeclarationError, match=r"required names \['id'\] are no properties; declare them or drop them"):
        declared(required=["id"])


@pytest.mark.parametrize("name", ["sort by", "where[id]", "x" * 65, ""])
def test_an_argument_that_some_client_refuses(name: str) -> None:
    with pytest.raises(DeclarationError, match="name arguments with at most 64 letters, digits and underscores"):
        declared(properties={name: {"type": "string"}})


@pytest.mark.parametrize("word", ["oneOf", "anyOf", "allOf", "not", "if", "$ref"])
def test_a_combinator_at_the_root_of_an_output(word: str) -> None:
    with pytest.raises(DeclarationError, match="at the root of a schema; describe one object instead"):
        declared(output={word: []})


def test_a_tool_that_does_not_say_what_it_does() -> None:
    with pytest.raises(TypeError, match="effect"):
        Tool("get_things", "Find the things.", "things", run)  # type: ignore[call-arg]


@pytest.mark.parametrize("effect", ["adds", "changes", "deletes"])
def test_a_tool_that_changes_something_with_the_scope_of_reading(effect: str) -> None:
    with pytest.raises(DeclarationError, match=f"a tool that {effect} needs mcp.write; drop its scope, or declare it"):
        declared(effect=effect, scope="mcp.read")
    assert declared(effect=effect).scope == "mcp.write"
    assert declared(effect=effect, session_only=True).scope == "mcp.read"


@pytest.mark.parametrize("more", ["reaches_outside", "decides"])
def test_a_tool_that_only_reads_and_yet_mails_or_decides(more: str) -> None:
    with pytest.raises(DeclarationError, match="does more than read; declare its effect as adds or changes"):
        declared(**{more: True})


def test_a_name_declared_twice() -> None:
    with pytest.raises(DeclarationError, match="get_things is declared twice; rename one"):
        Catalog([declared(), declared()])
    with pytest.raises(DeclarationError, match="find_things is declared twice"):
        Catalog([declared(aliases=("find_things",)), declared("find_things")])
    with pytest.raises(DeclarationError, match="get_things is declared twice"):
        Catalog([declared(aliases=("get_things",))])


def test_a_refused_addition_leaves_nothing_behind() -> None:
    made = Catalog([declared()])
    with pytest.raises(DeclarationError):
        made.add(declared("find_things", aliases=("get_things",)))
    assert made.names == ["get_things"]
    made.add(declared("find_things"))
    made.remove("get_things")
    assert made.names == ["find_things"]


def test_a_core_that_names_what_is_not_there() -> None:
    with pytest.raises(
        DeclarationError, match=r"core names \['nope'\], which no domain declares; declare them or drop"
    ):
        Catalog([declared()], ["get_things", "nope"])


def test_an_unknown_toolset_is_refused_with_the_known_ones() -> None:
    made = Catalog([declared(), declared("get_others", toolset="others")], ["get_things"])
    with pytest.raises(ValueError, match="unknown toolset nope; known are core, all, things, others"):
        made.listed(["core", "nope"])
    assert [tool.name for tool in made.listed(["all"])] == ["get_things", "get_others"]
    assert [tool.name for tool in made.listed(["others", "core", "others"])] == ["get_things", "get_others"]
    assert made.listed([]) == []
