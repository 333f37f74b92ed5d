"""An entry is put into a client's file, and all that was there stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mcp_tools.onboarding.merging import NotMerged, merge

ENTRY: dict[str, Any] = {"mcpServers": {"gauzy": {"command": "python"}}}
INPUTS = [{"id": "gauzy-password", "type": "promptString"}]


def held(path: Path) -> Any:
    return json.loads(path.read_text())


def test_a_missing_file_is_made_with_its_folders_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "mcp.json"
    assert merge(path, ENTRY, with_comments=False) is None
    assert held(path) == ENTRY
    assert path.stat().st_mode & 0o777 == 0o600


def test_other_entries_and_settings_stay_and_the_backup_is_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    before = '{"theme": "dark", "mcpServers": {"other": {"url": "https://über.example"}, "gauzy": {"old": 1}}}'
    path.write_text(before, encoding="utf-8")
    path.chmod(0o640)
    backup = merge(path, ENTRY, with_comments=False)
    assert held(path) == {
        "theme": "dark",
        "mcpServers": {"other": {"url": "https://über.example"}, "gauzy": {"command": "python"}},
    }
    assert "über" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o640
    assert backup is not None and backup.read_text(encoding="utf-8") == before
    assert {one.name for one in tmp_path.iterdir()} == {path.name, backup.name}


def test_the_first_backup_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text("{}")
    first = merge(path, ENTRY, with_comments=False)
    second = merge(path, {"mcpServers": {"gauzy": {"command": "other"}}}, with_comments=False)
    assert first is not None and first.read_text() == "{}"
    assert second not in (None, first)


def test_what_is_there_already_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(json.dumps(ENTRY))
    written = path.stat().st_mtime_ns
    assert merge(path, ENTRY, with_comments=False) is None
    assert path.stat().st_mtime_ns == written


def test_inputs_are_replaced_by_their_id_and_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(json.dumps({"inputs": [{"id": "mine"}, {"id": "gauzy-password", "type": "old"}]}))
    merge(path, {"servers": {"gauzy": {}}, "inputs": INPUTS}, with_comments=True)
    assert held(path)["inputs"] == [{"id": "mine"}, *INPUTS]


def test_a_link_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.json", tmp_path / "mcp.json"
    real.write_text("{}")
    link.symlink_to(real)
    merge(link, ENTRY, with_comments=False)
    assert link.is_symlink() and held(real) == ENTRY


@pytest.mark.parametrize("text", ['{"servers": {},\n}', '{"servers": {"a": {"args": ["// no comment",],},},}'])
def test_trailing_commas_are_understood_where_the_client_takes_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(text)
    merge(path, {"servers": {"gauzy": {}}}, with_comments=True)
    assert "gauzy" in held(path)["servers"]
    assert ("// no comment" in path.read_text()) == ("// no comment" in text)


REFUSED = {
    "comments": ('{\n  // mine\n  "servers": {}\n}', "comments"),
    "a block comment": ('{"servers": {} /* mine */}', "comments"),
    "what is no JSON": ('{"servers": ', "not JSON"),
    "a list": ("[]", "not an object"),
    "another shape": ('{"servers": []}', "servers is not an object"),
    "bytes": (b"\xff\xfe\x00", "not UTF-8"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_would_suffer_is_left_as_it_is(tmp_path: Path, what: str) -> None:
    content, word = REFUSED[what]
    before = content if isinstance(content, bytes) else content.encode()
    path = tmp_path / "mcp.json"
    path.write_bytes(before)
    with pytest.raises(NotMerged, match=word) as refusal:
        merge(path, {"servers": {"gauzy": {}}}, with_comments=True)
    assert str(path) in str(refusal.value)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_comments_are_no_json_where_the_client_does_not_take_them(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text('{ // mine\n "mcpServers": {}}')
    with pytest.raises(NotMerged, match="not JSON"):
        merge(path, ENTRY, with_comments=False)


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "Claude").write_text("")
    with pytest.raises(NotMerged, match="cannot be"):
        merge(tmp_path / "Claude" / "mcp.json", ENTRY, with_comments=False)
