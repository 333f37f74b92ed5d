"""Finding a tool by what somebody wants to do: words, their stems and synonyms, weighted by how telling they are."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from mcp_tools.catalog.tool import Tool

_WORD: Final = re.compile(r"[a-z]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STOP: Final = frozenset(
    """a an and are as at be by can did do does for from get give have her his how i in into is it its list many me mine
    much my of on or our please show tell that the their them there this to up us was we were what when where which who
    whom will with would you your all any some now one""".split()  # noqa: SIM905 - a paragraph reads better than a column
)
SYNONYMS: Final[Mapping[str, str]] = {
    "vacation": "timeoff", "holiday": "timeoff", "leave": "timeoff", "absence": "timeoff", "absent": "timeoff",
    "away": "timeoff", "sick": "timeoff", "pto": "timeoff", "off": "timeoff",
    "worked": "time", "hours": "time", "hour": "time", "tracked": "time", "work": "time", "long": "time",
    "client": "contact", "customer": "contact", "lead": "contact",
    "colleague": "employee", "people": "employee", "person": "employee", "staff": "employee", "team": "team",
    "coworker": "employee", "worker": "employee", "member": "employee", "hire": "create", "user": "employee",
    "todo": "task", "ticket": "task", "issue": "task", "assignment": "task",
    "bill": "invoice", "billing": "invoice", "charge": "invoice",
    "spent": "expense", "cost": "expense", "spending": "expense",
    "revenue": "income", "earned": "income", "earning": "income",
    "applicant": "candidate", "recruit": "candidate", "interview": "candidate",
    "objective": "goal", "okr": "goal", "kpi": "key",
    "sale": "deal", "opportunity": "deal",
    "item": "product", "stock": "product", "inventory": "warehouse",
    "add": "create", "new": "create", "make": "create", "log": "log", "record": "create", "register": "create",
    "change": "update", "edit": "update", "modify": "update", "rename": "update", "set": "update", "mark": "update",
    "move": "update", "remove": "delete", "drop": "delete", "erase": "delete",
    "begin": "start", "resume": "start", "end": "stop", "finish": "stop", "pause": "stop", "halt": "stop",
    "clock": "timer", "stopwatch": "timer", "company": "organization", "firm": "organization",
    "signin": "login", "signout": "logout", "today": "day", "plan": "plan", "agenda": "plan", "schedule": "plan",
}  # fmt: skip
"""From what people say to what Gauzy says."""

_NAME_WEIGHT: Final = 3.0
_FIELD_WEIGHT: Final = 0.4


def words(text: str) -> list[str]:
    """The telling words of a text, each as its stem or the word that Gauzy has for it."""
    spaced = _CAMEL.sub(" ", text).lower().replace("time off", "timeoff").replace("day off", "timeoff")
    found = (_stem(word) for word in _WORD.findall(spaced) if word not in _STOP)
    return [SYNONYMS.get(word, word) for word in found]


def _stem(word: str) -> str:
    if word in SYNONYMS:
        return word
    for ending, replacement in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + replacement
    return word


class Index:
    """Every word of a tool with its weight: its name counts most, then its description, then its arguments."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._tools = list(tools)
        self._weights = [_weights(tool) for tool in self._tools]
        self._sizes = [math.sqrt(sum(weight * weight for weight in one.values())) or 1.0 for one in self._weights]
        spread = Counter(word for one in self._weights for word in one)
        self._rarity = {word: math.log(1 + len(self._tools) / count) for word, count in spread.items()}

    def search(self, query: str, limit: int) -> list[Tool]:
        """The tools that fit ``query`` best, the best first."""
        asked = Counter(words(query))
        scored = []
        for position, (weights, size) in enumerate(zip(self._weights, self._sizes, strict=True)):
            score = sum(count * weights.get(word, 0.0) * self._rarity.get(word, 0.0) for word, count in asked.items())
            if score > 0:
                scored.append((-score / size**0.5, position))
        return [self._tools[position] for _, position in sorted(scored)[:limit]]


def _weights(tool: Tool) -> dict[str, float]:
    found: dict[str, float] = {}
    sources = (
        (tool.name.replace("_", " "), _NAME_WEIGHT),
        (f"{tool.description} {tool.keywords}", 1.0),
        (" ".join(tool.input_schema.get("properties", {})), _FIELD_WEIGHT),
    )
    for text, weight in sources:
        for word in words(text):
            found[word] = max(found.get(word, 0.0), weight)
    return found
