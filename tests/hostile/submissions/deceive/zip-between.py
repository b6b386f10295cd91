# tries: hands in a zip with a file that its index leaves out, and that programs see which read it from the front
# ends: refused has something else beside
# makes: yes
import io
import zipfile


def zipped(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("desk/routing.py", text)
    return packed.getvalue()


def make(into, host):
    (into / "answer.zip").write_bytes(zipped("good = 1\n") + zipped("good = 0\n"))
    return into / "answer.zip"
