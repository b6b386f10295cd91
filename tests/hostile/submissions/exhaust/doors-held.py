# tries: opens thousands of connections to the sealed proxy, to both of its ports, and sends a byte now and then
# ends: fail objective-missed service-ended not-started suspect
import socket
import time

from attempts import at_answer, later, say


def hold():
    held = []
    for number in range(7000):
        try:
            one = socket.create_connection(("front", 8474 if number % 2 else 8080), timeout=0.2)
            one.sendall(b"POST /proxies HTTP/1.1\r\nhost: front\r\nx-a: ")
            held.append(one)
        except OSError as error:
            say(f"TRIED connections: {error} after {len(held)}")
            time.sleep(0.1)
        if number % 1000 == 999:
            say(f"TRIED connections: {len(held)} are open")
    while True:
        for one in held:
            try:
                one.sendall(b"y")
            except OSError:
                pass
        say(f"TRIED connections: {len(held)} are held")
        time.sleep(0.5)


at_answer(3, lambda: later(hold))
