# tries: hands in a tar with a file of holes, whose map alone takes for ever to read
# ends: refused is not a plain file
# makes: yes
import tarfile


def make(into, host):
    sparse = tarfile.TarInfo("desk/routing.py")
    sparse.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(sparse.tobuf(tarfile.GNU_FORMAT))
    block[482], block[483:495] = 1, b"00777777777\0"  # more of the map follows; a file of gigabytes
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    further = bytearray(512)
    further[504] = 1
    (into / "answer.tar").write_bytes(bytes(block) + bytes(further) * 20_000 + bytes(1024))
    return into / "answer.tar"
