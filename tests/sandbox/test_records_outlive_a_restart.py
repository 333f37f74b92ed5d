from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from mcp_tools.sandbox.application import Sandbox
from mcp_tools.sandbox.demo import ident
from tests.sandbox.client import OWNER, Caller, signed_in
from tests.sandbox.conftest import KEY


async def test_what_was_made_is_there_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    first = Sandbox(file, KEY)
    before = await signed_in(first)
    made = await before.ask("POST", "/tasks", body={**OWNER, "title": "Outlive", "status": "open"})
    first.close()
    second = Sandbox(file, KEY)
    after = Caller(second, before.headers)
    answer = await after.get(f"/tasks/{made.body['id']}")
    second.close()
    assert (answer.status, answer.body["title"]) == (200, "Outlive")


async def test_a_deleted_record_does_not_come_back(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    first = Sandbox(file, KEY)
    caller = await signed_in(first)
    await caller.ask("DELETE", f"/tasks/{ident('task', 'APO-1')}")
    first.close()
    second = Sandbox(file, KEY)
    answer = await Caller(second, caller.headers).get(f"/tasks/{ident('task', 'APO-1')}")
    second.close()
    assert answer.status == 404


async def test_a_file_of_another_version_is_seeded_again(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    first = Sandbox(file, KEY)
    caller = await signed_in(first)
    await caller.ask("DELETE", f"/tasks/{ident('task', 'APO-1')}")
    first.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version=0")
    connection.close()
    second = Sandbox(file, KEY)
    answer = await (await signed_in(second)).get(f"/tasks/{ident('task', 'APO-1')}")
    second.close()
    assert answer.status == 200


async def test_an_empty_file_is_seeded(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    file.touch()
    sandbox = Sandbox(file, KEY)
    answer = await (await signed_in(sandbox)).get("/user/me")
    sandbox.close()
    assert answer.status == 200


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    sandbox = Sandbox(file, KEY)
    asyncio.run(signed_in(sandbox))
    sandbox.close()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
