"""``rotate_signing_key``, and ``rotate_credential_keys`` for the keys that it made."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import forked
from tests.processes import MANAGE, environment
from tests.tables import furnish

OLD, NEW = "o" * 43, "n" * 43


def command(home: Path, *words: str, keys: str = OLD) -> CompletedProcess[str]:
    env = environment({"MCP_CREDENTIAL_KEYS": keys}, str(home))
    return forked.run([MANAGE, *words], env)


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    furnish(environment(home=str(tmp_path)))
    return tmp_path


def rows(home: Path) -> list[tuple[str, bytes, str | None]]:
    with sqlite3.connect(home / "gauzy-mcp.sqlite3", timeout=20) as opened:
        found = opened.execute("SELECT kid, sealed, retired FROM authorization_signingkey ORDER BY id")
        return [(kid, bytes(sealed), retired) for kid, sealed, retired in found]


def test_a_new_key_signs_and_the_one_before_retires(migrated: Path) -> None:
    printed = [command(migrated, "rotate_signing_key") for _ in range(2)]
    assert [one.returncode for one in printed] == [0, 0], printed
    (first, _, retired), (second, _, current) = rows(migrated)
    assert printed[0].stdout.startswith(f"{first} signs from now on")
    assert printed[1].stdout.startswith(f"{second} signs from now on")
    assert retired is not None
    assert current is None


def test_signing_keys_are_sealed_anew_with_the_vault(migrated: Path) -> None:
    command(migrated, "rotate_signing_key")
    before = rows(migrated)
    both = f"{NEW},{OLD}"
    told = command(migrated, "rotate_credential_keys", "--dry-run", keys=both)
    assert "1 signing key sealed anew" in told.stdout
    assert rows(migrated) == before
    assert command(migrated, "rotate_credential_keys", keys=both).returncode == 0
    assert rows(migrated) != before
    again = command(migrated, "rotate_credential_keys", keys=NEW)
    assert again.returncode == 0
    assert "signing key" not in again.stdout
    lost = command(migrated, "rotate_credential_keys", keys="x" * 43)
    assert lost.returncode != 0
    assert before[0][0] in lost.stderr
