# tries: answers the question whether it is ready with `100 Continue`, for ever
# ends: fail not-started
# at: desk/main.py
import socket
import sys
import threading

from attempts import say


def answer(connection):
    connection.recv(65536)
    say("TRIED to go on for ever")
    try:
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    except OSError:
        pass


host, _, port = sys.argv[1].partition(":")
listener = socket.create_server((host, int(port)))
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
