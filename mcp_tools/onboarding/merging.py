"""Putting an entry into a client's own file without harm to anything else that is in it."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mcp_tools.onboarding import comments

BACKUP: Final = ".before-gauzy"
"""Appended to the name of the file for its backup."""


class NotMerged(Exception):
    """The file was left as it is; the message says why and what to do instead."""


def merge(path: Path, addition: Mapping[str, Any], *, with_comments: bool) -> Path | None:
    """Puts ``addition`` into ``path`` and answers its backup, None where there was no file or nothing to change.

    The new file takes the old one's place in one step, with its permissions. Raises NotMerged for a file that is not
    understood, or whose comments would be lost, or that changed meanwhile.
    """
    target = path.resolve() if path.is_symlink() else path
    before = _read(target)
    held = _parse(before, target, with_comments=with_comments)
    wanted = merged(held, addition, target)
    if before and wanted == held:
        return None
    if comments.has_any(before):
        raise NotMerged(
            f"{target} has comments, which writing it would remove. Put the entry there by hand: run the same command "
            "without --write."
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        backup = _keep(target, before) if before else None
        _replace(target, before, json.dumps(wanted, indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise NotMerged(f"{target} cannot be written: {error.strerror}.") from None
    return backup


def merged(held: Mapping[str, Any], addition: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """``held`` with the entries of ``addition``: those of the same name or id are replaced, all others stay."""
    made = dict(held)
    for name, value in addition.items():
        there = made.get(name, type(value)())
        if not isinstance(there, type(value)):
            raise NotMerged(f"{path}: {name} is not {_called(value)}. Mend it, then run the command again.")
        if isinstance(value, list):
            mine = {one["id"] for one in value}
            made[name] = [one for one in there if not (isinstance(one, dict) and one.get("id") in mine)] + value
        else:
            made[name] = {**there, **value}
    return made


def _called(value: object) -> str:
    return "a list" if isinstance(value, list) else "an object"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise NotMerged(f"{path} is not UTF-8 text, and was left as it is.") from None
    except OSError as error:
        raise NotMerged(f"{path} cannot be read: {error.strerror}.") from None


def _parse(text: str, path: Path, *, with_comments: bool) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        held = json.loads(comments.stripped(text) if with_comments else text)
    except ValueError as error:
        raise NotMerged(
            f"{path} is not JSON ({error}), and was left as it is. Mend it, then run the command again."
        ) from None
    if not isinstance(held, dict):
        raise NotMerged(f"{path} is JSON but not an object, and was left as it is.")
    return held


def _keep(path: Path, text: str) -> Path:
    """The first backup stays: it is the file as it was before this server came."""
    first = path.with_name(path.name + BACKUP)
    backup = first if not first.exists() else path.with_name(f"{path.name}{BACKUP}.{secrets.token_hex(3)}")
    _write(backup, text, path.stat().st_mode & 0o777)
    return backup


def _replace(path: Path, before: str, text: str) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(draft, text, path.stat().st_mode & 0o777 if path.exists() else 0o600)
        if _read(path) != before:
            raise NotMerged(f"{path} changed while it was being written, and was left as it is. Run the command again.")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
