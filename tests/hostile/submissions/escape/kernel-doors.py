# tries: makes system calls that have often led out: bpf, perf, io_uring, userfaultfd, keys, modules, kexec
# ends: fail objective-missed
import ctypes
import os
import platform

from attempts import attempt

libc = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == "aarch64"
NUMBERS = {  # x86-64, arm64
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "add_key": (248, 217),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "open_by_handle_at": (304, 265),
    "pivot_root": (155, 41),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "sethostname": (170, 161),
    "quotactl": (179, 60),
    "fanotify_init": (300, 262),
    "mount_setattr": (442, 442),
    "fsopen": (430, 430),
    "move_mount": (429, 429),
    "iopl": (172, 0),
    "syslog": (103, 116),
    "lookup_dcookie": (212, 18),
}


def call(number, arguments):
    got = libc.syscall(number, *arguments)
    if got < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return f"call {number} gave {got}"


nothing = (ctypes.c_char * 256)()
GIVEN = {
    "add_key": (b"user", b"a", b"b", 1, -2),
    "keyctl": (0, -3, 1),
    "io_uring_setup": (4, nothing),
    "perf_event_open": (nothing, 0, -1, -1, 0),
    "userfaultfd": (0,),
    "sethostname": (b"front", 5),
    "syslog": (3, nothing, 200),
    "reboot": (0, 0, 0, 0),
    "acct": (b"/tmp/acct",),
    "fsopen": (b"tmpfs", 0),
    "iopl": (3,),
    "fanotify_init": (0, 0),
    "bpf": (0, nothing, 72),
}
for name, numbers in NUMBERS.items():
    if number := numbers[ARM]:
        attempt(name, lambda: call(number, GIVEN.get(name, (nothing, 0, 0, 0, 0))))
