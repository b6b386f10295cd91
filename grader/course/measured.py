"""What a lab's pods were measured to use, and what an exam takes beside them.

`python -m benchmarks.room LAB --write` writes it, beside the lab's exam.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.course import catalog
from grader.errors import BadInput

FILE = "room.json"

CONTAINER_BYTES = 12 << 20
"""Memory of our own processes in a container, and of what the node runs for it, beside the lab's processes."""

POST_BYTES = 200 << 20
"""What the load of an exam takes at its post."""

GRADER_BYTES = 256 << 20
"""What the process that holds an exam takes."""


@dataclass(frozen=True)
class Measured:
    """Attributes:
    pods: the most memory that the processes of each pod used under the exam's highest rate, bytes.
    cores: processors that all of them used together, under the gentle traffic of practice.
    made_by: the command, the machine and the commit.
    """

    pods: Mapping[str, int]
    cores: float
    made_by: str


def path(lab_id: str) -> Path:
    """Where it is kept."""
    return catalog.root() / "scenarios" / lab_id / FILE


def read(lab_id: str) -> Measured | None:
    """What was measured, or None.

    Raises:
        BadInput: the file is damaged.
    """
    try:
        return Measured(**json.loads(path(lab_id).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{path(lab_id)} is damaged: measure again with `python -m benchmarks.room {lab_id}`") from error


def write(lab_id: str, found: Measured) -> None:
    """Keep it."""
    path(lab_id).write_text(json.dumps(asdict(found), indent=1) + "\n", "utf-8")
