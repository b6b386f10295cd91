# tries: hands in a tar that begins with a name of 256 MiB, which is taken into memory before any file is seen
# ends: refused is a header that is too large
# makes: yes
import gzip
import tarfile

SIZE = 256 << 20


def make(into, host):
    head, end = tarfile.TarInfo("names"), b"\n"
    head.type, head.size = tarfile.XHDTYPE, SIZE
    record = f"{SIZE} path=desk/routing.py".encode()
    with gzip.open(into / "answer.tar.gz", "wb", 1) as packed:
        packed.write(head.tobuf(tarfile.GNU_FORMAT) + record)
        for _ in range(SIZE // (1 << 20) - 1):
            packed.write(b"y" * (1 << 20))
        packed.write(b"y" * ((1 << 20) - len(record) - len(end)) + end)
        packed.write(tarfile.TarInfo("desk/routing.py").tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    return into / "answer.tar.gz"
