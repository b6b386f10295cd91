"""What is remembered from night to night."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def read(name: str) -> dict[str, Any]:
    file = Path(os.environ["DATA_DIR"]) / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else {}


def write(name: str, what: dict[str, Any]) -> None:
    (Path(os.environ["DATA_DIR"]) / f"{name}.json").write_text(json.dumps(what))
