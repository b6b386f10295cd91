# tries: hands in a pipe, so that whoever reads it waits for ever
# ends: refused is not a regular file
# makes: yes
import os


def make(into, host):
    (into / "desk").mkdir()
    os.mkfifo(into / "desk" / "routing.py")
    return into
