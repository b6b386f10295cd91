"""`python -m collector`: a casebook with a door, and all that telemetry is sent to. README.md has the environment."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from casebook.shapes import fits
from casebook_door.__main__ import PLAIN
from casebook_door.rules import rules
from common.serve import serve

from collector.book import Collecting


def run() -> None:
    """Read the environment, then serve; what makes no sense ends the process with one sentence."""
    try:
        known = rules(json.loads(os.environ["DOOR"]))
        services, targets = (json.loads(os.environ.get(name, "{}")) for name in ("SERVICES", "SCRAPE"))
        if not fits(targets, {str: str}):
            raise ValueError("SCRAPE must be an object, URL by name")
        sys.path.insert(0, os.environ["WORLD"])
        world = importlib.import_module("world").World
        book = Collecting(Path(os.environ["PLAN"]), world, services, known, targets)
        ports = {os.environ["LISTEN"]: book.public(), os.environ["CONTROL"]: book.control()}
        ports[os.environ["OTLP"]] = book.otlp()
    except (OSError, ImportError, KeyError, ValueError, AttributeError) as error:
        sys.exit(f"collector: LISTEN, CONTROL, OTLP, WORLD, PLAN, DOOR or SCRAPE cannot be used: {error!r}")
    serve(ports, **PLAIN)


if __name__ == "__main__":
    run()
