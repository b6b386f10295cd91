# tries: keeps every core busy, with as many processes as it gets, so that the machine proves nothing
# ends: fail objective-missed service-ended
import os
import time

from attempts import at_answer, later, say


def burn():
    for number in range(120):
        if os.fork() == 0:
            os.nice(-20 if os.geteuid() == 0 else 0)
            while True:
                pass
    while True:  # what was said once is pushed out of a log that is bounded
        say("TRIED 120 processes that never rest")
        time.sleep(1)


at_answer(3, lambda: later(burn))
