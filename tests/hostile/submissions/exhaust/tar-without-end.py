# tries: hands in a tar of a few bytes whose only file says that it is eight exabytes long
# ends: refused desk/routing.py is too large
# makes: yes
import gzip
import tarfile


def make(into, host):
    head = tarfile.TarInfo("desk/routing.py")
    head.size = 1 << 62
    with gzip.open(into / "answer.tar.gz", "wb") as packed:
        packed.write(head.tobuf(tarfile.GNU_FORMAT))
        for _ in range(64):
            packed.write(bytes(1 << 20))
    return into / "answer.tar.gz"
