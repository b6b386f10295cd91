# tries: leaves segments, queues, semaphores, keys and abstract sockets, which a kernel keeps when nobody holds them
# ends: fail objective-missed
# twice: yes
import ctypes
import os
import socket

from attempts import attempt, say

libc = ctypes.CDLL(None, use_errno=True)
KEY, CREATE = 0x48A7, 0o1000 | 0o666


def kept(name, *arguments):
    """Whether there is one already, which another left; if not, it is left now."""
    call = getattr(libc, name)
    if call(KEY, *arguments[:-1], 0) >= 0:
        return f"{name} found one"
    made = call(KEY, *arguments[:-1], CREATE)
    say(f"TRIED {name}: left {made}, {os.strerror(ctypes.get_errno()) if made < 0 else 'in our own name space'}")
    return None


attempt("a segment", lambda: kept("shmget", 4096, 0))
attempt("a queue", lambda: kept("msgget", 0))
attempt("semaphores", lambda: kept("semget", 1, 0))


def queue():
    libc.mq_open.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
    if libc.mq_open(b"/hostile", os.O_RDWR, 0, None) >= 0:
        return "found one"
    say(f"TRIED a POSIX queue: left {libc.mq_open(b'/hostile', os.O_RDWR | os.O_CREAT, 0o666, None)}")
    return None


def abstract():
    with socket.socket(socket.AF_UNIX) as to:
        to.connect("\0hostile")
        return "found one"


attempt("a POSIX queue", queue)
attempt("an abstract socket", abstract)
left = socket.socket(socket.AF_UNIX)
left.bind("\0hostile")
left.listen()
