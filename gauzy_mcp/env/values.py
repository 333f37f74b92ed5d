"""Reading one value: text to a typed value, or a ValueError that says what is expected."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

Read = Callable[[str], Any]

_TRUE = ("true", "1", "yes", "on")
_FALSE = ("false", "0", "no", "off")


def text(value: str) -> str:
    if value.startswith("<") and value.endswith(">"):
        raise ValueError("a real value in place of the placeholder")
    return value


def boolean(value: str) -> bool:
    lowered = value.lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError("true or false")


def choice(*allowed: str) -> Read:
    def read(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return value.lower()

    return read


def integer(minimum: int, maximum: int) -> Read:
    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            raise ValueError(f"a whole number from {minimum} to {maximum}") from None
        if not minimum <= number <= maximum:
            raise ValueError(f"a whole number from {minimum} to {maximum}")
        return number

    return read


port = integer(0, 65535)
milliseconds = integer(1, 2_592_000_000)
seconds = integer(0, 2_592_000)


def words(value: str) -> tuple[str, ...]:
    """A list with commas or white space between its items."""
    return tuple(value.replace(",", " ").split())


def algorithms(value: str) -> tuple[str, ...]:
    """Signature algorithms of RFC 7518 section 3.1 whose key can be public."""
    listed = words(value)
    known = {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)}
    if not listed or not known.issuperset(listed):
        raise ValueError("algorithms among RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512")
    return listed


def proxies(value: str) -> tuple[str, ...]:
    """Addresses and networks in CIDR notation, or ``unix``."""
    import ipaddress

    listed = words(value)
    for item in listed:
        try:
            if item != "unix":
                ipaddress.ip_network(item, strict=False)
        except ValueError:
            raise ValueError("addresses, networks such as 10.0.0.0/8, or unix, separated by commas") from None
    return listed


def web_url(value: str) -> str:
    """An address, without user and password: they would show wherever the address is told."""
    parts = _split(value)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a URL that starts with http:// or https://")
    if parts.username is not None or parts.fragment:
        raise ValueError("a URL without user, password and #")
    return value.rstrip("/")


def api_url(value: str) -> str:
    """The base of the Gauzy API; a trailing ``/api`` is part of every route and dropped here."""
    if "?" in value:
        raise ValueError("a URL without ?")
    return web_url(value).removesuffix("/api").rstrip("/")


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts if value.isprintable() and " " not in value else None


def redis_url(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("a URL that starts with redis://, rediss:// or unix://")
    return value


def database_url(value: str) -> str:
    if urlsplit(value).scheme not in ("postgresql", "postgres", "sqlite"):
        raise ValueError("a URL that starts with postgresql:// or sqlite://")
    return value


def origins(value: str) -> tuple[str, ...]:
    """Web origins (RFC 6454): scheme, host and port, without a path; or ``*``, or ``null``."""
    listed = tuple(item.rstrip("/") for item in words(value))
    if not all(item in ("*", "null") or _is_origin(item) for item in listed):
        raise ValueError("origins such as https://app.example.com, separated by commas, or *")
    return listed


def _is_origin(item: str) -> bool:
    parts = _split(item)
    if parts is None or not parts.hostname or any(character in item for character in "@*"):
        return False
    return item == f"{parts.scheme}://{parts.netloc}"


def url_path(value: str) -> str:
    if not value.startswith("/") or any(character in value for character in "?# "):
        raise ValueError("a path that starts with / and has no ?, # or space")
    return value


def existing_file(value: str) -> Path:
    path = Path(value)
    if not path.is_absolute() or not path.is_file():
        raise ValueError("the absolute path of an existing file")
    return path


def certificates(value: str) -> Path:
    import ssl

    path = existing_file(value)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (OSError, ValueError):
        raise ValueError("a PEM file with certificates") from None
    return path


def folder(value: str) -> Path:
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise ValueError("a folder; ~ followed by a name is the home of a user of this machine") from None


def json_array(value: str) -> tuple[Any, ...]:
    try:
        items = json.loads(value)
    except ValueError:
        items = None
    if not isinstance(items, list) or not all(isinstance(item, str | dict) for item in items):
        raise ValueError("a JSON array of objects or issuer URLs")
    return tuple(items)
