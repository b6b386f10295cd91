# tries: writes its log without end, in lines of a mebibyte and in lines of a byte
# ends: fail objective-missed
import os

from attempts import later, say


def flood(line):
    while True:
        os.write(1, line)
        say("TRIED to drown the log")


later(lambda: flood(b"x" * (1 << 20) + b"\n"))
later(lambda: flood(b"y\n" * 4096))
