"""axe-core, the accessibility checker of Deque Systems, run inside a page."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

from tests.peers.environments import NPM_RETRIES, InstallFailed, cached, run
from tests.requirements import absent, need

PACKAGE = "axe-core@4.14.1"
NARROW = ["target-size", "scrollable-region-focusable"]
"""What the width of a screen has a say in; names, colours and structure are the same on every one."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@functools.cache
def source() -> str:
    """The checker itself. Ends the running test where it cannot be had."""
    need("node")

    def build(folder: Path) -> None:
        run(
            [
                "npm",
                "install",
                "--prefix",
                str(folder),
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                *NPM_RETRIES,
                PACKAGE,
            ]
        )

    try:
        return (cached("axe", [PACKAGE.encode()], build) / "node_modules/axe-core/axe.min.js").read_text()
    except InstallFailed as error:
        absent("node", str(error))


def violations(page: Page) -> list[str]:
    """What is wrong with the page as it is now, one line for each element; in dark, only colours can be."""
    page.evaluate(source())
    return [*_broken(page, "light", RULES), *_broken(page, "dark", ["color-contrast"])]


def violations_of_layout(page: Page) -> list[str]:
    """The same for a page that was looked at on a wider screen."""
    page.evaluate(source())
    return _broken(page, "light", NARROW)


def _broken(page: Page, scheme: Literal["light", "dark"], rules: list[str]) -> list[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, Any] = page.evaluate("rules => axe.run({ runOnly: rules })", rules)
    return [
        f"{scheme} {broken['id']}: {node['target']} {node['failureSummary']}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
