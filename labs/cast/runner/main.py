"""Runs a candidate's code again and again, each time in a forked child, without paying for its imports. See README.md.

Environment: LISTEN (host:port), CODE (folder of the code), ENTRY (module:function), PRELOAD (modules, by comma), SHELF
(more of them, for code that imports them), SCRATCH (optional: where runs work), ENTRIES (optional: our entry points,
found by PYTHONPATH, for orders that name one).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import processes
from child import Child
from shelf import Shelf, preload, split
from web import Loop


def main() -> int:
    """Serve until a signal. Returns in a forked child too, with what its run ended with."""
    environment = os.environ
    processes.adopt_orphans()
    processes.keep_to_itself(True)
    preload(split(environment.get("PRELOAD", "")))
    host, _, port = environment["LISTEN"].rpartition(":")
    scratch = Path(environment.get("SCRATCH") or tempfile.mkdtemp(prefix="runs-"))
    code = Path(environment["CODE"])
    shelf = Shelf(code, environment.get("SHELF", ""))
    shelf.take()
    child = Child(code, environment["ENTRY"], scratch)
    run = Loop(host, int(port), shelf.take, scratch, split(environment.get("ENTRIES", ""))).serve()
    return child.run(run) if run is not None else 0


if __name__ == "__main__":
    sys.exit(main())
