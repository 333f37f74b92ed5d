"""The console as a person uses it, in a Chromium that keeps an eye on the page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.conftest import PATIENCE_MILLISECONDS

DESKTOP: ViewportSize = {"width": 1280, "height": 800}


@dataclass
class Console:
    """``errors`` are those of the page's own scripts and of its security policy; ``foreign`` is whom it asked else."""

    page: Page
    base: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console", lambda said: self.errors.append(said.text) if "Content Security Policy" in said.text else None
        )
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != urlsplit(self.base).netloc:
            self.foreign.append(url)

    def visit(self, address: str = "/") -> Console:
        """Opens the page and waits until it is connected and lists its tools."""
        self.page.goto(address)
        self.connected()
        return self

    def connected(self) -> None:
        expect(self.page.locator("#connection")).to_have_attribute("data-status", "open")
        expect(self.page.locator("#catalogue .item, #catalogue .toolset").first).to_be_attached()

    def choose(self, tool: str) -> None:
        """Opens a tool by its exact name."""
        self.page.evaluate("name => { location.hash = name }", tool)
        expect(self.page.locator("#tool .name code")).to_have_text(tool)

    def enter(self, argument: str, value: str) -> None:
        self.argument(argument).fill(value)

    def argument(self, name: str) -> Locator:
        return self.page.locator("#tool .field", has=self.page.locator(f"label code:text-is('{name}')")).locator(
            "input, textarea, select"
        ).first  # fmt: skip

    def run(self) -> None:
        self.page.locator("#run").click()

    def call(self, tool: str, **arguments: str) -> None:
        """Opens a tool, enters arguments and runs it."""
        self.choose(tool)
        for name, value in arguments.items():
            self.enter(name, value)
        self.run()

    @property
    def answer(self) -> Locator:
        return self.page.locator("#answer")

    @property
    def facts(self) -> Locator:
        """How much was answered, how fast, and what it takes of a model."""
        return self.page.locator("#answer .facts")

    def state(self, name: str) -> Locator:
        return self.page.locator(f"[data-state='{name}']")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()


@contextlib.contextmanager
def console(browser: Browser, base: str, viewport: ViewportSize = DESKTOP, **options: Any) -> Iterator[Console]:
    """A page of its own, with nothing kept from another one. Its scripts never fail, and it asks nobody else."""
    context = browser.new_context(base_url=base, viewport=viewport, **options)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    opened = Console(context.new_page(), base)
    yield opened
    context.close()
    assert opened.errors == []
