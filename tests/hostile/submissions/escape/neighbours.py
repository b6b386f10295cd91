# tries: looks for other processes and deployments: reads their variables, stops them, asks each address nearby
# ends: fail objective-missed
import ctypes
import ipaddress
import os
import signal
import socket
import struct

from attempts import attempt, later

libc = ctypes.CDLL(None, use_errno=True)
PORTS = (8080, 8474, 9000, 8000, 9901, 5432, 4200, 2375, 6443, 10250, 22)


def others():
    """Processes besides this one, what started it, and what it started."""
    mine = {1, os.getpid(), os.getppid()}
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if pid not in mine]


def traced(pid):
    if libc.ptrace(16, pid, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True


def near():
    """Addresses of the networks beside ours: deployments have small ones in one part, Docker gives large ones."""
    mine = socket.gethostbyname(socket.gethostname())
    ours = ipaddress.ip_network(f"{mine}/27", strict=False)
    small = [one for one in ours.supernet(new_prefix=20).subnets(new_prefix=27) if one != ours]
    beside = [str(one[last]) for one in small for last in (1, 2, 3)]
    beside += [f"172.{second}.0.{last}" for second in range(16, 32) for last in (1, 2, 3)]
    return [each for each in [*map(str, ours), *beside] if each not in (mine, socket.gethostbyname("front"))]


def answers(address):
    found = []
    for port in PORTS:
        with socket.socket() as to:
            to.settimeout(0.05)
            if to.connect_ex((address, port)) == 0:
                found.append(port)
    return found


def multicast():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as to:
        to.settimeout(0.3)
        to.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, struct.pack("b", 32))
        to.sendto(b"who is there?", ("239.255.255.250", 1900))
        return to.recv(512)


def run():
    attempt("others' processes", others)
    mine = {1, os.getppid(), *map(int, os.listdir("/proc/self/task"))}
    for pid in sorted(set(range(2, 400)) - mine):
        try:
            os.kill(pid, signal.SIGSTOP)
            attempt(f"stopping {pid}", lambda: pid)
        except OSError:
            pass
        if pid < 8:
            attempt(f"tracing {pid}", lambda: traced(pid))
    for address in near():
        beside(address, answers, address)
    beside("whoever listens to all", multicast)


def beside(what, act, *arguments):
    """All at once: each waits long for nothing."""
    later(lambda: attempt(what, lambda: act(*arguments)))


later(run)
