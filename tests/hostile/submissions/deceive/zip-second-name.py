# tries: hands in a zip whose file has another name in an extra field, which some programs take and others do not
# ends: refused has another name besides
# makes: yes
import struct
import zipfile
import zlib


def make(into, host):
    name = b"desk/routing.py"
    entry = zipfile.ZipInfo("desk/notes.py")
    entry.extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, zlib.crc32(entry.filename.encode())) + name
    with zipfile.ZipFile(into / "answer.zip", "w") as packed:
        packed.writestr(entry, "good = 0\n")
    return into / "answer.zip"
