"""Server processes that start fast: forked from one that has loaded the libraries and most of this project.

What they run, read, print and answer is what they would as programs of their own; only the second that Python needs to
load modules is spent once: those that look at the environment or at settings are loaded afterwards. Processes whose
start itself is tested, and those of other programs, are not made here.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing.reduction import DupFd
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from typing import IO, Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.libraries"])


class Forked:
    """``python COMMAND…`` in ``env``, used as subprocess.Popen is. Standard input is empty, and standard output a pipe
    unless ``out`` takes it; ``errors`` takes standard error."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], errors: IO[str], out: IO[str] | None = None
    ) -> None:
        read, write = os.pipe()
        self.stdout = os.fdopen(read)
        outputs = DupFd(out.fileno() if out else write), DupFd(errors.fileno())
        self._process = _CONTEXT.Process(target=_become, args=(list(command), dict(env), *outputs), daemon=True)
        self._process.start()
        os.close(write)

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise TimeoutExpired(str(self.pid), timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        self.wait(timeout)
        with self.stdout:
            return self.stdout.read(), None


def run(command: Sequence[str], env: Mapping[str, str], seconds: float = 60) -> CompletedProcess[str]:
    """``python COMMAND…`` to its end. Raises TimeoutExpired, and then it is killed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = Forked(command, env, errors, out)
        try:
            code = process.wait(seconds)
        finally:
            process.kill()
            process.stdout.close()
        for file in (out, errors):
            file.seek(0)
        return CompletedProcess([*command], code, out.read(), errors.read())


def _become(command: list[str], env: dict[str, str], out: Any, errors: Any) -> None:
    """Makes this process what ``python COMMAND…`` would be."""
    for source, target in ((out, 1), (errors, 2)):
        descriptor = source.detach()
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    by_name = command[0] == "-m"
    program, *arguments = command[1:] if by_name else command
    sys.argv = [program, *arguments]
    sys.path[0] = str(Path.cwd()) if by_name else str(Path(program).parent)
    try:
        if by_name:
            runpy.run_module(program, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(program, run_name="__main__")
    finally:
        # A process of multiprocessing leaves this out, and ends without it.
        atexit._run_exitfuncs()
