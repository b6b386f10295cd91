"""`python -m casebook`: a casebook with the world in WORLD. README.md has the environment and both APIs."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from common.serve import serve

from casebook.service import Casebook


def casebook(environment: Mapping[str, str]) -> Casebook:
    """The casebook that an environment describes; OSError, ImportError, KeyError, ValueError if it makes no sense."""
    sys.path.insert(0, environment["WORLD"])
    world = importlib.import_module("world")
    services = json.loads(environment.get("SERVICES", "{}"))
    return Casebook(Path(environment["PLAN"]), world.World, services)


def run() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        book = casebook(os.environ)
        ports = {os.environ["LISTEN"]: book.public(), os.environ["CONTROL"]: book.control()}
    except (OSError, ImportError, KeyError, ValueError) as error:
        sys.exit(f"casebook: LISTEN, CONTROL, WORLD, PLAN or SERVICES cannot be used: {error!r}")
    serve(ports)


if __name__ == "__main__":
    run()
