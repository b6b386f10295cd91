# tries: hands in a zip packed by LZMA, whose unpacking asks for four gigabytes of memory first
# ends: refused packed in a way that few programs read
# makes: yes
import io
import zipfile


def make(into, host):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("desk/routing.py", "TEAMS = []\n" * 99)
    data = bytearray(packed.getvalue())
    at = 30 + len("desk/routing.py") + 5  # behind version, length and the first property
    data[at : at + 4] = b"\xff\xff\xff\xff"
    (into / "answer.zip").write_bytes(data)
    return into / "answer.zip"
