# tries: asks both sealed models for `/healthz` without end on twelve connections, and reads no answer, so that one ends
# ends: fail objective-missed suspect
# lab: canary
# once: yes
import socket
import time

from attempts import later, say

ASK = b"GET /healthz HTTP/1.1\r\nhost: model\r\n\r\n"
AHEAD = ASK * 5000


def opened(number):
    one = socket.create_connection((f"model-v{1 + number % 2}", 8000), timeout=1)
    one.setblocking(False)
    return one


def flood():
    """Each connection goes on in the middle of a request where it was stopped."""
    sent, held = [0] * 12, {}
    while True:
        for number in range(12):
            try:
                one = held.get(number) or held.setdefault(number, opened(number))
                sent[number] += one.send(AHEAD[sent[number] % len(ASK) :])
            except BlockingIOError:
                pass
            except OSError as error:
                say(f"TRIED requests ahead: {error} after {sent[number]} bytes")
                sent[number] = 0
                if number in held:
                    held.pop(number).close()
        time.sleep(0.01)


say("TRIED requests ahead")
later(flood)
