from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

from mcp_tools.sandbox.application import Sandbox
from tests.processes import ROOT
from tests.sandbox.client import OWNER, signed_in
from tests.sandbox.conftest import KEY

TASKS = 15
WORKER = f"""
import asyncio, json, sys
from pathlib import Path
from mcp_tools.sandbox.application import Sandbox
from tests.sandbox.client import OWNER, signed_in

async def main():
    sandbox = Sandbox(Path(sys.argv[1]), {KEY!r})
    print("ready", flush=True)
    sys.stdin.readline()
    caller = await signed_in(sandbox)
    answers = await asyncio.gather(*(
        caller.ask("POST", "/tasks", body={{**OWNER, "title": f"{{sys.argv[2]}} {{n}}", "status": "open"}})
        for n in range({TASKS})
    ))
    total = len(await caller.listed("/employee"))
    sandbox.close()
    print(json.dumps([[a.status, a.body.get("number")] for a in answers] + [total]), flush=True)

asyncio.run(main())
"""


def worker(file: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(file), name],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(process: subprocess.Popen[str]) -> list[list[int]]:
    """The status and number of each task that a worker made."""
    out, _ = process.communicate(timeout=60)
    *made, employees = json.loads(out)
    assert employees == 14
    return [tuple(one) for one in made]  # type: ignore[misc]


def test_both_seed_and_write_at_once(tmp_path: Path) -> None:
    """Neither finds the file when it starts; together they make one company, and every task has its own number."""
    file = tmp_path / "sandbox.sqlite3"
    workers = [worker(file, name) for name in ("first", "second", "third")]
    for process in workers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in workers:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    made = [one for process in workers for one in told(process)]
    assert {status for status, _ in made} == {202}
    assert sorted(number for _, number in made) == list(range(1, 3 * TASKS + 1))


async def test_the_threads_of_a_process_do_not_meet_half_way(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    body = {**OWNER, "title": "At once", "status": "open"}
    writes = [caller.ask("POST", "/tasks", body=body) for _ in range(30)]
    reads = [caller.listed("/tasks") for _ in range(30)]
    answers = await asyncio.gather(*writes, *reads)
    numbers = [answer.body["number"] for answer in answers[:30]]  # type: ignore[union-attr]
    assert sorted(numbers) == list(range(1, 31))


async def test_a_refresh_token_renews_one_of_many_that_race(sandbox: Sandbox) -> None:
    caller = await signed_in(sandbox)
    pair = await caller.ask("POST", "/auth/login", body={"email": "demo@gauzy.local", "password": "demo"})
    body = {"refresh_token": pair.body["refresh_token"]}
    answers = await asyncio.gather(*(caller.ask("POST", "/auth/refresh-token", body=body) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 7
