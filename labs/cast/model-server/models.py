"""The readers of handwritten route digits, and the parcels whose digits are known."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import onnxruntime

PIXELS, INK = 64, 16


class Reader:
    """An ONNX model: 64 values of ink, 0 to 16, to a digit."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def read(self, pixels: list[float]) -> int:
        """The digit on one label."""
        (labels,) = self._session.run(["label"], {self._input: np.asarray([pixels], dtype=np.float32)})
        return int(labels[0])


def known_digits(path: Path) -> list[int]:
    """The true digit of each held-out parcel, by item number."""
    return [truth for _, truth, _ in json.loads(gzip.decompress(path.read_bytes()))]
