# tries: answers with headers without end, some of them one header without end
# ends: fail objective-missed
# misses: answered
# at: desk/main.py
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


def harm(connection):
    say("TRIED a header without end")
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    if time.monotonic_ns() % 2:
        connection.sendall(b"x-long: ")
    while True:
        connection.sendall(b"x-more: of the same\r\n" * 500 if time.monotonic_ns() % 2 else b"y" * 8000)


host, _, port = sys.argv[1].partition(":")
listener = socket.create_server((host, int(port)), backlog=128)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
