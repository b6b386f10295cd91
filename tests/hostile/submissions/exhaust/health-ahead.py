# tries: asks both sealed models for `/healthz` without end on twelve connections, and reads no answer, so that one ends
# ends: fail objective-missed suspect
# lab: canary
# once: yes
import socket
import time

from attempts import later, say

AHEAD = b"GET /healthz HTTP/1.1\r\nhost: model\r\n\r\n" * 5000


def opened(number):
    one = socket.create_connection((f"model-v{1 + number % 2}", 8000), timeout=1)
    one.setblocking(False)
    return one


def flood():
    sent, held = 0, {}
    while True:
        for number in range(12):
            try:
                one = held.get(number) or held.setdefault(number, opened(number))
                sent += one.send(AHEAD)
            except BlockingIOError:
                pass
            except OSError as error:
                say(f"TRIED requests ahead: {error} after {sent} bytes")
                if number in held:
                    held.pop(number).close()
        time.sleep(0.01)


say("TRIED requests ahead")
later(flood)
