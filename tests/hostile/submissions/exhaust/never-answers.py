# tries: takes every request, holds its connection open and says nothing
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
    say("TRIED to say nothing")
    time.sleep(3600)


host, _, port = sys.argv[1].partition(":")
listener = socket.create_server((host, int(port)), backlog=128)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
