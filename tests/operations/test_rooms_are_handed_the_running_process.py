"""Rooms are handed what they need of the running process; no setting names something to import, past the contracts."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from oauth_resource.provided import ProvidedPart
from tests.processes import ROOT, environment

IMPORTERS = {"import_string", "import_module", "__import__"}
OF_DJANGO = {"SESSION_ENGINE"}
"""Settings of Django's own that name a module, for anybody."""

START = """
import sys, django
django.setup()
assert "gauzy_mcp.wiring" not in sys.modules, "starting Django loaded the wiring"
from gauzy_mcp.wiring import process_assembly
from mcp_tools.operations.access import running
from oauth_resource.identity.views import running as linking
assert process_assembly.cache_info().currsize == 0, "starting Django made the assembly"
assert running() is linking() is process_assembly()
"""


def imports_by_setting(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in IMPORTERS:
            for part in ast.walk(node):
                if isinstance(part, ast.Attribute) and ast.unparse(part.value) == "settings":
                    yield part.attr


@pytest.mark.parametrize("room", ["mcp_tools", "oauth_resource"])
def test_no_room_imports_what_a_setting_names(room: str) -> None:
    modules = list((ROOT / room).rglob("*.py"))
    assert modules
    found = {f"{path.name}: {name}" for path in modules for name in imports_by_setting(path.read_text())}
    assert {one for one in found if one.partition(": ")[2] not in OF_DJANGO} == set()


def test_starting_django_makes_nothing_and_every_room_gets_the_same_process(tmp_path: Path) -> None:
    env = {**environment(home=str(tmp_path)), "DJANGO_SETTINGS_MODULE": "gauzy_mcp.settings"}
    started = subprocess.run([sys.executable, "-c", START], env=env, cwd=ROOT, capture_output=True, text=True)
    assert started.returncode == 0, started.stderr


def test_a_part_that_nobody_provided_says_what_is_missing() -> None:
    with pytest.raises(RuntimeError, match="INSTALLED_APPS"):
        ProvidedPart[object]("the running server")()
