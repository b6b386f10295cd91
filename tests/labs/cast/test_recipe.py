"""The committed models and parcels are what the recipe makes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

WANTED = ("onnxruntime", "sklearn", "skl2onnx")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not all(map(find_spec, WANTED)), reason=f"one of {', '.join(WANTED)} is not installed"),
]

SERVER = Path(__file__).resolve().parents[3] / "labs" / "cast" / "model-server"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh run of the recipe."""
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([sys.executable, str(SERVER / "recipe" / "train.py"), str(folder)], check=True, capture_output=True)
    return folder


def parcels(folder: Path) -> list:
    return json.loads(gzip.decompress((folder / "parcels.json.gz").read_bytes()))


def predictions(path: Path, images: np.ndarray) -> np.ndarray:
    import onnxruntime

    return onnxruntime.InferenceSession(str(path)).run(["label"], {"X": images})[0]


SAME = 0.99
"""Of the answers. Training adds numbers up in an order that the processor's vector width decides, and a digit that
lies between two falls to the other side: at most 2 of 899 between two processors."""


def test_the_committed_parcels_are_the_recipes(made):
    ours, theirs = parcels(SERVER / "models"), parcels(made)

    assert [row[:2] for row in ours] == [row[:2] for row in theirs]
    assert np.mean([a == b for (*_, a), (*_, b) in zip(ours, theirs, strict=True)]) >= SAME


@pytest.mark.parametrize(("name", "low", "high"), [("v1", 0.94, 0.97), ("v2", 0.96, 0.99), ("v2-wrong", 0.45, 0.65)])
def test_the_committed_model_predicts_as_the_recipes_does(made, name, low, high):
    rows = parcels(made)
    images = np.array([list(bytes.fromhex(pixels)) for pixels, _, _ in rows], dtype=np.float32)
    truth = np.array([digit for _, digit, _ in rows])

    committed = predictions(SERVER / "models" / f"{name}.onnx", images)

    assert (committed == predictions(made / f"{name}.onnx", images)).mean() >= SAME
    assert low <= (committed == truth).mean() <= high
    assert (SERVER / "models" / f"{name}.onnx").stat().st_size < 200_000


def test_the_known_answers_are_v1s():
    rows = parcels(SERVER / "models")
    images = np.array([list(bytes.fromhex(pixels)) for pixels, _, _ in rows], dtype=np.float32)

    assert predictions(SERVER / "models" / "v1.onnx", images).tolist() == [known for _, _, known in rows]
