"""``make bench``: what our code costs, as ratios to the floor of the same server on the same machine.

Every figure is the median of interleaved rounds with its range, because machines are noisy and ratios are not.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tests.bench import memory
from tests.bench.load import http_rate, websocket_rate
from tests.processes import MANAGE, ROOT, environment

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "1.5"))


def message(method: str, **params: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


PING = message("ping")
LIST = message("tools/list")
CALL = message("tools/call", name="get_server_info", arguments={})
GAUZY_CALL = message("tools/call", name="get_projects", arguments={"limit": 5})


def main() -> None:
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        cpus = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cpus[1]})
        pinned = ["taskset", "-c", str(cpus[0])]
    else:
        pinned = []
    start_up()
    for kind in ("daphne", "uvicorn"):
        serve_and_measure(kind, pinned)
    memory.main()


def start_up() -> None:
    """Spawn → initialize → tools/list of runstdio, beside an interpreter that does nothing."""
    rows: dict[str, list[float]] = {"python -c pass": [], "initialize": [], "tools/list": []}
    env = environment()
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        rows["python -c pass"].append(time.perf_counter() - began)
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, MANAGE, "runstdio"],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None and process.stdout is not None
        for name, asked in (
            ("initialize", message("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo={})),
            ("tools/list", LIST),
        ):
            process.stdin.write(asked + b"\n")
            process.stdin.flush()
            process.stdout.readline()
            rows[name].append(time.perf_counter() - began)
        process.communicate()
    print("stdio, from spawn (ms)")
    floor = statistics.median(rows["python -c pass"][1:])
    for name, values in rows.items():
        kept = [value * 1000 for value in values[1:]]
        middle = statistics.median(kept)
        print(f"  {name:<16} {middle:7.1f}  ({min(kept):.1f}..{max(kept):.1f})  {middle / 1000 / floor:5.2f} × python")


def serve_and_measure(kind: str, pinned: list[str]) -> None:
    with (
        listening(kind, "tests.bench.floor:application", pinned) as floor,
        listening(kind, "gauzy_mcp.asgi:application", pinned) as ours,
    ):
        everything = {"MCP_TOOLSETS": "all"}
        with listening(kind, "gauzy_mcp.asgi:application", pinned, everything) as all_listed:
            cases = {
                "floor POST": lambda: http_rate(f"http://{floor}/sse", PING, SECONDS),
                "ping": lambda: http_rate(f"http://{ours}/sse", PING, SECONDS),
                "tools/list core": lambda: http_rate(f"http://{ours}/sse", LIST, SECONDS),
                "tools/list all": lambda: http_rate(f"http://{all_listed}/sse", LIST, SECONDS),
                "tools/call local": lambda: http_rate(f"http://{ours}/sse", CALL, SECONDS),
                "tools/call Gauzy": lambda: http_rate(f"http://{ours}/sse", GAUZY_CALL, SECONDS),
                "floor WebSocket": lambda: websocket_rate(f"http://{floor}/sse", PING, SECONDS),
                "ping WebSocket": lambda: websocket_rate(f"http://{ours}/sse", PING, SECONDS),
            }
            rates: dict[str, list[float]] = {name: [] for name in cases}
            for _ in range(ROUNDS):
                for name, case in cases.items():
                    rates[name].append(asyncio.run(case()))
    report(kind, rates)


def report(kind: str, rates: dict[str, list[float]]) -> None:
    print(f"{kind}, one process, 16 connections")
    for name, values in rates.items():
        floor = rates["floor WebSocket" if "WebSocket" in name else "floor POST"]
        ratios = [value / base for value, base in zip(values, floor, strict=True)]
        print(
            f"  {name:<18} {statistics.median(values):8.0f}/s  ({min(values):.0f}..{max(values):.0f})"
            f"  {statistics.median(ratios):5.2f} of the floor ({min(ratios):.2f}..{max(ratios):.2f})"
        )
    slower = [ping / listed for ping, listed in zip(rates["ping"], rates["tools/list all"], strict=True)]
    print(
        f"  tools/list all is {statistics.median(slower):.2f} × slower than ping ({min(slower):.2f}..{max(slower):.2f})"
    )


@contextlib.contextmanager
def listening(kind: str, application: str, pinned: list[str], extra: dict[str, str] | None = None) -> Iterator[str]:
    """A server process for ``application`` on a socket that this process opened, so no port is guessed."""
    opened = socket.socket()
    opened.bind(("127.0.0.1", 0))
    port = opened.getsockname()[1]
    opened.close()
    commands = {
        "daphne": ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", application],
        "uvicorn": [
            "-m",
            "uvicorn",
            "--port",
            str(port),
            "--log-level",
            "warning",
            "--no-access-log",
            "--lifespan",
            "off",
            application,
        ],
    }
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*pinned, sys.executable, *commands[kind]],
            env=environment({"THROTTLE_ENABLED": "false", **(extra or {})}),
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(400):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                    break
                time.sleep(0.05)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()
