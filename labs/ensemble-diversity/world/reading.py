"""The readers at work: real models, each an ONNX file that recipes/ensemble-diversity makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from pictures import Pixels
from vendors import READERS

FOLDER = Path(__file__).with_name("onnx")


class Model:
    """64 values of ink, 0 to 16, to a digit."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def read(self, pictures: Sequence[Pixels]) -> list[int]:
        """The digit on each picture."""
        (labels,) = self._session.run(["label"], {"X": np.asarray(pictures, dtype=np.float32)})
        return [int(label) for label in labels]


def models() -> dict[str, Model]:
    """All of them, by name."""
    return {name: Model(FOLDER / f"{name}.onnx") for name in READERS}
