# tries: hands in a tar that is a zip too, with a good file for who reads the one and another for who grades the other
# ends: refused can be read as a zip too
# makes: yes
import io
import tarfile
import zipfile


def make(into, host):
    with tarfile.open(into / "answer.tar", "w") as packed:
        entry = tarfile.TarInfo("desk/routing.py")
        packed.addfile(entry)
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("desk/routing.py", "good = 1\n")
    with (into / "answer.tar").open("ab") as file:
        file.write(other.getvalue())
    return into / "answer.tar"
