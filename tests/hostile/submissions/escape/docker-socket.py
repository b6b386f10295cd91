# tries: looks for the socket of Docker, containerd or Kubernetes, on the disk and on the network, and for their keys
# ends: fail objective-missed
import glob
import os
import socket
import stat

from attempts import attempt, later

KEYS = ["/var/run/secrets/kubernetes.io/serviceaccount/token", "/root/.docker/config.json", "/root/.kube/config"]
KEYS += ["/etc/kubernetes/admin.conf", "/root/.ssh/id_ed25519", "/run/secrets", "/etc/shadow"]
DOORS = [("127.0.0.1", 2375), ("127.0.0.1", 2376), ("172.17.0.1", 2375), ("kubernetes.default.svc", 443)]
DOORS += [("host.docker.internal", 2375), ("10.96.0.1", 443), ("127.0.0.1", 10250), ("172.17.0.1", 10250)]


def sockets():
    found = []
    for top in ("/run", "/var/run", "/var/lib", "/tmp", "/host", "/mnt", "/proc/1/root/run", "/rootfs"):
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                if stat.S_ISSOCK(os.lstat(path).st_mode):
                    found.append(path)
    return found


def reached(address):
    with socket.create_connection(address, timeout=0.5):
        return True


def run():
    attempt("sockets on the disk", sockets)
    attempt("sockets that are open", lambda: [p for p in glob.glob("/proc/[0-9]*/fd/*") if "docker" in os.readlink(p)])
    for path in KEYS:
        attempt(path, lambda: os.listdir(path) if os.path.isdir(path) else open(path).read(80))
    for door in DOORS:
        attempt(f"{door[0]}:{door[1]}", lambda: reached(door))


later(run)
