"""A context that runs tools without a network: it records what they ask of Gauzy and answers what a test says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.tool import Tool
from mcp_tools.dispatch.arguments import Validators
from mcp_tools.gauzy.errors import GauzyError
from mcp_tools.gauzy.identity import Identity
from tests.clocks import WEDNESDAY

TENANT, ORGANIZATION = "11111111-1111-4111-8111-1111111111f1", "22222222-2222-4222-8222-2222222222f2"
EMPLOYEE, ID = "33333333-3333-4333-8333-3333333333f3", "44444444-4444-4444-8444-4444444444f4"
OTHER = "55555555-5555-4555-8555-5555555555f5"

ADA = Identity("u-1", "ada@example.com", "Ada", TENANT, ORGANIZATION, EMPLOYEE, "ADMIN", "UTC")
OWNED = {"organizationId": ORGANIZATION, "tenantId": TENANT}

validators = Validators()


@dataclass
class Asked:
    """One request: ``query`` as pairs, ``body`` decoded."""

    method: str
    path: str
    query: list[tuple[str, str]]
    body: Any

    @property
    def where(self) -> dict[str, str]:
        """The filters of the query beside the caller's organization and tenant, by their path: ``members.id``."""
        found = {}
        for key, value in self.query:
            match = re.fullmatch(r"where((?:\[\w+\])+)", key)
            if match:
                found[match[1][1:-1].replace("][", ".")] = value
        return {key: value for key, value in found.items() if key not in OWNED}


@dataclass
class Recorder:
    """Both the context of a tool and its Gauzy. Rules are tried last to first; the first that fits answers."""

    who: Identity = ADA
    asked: list[Asked] = field(default_factory=list)
    reported: list[tuple[float, float | None]] = field(default_factory=list)
    rules: list[tuple[str, re.Pattern[str], Any]] = field(default_factory=list)

    @property
    def gauzy(self) -> Recorder:
        return self

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        from mcp_tools.catalog.tool import ToolError

        return (ToolError, GauzyError)

    def on(self, method: str, path: str, answer: Any) -> Recorder:
        """``path`` is a regular expression for the whole path; an answer may be an error or a function of Asked."""
        self.rules.append((method, re.compile(path), answer))
        return self

    def now(self) -> datetime.datetime:
        return WEDNESDAY

    async def identity(self) -> Identity:
        return self.who

    async def request(self, method: str, path: str, *, query: Any = (), body: Any = None) -> Any:
        asked = Asked(method, path, list(query), body)
        self.asked.append(asked)
        for known, pattern, answer in reversed(self.rules):
            if known == method and pattern.fullmatch(path):
                return _answer(answer, asked)
        return {"items": [], "total": 0} if method == "GET" else {"id": ID}

    async def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        self.reported.append((done, total))

    def sent(self, method: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method]


def _answer(answer: Any, asked: Asked) -> Any:
    if isinstance(answer, Exception):
        raise answer
    if isinstance(answer, Callable):  # type: ignore[arg-type]
        return answer(asked)
    return answer


def tool(name: str) -> Tool:
    found = catalog().find(name)
    assert found is not None, name
    return found


def accepted(name: str, arguments: Mapping[str, Any] | str) -> dict[str, Any]:
    """The arguments as the tool gets them, after the checks that every call goes through."""
    found = tool(name)
    taken = found.accept(arguments)
    validators.check(found, taken)
    return taken


async def call(context: Recorder, name: str, /, **arguments: Any) -> Any:
    """Calls a tool as the dispatcher does, without its shaping of the answer."""
    return await tool(name).run(context, accepted(name, arguments))  # type: ignore[arg-type]
