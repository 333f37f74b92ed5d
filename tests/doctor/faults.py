"""Faults as people have them, planted for real: each makes the variables of an installation that has it."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.commands.certificates import mismatched, pair
from tests.doctor.stand_in import StandIn, serving
from tests.oauth.stand_in import PAIRS
from tests.operations.places import postgres

SECRET = {"MCP_SECRET_KEY": "8f41c0b7d92e6a53f7104bc86de2953a"}
NOBODY = "127.0.0.1:9"
"""Where nothing listens (the discard port)."""

Planted = AbstractContextManager[dict[str, str]]


@dataclass(frozen=True)
class Fault:
    """``culprit`` is the check that must name it, alone, with ``words`` in what it says; it fails unless ``warns``."""

    name: str
    culprit: str
    words: tuple[str, ...]
    plant: Callable[[Path], Planted]
    warns: bool = False


def variables(**given: str) -> Callable[[Path], Planted]:
    return lambda folder: contextlib.nullcontext(given)


@contextlib.contextmanager
def taken_port(folder: Path) -> Iterator[dict[str, str]]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield {"MCP_TRANSPORT": "http", "MCP_HTTP_PORT": str(holder.getsockname()[1])}


@contextlib.contextmanager
def tables_missing(folder: Path) -> Iterator[dict[str, str]]:
    with postgres(migrated=False) as url:
        yield {"DATABASE_URL": url}


@contextlib.contextmanager
def home_is_a_file(folder: Path) -> Iterator[dict[str, str]]:
    (folder / "home").write_text("")
    yield {"GAUZY_MCP_HOME": str(folder / "home"), **SECRET}


@contextlib.contextmanager
def wrong_key(folder: Path) -> Iterator[dict[str, str]]:
    yield mismatched(folder)


@contextlib.contextmanager
def expired_certificate(folder: Path) -> Iterator[dict[str, str]]:
    yield pair(folder, begins=-30, ends=-2)


@contextlib.contextmanager
def certificate_that_ends_soon(folder: Path) -> Iterator[dict[str, str]]:
    yield pair(folder, ends=3)


@contextlib.contextmanager
def broken_sqlite(folder: Path) -> Iterator[dict[str, str]]:
    (folder / "gauzy-mcp.sqlite3").write_text("this is no database, whatever its name says. " * 40)
    yield {"GAUZY_MCP_HOME": str(folder)}


@contextlib.contextmanager
def web_page(folder: Path) -> Iterator[dict[str, str]]:
    with serving() as gauzy:
        gauzy.pages["/api/health"] = "<!doctype html><title>Gauzy</title>"
        yield {"API_BASE_URL": gauzy.url}


@contextlib.contextmanager
def unknown_certificate(folder: Path) -> Iterator[dict[str, str]]:
    with serving() as gauzy:
        gauzy.sign_itself()
        gauzy.pages["/api/health"] = {"status": "ok"}
        yield {"API_BASE_URL": gauzy.url}


@contextlib.contextmanager
def slow_clock(folder: Path) -> Iterator[dict[str, str]]:
    with serving(ahead=3600) as gauzy:
        gauzy.pages["/api/health"] = {"status": "ok"}
        yield {"API_BASE_URL": gauzy.url}


def trusting(server: StandIn, *, tells: str) -> dict[str, str]:
    """OAuth with ``server`` as the issuer that tells of itself as ``tells``, and as this server's own address."""
    server.pages |= {
        "/.well-known/oauth-authorization-server": {"issuer": tells, "jwks_uri": f"{server.url}/jwks"},
        "/.well-known/oauth-protected-resource": {"resource": server.url, "authorization_servers": [server.url]},
        "/jwks": {"keys": [PAIRS["RS256"].jwk]},
    }
    return {
        "MCP_AUTH_ENABLED": "true",
        "MCP_AUTH_RESOURCE_URI": server.url,
        "MCP_AUTH_JWT_ISSUER": server.url,
        "MCP_AUTH_JWT_JWKS_URI": f"{server.url}/jwks",
    }


@contextlib.contextmanager
def other_issuer(folder: Path) -> Iterator[dict[str, str]]:
    with serving() as server:
        yield trusting(server, tells=f"{server.url}/")


@contextlib.contextmanager
def no_keys(folder: Path) -> Iterator[dict[str, str]]:
    with serving() as server:
        given = trusting(server, tells=server.url)
        server.pages["/jwks"] = {"keys": []}
        yield given


