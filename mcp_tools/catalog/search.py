"""Finding a tool by what somebody wants to do: stems and synonyms of their words, weighted by how telling they are."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import snowballstemmer

from mcp_tools.catalog.tool import Tool
from mcp_tools.catalog.vocabulary import MEANT, MINE, PHRASES, STOP, WRITES

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD: Final = re.compile(r"[a-z']+")
_STOPPED: Final = frozenset(STOP)

NAME, DESCRIPTION, KEYWORD, ARGUMENT = 3.0, 1.0, 1.2, 0.3
"""What a word weighs by where it stands."""

_SYNONYM: Final = 0.9
_UNASKED: Final = 0.10
"""How much of its score a tool loses for each word of its name that nobody asked for."""
_OTHER_WAY: Final = 0.75
"""What is left of the score of a tool that only reads when a change is asked for, and the other way round."""
_LATER_VERB: Final = 0.5
"""What a verb weighs that is not the first telling word: it belongs to what the sentence is about."""
_QUESTIONS: Final = frozenset("what what's which who who's whose when where how is are show list".split())
_LONGEST_QUERY: Final = 64
"""Words of a query that are looked at."""


class Index:
    """Every word of a tool with its weight: its name counts most, then what describes it, then its arguments."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self._entries = [_Entry(tool) for tool in tools]
        spread = Counter(word for entry in self._entries for word in entry.weights)
        self._rarity = {word: math.log(1 + len(self._entries) / count) for word, count in spread.items()}

    def search(self, query: str, limit: int) -> list[Tool]:
        """The tools that fit ``query`` best, the best first."""
        asked, writes = meaning(query)
        scored = [(-self._score(entry, asked, writes), place) for place, entry in enumerate(self._entries)]
        return [self._entries[place].tool for score, place in sorted(scored)[:limit] if score < 0]

    def _score(self, entry: _Entry, asked: Mapping[str, float], writes: bool) -> float:
        found = {word: weight * entry.weights[word] for word, weight in asked.items() if word in entry.weights}
        score = sum(weight * self._rarity[word] for word, weight in found.items())
        score *= (1 - _UNASKED) ** len(entry.name - asked.keys())
        return score * (_OTHER_WAY if writes == entry.tool.hints.read_only else 1.0)


class _Entry:
    """One tool as the index knows it."""

    __slots__ = ("name", "tool", "weights")

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        name = tool.name.replace("_", " ")
        self.name = frozenset(stems(name)) - _READING
        self.weights: dict[str, float] = {}
        properties: Mapping[str, Any] = tool.input_schema.get("properties", {})
        for text, weight in (
            (" ".join(properties), ARGUMENT),
            (tool.description, DESCRIPTION),
            (tool.keywords, KEYWORD),
            (" ".join((name, *tool.aliases)), NAME),
        ):
            self.weights.update((word, max(weight, self.weights.get(word, 0.0))) for word in stems(text))


def meaning(query: str) -> tuple[dict[str, float], bool]:
    """The words that ``query`` asks for with their weights, and whether it asks for a change."""
    spoken = _WORD.findall(_together(query.lower().replace("\u2019", "'")))[:_LONGEST_QUERY]
    asked: dict[str, float] = {}
    telling = [word for word in spoken if word not in _STOPPED and word not in MINE]
    writes = bool(telling) and telling[0] in WRITES and spoken[0] not in _QUESTIONS
    if not MINE.isdisjoint(spoken):
        asked["my"] = 0.1 if writes else 0.5
    for place, word in enumerate(telling):
        weight = _LATER_VERB if place and word in WRITES else 1.0
        said = _stem(word)
        asked[said] = max(asked.get(said, 0.0), weight)
        for meant in _meant().get(word) or _meant().get(said, ()):
            asked[meant] = max(asked.get(meant, 0.0), weight * _SYNONYM)
    return asked, writes


def stems(text: str) -> list[str]:
    """The telling words of a tool's text."""
    words = _WORD.findall(_together(_CAMEL.sub(" ", text).lower()))
    return [_stem(word) for word in words if word not in _STOPPED or word in MINE]


def _together(text: str) -> str:
    """Phrases of several words as what they mean."""
    return _phrases().sub(lambda match: PHRASES[match[0]], text)


@functools.cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(PHRASES, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")


@functools.cache
def _meant() -> dict[str, list[str]]:
    """Synonyms by the word as it is said and by its stem; the first wins."""
    found: dict[str, list[str]] = {}
    for word, text in MEANT.items():
        meant = [_stem(one) for one in text.split()]
        found.setdefault(word, meant)
        found.setdefault(_stem(word), meant)
    return found


@functools.lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word.removesuffix("'s")))


_stemmer: Final = snowballstemmer.stemmer("english")
_READING: Final = frozenset(("get", "list", "find", "search"))
"""First words of names that nobody says."""
