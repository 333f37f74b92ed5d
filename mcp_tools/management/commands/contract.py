"""``manage.py contract``: holds every request of every tool against a Gauzy's own API document."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import httpx
from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandError

from gauzy_mcp.rehearsal import rehearsing
from mcp_tools.operations.contract.check import Report, check
from mcp_tools.operations.contract.document import Document


class Command(BaseCommand):
    help = "Check every request that the tools can make against an OpenAPI document of Gauzy, such as /swg-json."
    # It serves nobody, so what checks say of several servers is not for it.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--openapi", required=True, metavar="FILE_OR_URL", help="the document, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = async_to_sync(_report)(Document(_read(options["openapi"])))
        for one in report.mismatches:
            self.stdout.write(f"{one.tool:<40} {one.request:<60} {one.problem}")
        for tool in report.silent:
            self.stdout.write(f"{tool:<40} made no request, so nothing is known of it")
        self.stdout.write(f"{len(report.requests)} routes, {len(report.mismatches)} mismatches")
        if report.mismatches or report.silent:
            raise CommandError("This Gauzy would refuse or ignore some of what the tools send.", returncode=1)


async def _report(document: Document) -> Report:
    async with rehearsing() as rehearsal:
        return await check(rehearsal.everything(), document)


def _read(place: str) -> Any:
    """The decoded document. Raises CommandError that says what is wrong with ``place``."""
    try:
        if place.startswith(("http://", "https://")):
            text = httpx.get(place, timeout=30, follow_redirects=True).raise_for_status().text
        else:
            text = Path(place).read_text(encoding="utf-8")
        document = json.loads(text)
    except (OSError, httpx.HTTPError, ValueError) as error:
        raise CommandError(f"--openapi: {place} cannot be read as JSON: {error}", returncode=2) from None
    if not isinstance(document, dict) or "paths" not in document:
        raise CommandError(f"--openapi: {place} is no OpenAPI document: it has no paths", returncode=2)
    return document
