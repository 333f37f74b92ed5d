"""A proxy may have the server below a path of its host, and take that off: the page finds all from its own address."""

from __future__ import annotations

import json
import subprocess
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.browser.console.driven import console
from tests.browser.console.proxy import Proxy, answer, proxy
from tests.oauth.peer import free_port
from tests.oauth.server.person import DEMO
from tests.oauth.server.places import embedded

ROOT = "/gauzy"


def stripped(head: str) -> str:
    """The request without the path; whatever is beside it is no business of the server."""
    method, target, rest = head.split(" ", 2)
    if not target.startswith(f"{ROOT}/"):
        return answer("404 Not Found")
    return f"{method} {target.removeprefix(ROOT)} {rest}"


def test_tools_run_and_what_is_copied_leads_there(browser: Browser, between: Proxy) -> None:
    between.rule = stripped
    base = f"{between.address}{ROOT}"
    with console(browser, between.address) as page:
        asked: list[str] = []
        page.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
        page.page.on("websocket", lambda socket: asked.append(urlsplit(socket.url).path))
        page.visit(f"{ROOT}/")
        page.call("login", email="nobody@example.com", password="wrong")
        expect(page.state("failed")).to_be_visible()
        page.call("get_projects", name="apollo")
        expect(page.facts).to_contain_text("1 of 1 records")
        expect(page.page.locator("h1 img")).not_to_have_js_property("naturalWidth", 0)
        assert asked and [path for path in asked if not path.startswith(f"{ROOT}/")] == []
        page.button("Copy as…").click()
        shell = page.page.get_by_role("dialog").locator("pre:visible").inner_text()
        told = json.loads(subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=True).stdout)
        assert told["result"]["structuredContent"]["total"] == 1
        page.page.keyboard.press("Escape")
        page.button("Connect a client").click()
        expect(page.page.get_by_role("dialog").locator("pre").first).to_contain_text(f"{base}/mcp")


def test_people_sign_in_and_come_back_to_the_page(browser: Browser) -> None:
    port = str(free_port())
    with proxy(f"http://127.0.0.1:{port}") as between:
        between.rule = stripped
        host = f"http://localhost:{between.port}"
        settings = {"MCP_AUTH_RESOURCE_URI": f"{host}{ROOT}", "MCP_HTTP_PORT": port, "MCP_TRANSPORT": "http"}
        with embedded(**settings), console(browser, host) as page:
            page.page.goto(f"{ROOT}/#get_projects")
            page.state("signed-out").get_by_role("button", name="Sign in").click()
            page.page.get_by_label("E-mail").fill(DEMO["email"])
            page.page.get_by_label("Password").fill(DEMO["password"])
            page.page.keyboard.press("Enter")
            page.button("Go on").click()
            page.button("Allow").click()
            page.connected()
            assert page.page.url == f"{host}{ROOT}/#get_projects"
            expect(page.page.locator("#tool .name code")).to_have_text("get_projects")
            page.run()
            expect(page.facts).to_be_visible()
