# tries: opens files, pipes and sockets in many processes, until no more can be opened
# ends: fail objective-missed service-ended
import os
import socket
import time

from attempts import at_answer, later, say


def take():
    say("TRIED to open them all, in forty processes")
    for number in range(40):
        if os.fork() == 0:
            held = []
            try:
                while True:
                    held += [*os.pipe(), socket.socket(), open("/proc/self/maps")]
            except OSError as error:
                if number == 0:
                    say(f"TRIED open files: {error}")
            time.sleep(60)


at_answer(3, lambda: later(take))
