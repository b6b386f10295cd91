# tries: opens disks, memory and switches of the machine, by device files and by what /proc and /sys offer
# ends: fail objective-missed
import glob
import os
import stat

from attempts import attempt


def made(path, kind, number):
    os.mknod(path, kind | 0o666, number)
    with open(path, "rb") as device:
        return device.read(16)


def written(path, text):
    with open(path, "w") as file:
        return file.write(text)


def read(path):
    with open(path, "rb") as file:
        return file.read(64)


for name, kind, number in (
    ("sda", stat.S_IFBLK, (8, 0)),
    ("vda", stat.S_IFBLK, (254, 0)),
    ("mem", stat.S_IFCHR, (1, 1)),
):
    attempt(f"a device: {name}", lambda: made(f"/tmp/{name}", kind, os.makedev(*number)))
for path in (
    "/dev/sda",
    "/dev/vda",
    "/dev/nvme0n1",
    "/dev/mem",
    "/dev/kmsg",
    "/dev/kvm",
    "/dev/fuse",
    "/dev/loop-control",
):
    attempt(path, lambda: read(path))
for path in ("/proc/kcore", "/proc/kmsg", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/proc/scsi/scsi"):
    attempt(path, lambda: read(path))
SWITCHES = {
    "/proc/sysrq-trigger": "h",
    "/proc/sys/kernel/core_pattern": "|/proc/1/root/tmp/it",
    "/proc/sys/kernel/modprobe": "/tmp/it",
    "/proc/sys/kernel/hostname": "front",
    "/proc/sys/vm/drop_caches": "3",
    "/proc/sys/fs/binfmt_misc/register": ":it:M::it::/tmp/it:",
    "/proc/1/oom_score_adj": "-1000",
    "/proc/self/oom_score_adj": "-1000",
    "/sys/kernel/uevent_helper": "/tmp/it",
    "/sys/power/state": "mem",
    "/sys/fs/cgroup/release_agent": "/tmp/it",
    "/sys/fs/cgroup/cgroup.procs": "1",
    "/sys/fs/cgroup/memory.max": "max",
    "/sys/fs/cgroup/pids.max": "max",
    "/sys/fs/cgroup/cpu.max": "max",
}
for path, text in SWITCHES.items():
    attempt(path, lambda: written(path, text))
for path in glob.glob("/sys/class/net/*/ifalias") + glob.glob("/sys/block/*/queue/scheduler"):
    attempt(path, lambda: written(path, "it"))
