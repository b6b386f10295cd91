# tries: takes memory in a child, again and again, so that the kernel has to choose a process to kill
# ends: fail objective-missed service-ended
import os
import time

from attempts import at_answer, later, say


def take():
    while True:
        if (child := os.fork()) == 0:
            held = []
            while True:
                held.append(bytearray(os.urandom(1 << 12) * 256))
        _, how = os.waitpid(child, 0)
        say(f"TRIED memory: a child ended with {how}")
        time.sleep(0.1)


at_answer(3, lambda: later(take))
