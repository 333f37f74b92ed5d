"""The system's Chromium, driven by Playwright, and what a page must never do."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, ViewportSize, sync_playwright

from tests.requirements import need

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Watched:
    """``complaints`` are errors of the page and requests to anybody but its own server."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._note(said.text, wrong=said.type == "error"))
        self.page.on("pageerror", lambda error: self._note(str(error), wrong=True))
        self.page.on(
            "requestfailed", lambda request: self._note(f"failed: {request.url}", wrong=self._is_lost(request))
        )
        self.page.on("request", lambda request: self._note(f"foreign: {request.url}", wrong=self._is_foreign(request)))
        self.page.on("response", lambda answer: self._note(f"{answer.status} {answer.url}", wrong=answer.status >= 400))

    def _is_foreign(self, request: Request) -> bool:
        address = urlsplit(request.url)
        return address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.host

    def _is_lost(self, request: Request) -> bool:
        """A page that is left cancels what it was asking for."""
        return request.failure != "net::ERR_ABORTED"

    def _note(self, complaint: str, *, wrong: bool) -> None:
        if wrong:
            self.complaints.append(complaint)


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """A fresh browser."""
    need("chromium")
    executable = next(path for path in map(shutil.which, _NAMES) if path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def watched(browser: Browser, base_url: str, viewport: ViewportSize = DESKTOP, **options: Any) -> Iterator[Watched]:
    """One page, with nothing kept from another one."""
    with contextlib.closing(browser.new_context(base_url=base_url, viewport=viewport, **options)) as context:
        yield Watched(context.new_page(), urlsplit(base_url).netloc)
