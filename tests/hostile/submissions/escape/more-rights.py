# tries: gets rights back: users, capabilities, programs that run as root, name spaces, mounts
# ends: fail objective-missed
import ctypes
import os
import shutil
import subprocess

from attempts import attempt

libc = ctypes.CDLL(None, use_errno=True)


def called(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True


def in_a_child(act):
    """In a process of its own, so that this one stays as it is."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(writing, b"yes" if act() else b"")
        except BaseException as error:
            os.write(writing, f"no: {error}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    said = os.read(reading, 200).decode()
    if said != "yes":
        raise PermissionError(said)
    return said


def as_root(path):
    """A program of our own with root's bit; it would have to be root's."""
    shutil.copy("/usr/bin/id", path)
    os.chown(path, 0, 0)
    os.chmod(path, 0o6755)
    return subprocess.check_output([path, "-u"]) == b"0\n"


def programs():
    """Programs that run as root, whoever starts them, and that make us root."""
    found = []
    for folder in ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/lib"):
        for top, _, names in os.walk(folder):
            found += [path for name in names if os.lstat(path := os.path.join(top, name)).st_mode & 0o4000]
    for path in found:
        for words in ([path], [path, "-c", "id -u"], [path, "root", "-c", "id -u"], [path, "-p", "-c", "id -u"]):
            done = subprocess.run(words, input=b"", capture_output=True, timeout=2)
            if done.stdout.strip() == b"0":
                return words
    return None


for number in (0, 1, 1000, 65534):
    attempt(f"user {number}", lambda: in_a_child(lambda: os.setresuid(number, number, number) is None))
    attempt(f"group {number}", lambda: in_a_child(lambda: os.setresgid(number, number, number) is None))
attempt("groups", lambda: in_a_child(lambda: os.setgroups([0, 999]) is None))
for name, flag in (
    ("user", 1 << 28),
    ("mount", 1 << 17),
    ("net", 1 << 30),
    ("pid", 1 << 29),
    ("both", 1 << 28 | 1 << 17),
):
    attempt(f"a name space: {name}", lambda: in_a_child(lambda: called("unshare", flag)))
for name in ("mnt", "net", "pid", "user", "ipc"):
    attempt(
        f"init's name space: {name}", lambda: in_a_child(lambda: called("setns", os.open(f"/proc/1/ns/{name}", 0), 0))
    )
for kind, source in ((b"tmpfs", b"none"), (b"proc", b"proc"), (b"cgroup", b"none"), (b"overlay", b"none")):
    attempt(f"a mount: {kind}", lambda: in_a_child(lambda: called("mount", source, b"/tmp", kind, 0, b"")))
attempt("another root", lambda: in_a_child(lambda: os.chroot("/tmp") is None))
attempt("new privileges", lambda: in_a_child(lambda: called("prctl", 38, 0, 0, 0, 0)))
attempt("a capability, inherited", lambda: in_a_child(lambda: called("prctl", 47, 2, 21, 0, 0)))
attempt("a program of root's", programs)
attempt("a program as root", lambda: as_root("/tmp/id"))
