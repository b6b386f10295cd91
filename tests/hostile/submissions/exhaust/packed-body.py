# tries: answers with bodies that unpack to a gigabyte, in every packing
# ends: fail objective-missed
# at: desk/main.py
import itertools
import socket
import sys
import threading

from attempts import packed, say

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


ZEROS = packed(64) * 8
KINDS = itertools.cycle([b"gzip", b"deflate", b"br", b"zstd", b"gzip, gzip", b"compress"])


def harm(connection):
    say("TRIED a packed body")
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: %s\r\ncontent-length: %d\r\n\r\n" % (next(KINDS), len(ZEROS))
    connection.sendall(head + ZEROS)


host, _, port = sys.argv[1].partition(":")
listener = socket.create_server((host, int(port)), backlog=128)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
