"""``manage.py tools``: the catalogue at the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandError

from gauzy_mcp.rehearsal import rehearsing, routes
from mcp_tools.catalog.offer import gauzy_offer
from mcp_tools.catalog.tool import Tool
from mcp_tools.operations.access import call
from mcp_tools.operations.toolsheet import budget, document


class Command(BaseCommand):
    help = "List, show and call tools, count the tokens that they cost, and write docs/tools.md."
    # It serves nobody, so what checks say of several servers is not for it.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        listing = does.add_parser("list", help="the tools of a toolset")
        listing.add_argument("--toolset", default="all")
        does.add_parser("show", help="one tool, whole").add_argument("name")
        calling = does.add_parser("call", help="call a tool as the configured account")
        calling.add_argument("name")
        calling.add_argument("arguments", nargs="?", default="{}", help="a JSON object")
        does.add_parser("tokens", help="what tools/list costs, per toolset")
        does.add_parser("docs", help="docs/tools.md on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['does']}")(options)

    def _list(self, options: dict[str, Any]) -> None:
        try:
            tools = gauzy_offer().tools.listed([options["toolset"]])
        except ValueError as error:
            raise CommandError(str(error)) from None
        for tool in tools:
            self.stdout.write(f"{tool.name:<44} {tool.scope:<10} {tool.description}")

    def _show(self, options: dict[str, Any]) -> None:
        tool = _tool(options["name"])
        shown = {
            "name": tool.name,
            "aliases": list(tool.aliases),
            "toolset": tool.toolset,
            "scope": tool.scope,
            "description": tool.description,
            "annotations": tool.annotations,
            "inputSchema": tool.input_schema,
            "outputSchema": tool.output_schema,
        }
        self.stdout.write(json.dumps(shown, indent=2))

    def _call(self, options: dict[str, Any]) -> None:
        try:
            arguments = json.loads(options["arguments"])
        except ValueError as error:
            raise CommandError(f"arguments must be a JSON object: {error}") from None
        result = async_to_sync(call)(_tool(options["name"]).name, arguments)
        for block in result["content"]:
            self.stdout.write(block.get("text", json.dumps(block)))
        if result.get("isError"):
            raise CommandError("The tool answered with an error.", returncode=1)

    def _tokens(self, options: dict[str, Any]) -> None:
        for toolset, count, tokens in budget(gauzy_offer().tools):
            self.stdout.write(f"{toolset:<28} {count:>4} tools {tokens:>7} tokens")

    def _docs(self, options: dict[str, Any]) -> None:
        self.stdout.write(document(gauzy_offer().tools, async_to_sync(_routes)()), ending="")


async def _routes() -> dict[str, list[str]]:
    async with rehearsing() as rehearsal:
        return routes([one async for one in rehearsal.everything()])


def _tool(name: str) -> Tool:
    found = gauzy_offer().tools.find(name)
    if found is None:
        raise CommandError(f"There is no tool {name}; `manage.py tools list` shows what there is.")
    return found
