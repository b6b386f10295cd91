"""Modules of a service, imported as the service imports them: by their bare names, which services share."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """The modules in `folder` can be imported, and no others of their names; afterwards all is as before."""
    names = {path.stem for path in folder.glob("*.py")}
    before = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(before)


def world(folder: Path) -> SimpleNamespace:
    """The modules of a lab's world, by name, but for `world`, which needs what an image has. They are nobody else's to
    find afterwards: worlds of other labs have modules of these names."""
    with importable(folder):
        names = {path.stem for path in folder.glob("*.py")} - {"world"}
        return SimpleNamespace(**{name: importlib.import_module(name) for name in names})
