"""Attack group 48: a client id that makes this server ask something it must not."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from oauth2_provider.cimd import CIMDError

from oauth_resource.server import documents
from oauth_resource.server.documents import MAX_DOCUMENT, Documents, resolved
from tests.oauth.server.document_host import Answer, DocumentHost, document_host
from tests.oauth.server.local_documents import PUBLIC

URL = "https://client.example/client"


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentHost]:
    with document_host(tmp_path_factory.mktemp("hosts")) as running:
        yield running


def fetch(hosts: DocumentHost, url: str = URL, *addresses: str) -> object:
    """As production does it, with a host of the public internet that is here."""
    trust = ssl.create_default_context(cafile=str(hosts.certificate))
    return Documents(lambda host: list(addresses or (PUBLIC,)), lambda address: ("127.0.0.1", hosts.port), trust).fetch(
        url
    )


def refused(hosts: DocumentHost, why: str, url: str = URL, *addresses: str) -> None:
    with pytest.raises(CIMDError, match=why):
        fetch(hosts, url, *addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1",
        "192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%lo",
        "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "5f00::1", "not an address",
    ],
)  # fmt: skip
def test_group_48_a_host_with_an_address_that_is_not_public(hosts: DocumentHost, address: str) -> None:
    before = len(hosts.asked)
    refused(hosts, "not on the public internet", URL, address)
    refused(hosts, "not on the public internet", URL, PUBLIC, address)
    assert len(hosts.asked) == before


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1111", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"])
def test_a_host_of_the_public_internet_is_asked(hosts: DocumentHost, address: str) -> None:
    hosts.answers[URL] = Answer(b"[]")
    refused(hosts, "must be a JSON object", URL, address)
    assert hosts.asked[-1] == URL


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]", "0"],
)
def test_group_48_an_address_in_other_clothes_is_what_the_system_makes_of_it(host: str) -> None:
    with pytest.raises(CIMDError, match="not on the public internet"):
        Documents(resolved).fetch(f"https://{host}/client")


def test_group_48_a_host_is_looked_up_once_and_called_as_looked_up(hosts: DocumentHost) -> None:
    hosts.answers[URL] = Answer(b"[]")
    lookups = iter([[PUBLIC], ["127.0.0.1"]])
    called: list[str] = []

    def at(address: str) -> tuple[str, int]:
        called.append(address)
        return "127.0.0.1", hosts.port

    trust = ssl.create_default_context(cafile=str(hosts.certificate))
    with pytest.raises(CIMDError, match="JSON object"):
        Documents(lambda host: next(lookups), at, trust).fetch(URL)
    assert called == [PUBLIC]
    assert next(lookups) == ["127.0.0.1"]


def test_group_48_the_certificate_must_be_of_the_host(hosts: DocumentHost) -> None:
    refused(hosts, "ConnectError", "https://other.example/client")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://client.example:22/client", "at port 443"),
        ("https://client.example:8443/client", "at port 443"),
        ("https://client.example:99999/client", "not a URL"),
        ("http://client.example/client", "https URL"),
        ("https://client.example", "with a path"),
        ("https:///client", "https URL"),
        ("https://user:word@client.example/client", "user information"),
        ("https://@client.example/client", "user information"),
        ("https://client.example/client#", "fragment"),
        ("https://client.example/a/../client", "dot segments"),
        ("https://client.example\\@10.0.0.1/client", "visible ASCII"),
        ("https://client.example/cl\r\nient", "visible ASCII"),
        ("https://client.example/" + "a" * 240, "at most 255"),
        ("https://clïent.example/client", "visible ASCII"),
    ],
)
def test_group_48_a_client_id_has_one_form(hosts: DocumentHost, url: str, why: str) -> None:
    before = len(hosts.asked)
    refused(hosts, why, url)
    assert len(hosts.asked) == before


@pytest.mark.parametrize(
    "target", ["https://client.example/elsewhere", "http://169.254.169.254/", "file:///etc/passwd"]
)
def test_group_48_a_redirect_is_not_followed(hosts: DocumentHost, target: str) -> None:
    hosts.answers[URL] = Answer(b"", 302, {"Location": target})
    refused(hosts, "HTTP 302")
    assert hosts.asked[-1] == URL


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/jsonx", "application/xml", ""])
def test_group_48_a_document_is_json_by_its_own_word(hosts: DocumentHost, kind: str) -> None:
    hosts.answers[URL] = Answer(b"{}", headers={"Content-Type": kind})
    refused(hosts, "must be application/json")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{}" + b" " * MAX_DOCUMENT, "longer than"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 16_000, "not JSON"),
        (b"null", "JSON object"),
        (b"{}", "must be its address"),
        (b'{"client_id": ["https://client.example/client"]}', "must be its address"),
    ],
)
def test_group_48_a_body_that_is_no_document(hosts: DocumentHost, body: bytes, why: str) -> None:
    hosts.answers[URL] = Answer(body)
    refused(hosts, why)


def test_group_48_a_document_that_drips_is_given_up(hosts: DocumentHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "TOTAL_SECONDS", 0.5)
    hosts.answers[URL] = Answer(b"{", drip=True)
    # Each byte comes well before any wait for one is over; only a limit on the whole says this.
    refused(hosts, "TimeoutError")


def test_group_48_a_host_that_is_not_known(tmp_path: Path) -> None:
    def unknown(host: str) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(CIMDError, match="is not known"):
        Documents(unknown).fetch(URL)
