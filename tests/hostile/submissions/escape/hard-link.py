# tries: hands in another name of a file of this machine, a hard link, which does not look like a link
# ends: refused is a hard link
# makes: yes
import os


def make(into, host):
    (into / "desk").mkdir()
    os.link(host.canary, into / "desk" / "routing.py")
    return into
