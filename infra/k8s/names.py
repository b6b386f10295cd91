"""Labels, names and port numbers that several modules agree on. Pure."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from infra.home import home

PREFIX = "lab.brownout/"
DEPLOYMENT = PREFIX + "deployment"
HOME = PREFIX + "home"
OWNER = PREFIX + "owner"
ROLE = PREFIX + "role"
POD = PREFIX + "pod"
NETWORK = "network." + PREFIX
SYSTEM, POST = "system", "post"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

FIRST_CONTROL, COURIER, LAST_CONTROL = 15900, 15998, 15999
"""Ports of our supervisors in a pod; no policy lets a service of the lab reach them."""

BIN, PARTS, CODE, STATE = "/brownout/bin", "/brownout/parts", "/brownout/code", "/brownout/state"


LABELS = "BROWNOUT_K8S_LABELS"
"""Environment variable of who runs us for others: labels for all that we make, `key=value` separated by commas."""


def extra_labels() -> dict[str, str]:
    """The labels that `LABELS` asks for."""
    return dict(pair.split("=", 1) for pair in os.environ.get(LABELS, "").split(",") if "=" in pair)


def home_id() -> str:
    """Names this checkout on this machine, so that many may share a cluster."""
    try:
        machine = Path("/etc/machine-id").read_text("utf-8").strip()
    except OSError:
        machine = ""
    return hashlib.sha256(f"{machine} {home()}".encode()).hexdigest()[:16]


def alias(service: str) -> str:
    """Name of the Service object of a service; it must begin with a letter."""
    return f"s-{service}"


STILL_OPEN = 7
"""Exit code of `inside/prepare.py` in a pod that no policy closes in."""

POST_HOME = "/tmp/brownout"
"""Where a post keeps the records of the deployments that it acts on."""
