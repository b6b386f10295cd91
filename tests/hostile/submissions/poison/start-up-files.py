# tries: leaves orders for later: cron, systemd, profiles, the loader, name service, keys of ssh
# ends: fail objective-missed
# twice: yes
import os
import subprocess

from attempts import attempt

ORDER = "* * * * * root touch /tmp/poisoned\n"
HOME = os.path.expanduser("~")
PLACES = [
    "/etc/crontab",
    "/etc/cron.d/it",
    "/var/spool/cron/crontabs/root",
    "/etc/systemd/system/it.service",
    "/etc/rc.local",
]
PLACES += [
    "/etc/ld.so.preload",
    "/etc/ld.so.conf",
    "/etc/profile.d/it.sh",
    "/etc/nsswitch.conf",
    "/etc/hosts",
    "/etc/passwd",
]
PLACES += [
    "/etc/resolv.conf",
    "/etc/hostname",
    "/etc/environment",
    "/etc/bash.bashrc",
    f"{HOME}/.bashrc",
    f"{HOME}/.profile",
]
PLACES += [f"{HOME}/.ssh/authorized_keys", f"{HOME}/.config/systemd/user/it.service", f"{HOME}/.gitconfig"]
PLACES += ["/docker-entrypoint.sh", "/sbin/docker-init", "/.dockerenv", "/usr/local/bin/python"]


def written(path):
    """Whether an order is there for others; in a home of our own only one that another left."""
    if not path.startswith("/tmp"):
        with open(path, "a") as file:
            return file.write(ORDER)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a+") as file:
        file.seek(0)
        found = file.read()
        file.write(ORDER)
    return found


for path in PLACES:
    attempt(path, lambda: written(path))
for words in (["crontab", "-"], ["at", "now"], ["systemd-run", "touch", "/tmp/poisoned"], ["batch"]):
    attempt(words[0], lambda: subprocess.run(words, input=ORDER.encode(), capture_output=True).returncode == 0)
