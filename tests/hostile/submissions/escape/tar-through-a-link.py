# tries: hands in a tar with a link, and then a file behind it
# ends: refused is not a plain file
# makes: yes
import io
import tarfile


def make(into, host):
    with tarfile.open(into / "answer.tar.gz", "w:gz") as packed:
        link = tarfile.TarInfo("desk")
        link.type, link.linkname = tarfile.SYMTYPE, str(host.bait)
        packed.addfile(link)
        entry = tarfile.TarInfo("desk/witness")
        entry.size = 3
        packed.addfile(entry, io.BytesIO(b"out"))
    return into / "answer.tar.gz"
