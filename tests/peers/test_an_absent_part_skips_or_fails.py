"""TEST_REQUIRE decides whether a test without its part is skipped or fails; a part that is there changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import requirements
from tests.requirements import PARTS, need


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with no programs and no servers."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(requirements, "SYSTEM", str(tmp_path))
    monkeypatch.setattr(requirements, "BUNDLED_REDIS", "no_such_package")
    # Port 1 is reserved (RFC 6335 registry: tcpmux) and nothing listens there.
    monkeypatch.setenv("REDIS_URL", "redis://:secret@127.0.0.1:1")
    monkeypatch.setenv("DATABASE_URL", "postgres://gauzy:secret@127.0.0.1:1/gauzy")


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("part", PARTS)
def test_an_absent_part_skips_with_a_reason(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.delenv("TEST_REQUIRE", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"{part} is absent: .+") as skipped:
        need(part)
    assert "secret" not in str(skipped.value)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("part", PARTS)
def test_an_absent_part_that_is_required_fails(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setenv("TEST_REQUIRE", f" redis, {part} ,")
    with pytest.raises(pytest.fail.Exception, match=f"TEST_REQUIRE lists {part}"):
        need(part)


def test_a_part_that_is_there_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_REQUIRE", "here")
    monkeypatch.setitem(requirements.PARTS, "here", lambda: None)
    need("here")


def test_a_name_that_is_no_part_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        need("nodejs")
