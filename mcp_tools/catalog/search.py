"""Finding a tool by what somebody wants to do.

Two views of a tool are compared with a query: what it says of itself (name, description, arguments), and what people
say who want it (``sayings.txt``). Words are compared by their stems, and with what :mod:`.vocabulary` says they mean.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import snowballstemmer

from mcp_tools.catalog.tool import Tool
from mcp_tools.catalog.vocabulary import MEANT, MINE, PHRASES, QUESTIONS, STOP, WRITES

NAME, DESCRIPTION, KEYWORD, ARGUMENT = 3.0, 1.0, 1.2, 0.3
"""What a word weighs by where it stands."""

_SYNONYM: Final = 0.9
_MEANT_IN_SAYING: Final = 0.35
"""What a word weighs that was not said but meant: in names, which use few words, and in sayings, which use many."""
_UNASKED: Final = 0.10
"""How much a tool loses for each word of its name that nobody asked for."""
_OTHER_WAY: Final = 0.65
"""What is left for a tool that only reads when a change is asked for, and the other way round."""
_LATER_VERB: Final = 0.5
"""What a verb weighs that is not the first telling word: it belongs to what the sentence is about."""
_LONGEST_QUERY: Final = 64
"""Words of a query that are looked at."""

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD: Final = re.compile(r"[a-z']+")
_LITTLE: Final = frozenset(("a", "an", "the", "of", "to", "for", "on", "in", "at", "it", "is", "be", "this", "that"))
"""Words without a meaning even in a whole sentence, where ``who`` and ``where`` have one."""
_READING: Final = frozenset(("get", "list", "find", "search"))
"""First words of names that nobody says."""
_stemmer: Final = snowballstemmer.stemmer("english")


class Index:
    """What is known of each tool, and how rare each word is."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        said = sayings()
        self._entries = [_Entry(tool, said.get(tool.name, ())) for tool in tools]
        self._rarity = _rarity([entry.weights for entry in self._entries])
        self._rarity_said = _rarity([saying for entry in self._entries for saying in entry.sayings])
        self._rarity_of_all = _rarity([entry.said for entry in self._entries])
        for entry in self._entries:
            entry.measure(self._rarity_said, self._rarity_of_all)

    def search(self, query: str, limit: int) -> list[Tool]:
        """The tools that fit ``query`` best, the best first."""
        asked = Asked(query)
        own = [self._by_name(entry, asked) for entry in self._entries]
        every = [self._by_all_sayings(entry, asked) for entry in self._entries]
        most_own, most_every = max(own, default=0.0) or 1.0, max(every, default=0.0) or 1.0
        scored = []
        for place, entry in enumerate(self._entries):
            score = own[place] / most_own + self._by_saying(entry, asked) + every[place] / most_every
            score *= _OTHER_WAY if asked.writes is (entry.tool.effect == "reads") else 1.0
            if score > 0:
                scored.append((-score, place))
        return [self._entries[place].tool for _, place in sorted(scored)[:limit]]

    def _by_name(self, entry: _Entry, asked: Asked) -> float:
        found = {word: weight * entry.weights[word] for word, weight in asked.meant.items() if word in entry.weights}
        score = sum(weight * self._rarity[word] for word, weight in found.items())
        return float(score * (1 - _UNASKED) ** len(entry.name - asked.meant.keys()))

    def _by_saying(self, entry: _Entry, asked: Asked) -> float:
        """The cosine of the angle to the nearest saying."""
        length = _length(asked.said, self._rarity_said)
        return max(
            (
                _product(asked.said, saying, self._rarity_said) / (length * size)
                for saying, size in zip(entry.sayings, entry.sizes, strict=True)
            ),
            default=0.0,
        )

    def _by_all_sayings(self, entry: _Entry, asked: Asked) -> float:
        return _product(asked.said, entry.said, self._rarity_of_all) / entry.size