@contextlib.contextmanager
def something_prints(folder: Path) -> Iterator[dict[str, str]]:
    lines = "import sys\nif 'runstdio' in sys.orig_argv:\n    print('Welcome to the company laptop')\n"
    (folder / "sitecustomize.py").write_text(lines)
    yield {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


@contextlib.contextmanager
def old_package(folder: Path) -> Iterator[dict[str, str]]:
    installed = folder / "orjson-2.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: orjson\nVersion: 2.0\n")
    yield {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


@contextlib.contextmanager
def broken_package(folder: Path) -> Iterator[dict[str, str]]:
    (folder / "orjson.py").write_text("raise ImportError('orjson was built for another Python')\n")
    yield {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


FAULTS = (
    Fault("a wrong type", "environment", ("MCP_HTTP_PORT", "whole number"), variables(MCP_HTTP_PORT="yes")),
    Fault(
        "a name with a typing error",
        "environment",
        ("GAUZY_AUTH_EMIAL", "did you mean GAUZY_AUTH_EMAIL"),
        variables(GAUZY_AUTH_EMIAL="you@example.com"),
        warns=True,
    ),
    Fault(
        "a secret that can be guessed",
        "environment",
        ("MCP_SECRET_KEY", "openssl rand -hex 32"),
        variables(MCP_ENV="production", API_BASE_URL="https://gauzy.example", MCP_SECRET_KEY="changeme"),
    ),
    Fault(
        "introspection without an issuer",
        "environment",
        ("MCP_AUTH_JWT_ISSUER", "issuer identifier"),
        variables(
            MCP_AUTH_ENABLED="true",
            MCP_AUTH_RESOURCE_URI="https://mcp.example.com",
            MCP_AUTH_INTROSPECTION_ENDPOINT="https://auth.example.com/introspect",
            MCP_AUTH_INTROSPECTION_CLIENT_ID="us",
            MCP_AUTH_INTROSPECTION_CLIENT_SECRET="s3cret",
        ),
    ),
    Fault("a port that is taken", "ports", (f"process {os.getpid()}", "MCP_HTTP_PORT="), taken_port),
    Fault(
        "a network address without authentication",
        "ports",
        ("0.0.0.0", "MCP_AUTH_ENABLED"),
        variables(MCP_TRANSPORT="http", MCP_HTTP_HOST="0.0.0.0"),
    ),
    Fault("Redis is down", "redis", (NOBODY, "REDIS_URL"), variables(REDIS_URL=f"redis://:s3cret@{NOBODY}", **SECRET)),
    Fault("tables are missing", "database", ("migrations", "manage.py migrate"), tables_missing),
    Fault("the home is a file", "database", ("GAUZY_MCP_HOME",), home_is_a_file),
    Fault("the database is none", "database", ("SQLite", "not a database"), broken_sqlite),
    Fault("Gauzy is down", "gauzy", (NOBODY, "API_BASE_URL"), variables(API_BASE_URL=f"http://{NOBODY}")),
    Fault("the web page for the API", "gauzy", ("not as the Gauzy API", "API_BASE_URL"), web_page),
    Fault(
        "a wrong password",
        "login",
        ("demo@gauzy.local", "GAUZY_AUTH_PASSWORD"),
        variables(GAUZY_AUTH_EMAIL="demo@gauzy.local", GAUZY_AUTH_PASSWORD="s3cret-and-wrong"),
    ),
    Fault(
        "a certificate that signed itself",
        "gauzy",
        ("self", "127.0.0.1", "signed by itself", "GAUZY_CA_BUNDLE"),
        unknown_certificate,
    ),
    Fault("a key of another certificate", "tls", ("MCP_WS_KEY_PATH", "MCP_WS_CERT_PATH", "made for"), wrong_key),
    Fault("a certificate that has ended", "tls", ("expired on", "renew"), expired_certificate),
    Fault("a certificate that ends soon", "tls", ("3 days", "renew"), certificate_that_ends_soon, warns=True),
    Fault("metadata of another issuer", "oauth", ("MCP_AUTH_JWT_ISSUER=", "last slash"), other_issuer),
    Fault("an issuer without keys", "oauth", ("/jwks", "no usable key"), no_keys),
    Fault("a clock that is off", "clock", ("behind that of Gauzy", "NTP"), slow_clock),
    Fault("something prints", "stdout", ("Welcome to the company laptop", "sitecustomize"), something_prints),
    Fault("a package that does not load", "packages", ("another Python", "make install"), broken_package),
    Fault("a package that is too old", "packages", ("orjson 2.0", "make install"), old_package),
    Fault(
        "more tools than a model can bear",
        "catalogue",
        ("tokens", "MCP_TOOLSETS"),
        variables(MCP_TOOLSETS="all"),
        warns=True,
    ),
    Fault("a toolset that is none", "catalogue", ("taks", "MCP_TOOLSETS"), variables(MCP_TOOLSETS="core,taks")),
)
