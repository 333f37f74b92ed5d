from __future__ import annotations

import json
from pathlib import Path

from mcp_tools.catalog.domains import catalog
from mcp_tools.catalog.tool import Tool

FOLDER = Path(__file__).parent


def snapshot(tool: Tool) -> str:
    """The text of a tool's file."""
    seen = {
        "name": tool.name,
        "aliases": list(tool.aliases),
        "description": tool.description,
        "toolset": tool.toolset,
        "listed": tool.listed,
        "kind": tool.kind,
        "scope": tool.scope,
        "annotations": tool.annotations,
        "inputSchema": tool.argument_schema,
        "outputSchema": tool.output_schema,
    }
    return json.dumps(seen, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    wanted = {f"{tool.name}.json": snapshot(tool) for tool in catalog()}
    for left in FOLDER.glob("*.json"):
        if left.name not in wanted:
            left.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
