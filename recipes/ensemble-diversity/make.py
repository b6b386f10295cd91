"""Train the seven readers of the lab `ensemble-diversity`, and write them and the pictures that they have never seen.

    .venv/bin/python recipes/ensemble-diversity/make.py labs/ensemble-diversity

The data is scikit-learn's copy of the UCI handwritten digits, as in labs/cast/model-server. Half of it trains the
readers; of the other half 100 pictures are handed to candidates, and the rest is sent as traffic.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

SEED = 7
INK = 16.0
LABELS = 100
PROTOTYPES = 15  # of each digit
NETWORKS = {"aster": 11, "bellis": 12, "calla": 13, "dahlia": 14}  # one network, four seeds
OPSET = 17


def fitted(model: Any, images: np.ndarray, digits: np.ndarray) -> onnx.ModelProto:
    """A pipeline that takes raw ink; its output `label` is the digit."""
    scaler = MinMaxScaler().fit(np.array([[0.0] * 64, [INK] * 64], dtype=np.float32))
    pipeline = make_pipeline(scaler, model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(scaler.transform(images), digits)
    graph = to_onnx(
        pipeline, np.zeros((1, 64), dtype=np.float32), options={id(model): {"zipmap": False}}, target_opset=OPSET
    )
    imports = sorted(graph.opset_import, key=lambda one: str(one.domain))  # else in the order of a set
    del graph.opset_import[:]
    graph.opset_import.extend(imports)
    return graph


def nearest(images: np.ndarray, digits: np.ndarray) -> onnx.ModelProto:
    """The digit of the nearest of 150 prototypes: the largest of p.x - p.p / 2."""
    found = [
        KMeans(PROTOTYPES, n_init=4, random_state=digit).fit(images[digits == digit]).cluster_centers_
        for digit in range(10)
    ]
    points = np.vstack(found).astype(np.float32)
    constants = {
        "points": points.T.copy(),
        "half": (-(points**2).sum(axis=1) / 2).astype(np.float32),
        "digits": np.repeat(np.arange(10, dtype=np.int64), PROTOTYPES),
    }
    nodes = [
        helper.make_node("Gemm", ["X", "points", "half"], ["near"]),
        helper.make_node("ArgMax", ["near"], ["which"], axis=1, keepdims=0),
        helper.make_node("Gather", ["digits", "which"], ["label"]),
    ]
    graph = helper.make_graph(
        nodes, "nearest",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 64])],
        [helper.make_tensor_value_info("label", TensorProto.INT64, [None])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def hexed(image: np.ndarray) -> str:
    """64 pixels as two hexadecimal digits each."""
    return bytes(image.astype(np.uint8)).hex()


def labels(world: Path, images: np.ndarray, digits: np.ndarray) -> list[dict[str, Any]]:
    """Each picture clean and with a dark edge, and smudged, in the world's own manner."""
    sys.path.insert(0, str(world))
    from pictures import edged, smudge

    rng, rows = random.Random(SEED), []
    for image, digit in zip(images, digits, strict=True):
        pixels = [int(value) for value in image]
        rows.append({"kind": "clean", "digit": int(digit), "pixels": bytes(pixels).hex()})
        rows.append({"kind": "edged", "digit": int(digit), "pixels": bytes(edged(pixels, rng)).hex()})
        rows.append({"kind": "smudged", "digit": None, "pixels": bytes(smudge(pixels, rng)).hex()})
    return rows


def main(lab: Path) -> None:
    """Train, write, and print accuracies on what no reader has seen."""
    data = load_digits()
    images = data.data.astype(np.float32)
    train, held_out, digits, truth = train_test_split(
        images, data.target, test_size=0.5, stratify=data.target, random_state=SEED
    )
    readers = {name: fitted(MLPClassifier((48,), max_iter=400, random_state=seed), train, digits)
               for name, seed in NETWORKS.items()}  # fmt: skip
    readers["erica"] = nearest(train, digits)
    readers["freesia"] = fitted(ExtraTreesClassifier(20, max_depth=9, random_state=3), train, digits)
    readers["gentian"] = fitted(LogisticRegression(max_iter=300), train, digits)
    folder = lab / "world" / "onnx"
    folder.mkdir(parents=True, exist_ok=True)
    for name, graph in readers.items():
        (folder / f"{name}.onnx").write_bytes(graph.SerializeToString())
    rows = [[hexed(image), int(digit)] for image, digit in zip(held_out[LABELS:], truth[LABELS:], strict=True)]
    text = json.dumps(rows, separators=(",", ":")).encode()
    (lab / "world" / "pictures.json.gz").write_bytes(gzip.compress(text, mtime=0))
    known = labels(lab / "world", held_out[:LABELS], truth[:LABELS])
    lines = ",\n".join(json.dumps(row) for row in known)
    (lab / "labels" / "labels.json").write_text(f"[\n{lines}\n]\n", "utf-8")
    import onnxruntime

    for name in readers:
        session = onnxruntime.InferenceSession(str(folder / f"{name}.onnx"))
        print(f"{name:9} {np.mean(session.run(['label'], {'X': held_out})[0] == truth):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
