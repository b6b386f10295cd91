"""Subnets of deployments: small, and nobody else's."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from infra.compose.networks import POOLS, free, length, routes

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"


def nets(*texts: str) -> set[IPv4Network]:
    return set(map(IPv4Network, texts))


@pytest.mark.parametrize(("containers", "bits"), [(1, 30), (5, 29), (6, 28), (29, 27), (30, 26)])
def test_a_subnet_is_the_smallest_with_room(containers: int, bits: int) -> None:
    assert length(containers) == bits and 2 ** (32 - bits) >= containers + 3


def test_it_lies_in_the_last_part_of_the_first_pool() -> None:
    found = {free((), 27, POOLS) for _ in range(50)}
    assert len(found) > 1 and all(one is not None and one.subnet_of(IPv4Network("192.168.240.0/20")) for one in found)


def test_it_overlaps_nothing_that_is_taken() -> None:
    but_one = [one for one in IPv4Network("192.168.240.0/20").subnets(new_prefix=27) if str(one) != "192.168.243.64/27"]
    assert free(but_one, 27, POOLS) == IPv4Network("192.168.243.64/27")


@pytest.mark.parametrize(
    ("taken", "within"),
    [(nets("192.168.0.0/16"), "172.31.240.0/20"), (nets("192.168.255.0/24", "192.168.240.0/20"), "192.168.224.0/20")],
)
def test_what_others_have_is_left_to_them(taken: set[IPv4Network], within: str) -> None:
    found = free(taken, 27, POOLS)
    assert found is not None and found.subnet_of(IPv4Network(within))


def test_there_may_be_none() -> None:
    assert free(nets("10.0.0.0/24"), 27, ["10.0.0.0/25"]) is None
    assert free((), 27, ["10.0.0.0/28", "fd00::/64"]) is None


def test_routes_are_read_and_wide_ones_left_out() -> None:
    wide = ["eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000", "tun0\t00000080\t0100000A\t0003\t0\t0\t0\t00000080"]
    near = ["eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF", "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF"]
    table = HEAD + "".join(f"{row}\t0\t0\t0\n" for row in [*wide, *near])
    assert routes(table) == nets("192.0.2.0/24", "172.17.0.0/16")
