# tries: hands in a tar that is a zip too: reviewers who open the one see a good file, and another is graded
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
