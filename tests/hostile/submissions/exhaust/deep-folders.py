# tries: hands in a thousand folders, one in the other
# ends: refused deep
# makes: yes
import os


def make(into, host):
    at = os.open(into, os.O_RDONLY)
    for name in ["desk", *["d"] * 990]:
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    return into
