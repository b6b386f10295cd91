# tries: hands in a zip that has a file twice: a good one to be looked at, and another to be unpacked
# ends: refused twice
# makes: yes
import warnings
import zipfile


def make(into, host):
    with zipfile.ZipFile(into / "answer.zip", "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in ("good = 1\n", "good = 0\n"):
            packed.writestr("desk/routing.py", text)
    return into / "answer.zip"
