from __future__ import annotations

import pytest

from tests.data.extract import HERE, extracted, reference


def test_running_the_script_again_changes_nothing() -> None:
    if not reference().is_dir():
        pytest.skip(f"{reference()} is not here: GAUZY_REFERENCE_DIR names the recordings")
    made = extracted(reference())
    assert {path.relative_to(HERE) for path in made} == {path.relative_to(HERE) for path in HERE.rglob("*.json")}
    assert [path.name for path, text in made.items() if path.read_text() != text] == []


def test_it_holds_no_token_and_stays_small() -> None:
    texts = [path.read_text() for path in HERE.rglob("*.json")]
    assert not any("eyJ" in text for text in texts)
    assert sum(map(len, texts)) < 1_500_000
