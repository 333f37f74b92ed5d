"""What the listed tools, prompts and resources have in common: they may change while clients are connected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Kind = Literal["tools", "prompts", "resources"]
Listener = Callable[[Kind], None]


class Changing:
    """Counts changes in ``version`` and tells ``listeners`` about each, so that prepared lists and clients follow."""

    kind: Kind

    def __init__(self) -> None:
        self.version = 0
        self.listeners: list[Listener] = []

    def changed(self) -> None:
        self.version += 1
        for listener in self.listeners:
            listener(self.kind)
