"""What a package has in it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import pickle
from typing import Any


class Package:
    """The files of a package, read."""

    def __init__(self, sent: dict[str, Any]) -> None:
        self.id: str = sent["id"]
        self.files = {file["path"]: data(file) for file in sent["files"]}
        self.manifest = self.json("manifest.json")
        self.card = self.json("card.json")
        self.model = self.json("model.json")
        self.signatures = self.json("signatures.json")
        self.rows = self.table("holdout.csv")
        self.scores = [float(row["score"]) for row in self.table("scores.csv")]
        self.kind = self.model.get("kind")
        if "model.pkl" in self.files:
            self.kind = type(pickle.loads(self.files["model.pkl"])).__name__

    def json(self, path: str) -> dict[str, Any]:
        """A JSON file; empty if it is not there."""
        if path not in self.files:
            return {}
        found: dict[str, Any] = json.loads(self.files[path])
        return found

    def table(self, path: str) -> list[dict[str, str]]:
        """The rows of a CSV file; none if it is not there."""
        if path not in self.files:
            return []
        return list(csv.DictReader(self.files[path].decode().splitlines()))

    def digests(self) -> dict[str, str]:
        """SHA-256 of each file."""
        return {path: hashlib.sha256(content).hexdigest() for path, content in self.files.items()}

    def bounds(self, policy: dict[str, dict[str, float]]) -> dict[str, float]:
        """The bounds of its portfolio."""
        return policy[self.manifest["portfolio"]]


def data(file: dict[str, str]) -> bytes:
    """The bytes of a file."""
    if "text" in file:
        return file["text"].encode()
    return base64.b64decode(file["base64"])
