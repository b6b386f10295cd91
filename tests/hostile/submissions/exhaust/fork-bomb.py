# tries: starts processes that start processes, until no more can start
# ends: fail objective-missed service-ended
import os
import time

from attempts import at_answer, later, say


def bomb():
    made = 0
    say("TRIED to start processes without end")
    while True:
        try:
            if os.fork() == 0:
                while True:
                    try:
                        os.fork()
                    except OSError:
                        time.sleep(0.05)
            made += 1
        except OSError as error:
            say(f"TRIED processes: {error} after {made}")
            time.sleep(0.2)


at_answer(3, lambda: later(bomb))
