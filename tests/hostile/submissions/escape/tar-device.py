# tries: hands in a tar with a disk in it
# ends: refused is not a plain file
# makes: yes
import tarfile


def make(into, host):
    with tarfile.open(into / "answer.tar", "w") as packed:
        disk = tarfile.TarInfo("desk/routing.py")
        disk.type, disk.devmajor, disk.devminor = tarfile.BLKTYPE, 8, 0
        packed.addfile(disk)
    return into / "answer.tar"
