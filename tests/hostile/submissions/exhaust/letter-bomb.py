# tries: hands in a zip whose letter, which nobody grades, unpacks to 64 MiB
# ends: refused too large
# makes: yes
import zipfile


def make(into, host):
    with zipfile.ZipFile(into / "answer.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("desk/routing.py", "TEAMS = []\n")
        packed.writestr("takehome.json", bytes(64 << 20))
    return into / "answer.zip"
