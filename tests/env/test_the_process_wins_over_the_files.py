"""Where a value comes from: the process environment, then .env.local, then .env; and how files are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.env.loads import loaded, problems

JSON = '[{"issuer":"https://auth.example.com","scopesSupported":["mcp.read # not a comment"]}]'


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_process_before_local_before_shared(tmp_path: Path) -> None:
    write(tmp_path, ".env", "MCP_HTTP_PORT=1\nMCP_WS_PORT=1\nMCP_SESSION_TTL=1\n")
    write(tmp_path, ".env.local", "MCP_HTTP_PORT=2\nMCP_WS_PORT=2\n")
    made = loaded(root=tmp_path, MCP_HTTP_PORT="3", GAUZY_MCP_HOME=str(tmp_path / "home"))
    env = made.environment
    assert (env.MCP_HTTP_PORT, env.MCP_WS_PORT, env.MCP_SESSION_TTL) == (3, 2, 1)
    assert made.sources["MCP_HTTP_PORT"] == "process environment"
    assert made.sources["MCP_WS_PORT"] == str(tmp_path / ".env.local")
    assert made.sources["MCP_SESSION_TTL"] == str(tmp_path / ".env")


def test_files_of_the_home_folder_come_last(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    write(tmp_path, ".env", "MCP_HTTP_PORT=1\n")
    write(home, ".env.local", "MCP_HTTP_PORT=2\nMCP_WS_PORT=2\n")
    env = loaded(root=tmp_path, GAUZY_MCP_HOME=str(home)).environment
    assert (env.MCP_HTTP_PORT, env.MCP_WS_PORT, env.home) == (1, 2, home)


@pytest.mark.parametrize("empty", ["", " ", "\t"])
def test_an_empty_value_is_no_value(tmp_path: Path, empty: str) -> None:
    write(tmp_path, ".env", f"MCP_WS_PORT='{empty}'\nMCP_HTTP_PORT=4000\n")
    env = loaded(root=tmp_path, MCP_HTTP_PORT=empty, MCP_SECRET_KEY=empty, GAUZY_AUTH_EMAIL=empty).environment
    assert (env.MCP_HTTP_PORT, env.MCP_WS_PORT, env.MCP_SECRET_KEY, env.GAUZY_AUTH_EMAIL) == (4000, 3002, None, None)


def test_comments_quotes_and_exports_in_files_are_understood(tmp_path: Path) -> None:
    lines = [
        "# a comment",
        "export MCP_HTTP_PORT=4000   # Port for HTTP transport",
        'MCP_WS_PATH="/live"# close by',
        "GAUZY_AUTH_EMAIL='ada@example.com'",
        "GAUZY_AUTH_PASSWORD='a #b $HOME ${HOME}'",
        f"MCP_AUTH_SERVERS='{JSON}'",
        "",
        "MCP_SESSION_TTL = 5",
    ]
    env = loaded(root=tmp_path, GAUZY_MCP_ENV_FILE=str(write(tmp_path, "x", "\r\n".join(lines)))).environment
    assert (env.MCP_HTTP_PORT, env.MCP_WS_PATH, env.MCP_SESSION_TTL) == (4000, "/live", 5)
    assert (env.GAUZY_AUTH_EMAIL, env.GAUZY_AUTH_PASSWORD) == ("ada@example.com", "a #b $HOME ${HOME}")
    assert env.MCP_AUTH_SERVERS[0]["scopesSupported"] == ["mcp.read # not a comment"]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    path = write(tmp_path, "x", b"\xef\xbb\xbfMCP_HTTP_PORT=4000\n")
    made = loaded(root=tmp_path, GAUZY_MCP_ENV_FILE=str(path))
    assert (made.environment.MCP_HTTP_PORT, made.warnings) == (4000, ())


def test_named_files_replace_the_usual_ones_and_the_first_wins(tmp_path: Path) -> None:
    write(tmp_path, ".env", "MCP_HTTP_PORT=1\nMCP_SESSION_TTL=1\n")
    one, two = write(tmp_path, "one", "MCP_HTTP_PORT=2\n"), write(tmp_path, "two", "MCP_HTTP_PORT=3\nMCP_WS_PORT=3\n")
    env = loaded(root=tmp_path, GAUZY_MCP_ENV_FILE=f"{one}, {two},").environment
    assert (env.MCP_HTTP_PORT, env.MCP_WS_PORT, env.MCP_SESSION_TTL) == (2, 3, 1_800_000)
    assert loaded(root=tmp_path, GAUZY_MCP_ENV_FILE="none").environment.MCP_HTTP_PORT == 3001


def test_files_that_cannot_be_read_stop_the_start_all_at_once(tmp_path: Path) -> None:
    binary = write(tmp_path, "binary", b"MCP_HTTP_PORT=\xff\xfe")
    named = f"{tmp_path / 'absent'},{tmp_path},{binary}"
    assert problems(root=tmp_path, GAUZY_MCP_ENV_FILE=named, MCP_WS_PORT="x") == [
        f"{tmp_path / 'absent'} cannot be read: No such file or directory",
        f"{tmp_path} cannot be read: Is a directory",
        f"{binary} is not UTF-8 text",
        "MCP_WS_PORT: 'x' is not a whole number from 0 to 65535. Example: MCP_WS_PORT=3002",
    ]


def test_a_home_that_is_none_does_not_hide_the_other_problems(tmp_path: Path) -> None:
    write(tmp_path, ".env", "MCP_WS_PORT=x")
    found = problems(root=tmp_path, GAUZY_MCP_HOME="~nobody-of-that-name")
    assert [problem.split(":")[0] for problem in found] == ["GAUZY_MCP_HOME", "MCP_WS_PORT"]


def test_a_secret_may_be_in_a_file_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, "password", "s3cret\n")
    made = loaded(GAUZY_AUTH_EMAIL="ada@example.com", GAUZY_AUTH_PASSWORD_FILE=str(path))
    assert (made.environment.GAUZY_AUTH_PASSWORD, made.warnings) == ("s3cret", ())
    both = loaded(GAUZY_AUTH_EMAIL="a@b.c", GAUZY_AUTH_PASSWORD="direct", GAUZY_AUTH_PASSWORD_FILE=str(path))
    assert both.environment.GAUZY_AUTH_PASSWORD == "direct"


@pytest.mark.parametrize(
    ("content", "why"), [(None, "cannot be read: No such file"), (b" \n", "is empty"), (b"\xff", "is not UTF-8 text")]
)
def test_a_secret_file_without_a_secret_stops_the_start(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "secret" if content is None else write(tmp_path, "secret", content)
    found = problems(MCP_SECRET_KEY_FILE=str(path))
    assert len(found) == 1
    assert found[0].startswith(f"MCP_SECRET_KEY_FILE={path} {why}")


def test_what_is_no_secret_has_no_file_of_its_own(tmp_path: Path) -> None:
    assert "GAUZY_AUTH_EMAIL_FILE is not a variable" in loaded(GAUZY_AUTH_EMAIL_FILE="/x").warnings[0]
