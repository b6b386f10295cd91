# tries: hands in a folder that is a link to the course's scenarios
# ends: refused is a symbolic link
# makes: yes


def make(into, host):
    (into / "desk").mkdir()
    (into / "desk" / "routing.py").write_text("")
    (into / "desk" / "exam").symlink_to(host.course / "scenarios")
    return into
