# tries: keeps every core busy with as many processes as it gets, so that no trial proves anything
# ends: fail objective-missed service-ended
import os

from attempts import at_answer, later, say


def burn():
    say("TRIED to begin 120 processes that never rest")
    for number in range(120):
        if os.fork() == 0:
            os.nice(-20 if os.geteuid() == 0 else 0)
            while True:
                pass


at_answer(3, lambda: later(burn))
