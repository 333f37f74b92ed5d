"""The client is the right-most hop that nobody trusts; whatever stands further left may be made up."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcp_tools.transports.addresses import UNKNOWN, TrustedProxies

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PROXIES = TrustedProxies(["10.0.0.0/8", "192.168.1.1", "2001:db8:1::/48"])
trusted = st.one_of(
    st.ip_addresses(network="10.0.0.0/8"), st.just("192.168.1.1"), st.ip_addresses(network="2001:db8:1::/48")
).map(str)
others = st.one_of(
    st.ip_addresses(network="198.51.100.0/24"), st.ip_addresses(network="172.16.0.0/12"),
    st.ip_addresses(network="2001:db8:2::/48"),
).map(str)  # fmt: skip
anything = st.lists(st.one_of(trusted, others, st.text(st.characters(exclude_characters=","), max_size=20)), max_size=5)


def shown(address: str) -> str:
    """IPv6 clients count by their network of 64 bits."""
    read = ipaddress.ip_address(address)
    if read.version == 4:
        return str(read)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


@calm
@given(made_up=anything, client=others, hops=st.lists(trusted, max_size=4), peer=trusted)
def test_what_a_client_makes_up_does_not_count(made_up: list[str], client: str, hops: list[str], peer: str) -> None:
    header = ", ".join([*made_up, client, *hops])
    assert PROXIES.client(peer, header) == shown(client)


@calm
@given(header=anything, peer=others)
def test_from_who_is_no_proxy_the_header_counts_for_nothing(header: list[str], peer: str) -> None:
    assert PROXIES.client(peer, ",".join(header)) == shown(peer)


@calm
@given(header=anything, peer=st.one_of(trusted, others))
def test_without_trusted_proxies_the_header_counts_for_nothing(header: list[str], peer: str) -> None:
    assert TrustedProxies([]).client(peer, ",".join(header)) == shown(peer)


@calm
@given(client=others, peer=trusted, port=st.integers(1, 65535))
def test_ports_and_brackets_are_not_part_of_an_address(client: str, peer: str, port: int) -> None:
    written = f"[{client}]:{port}" if ":" in client else f"{client}:{port}"
    assert PROXIES.client(peer, written) == shown(client)


@calm
@given(client=st.ip_addresses(v=4, network="198.51.100.0/24"), peer=st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_an_ipv4_address_inside_an_ipv6_one_is_the_ipv4_one(
    client: ipaddress.IPv4Address, peer: ipaddress.IPv4Address
) -> None:
    assert PROXIES.client(f"::ffff:{peer}", f"::ffff:{client}") == str(client)


@calm
@given(host=st.integers(0, 2**64 - 1))
def test_an_ipv6_client_is_its_whole_network(host: int) -> None:
    address = ipaddress.IPv6Address(int(ipaddress.IPv6Address("2001:db8:2:3::")) + host)
    assert PROXIES.client(str(address), None) == "2001:db8:2:3::/64"


@calm
@given(peer=st.one_of(st.none(), st.text(max_size=30)), header=st.one_of(st.none(), st.text(max_size=200)))
def test_nothing_breaks_it(peer: str | None, header: str | None) -> None:
    assert PROXIES.client(peer, header)


@pytest.mark.parametrize("peer", [None, "", "unix:", "no address", "10.0.0.1.2"])
def test_a_peer_without_an_address_is_unknown(peer: str | None) -> None:
    assert PROXIES.client(peer, "198.51.100.1") == UNKNOWN


@calm
@given(hops=st.lists(trusted, min_size=1, max_size=4), peer=trusted)
def test_when_all_are_proxies_it_is_the_first_of_them(hops: list[str], peer: str) -> None:
    assert PROXIES.client(peer, ",".join(hops)) == shown(hops[0])


@pytest.mark.parametrize("garbage", ["unknown", "_hidden", "", "198.51.100.1;x", "300.1.1.1"])
def test_a_hop_that_cannot_be_read_is_not_believed(garbage: str) -> None:
    """The proxy that wrote it is the last one known."""
    assert PROXIES.client("10.0.0.1", f"198.51.100.1, {garbage}, 10.0.0.2") == "10.0.0.2"


@pytest.mark.parametrize("peer", [None, "", "unix", "unix:", "no address", "10.0.0.1.2", "203.0.113.7"])
def test_nobody_vouches_for_a_peer_that_is_unknown_or_foreign(peer: str | None) -> None:
    assert not PROXIES.vouched(peer)
    assert not TrustedProxies([]).vouched(peer)


@pytest.mark.parametrize("peer", [None, ""])
def test_a_proxy_on_a_unix_socket_is_trusted_by_name(peer: str | None) -> None:
    """uvicorn and daphne give it no address, granian an empty one."""
    proxies = TrustedProxies(["unix", "10.0.0.0/8"])
    assert proxies.vouched(peer)
    assert proxies.client(peer, "203.0.113.1, 198.51.100.1") == "198.51.100.1"
    assert proxies.client(peer, "198.51.100.1, 10.0.0.2") == "198.51.100.1"
    assert proxies.client(peer, "garbage") == proxies.client(peer, None) == UNKNOWN


@pytest.mark.parametrize("peer", ["unix", "garbage", "203.0.113.7"])
def test_the_word_for_unix_sockets_lets_nobody_else_in(peer: str) -> None:
    proxies = TrustedProxies(["unix"])
    assert not proxies.vouched(peer)
    assert proxies.client(peer, "198.51.100.1") in (UNKNOWN, peer)
