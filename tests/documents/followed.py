"""A checkout of one's own, in which a person follows the README."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.oauth.server.inspecting import inspector
from tests.peers.environments import node_modules
from tests.processes import ROOT, environment

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "var", "dist", "build", "*.egg-info", "node_modules")
PORTS = {"MCP_HTTP_PORT": "0", "MCP_WS_PORT": "0"}
_SECONDS = 120


@dataclass(frozen=True)
class Checkout:
    """``home`` is the person's home folder. Everything that is typed is typed in ``folder``."""

    folder: Path
    home: Path

    @property
    def env(self) -> dict[str, str]:
        bins = [self.folder / ".venv" / "bin", self.folder / "node_modules" / ".bin"]
        # Nothing says where files are: they are in the checkout.
        clean = {name: value for name, value in environment(PORTS).items() if not name.startswith("GAUZY_MCP_")}
        return {
            **clean,
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": "",
            "PATH": os.pathsep.join([*map(str, bins), os.environ["PATH"]]),
        }

    def run(self, command: str, text: str | None = None) -> str:
        """What a shell prints for ``command``. Fails with all it said when it does not end with 0."""
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, env=self.env, input=text or "", capture_output=True, text=True,
            timeout=_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def converse(self, command: str, answers: Mapping[str, str]) -> None:
        """Answers what ``command`` asks on its terminal, each question known by its first words."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            ["bash", "-c", command], cwd=self.folder, env=self.env, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        patience = threading.Timer(_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        patience.start()
        shown = ""
        # The end of a terminal is an error on Linux.
        with contextlib.suppress(OSError):
            for question, answer in answers.items():
                while question not in shown:
                    shown += os.read(master, 4096).decode()
                os.write(master, f"{answer}\n".encode())
            while data := os.read(master, 4096):
                shown += data.decode()
        os.close(master)
        assert process.wait() == 0, shown
        patience.cancel()

    @contextlib.contextmanager
    def serving(self, command: str) -> Iterator[dict[str, str]]:
        """The addresses that a server prints, by ``HTTP`` and ``WebSocket``: ``http://127.0.0.1:40123`` and so on."""
        process = subprocess.Popen(
            ["bash", "-c", command], cwd=self.folder, env=self.env, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        urls: dict[str, str] = {}
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.match(r"(HTTP|WebSocket)\s+(\S+)/\w+$", line):
                    urls[found[1]] = found[2]
                if len(urls) == 2:
                    break
            yield urls
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate(timeout=_SECONDS)


def checkout(folder: Path) -> Checkout:
    """With an environment that has this one's packages, and Node's clients. Raises InstallFailed."""
    made, home = folder / "gauzy-mcp", folder / "home"
    home.mkdir()
    shutil.copytree(ROOT, made, ignore=LEFT_OUT)
    shutil.copy(ROOT / ".env.sample", made)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made / ".venv")], check=True)
    packages = next((made / ".venv" / "lib").glob("python*/site-packages"))
    (packages / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for name in (".installed", ".installed-dev"):
        (made / ".venv" / name).touch()
    (made / "node_modules" / ".bin").mkdir(parents=True)
    for modules in (inspector().modules, node_modules()):
        for place in [*modules.iterdir(), *(modules / ".bin").iterdir()]:
            link = made / "node_modules" / place.relative_to(modules)
            if not link.exists():
                link.symlink_to(place)
    return Checkout(made, home)
