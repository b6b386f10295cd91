"""Detectors are loaded when they are named, and the `__init__` of `river.drift` is never run. River itself is in image
`papers` alone, so this one is made here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LIB = Path(__file__).parents[3] / "labs" / "cast" / "lib"
ASKED = """
import sys
import light_river
from river import drift
from river.drift import ADWIN
import river.drift
assert river.drift is drift and drift.ADWIN is ADWIN and ADWIN().rows == 1
assert "river.drift.page_hinkley" not in sys.modules
assert drift.PageHinkley.__module__ == "river.drift.page_hinkley"
from river.drift import binary
assert binary.DDM == 2 and not hasattr(drift, "nothing")
try:
    from river.drift import nothing
except ImportError:
    pass
else:
    raise AssertionError("there is no such name")
try:
    drift.KSWIN
except ModuleNotFoundError as error:
    assert error.name == "what_is_not_installed"
"""


@pytest.fixture
def river(tmp_path: Path) -> Path:
    drift = tmp_path / "river" / "drift"
    (drift / "binary").mkdir(parents=True)
    for file, text in {
        "../__init__.py": "",
        "__init__.py": "raise AssertionError('all of river is loaded')",
        "adwin.py": "class ADWIN:\n    rows = 1\n",
        "page_hinkley.py": "class PageHinkley:\n    pass\n",
        "kswin.py": "import what_is_not_installed\n",
        "binary/__init__.py": "DDM = 2\n",
    }.items():
        (drift / file).write_text(text)
    return tmp_path


def said(code: str, *paths: Path) -> str:
    script = f"import sys; sys.path[:0] = {[str(path) for path in paths]!r}\n{code}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30).stderr


def test_each_detector_is_loaded_when_it_is_named(river: Path) -> None:
    assert said(ASKED, LIB, river) == ""
    assert "all of river is loaded" in said(ASKED.replace("import light_river", ""), LIB, river)


def test_nothing_happens_without_river() -> None:
    assert said("import light_river, sys\nassert 'river' not in sys.modules", LIB) == ""
