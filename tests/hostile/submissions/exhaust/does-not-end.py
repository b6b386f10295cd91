# tries: ignores every signal, has children that ignore them too, and stops itself in the middle
# ends: fail objective-missed
# misses: answered
# quick: yes
import os
import signal
import time

from attempts import at_answer, say

for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        while True:
            time.sleep(3600)


def stop():
    say("TRIED to outlive its end")
    os.kill(os.getpid(), signal.SIGSTOP)


at_answer(20, stop)
