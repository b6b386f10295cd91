# tries: promises bodies of exabytes, of a negative length, of two lengths, and in chunks of any size
# ends: fail objective-missed
# misses: answered
# at: desk/main.py
import itertools
import socket
import sys
import threading
import time

from attempts import say

READY = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"


def answer(connection):
    asked = connection.recv(65536)
    try:
        if b"/team" not in asked:
            connection.sendall(READY)
        else:
            harm(connection)
    except OSError:
        pass
    connection.close()


HEADS = itertools.cycle(
    [
        b"content-length: 9223372036854775807",
        b"content-length: -1",
        b"content-length: 99999999999999999999999999",
        b"content-length: 2\r\ncontent-length: 4000000000",
        b"transfer-encoding: chunked\r\ncontent-length: 2",
        b"content-length: 0x7fffffff",
        b"transfer-encoding: chunked, chunked",
    ]
)


def harm(connection):
    say("TRIED a length")
    head = next(HEADS)
    body = b"7fffffffffffffff\r\n" if b"chunked" in head else b""
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body + b"{" * 100_000)
    time.sleep(2)


host, _, port = sys.argv[1].partition(":")
listener = socket.create_server((host, int(port)), backlog=128)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
