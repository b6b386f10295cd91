"""Train the three parcel readers and write what the lab ships: the ONNX files and the held-out parcels.

    python labs/cast/model-server/recipe/train.py [FOLDER]

Needs scikit-learn and skl2onnx (`pip install brownout[recipe]`). The data is scikit-learn's copy of the UCI handwritten
digits: 1797 images of 8x8 pixels, ink 0 to 16. Half of it, stratified, is held out; only that half is sent as traffic.

Three readers come out, each a real model and none of them tampered with afterwards:

- `v1`: logistic regression.
- `v2`: a small neural network, better than v1.
- `v2-wrong`: the same network after a real mistake: the training crop started one pixel row higher than the camera's,
  and its validation set had been cut with the same crop, so the training report looked as good as v2's.
"""

from __future__ import annotations

import gzip
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from skl2onnx import to_onnx
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler

SEED = 7
INK = 16.0


def one_row_lower(images: np.ndarray) -> np.ndarray:
    """The same 8x8 images as a crop that starts one pixel row too high would show them."""
    moved = np.zeros_like(images).reshape(-1, 8, 8)
    moved[:, 1:, :] = images.reshape(-1, 8, 8)[:, :-1, :]
    return moved.reshape(-1, 64)


def scaled(model: Any) -> Pipeline:
    """A model that takes raw ink and scales it to 0..1 itself."""
    scaler = MinMaxScaler().fit(np.array([[0.0] * 64, [INK] * 64], dtype=np.float32))
    return make_pipeline(scaler, model)


def fitted(model: Any, images: np.ndarray, digits: np.ndarray) -> Pipeline:
    """The pipeline around `model`, fitted to raw images; the scaler's range stays 0..16."""
    pipeline = scaled(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(pipeline[0].transform(images), digits)
    return pipeline


def network() -> MLPClassifier:
    """A new, unfitted network of v2's shape."""
    return MLPClassifier((48,), max_iter=400, random_state=SEED)


def write_model(pipeline: Pipeline, path: Path) -> None:
    """Write the ONNX file; its output `label` is the digit."""
    options = {id(pipeline.steps[-1][1]): {"zipmap": False}}
    graph = to_onnx(pipeline, np.zeros((1, 64), dtype=np.float32), options=options, target_opset=17)
    path.write_bytes(graph.SerializeToString())


def write_parcels(images: np.ndarray, digits: np.ndarray, known: np.ndarray, path: Path) -> None:
    """Write the held-out parcels: `[pixels as a hex string of two digits each, truth, v1's answer]` a parcel."""
    rows = [
        [bytes(image.astype(np.uint8)).hex(), int(digit), int(answer)]
        for image, digit, answer in zip(images, digits, known, strict=True)
    ]
    path.write_bytes(gzip.compress(json.dumps(rows, separators=(",", ":")).encode(), mtime=0))


def main(folder: Path) -> None:
    """Train, write everything into `folder`, and print accuracies on the held-out half."""
    data = load_digits()
    images = data.data.astype(np.float32)
    train, held_out, digits, truth = train_test_split(
        images, data.target, test_size=0.5, stratify=data.target, random_state=SEED
    )
    models = {
        "v1": fitted(LogisticRegression(max_iter=200), train, digits),
        "v2": fitted(network(), train, digits),
        "v2-wrong": fitted(network(), one_row_lower(train), digits),
    }
    for name, model in models.items():
        write_model(model, folder / f"{name}.onnx")
        print(f"{name:9} {np.mean(model.predict(held_out) == truth):.3f}")
    write_parcels(held_out, truth, models["v1"].predict(held_out), folder / "parcels.json.gz")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "models")
