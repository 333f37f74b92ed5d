"""Every request of every tool against a document. What the document does not tell is not held against a request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mcp_tools.operations.contract.document import Document, Operation
from mcp_tools.operations.contract.proven import ACCEPTED, REQUIRED

EVERYWHERE: Final = frozenset(
    {"tenantId", "organizationId", "tenant", "organization", "where", "relations", "createdByUserId"}
)
"""What Gauzy's base classes take on every route; documents name them on some."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a tool: ``path`` without ``/api``, ``query`` as pairs, ``body`` decoded."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    body: Any


@dataclass(frozen=True, slots=True)
class Mismatch:
    """``tool`` makes ``request``, and ``problem`` says what the document has against it."""

    tool: str
    request: str
    problem: str


@dataclass(frozen=True, slots=True)
class Report:
    """``requests`` are the distinct ``METHOD path`` that were checked, ``silent`` the tools that made none."""

    mismatches: tuple[Mismatch, ...]
    requests: frozenset[str]
    silent: tuple[str, ...]


async def check(rehearsed: AsyncIterator[tuple[str, Sequence[Asked]]], document: Document) -> Report:
    """``rehearsed`` are tools with the requests they made."""
    mismatches: dict[Mismatch, None] = {}
    requests: set[str] = set()
    silent = []
    async for tool, made in rehearsed:
        if not made:
            silent.append(tool)
        for asked in made:
            operation = document.find(asked.method, f"/api{asked.path}")
            shown = f"{asked.method} {operation.path if operation else '/api' + asked.path}"
            requests.add(shown)
            found = set(problems(asked, operation, document)) - ACCEPTED.get(shown, frozenset())
            mismatches.update((Mismatch(tool, shown, problem), None) for problem in sorted(found))
    return Report(tuple(mismatches), frozenset(requests), tuple(silent))


def problems(asked: Asked, operation: Operation | None, document: Document) -> Iterator[str]:
    """What is wrong with one request."""
    if operation is None:
        yield "there is no such route"
        return
    yield from _query_problems(asked, operation)
    if operation.body is not None and isinstance(asked.body, dict):
        required = REQUIRED.get(f"{asked.method} {operation.path}", operation.required_body)
        for missing in sorted(required - asked.body.keys() - EVERYWHERE):
            yield f"the body lacks {missing}"
        yield from _body_problems(asked.body, operation.body, document)


def _query_problems(asked: Asked, operation: Operation) -> Iterator[str]:
    if operation.query is None:
        return
    given = {name.partition("[")[0]: text for name, text in asked.query}
    for name in sorted(given.keys() - operation.query.keys() - EVERYWHERE):
        yield f"the query has no {name}"
    for name in sorted(operation.required_query - given.keys() - EVERYWHERE):
        yield f"the query lacks {name}"
    for name, text in given.items():
        choices = operation.query.get(name, {}).get("enum")
        if choices and text not in choices:
            yield f"{name} cannot be {text}"


def _body_problems(
    body: Mapping[str, Any], known: Mapping[str, Any], document: Document, path: str = ""
) -> Iterator[str]:
    for name, item in body.items():
        if name not in known:
            if name not in EVERYWHERE:
                yield f"the body has no {path}{name}"
            continue
        schema = document.resolve(known[name])
        choices = schema.get("enum")
        if choices and item is not None and not isinstance(item, list) and item not in choices:
            yield f"{path}{name} cannot be {item}"
        if isinstance(item, dict) and schema.get("properties"):
            yield from _body_problems(item, schema["properties"], document, f"{path}{name}.")
