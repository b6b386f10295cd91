# tries: hands in a tar of a hundred thousand folders, which are empty and which nobody counts as files
# ends: refused and more than 4096 entries
# makes: yes
import gzip
import tarfile


def make(into, host):
    with gzip.open(into / "answer.tgz", "wb", 1) as packed:
        folder = tarfile.TarInfo("desk")
        folder.type = tarfile.DIRTYPE
        packed.write(folder.tobuf(tarfile.GNU_FORMAT) * 100_000 + bytes(1024))
    return into / "answer.tgz"
