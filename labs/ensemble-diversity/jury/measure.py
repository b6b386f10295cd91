"""How often each reader is right on the clean labels that we know, as the vendors' papers have it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from readers import URLS, Failed, Reader


def known() -> list[dict[str, Any]]:
    """Labels with their digit: clean, edged (the new printer), and smudged ones, which have none."""
    labels: list[dict[str, Any]] = json.loads(Path(os.environ["LABELS"]).read_text("utf-8"))
    return labels


async def report() -> str:
    """A line for each reader on contract."""
    labels = [label for label in known() if label["kind"] == "clean"]
    pictures = [list(bytes.fromhex(label["pixels"])) for label in labels]
    lines = []
    for name in URLS:
        try:
            votes = await Reader(name).read_all(pictures)
        except Failed as error:
            lines.append(str(error))
            continue
        right = sum(vote.digit == label["digit"] for vote, label in zip(votes, labels, strict=True))
        lines.append(f"{name:8} right on {right} of {len(labels)}")
    return "\n".join(lines) + "\n"
