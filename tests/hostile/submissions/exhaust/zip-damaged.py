# tries: hands in a small zip that no program can unpack, so that the one that tries ends in an error of its own
# ends: refused is no whole zip or tar
# makes: yes
import io
import zipfile


def make(into, host):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("desk/routing.py", "TEAMS = ['letters']\n" * 9)
    data = bytearray(packed.getvalue())
    at = 30 + len("desk/routing.py")
    data[at : at + 8] = b"\xff" * 8
    (into / "answer.zip").write_bytes(data)
    return into / "answer.zip"
