"""Prompts: work that people do with Gauzy, worded for a model (page server/prompts)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mcp_tools.catalog.changes import Changing, Kind
from mcp_tools.catalog.context import ToolContext
from mcp_tools.catalog.tool import DeclarationError


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Values that begin with, or hold, what was typed, the best first. Not ``complete``: there are more, uncounted."""

    values: Sequence[str]
    complete: bool = True


Complete = Callable[[ToolContext, str, Mapping[str, str]], Awaitable[Suggestions]]
"""Completes what was typed; the mapping has the arguments filled in so far."""

Message = Mapping[str, Any]
Render = Callable[[ToolContext, Mapping[str, str]], Awaitable[Sequence[Message]]]


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    description: str
    required: bool = False
    complete: Complete | None = None

    def describe(self) -> dict[str, Any]:
        return {"name": self.name, "description": self.description, "required": self.required}


@dataclass(frozen=True, slots=True)
class Prompt:
    """``render`` answers the messages of the conversation: ``[{role, content}]``."""

    name: str
    description: str
    render: Render
    arguments: Sequence[Argument] = ()
    title: str | None = None

    def describe(self) -> dict[str, Any]:
        """The MCP Prompt object."""
        shown: dict[str, Any] = {"name": self.name, "description": self.description}
        if self.title:
            shown["title"] = self.title
        if self.arguments:
            shown["arguments"] = [argument.describe() for argument in self.arguments]
        return shown

    def argument(self, name: str) -> Argument | None:
        return next((argument for argument in self.arguments if argument.name == name), None)


class Prompts(Changing):
    """All prompts by name."""

    kind: Kind = "prompts"

    def __init__(self, prompts: Iterable[Prompt] = ()) -> None:
        super().__init__()
        self._by_name: dict[str, Prompt] = {}
        for prompt in prompts:
            self.add(prompt)

    def add(self, prompt: Prompt) -> None:
        if prompt.name in self._by_name:
            raise DeclarationError(f"the prompt {prompt.name} is declared twice; rename one of the two")
        self._by_name[prompt.name] = prompt
        self.changed()

    def remove(self, name: str) -> None:
        del self._by_name[name]
        self.changed()

    def all(self) -> list[Prompt]:
        return list(self._by_name.values())

    def find(self, name: str) -> Prompt | None:
        return self._by_name.get(name)


def user(text: str) -> Message:
    """A message that the user says."""
    return {"role": "user", "content": {"type": "text", "text": text}}
