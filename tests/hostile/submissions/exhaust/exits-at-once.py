# tries: ends itself by a signal before it is ready, and writes a word about it on every stream
# ends: fail not-started
import os
import signal
import sys

from attempts import say

say("TRIED to end at once")
print("::error::hostile-mark it was the machine", file=sys.stderr, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
