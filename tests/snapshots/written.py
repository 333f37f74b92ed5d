from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.tool import ORGANIZATION, Tool

FOLDER = Path(__file__).parent


def snapshot(tool: Tool) -> str:
    """The text of a tool's file."""
    shown = tool.input_schema["properties"]
    seen = {
        "name": tool.name,
        "aliases": list(tool.aliases),
        "description": tool.description,
        "toolset": tool.toolset,
        "listed": tool.listed,
        "kind": tool.kind,
        "scope": tool.scope,
        "annotations": tool.annotations,
        "inputSchema": tool.input_schema,
        "checked": {name: part for name, part in taken(tool)["properties"].items() if part != shown.get(name)},
        "outputSchema": tool.output_schema,
    }
    return json.dumps(seen, indent=1, ensure_ascii=False) + "\n"


def taken(tool: Tool) -> dict[str, Any]:
    """The arguments that the tool takes, without the organization that every tool of Gauzy takes."""
    if not tool.takes_organization:
        return tool.argument_schema
    kept = {name: schema for name, schema in tool.argument_schema["properties"].items() if name != ORGANIZATION}
    return {**tool.argument_schema, "properties": kept}


def main() -> None:
    wanted = {f"{tool.name}.json": snapshot(tool) for tool in catalog()}
    for left in FOLDER.glob("*.json"):
        if left.name not in wanted:
            left.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
