"""What is copied works where it is pasted: the shell command, the program, the client's configuration."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.console.driven import Console, console
from tests.processes import Server

HARD = 'It\'s "A&B" $HOME `date` \\ {ü}'


def copied(desk: Console, kind: str) -> str:
    desk.button("Copy as…").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_role("tab", name=kind, exact=True).click()
    text = dialog.locator("pre:visible").inner_text()
    dialog.get_by_role("button", name="Copy", exact=True).click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert desk.page.evaluate("navigator.clipboard.readText()").strip() == text.strip()
    desk.page.keyboard.press("Escape")
    return text


@pytest.fixture
def filled_in(browser: Browser, live: Server) -> object:
    with console(browser, live.http, permissions=["clipboard-read", "clipboard-write"]) as opened:
        opened.visit().choose("create_project")
        opened.enter("name", HARD)
        yield opened


def test_the_shell_command_and_the_program_do_the_call(filled_in: Console) -> None:
    shell = copied(filled_in, "curl")
    answer = json.loads(subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=True).stdout)
    assert answer["result"]["structuredContent"]["name"] == HARD
    program = copied(filled_in, "Python")
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert printed.returncode == 0, printed.stderr
    assert "A&B" in printed.stdout


def test_clients_are_told_the_address_of_this_server(filled_in: Console, live: Server) -> None:
    assert f"{live.http}/mcp" in copied(filled_in, "Client config")
    filled_in.button("Connect a client").click()
    dialog = filled_in.page.get_by_role("dialog", name="Connect a client")
    choice = dialog.get_by_label("Client")
    for title in choice.locator("option").all_inner_texts():
        choice.select_option(title)
        expect(dialog.locator("pre, ol").first).to_be_visible()
