# tries: makes sockets and devices that see the packets of others, or send packets in their name
# ends: fail objective-missed
import fcntl
import os
import socket
import struct

from attempts import attempt


def opened(*how):
    with socket.socket(*how) as made:
        return made.fileno() >= 0


def tunnel():
    with open("/dev/net/tun", "r+b", buffering=0) as device:
        return fcntl.ioctl(device, 0x400454CA, struct.pack("16sH", b"tap0", 0x0002)) is not None


def interface(order, flags):
    """Set flags of eth0, or its address: SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFHWADDR."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_one:
        return fcntl.ioctl(any_one, order, struct.pack("16sH14s", b"eth0", flags, b"\0" * 14)) is not None


def route():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:
        kernel.bind((0, 0))
        body = struct.pack("BBBBBBBBI", 2, 0, 0, 0, 254, 3, 0, 1, 0) + struct.pack("HH4s", 8, 5, b"\xac\x11\x00\x01")
        kernel.send(struct.pack("IHHII", 16 + len(body), 24, 0x605, 1, 0) + body)
        kernel.settimeout(1)
        return struct.unpack_from("i", kernel.recv(1024), 16)[0] == 0


attempt("all packets", lambda: opened(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)))
attempt("packets without their heads", lambda: opened(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3)))
for name, number in (("ICMP", 1), ("TCP", 6), ("UDP", 17), ("anything", 255)):
    attempt(f"raw {name}", lambda: opened(socket.AF_INET, socket.SOCK_RAW, number))
attempt("a tunnel", tunnel)
attempt("a device for one", lambda: os.mknod("/tmp/tun", 0o20666, os.makedev(10, 200)) is None)
attempt("promiscuous", lambda: interface(0x8914, 0x1103))
attempt("another address", lambda: interface(0x8916, socket.AF_INET))
attempt("another hardware address", lambda: interface(0x8924, 1))
attempt("a route", route)
attempt(
    "the way of packets",
    lambda: opened(socket.AF_NETLINK, socket.SOCK_RAW, 12) and open("/proc/sys/net/ipv4/ip_forward", "w"),
)
