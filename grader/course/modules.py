"""A course's own Python files (load.py, exam.py, draw.py), imported."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from grader.errors import BadInput


class ScenarioBroken(Exception):
    """A scenario's own code failed: a bug of the lab, not of the submission. The message names the file."""


def share_modules(folder: Path) -> None:
    """From now on the packages in `labs/cast/lib` of the course that a folder belongs to can be imported."""
    for above in folder.resolve().parents:
        shared = above / "labs" / "cast" / "lib"
        if shared.is_dir():
            if str(shared) not in sys.path:
                sys.path.append(str(shared))
            return


@functools.cache
def import_file(path: Path) -> ModuleType:
    """A Python file as a module, imported once; it may import its neighbours, and the packages in `labs/cast/lib`.

    Raises:
        BadInput: there is no such file.
        ScenarioBroken: it raises when imported.
    """
    name = f"brownout_scenario_{len(sys.modules)}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None or not path.is_file():
        raise BadInput(f"{path}: is no Python file")
    if str(path.parent.resolve()) not in sys.path:
        sys.path.append(str(path.parent.resolve()))
    share_modules(path.parent)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the scenario's own code
        raise ScenarioBroken(f"{path}: cannot be imported: {error!r}") from error
    return module


@contextlib.contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Modules of this folder can be imported, and the packages in `labs/cast/lib`; afterwards the folder's own are
    forgotten, since each scenario has an `exam` and each lab a `world`. Others of these names are set aside."""
    share_modules(folder)
    place = str(folder.resolve())
    aside = {path.stem: sys.modules.pop(path.stem) for path in folder.glob("*.py") if path.stem in sys.modules}
    sys.path.insert(0, place)
    try:
        yield
    finally:
        sys.path.remove(place)
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(place + "/"):
                del sys.modules[name]
        sys.modules.update(aside)
