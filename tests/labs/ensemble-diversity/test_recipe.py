"""The committed readers and pictures are what the recipe makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from grader.course import catalog

WANTED = ("onnxruntime", "sklearn", "skl2onnx")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not all(map(find_spec, WANTED)), reason=f"one of {', '.join(WANTED)} is not installed"),
]

LAB = catalog.root() / "labs" / "ensemble-diversity"
RECIPE = catalog.root() / "recipes" / "ensemble-diversity" / "make.py"
SAME = 0.97
"""Of the answers on dark edges, where a network's digit hangs on little: training adds numbers up in an order that the
processor decides."""


def read(folder: Path, name: str, images: np.ndarray) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(folder / "world" / "onnx" / f"{name}.onnx"))
    found: np.ndarray = session.run(["label"], {"X": images})[0]
    return found


def test_the_recipe_makes_what_is_committed(tmp_path: Path) -> None:
    made = tmp_path / "lab"
    for folder in ("world", "labels"):
        (made / folder).mkdir(parents=True)
    shutil.copy(LAB / "world" / "pictures.py", made / "world")
    subprocess.run(
        [sys.executable, str(RECIPE), str(made)],
        check=True,
        capture_output=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )

    for path in ("world/pictures.json.gz", "labels/labels.json"):
        assert (made / path).read_bytes() == (LAB / path).read_bytes(), path
    known = json.loads((LAB / "labels" / "labels.json").read_text("utf-8"))
    images = np.array([list(bytes.fromhex(row["pixels"])) for row in known], dtype=np.float32)
    names = {path.stem for path in (LAB / "world" / "onnx").glob("*.onnx")}
    assert names == {path.stem for path in (made / "world" / "onnx").glob("*.onnx")}
    for name in names:
        assert (read(made, name, images) == read(LAB, name, images)).mean() >= SAME, name
