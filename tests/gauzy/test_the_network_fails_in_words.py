"""No answer: refused, broken, not HTTP, late, not trusted. Each is told apart, and cancelling reaches the socket."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from mcp_tools.gauzy.api import GauzyApi
from mcp_tools.gauzy.errors import GauzyTimeout, GauzyUnreachable
from tests.gauzy.conftest import MakeApi, Time
from tests.gauzy.stand_in import Held, StandIn, breaks_off, running

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw(serve: Serve) -> AsyncIterator[str]:
    """The URL of a server that speaks bytes as it likes, until the test ends."""
    serving: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        try:
            await serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield "http://{}:{}".format(*server.sockets[0].getsockname())
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def test_a_refused_connection_is_not_called_a_timeout(make_api: MakeApi) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = "http://{}:{}".format(*closed.getsockname())
        with pytest.raises(GauzyUnreachable, match=rf"{url} cannot be reached: .+ Check API_BASE_URL") as failed:
            await make_api(url).request("GET", "/tasks")
    assert not isinstance(failed.value, GauzyTimeout)


async def test_a_name_that_does_not_exist_is_told(make_api: MakeApi) -> None:
    with pytest.raises(GauzyUnreachable, match=r"http://gauzy.invalid cannot be reached"):
        await make_api("http://gauzy.invalid").request("POST", "/tasks", body={})


async def test_a_broken_connection_is_not_called_a_timeout(api: GauzyApi, gauzy: StandIn) -> None:
    gauzy.on("POST", "/tasks", breaks_off)
    with pytest.raises(GauzyUnreachable, match="cannot be reached") as failed:
        await api.request("POST", "/tasks", body={})
    assert not isinstance(failed.value, GauzyTimeout)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Pad: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\nnot-zip",
    ],
    ids=["no HTTP", "no status", "endless header", "cut short", "bad chunk", "bad gzip"],
)
async def test_what_is_not_http_is_told_as_such(make_api: MakeApi, answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with raw(serve) as url:
        with pytest.raises(GauzyUnreachable) as failed:
            await make_api(url).request("POST", "/tasks", body={})
    assert not isinstance(failed.value, GauzyTimeout)


async def test_silence_is_a_timeout(gauzy: StandIn, make_api: MakeApi) -> None:
    held = Held()
    gauzy.on("POST", "/tasks", held)
    with pytest.raises(GauzyTimeout, match=r"did not answer within 0.2 seconds \(API_TIMEOUT\)"):
        await make_api(gauzy.url, timeout_ms=200).request("POST", "/tasks", body={})
    await asyncio.wait_for(held.gone.wait(), 5)


async def test_an_answer_that_drips_is_a_timeout_too(make_api: MakeApi) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b" ")
            await asyncio.sleep(0.01)

    async with raw(serve) as url:
        with pytest.raises(GauzyTimeout):
            await make_api(url, timeout_ms=200).request("POST", "/tasks", body={})


async def test_a_read_that_took_all_the_time_is_not_asked_again(gauzy: StandIn, make_api: MakeApi, time: Time) -> None:
    held = Held()

    async def late(request: web.BaseRequest) -> web.StreamResponse:
        time.now += 0.2
        return await held(request)

    gauzy.on("GET", "/tasks", late)
    with pytest.raises(GauzyTimeout):
        await make_api(gauzy.url, timeout_ms=200).request("GET", "/tasks")
    assert gauzy.count("GET", "/tasks") == 1


async def test_cancelling_a_request_closes_its_connection(api: GauzyApi, gauzy: StandIn) -> None:
    held = Held()
    gauzy.on("GET", "/tasks", held)
    asked = asyncio.create_task(api.request("GET", "/tasks"))
    await held.arrived.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await asyncio.wait_for(held.gone.wait(), 5)
    assert gauzy.count("GET", "/tasks") == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key, as ``make certs`` makes them."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = ["-subj", "/CN=gauzy.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*command, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


@pytest.fixture
async def secure(certificate: tuple[Path, Path]) -> AsyncIterator[StandIn]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    async with running(context) as stand_in:
        stand_in.add("ada@example.com")
        yield stand_in


async def test_an_unknown_certificate_is_refused_and_the_fix_told(secure: StandIn, make_api: MakeApi) -> None:
    with pytest.raises(GauzyUnreachable, match=r"is not trusted: self.signed certificate. GAUZY_CA_BUNDLE names"):
        await make_api(secure.url).sign_in("ada@example.com", "s3cret-Passw0rd")
    assert secure.seen == [], "no password goes to a server that is not trusted"


async def test_a_certificate_in_the_bundle_is_trusted(
    secure: StandIn, make_api: MakeApi, certificate: tuple[Path, Path]
) -> None:
    api = make_api(secure.url, ca_bundle=certificate[0])
    assert (await api.sign_in("ada@example.com", "s3cret-Passw0rd")).identity.email == "ada@example.com"


async def test_a_certificate_for_another_name_is_refused(
    secure: StandIn, make_api: MakeApi, certificate: tuple[Path, Path]
) -> None:
    api = make_api(secure.url.replace("127.0.0.1", "localhost"), ca_bundle=certificate[0])
    with pytest.raises(GauzyUnreachable, match="not trusted"):
        await api.sign_in("ada@example.com", "s3cret-Passw0rd")


async def test_without_verification_any_certificate_will_do(secure: StandIn, make_api: MakeApi) -> None:
    api = make_api(secure.url.replace("127.0.0.1", "localhost"), verify_tls=False)
    assert (await api.sign_in("ada@example.com", "s3cret-Passw0rd")).identity.email == "ada@example.com"


def test_the_bundle_is_trusted_besides_the_system(certificate: tuple[Path, Path]) -> None:
    from mcp_tools.gauzy.network import certificates

    with_bundle = certificates(verify=True, besides=certificate[0])
    alone = certificates(verify=True, besides=None)
    assert type(with_bundle) is type(alone), "both ask the system's trust store"
    assert with_bundle.verify_mode == ssl.CERT_REQUIRED


async def test_http_where_https_was_meant_is_told(gauzy: StandIn, make_api: MakeApi) -> None:
    with pytest.raises(GauzyUnreachable, match="cannot be reached"):
        await make_api(gauzy.url.replace("http:", "https:")).request("POST", "/tasks", body={})


async def test_the_health_of_gauzy_is_asked_without_an_account(make_api: MakeApi, gauzy: StandIn) -> None:
    from tests.gauzy.stand_in import says

    gauzy.on("GET", "/health", says({"status": "ok"}), says(None, 500))
    api = make_api(gauzy.url)
    healthy = await api.probe()
    assert (healthy["reachable"], healthy["status"]) == (True, "ok")
    assert "Authorization" not in gauzy.requests[-1].headers
    sick = await api.probe()
    assert (sick["reachable"], sick["status"]) == (True, "error")
    gone = await make_api("http://gauzy.invalid").probe()
    assert (gone["reachable"], gone["status"]) == (False, "error")
