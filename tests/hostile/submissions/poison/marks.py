# tries: leaves a mark in every place that it can write, and looks for one of those before it
# ends: fail objective-missed
# twice: yes
import os

from attempts import attempt, say

PLACES = [
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/dev/mqueue",
    "/data",
    "/app",
    "/run",
    "/run/lock",
    "/venv",
    "/home",
    "/root",
]
PLACES += [
    "/usr/local",
    "/var/lib",
    "/var/cache",
    "/srv",
    "/opt",
    "/proc/sys/kernel",
    "/sys/fs/cgroup",
    os.path.expanduser("~"),
]
MARK = ".hostile-mark"
attempt("marks of another", lambda: [place for place in PLACES if os.path.exists(f"{place}/{MARK}")])
for place in PLACES:
    try:
        with open(f"{place}/{MARK}", "w") as file:
            file.write("I was here")
        say(f"TRIED {place}: marked, for as long as it lasts")
    except OSError as error:
        say(f"TRIED {place}: {error}")
