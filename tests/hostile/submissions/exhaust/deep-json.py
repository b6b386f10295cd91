# tries: answers with lists in lists, numbers of a million digits and names without end
# ends: fail objective-missed
# at: desk/main.py
import itertools
import socket
import sys
import threading

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


BODIES = itertools.cycle(
    [
        b"[" * 900_000,
        b'{"team":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"team": ' + b"9" * 900_000 + b"}",
        b'{"team": "' + b"\\\\u0000" * 150_000 + b'"}',
        b"{" + b",".join(b'"%d": 0' % n for n in range(60_000)) + b"}",
        b'{"team": 1e' + b"9" * 900_000 + b"}",
    ]
)


def harm(connection):
    say("TRIED a costly body")
    body = next(BODIES)
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)


host, _, port = sys.argv[1].partition(":")
listener = socket.create_server((host, int(port)), backlog=128)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
