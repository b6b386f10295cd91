# tries: hands in 40 KB that unpack to a gigabyte, all files on the same bytes
# ends: refused too large
# makes: yes
import zipfile


def make(into, host):
    with zipfile.ZipFile(into / "answer.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for number in range(8):
            packed.writestr(f"desk/{number}.py", bytes(4 << 20))
    return into / "answer.zip"
