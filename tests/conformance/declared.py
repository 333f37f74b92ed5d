"""How the fixtures are declared: the shape of a tool that the suite wants, in one line."""

from __future__ import annotations

from typing import Any, ClassVar

from mcp_tools.catalog.tool import Run, Tool

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
"""One red pixel, in Base64."""

WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
"""One silent sample, in Base64."""

TEXT = {"type": "string"}


class Declared(Tool):
    """A tool whose name the suite chose: longer than ours may be."""

    longest_name: ClassVar[int] = 64


def tool(name: str, run: Run, **options: Any) -> Declared:
    """A tool of the toolset ``conformance``; every argument in ``properties`` that ``required`` lists must be given."""
    return Declared(
        name,
        f"Fixture {name} of the conformance suite.",
        "conformance",
        run,
        **{"effect": "reads", "kind": "local", **options},
    )


def words(text: str) -> dict[str, Any]:
    """A text block."""
    return {"type": "text", "text": text}


def embedded(uri: str, mime_type: str, text: str) -> dict[str, Any]:
    """A resource block."""
    return {"type": "resource", "resource": {"uri": uri, "mimeType": mime_type, "text": text}}


IMAGE = {"type": "image", "data": PNG, "mimeType": "image/png"}
AUDIO = {"type": "audio", "data": WAV, "mimeType": "audio/wav"}
