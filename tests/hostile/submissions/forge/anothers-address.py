# tries: answers in the place of the sealed proxy, by its address, its name, its ports and the table of addresses
# ends: fail objective-missed
import os
import socket
import struct

from attempts import attempt, later, say


def bound(address, port):
    with socket.socket() as listener:
        listener.setsockopt(socket.IPPROTO_IP, 15, 1)  # IP_FREEBIND: an address that is not ours
        listener.bind((address, port))
        listener.listen()
        return True


def transparent(address):
    with socket.socket() as listener:
        listener.setsockopt(socket.IPPROTO_IP, 19, 1)  # IP_TRANSPARENT
        listener.bind((address, 8080))
        return True


def arp(address):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)) as wire:
        wire.bind(("eth0", 0))
        mine = b"\x02\x42" + os.urandom(4)
        answer = struct.pack(
            "!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 2, mine, socket.inet_aton(address), b"\xff" * 6, bytes(4)
        )
        return wire.send(b"\xff" * 6 + mine + b"\x08\x06" + answer)


def named():
    with open("/etc/hosts", "a") as file:
        return file.write("127.0.0.1 front\n")


def resolver():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.11", 53))
        say("TRIED the name server: bound, in our own name space")


def run():
    front = socket.gethostbyname("front")
    say(f"front is {front}")
    attempt("its address in the table of all others", lambda: arp(front))
    attempt("its address, transparently", lambda: transparent(front))
    attempt("its name", named)
    attempt("the name server", resolver)
    for port in (8474, 9000, 5432, 80):  # what nobody asks here is no harm: only tried
        try:
            bound(front, port)
            say(f"TRIED {front}:{port}: bound, and nobody's packets come here")
        except OSError as error:
            say(f"TRIED {front}:{port}: {error}")


later(run)
