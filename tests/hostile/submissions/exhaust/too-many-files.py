# tries: hands in ten thousand empty files
# ends: refused holds more than
# makes: yes


def make(into, host):
    (into / "desk").mkdir()
    for number in range(10_000):
        (into / "desk" / f"{number}.py").touch()
    return into
