# tries: hands in a tar with a name that begins at the root of the file system
# ends: refused is no name for a file of a submission
# makes: yes
import io
import tarfile


def make(into, host):
    with tarfile.open(into / "answer.tar", "w") as packed:
        entry = tarfile.TarInfo(str(host.witness))
        entry.size = 3
        packed.addfile(entry, io.BytesIO(b"out"))
    return into / "answer.tar"
