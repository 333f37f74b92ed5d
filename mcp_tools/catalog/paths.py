"""Paths of requests to Gauzy. What a caller says goes into one as a path segment: a UUID or a declared pattern.

:func:`path_to` is the only way to make a :class:`Path`, and :class:`~mcp_tools.catalog.context.Gauzy` takes nothing
else. ``mcp_tools/gauzy/api.py`` looks once more at what arrives there, whoever made it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Final

from mcp_tools.catalog.tool import DeclarationError, ToolError

UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)

PATTERNS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "email": (
        re.compile(r"[\w!$&'*+=~-]+(\.[\w!$&'*+=~-]+)*@[\w-]+(\.[\w-]+)*", re.ASCII),
        "an e-mail address such as ada@example.com",
    ),
    "language": (re.compile(r"[a-z]{2}(-[A-Za-z]{2,4})?", re.ASCII), "a language code such as en or zh-Hans"),
}
"""Segments that are no UUIDs, by their name in a route: what they look like, and how to say so."""

_A_UUID: Final = (UUID, "an id such as 3fa85f64-5717-4562-b3fc-2c963f66afa6")
_STEP: Final = re.compile(r"/(?:(?P<word>[a-z]+(?:[.-][a-z]+)*)|\{(?P<name>[A-Za-z]+)\})")


class Path(str):
    """A path below ``/api``, made by :func:`path_to`."""

    __slots__ = ()


def path_to(route: str, **segments: object) -> Path:
    """``route`` such as ``/tasks/{id}`` with its segments filled in.

    Raises ToolError that names the segment whose value does not fit, and DeclarationError for a route that is not
    made of words and names.
    """
    made = []
    for word, name in _steps(route):
        made.append(word or segment(name, segments[name]))
    return Path("/" + "/".join(made))


def segment(name: str, value: object) -> str:
    """``value`` as a segment: unreserved or harmless characters only (RFC 3986 section 3.3), so nothing is quoted."""
    pattern, expected = PATTERNS.get(name, _A_UUID)
    text = str(value)
    if not pattern.fullmatch(text):
        raise ToolError(f"{name}: {text[:80]!r} is not {expected}")
    return text


@functools.lru_cache(maxsize=1024)
def _steps(route: str) -> tuple[tuple[str, str], ...]:
    steps = [(found["word"] or "", found["name"] or "") for found in _STEP.finditer(route)]
    if "".join(f"/{word or f'{{{name}}}'}" for word, name in steps) != route or not route:
        raise DeclarationError(f"{route[:80]!r}: write a route as words and names of segments, such as /tasks/{{id}}")
    return tuple(steps)
