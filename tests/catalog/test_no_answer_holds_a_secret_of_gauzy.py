"""Columns such as a password's hash never reach an answer, also where Gauzy sends them and the caller asks for them."""

from __future__ import annotations

from mcp_tools.catalog.rows import SECRETS, project

ROW = {
    "id": "1",
    "name": "Emma",
    "user": {"email": "emma@example.com", **dict.fromkeys(sorted(SECRETS), "a-secret")},
    "members": [{"user": {"hash": "a-secret", "name": "Liam"}}],
}


def test_whatever_is_asked_for() -> None:
    for fields in (None, ["user", "members"], ["user.hash", "members[].user.hash", "user.email"], ["user.password"]):
        assert "a-secret" not in str(project(ROW, {"fields": fields} if fields else {}))
    assert "emma@example.com" in str(project(ROW, {"fields": ["user"]}))
