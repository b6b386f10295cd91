"""`python -m casebook_door`: a casebook with a door. Its environment is the casebook's, and DOOR."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from call_faults.wire import AS
from common.serve import serve

from casebook_door.book import Doored
from casebook_door.rules import rules

PLAIN: Mapping[str, Any] = {**AS, "date_header": False}
"""For `common.serve`: answers have the headers that a service gave them, and no other."""


def run() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        known = rules(json.loads(os.environ["DOOR"]))
        services = json.loads(os.environ.get("SERVICES", "{}"))
        sys.path.insert(0, os.environ["WORLD"])
        book = Doored(Path(os.environ["PLAN"]), importlib.import_module("world").World, services, known)
        ports = {os.environ["LISTEN"]: book.public(), os.environ["CONTROL"]: book.control()}
    except (OSError, ImportError, KeyError, ValueError, AttributeError) as error:
        sys.exit(f"casebook_door: LISTEN, CONTROL, WORLD, PLAN, SERVICES or DOOR cannot be used: {error!r}")
    serve(ports, **PLAIN)


if __name__ == "__main__":
    run()
