# tries: hands in a repository with good code beside its workspace, and other code in the workspace, which is graded
# ends: refused beside work too
# makes: yes


def make(into, host):
    for place, text in (("desk", "good = 1\n"), ("work/desk/desk", "good = 0\n")):
        (into / place).mkdir(parents=True)
        (into / place / "routing.py").write_text(text)
    return into
