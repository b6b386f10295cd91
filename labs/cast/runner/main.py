"""Runs a candidate's code again and again, each time in a forked child, without paying for its imports. See README.md.

Environment: LISTEN (host:port), CODE (folder of the code), ENTRY (module:function), PRELOAD (modules, by comma),
SCRATCH (optional: where runs work).
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import tempfile
from pathlib import Path

import processes
from child import Child
from web import Loop


def preload(names: str) -> None:
    """Import what every run would have to import, once.

    Raises:
        RuntimeError: a module started threads; a process with threads cannot be forked safely.
    """
    for name in filter(None, (each.strip() for each in names.split(","))):
        importlib.import_module(name)
        if processes.threads() > 1:
            raise RuntimeError(f"PRELOAD: {name} starts threads")
    gc.collect()
    gc.freeze()


def main() -> int:
    """Serve until a signal. Returns in a forked child too, with what its run ended with."""
    environment = os.environ
    processes.adopt_orphans()
    preload(environment.get("PRELOAD", ""))
    host, _, port = environment["LISTEN"].rpartition(":")
    scratch = Path(environment.get("SCRATCH") or tempfile.mkdtemp(prefix="runs-"))
    child = Child(Path(environment["CODE"]), environment["ENTRY"], scratch)
    run = Loop(host, int(port)).serve()
    return child.run(run) if run is not None else 0


if __name__ == "__main__":
    sys.exit(main())
