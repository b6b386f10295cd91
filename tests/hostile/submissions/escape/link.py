# tries: hands in a symbolic link to a file of this machine, in place of an open file
# ends: refused is a symbolic link
# makes: yes


def make(into, host):
    (into / "desk").mkdir()
    (into / "desk" / "routing.py").symlink_to(host.canary)
    return into