class Asked:
    """A query: the words that it ``said`` and ``meant`` with their weights.

    ``writes`` says whether it asks for a change; None if that cannot be told.
    """

    def __init__(self, query: str) -> None:
        spoken = _WORD.findall(_together(query.lower().replace("\u2019", "'")))[:_LONGEST_QUERY]
        telling = [word for word in spoken if word not in STOP and word not in MINE]
        self.writes: bool | None = None
        if spoken and spoken[0] in QUESTIONS:
            self.writes = False
        elif telling and telling[0] in WRITES:
            self.writes = True
        self.meant = _meant(telling)
        if not MINE.isdisjoint(spoken):
            self.meant["my"] = 0.1 if self.writes else 0.5
        self.said: dict[str, float] = {word: weight * _MEANT_IN_SAYING for word, weight in self.meant.items()}
        self.said.update(dict.fromkeys(_all_stems(spoken), 1.0))


class _Entry:
    """One tool as the index knows it."""

    __slots__ = ("name", "said", "sayings", "size", "sizes", "tool", "weights")

    def __init__(self, tool: Tool, sayings: Sequence[str]) -> None:
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
        self.sayings = [dict.fromkeys(_all_stems(_WORD.findall(_together(saying))), 1.0) for saying in sayings]
        often = Counter(word for saying in self.sayings for word in saying)
        self.said = {word: math.log(1 + count) for word, count in often.items()}
        self.sizes: list[float] = []
        self.size = 1.0

    def measure(self, rarity: Mapping[str, float], rarity_of_all: Mapping[str, float]) -> None:
        self.sizes = [_length(saying, rarity) for saying in self.sayings]
        self.size = _length(self.said, rarity_of_all)


@functools.cache
def sayings() -> Mapping[str, Sequence[str]]:
    """What people say, by tool."""
    lines = Path(__file__).with_name("sayings.txt").read_text(encoding="utf-8").splitlines()
    parted = (line.partition(": ") for line in lines)
    return {name: tuple(saying.strip() for saying in rest.split(";")) for name, _, rest in parted}


def stems(text: str) -> list[str]:
    """The telling words of what a tool says of itself."""
    words = _WORD.findall(_together(_CAMEL.sub(" ", text).lower()))
    return [_stem(word) for word in words if word not in STOP or word in MINE]


def _all_stems(words: Iterable[str]) -> list[str]:
    """Of a sentence, question words and all."""
    return ["my" if word in MINE else _stem(word) for word in words if word not in _LITTLE]


def _meant(telling: Sequence[str]) -> dict[str, float]:
    asked: dict[str, float] = {}
    for place, word in enumerate(telling):
        weight = _LATER_VERB if place and word in WRITES else 1.0
        said = _stem(word)
        asked[said] = max(asked.get(said, 0.0), weight)
        for meant in _synonyms().get(word) or _synonyms().get(said) or ():
            asked[meant] = max(asked.get(meant, 0.0), weight * _SYNONYM)
    return asked


def _rarity(texts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    spread = Counter(word for text in texts for word in text)
    return {word: math.log(1 + len(texts) / count) for word, count in spread.items()}


def _product(asked: Mapping[str, float], text: Mapping[str, float], rarity: Mapping[str, float]) -> float:
    return sum(weight * text[word] * rarity[word] ** 2 for word, weight in asked.items() if word in text)


def _length(text: Mapping[str, float], rarity: Mapping[str, float]) -> float:
    """A word that no text has is as telling as the rarest."""
    rarest = math.log(1 + len(rarity))
    return math.sqrt(sum((weight * rarity.get(word, rarest)) ** 2 for word, weight in text.items())) or 1.0


def _together(text: str) -> str:
    """Phrases of several words as what they mean."""
    return _phrases().sub(lambda match: PHRASES[match[0]], text)


@functools.cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(PHRASES, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")


@functools.cache
def _synonyms() -> dict[str, list[str]]:
    """By the word as it is said and by its stem; the first wins."""
    found: dict[str, list[str]] = {}
    for word, text in MEANT.items():
        meant = [_stem(one) for one in text.split()]
        found.setdefault(word, meant)
        found.setdefault(_stem(word), meant)
    return found


@functools.lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word.removesuffix("'s")))
