# tries: hands in a zip whose names lead out of it, to a file beside the bait and to the engine
# ends: refused is no name for a file of a submission
# makes: yes
import os
import zipfile


def make(into, host):
    with zipfile.ZipFile(into / "answer.zip", "w") as packed:
        packed.writestr("desk/main.py", "")
        packed.writestr("../" * 30 + str(host.witness).lstrip("/"), "out")
        packed.writestr(os.path.relpath(host.witness, into), "out")
    return into / "answer.zip"
