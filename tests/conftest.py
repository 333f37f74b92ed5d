"""What every test stands on: an environment of its own, which nothing of the developer's reaches."""

from __future__ import annotations

import os
import tempfile

for name in [name for name in os.environ if name.startswith(("MCP_", "GAUZY_", "THROTTLE_", "API_"))]:
    if name not in ("GAUZY_REFERENCE_DIR",):
        del os.environ[name]
os.environ["GAUZY_MCP_HOME"] = tempfile.mkdtemp(prefix="gauzy-mcp-test-")
os.environ["GAUZY_MCP_ENV_FILE"] = "none"

import pytest  # noqa: E402 - the environment of the machine is gone first

from tests.clocks import CALENDAR, USUAL, When  # noqa: E402

INSTALLING = {"peers", "packaging", "documents"}
INSTALL_SECONDS = 1200


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("calendar"):
        metafunc.parametrize("when", CALENDAR)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What installs programs of others may take longer than the ``timeout`` of pyproject.toml: its first run fetches
    them, and has limits of its own."""
    for item in items:
        if INSTALLING & set(item.path.parts) or "official_clients" in item.path.name:
            item.add_marker(pytest.mark.timeout(INSTALL_SECONDS))


@pytest.fixture
def when() -> When:
    """When and where a test takes place; in one that is marked ``calendar``, each of CALENDAR in turn."""
    return USUAL
