# tries: hands in a tar of some kilobytes whose headers are names of a gigabyte, taken into memory before a file is seen
# ends: refused is a header that is too large
# makes: yes
import lzma
import tarfile


def make(into, host):
    with lzma.open(into / "answer.tar.xz", "wb", preset=1) as packed:
        head = tarfile.TarInfo("names")
        head.type, head.size = tarfile.XHDTYPE, 1 << 30
        packed.write(head.tobuf(tarfile.GNU_FORMAT))
        packed.write(bytes(16 << 20))
    return into / "answer.tar.xz"
