# tries: asks what listens on this machine, the metadata service of a cloud, a name server and the internet
# ends: fail objective-missed
# quick: yes
import os
import socket
import struct

from attempts import attempt, later


def gateways():
    """Each network's first address, and the way out, if there is one."""
    found = set()
    for row in open("/proc/net/route").read().splitlines()[1:]:
        _, to, via, *_ = row.split()
        for number in (int(to, 16), int(via, 16)):
            address = struct.pack("<I", number)
            found |= {socket.inet_ntoa(address), socket.inet_ntoa(address[:3] + bytes([address[3] | 1]))}
    return sorted(found - {"0.0.0.0"})


def reached(address, port):
    with socket.create_connection((address, port), timeout=0.5) as to:
        return to.getpeername()


def datagram(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as to:
        to.settimeout(0.5)
        to.sendto(
            b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01", (address, 53)
        )
        return to.recv(512)


def run():
    for address in [*gateways(), "172.17.0.1", "172.18.0.1", "192.168.65.2", "10.0.2.2", "127.0.0.1"]:
        beside(f"this machine by {address}", reached, address, int("@PORT@"))
        beside(f"its ssh by {address}", reached, address, 22)
    for address in ("169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192"):
        beside(f"metadata at {address}", reached, address, 80)
    for address in ("1.1.1.1", "8.8.8.8"):
        beside(f"the world by {address}", reached, address, 443)
        beside(f"a name server at {address}", datagram, address)
    for name in ("host.docker.internal", "gateway.docker.internal", "metadata.google.internal", "example.com"):
        beside(f"the name {name}", socket.gethostbyname, name)
    beside("a way out that is ours", lambda: os.system("ip route add default via 172.17.0.1 2>/dev/null") == 0)


def beside(what, act, *arguments):
    """All at once: each waits long for nothing."""
    later(lambda: attempt(what, lambda: act(*arguments)))


later(run)
