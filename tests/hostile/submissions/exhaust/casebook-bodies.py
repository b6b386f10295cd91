# tries: answers the sealed part that asks with packed, endless and deep bodies, so that it ends before it judges
# ends: fail objective-missed
# lab: hostile-input
# at: guard/main.py
import itertools
import os
import socket
import threading

from attempts import packed, say

ZEROS = packed(700)
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
HARMS = itertools.cycle(
    [
        OK + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(ZEROS) + ZEROS,
        OK + b"content-length: 1900000\r\n\r\n" + b"[" * 1_900_000,
        OK + b"content-length: 1900000\r\n\r\n" + b"9" * 1_900_000,
        OK + b"x-more: of the same\r\n" * 100_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
        OK + b"transfer-encoding: chunked\r\n\r\n" + b"1;" + b"e" * 1_000_000,
        OK + b'content-length: 30\r\n\r\n{"grade": 1e999, "flag": NaN}  ',
    ]
)


def answer(connection):
    try:
        asked = connection.recv(65536)
        if b"healthz" in asked:
            connection.sendall(OK + b"content-length: 2\r\nconnection: close\r\n\r\n{}")
        else:
            say("TRIED a harmful body")
            connection.sendall(next(HARMS))
    except OSError:
        pass
    connection.close()


host, _, port = os.environ["LISTEN"].rpartition(":")
listener = socket.create_server((host, int(port)), backlog=128)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
