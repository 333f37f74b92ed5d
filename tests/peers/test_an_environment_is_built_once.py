"""Environments of the peers are shared by the workers of a test run and survive one that dies."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from tests.peers.environments import InstallFailed, cached, run


def build(folder: Path) -> None:
    folder.mkdir()
    with (folder.parent / "builds").open("a") as log:
        log.write("built\n")
    (folder / "ready").touch()


def find(cache: Path) -> bool:
    return (cached("toy", [b"1.0"], build, cache) / "ready").exists()


def test_processes_at_once_build_one_and_all_find_it(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(find, [tmp_path] * 6) == [True] * 6
    assert (tmp_path / "builds").read_text() == "built\n"


def test_what_a_killed_process_left_is_built_again(tmp_path: Path) -> None:
    ready = cached("toy", [b"1.0"], build, tmp_path)
    ready.rename(ready.with_name(f"{ready.name}.unfinished"))
    assert find(tmp_path)
    assert (tmp_path / "builds").read_text() == "built\n" * 2


def test_another_pin_makes_another_environment(tmp_path: Path) -> None:
    assert cached("toy", [b"1.0"], build, tmp_path) != cached("toy", [b"1.1"], build, tmp_path)


def test_a_failing_installer_says_what_it_printed_and_is_run_again(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        folder.mkdir()
        run(["bash", "-c", "echo no network >&2; exit 1"])

    with pytest.raises(InstallFailed, match="no network"):
        cached("toy", [b"2.0"], fail, tmp_path)
    assert (cached("toy", [b"2.0"], build, tmp_path) / "ready").exists()
