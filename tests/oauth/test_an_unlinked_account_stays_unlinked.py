"""Unlinking an account waits for a renewal of its tokens that is under way, which would store them again."""

from __future__ import annotations

from pathlib import Path

from tests import forked
from tests.processes import environment


def test_a_renewal_under_way_does_not_bring_the_account_back(tmp_path: Path) -> None:
    done = forked.run(["-m", "tests.oauth.vault_turns"], environment(home=str(tmp_path)))
    assert (done.returncode, done.stdout.strip()) == (0, "None"), done.stderr
