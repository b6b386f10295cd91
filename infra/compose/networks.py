"""Networks of a deployment: as small as they can be. Docker's own have room for 65,534 addresses, and code that asks
each of them fills the kernel's table of neighbours, which all networks of the machine share."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from ipaddress import IPv4Network, ip_network
from pathlib import Path
from typing import Any

import psutil

from infra.compose.daemon import client, talking
from infra.compose.failure import taken_by_another
from infra.errors import PlatformBroken

POOLS = ("192.168.0.0/16", "172.28.0.0/14", "172.24.0.0/14", "172.20.0.0/14")
"""Where Docker takes networks from, unless its daemon.json says otherwise."""
PART = 20
"""Length of the parts that pools are used up in, the last first: the other parts are left to Docker's own choice."""
OURS = 3
"""Addresses of a network that no container can have: its first two, of which one is the gateway's, and its last."""
WIDEST_ROUTE = 8
"""Routes of fewer bits (the default, or halves of the world to a tunnel) say nothing of what is in use."""
TRIES = 20


def make(wanted: Mapping[str, Mapping[str, Any]], containers: int) -> None:
    """Make bridge networks, each with a subnet of its own in which so many containers have room.

    Args:
        wanted: by name, what the Compose file would say of each: `labels`, `internal`, `driver_opts`.

    Raises:
        PlatformBroken: no subnet is free, or the daemon failed.
    """
    for name, said in wanted.items():
        _make(name, said, length(containers))


def length(containers: int) -> int:
    """Length of the smallest subnet in which so many containers have room."""
    return 32 - (containers + OURS - 1).bit_length()


def free(taken: Collection[IPv4Network], bits: int, pools: Iterable[str]) -> IPv4Network | None:
    """A subnet of that length that overlaps none of these, any one of the first part of a pool that has some."""
    for part in _parts(pools):
        near = [one for one in taken if one.overlaps(part)]
        found = part.subnets(new_prefix=bits) if part.prefixlen <= bits else ()
        if left := [one for one in found if not any(one.overlaps(other) for other in near)]:
            return random.choice(left)
    return None


def routes(table: str) -> set[IPv4Network]:
    """Where /proc/net/route leads to."""
    rows = [line.split() for line in table.splitlines()[1:]]
    return {_of_hex(row[1], row[7]) for row in rows if len(row) > 7 and _bits(row[7]) >= WIDEST_ROUTE}


def _make(name: str, said: Mapping[str, Any], bits: int) -> None:
    """Somebody else may take the subnet between our choosing and its use: then it is another."""
    from docker.errors import APIError
    from docker.types import IPAMConfig, IPAMPool

    api = client()
    with talking(f"making network {name}"):
        pools = [one["Base"] for one in api.info().get("DefaultAddressPools") or ()] or POOLS
        for attempt in range(TRIES):
            subnet = free(_taken(api), bits, pools)
            if subnet is None:
                break
            try:
                api.create_network(
                    name,
                    driver="bridge",
                    options=said.get("driver_opts"),
                    ipam=IPAMConfig(pool_configs=[IPAMPool(subnet=str(subnet))]),
                    internal=said.get("internal", False),
                    labels=dict(said["labels"]),
                )
                return
            except APIError as error:
                if not taken_by_another(error.explanation or "") or attempt == TRIES - 1:
                    raise
    raise PlatformBroken(
        f"making network {name}: no subnet is free: stop other deployments (`docker network ls`), run fewer at once, "
        "or widen `default-address-pools` in Docker's daemon.json"
    )


def _taken(api: Any) -> set[IPv4Network]:
    """What Docker's networks and this machine use."""
    configured = [part for network in api.networks() for part in (network.get("IPAM") or {}).get("Config") or ()]
    said = [ip_network(part["Subnet"], strict=False) for part in configured if part.get("Subnet")]
    found = {one for one in said if isinstance(one, IPv4Network)}
    for address in (address for addresses in psutil.net_if_addrs().values() for address in addresses):
        with suppress(ValueError):  # another family, or an address without a mask
            found.add(IPv4Network(f"{address.address}/{address.netmask}", strict=False))
    with suppress(OSError):  # there is no such file but on Linux
        found |= routes(Path("/proc/net/route").read_text("ascii"))
    return found


def _parts(pools: Iterable[str]) -> Iterator[IPv4Network]:
    for pool in pools:
        with suppress(ValueError):  # a pool of the other family
            base = IPv4Network(pool, strict=False)
            yield from reversed(list(base.subnets(new_prefix=max(PART, base.prefixlen))))


def _of_hex(address: str, mask: str) -> IPv4Network:
    return IPv4Network((int.from_bytes(bytes.fromhex(address), "little"), _bits(mask)), strict=False)


def _bits(mask: str) -> int:
    return bin(int(mask, 16)).count("1")
