"""One HTTP request as this server would send it, with what is to be known of the way there."""

from __future__ import annotations

import datetime
import ssl
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

SECONDS: Final = 8.0
_MAX_BODY: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """``certificate`` is that of the server in DER, None without TLS; ``ahead`` is the other clock less ours, in
    seconds, None where the answer has no date."""

    status: int
    content_type: str
    body: bytes
    certificate: bytes | None
    ahead: float | None
    milliseconds: int

    def json(self) -> Any:
        """The decoded body, None where it is not JSON."""
        import orjson

        try:
            return orjson.loads(self.body)
        except ValueError:
            return None


class NoAnswer(Exception):
    """``reason`` says why in a few words; ``untrusted`` that it is the certificate."""

    def __init__(self, reason: str, *, untrusted: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.untrusted = untrusted


def ask(env: Environment, url: str, *, verify: bool = True) -> Answer:
    """Asks for ``url`` by the proxy and with the trust that requests to Gauzy have. Raises NoAnswer."""
    import httpx

    from mcp_tools.gauzy.network import certificates, proxy_for

    trust = certificates(verify=verify, besides=env.GAUZY_CA_BUNDLE if verify else None)
    began = time.time()
    try:
        with (
            httpx.Client(verify=trust, proxy=proxy_for(url), trust_env=False, timeout=SECONDS) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as response,
        ):
            return _read(response, began)
    except httpx.TimeoutException:
        raise NoAnswer(f"no answer within {SECONDS:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        refused = _certificate_error(error)
        raise NoAnswer(refused or str(error) or type(error).__name__, untrusted=refused is not None) from error


def _read(response: Any, began: float) -> Answer:
    now = time.time()
    stream = response.extensions["network_stream"]
    secured = stream.get_extra_info("ssl_object")
    body = b""
    for part in response.iter_bytes():
        body += part
        if len(body) > _MAX_BODY:
            break
    return Answer(
        response.status_code,
        response.headers.get("content-type", ""),
        body,
        secured.getpeercert(True) if secured is not None else None,
        _ahead(response.headers.get("date"), (began + now) / 2),
        round((now - began) * 1000),
    )


def _ahead(date: str | None, now: float) -> float | None:
    try:
        told = parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
    if told is None:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=datetime.UTC)).timestamp() - now


def _certificate_error(error: BaseException) -> str | None:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message or str(cause)
        cause = cause.__cause__ or cause.__context__
    return None


def way(url: str) -> str:
    """By which proxy, or why by none."""
    from urllib.request import getproxies

    from mcp_tools.gauzy.network import proxy_for

    proxy = proxy_for(url)
    scheme = urlsplit(url).scheme
    if proxy is not None:
        return f"through the proxy {proxy.url.scheme}://{proxy.url.netloc.decode().rpartition('@')[2]}"
    proxies = getproxies()
    return "directly, as NO_PROXY says" if proxies.get(scheme) or proxies.get("all") else "directly, without a proxy"
