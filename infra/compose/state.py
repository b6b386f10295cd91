"""What is written down of a deployment, so that any process can find it again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.errors import SystemRefused
from infra.home import home

RECORD = "compose.state.json"
FILE = "compose.json"


@dataclass(frozen=True)
class Part:
    """One service: its published ports (inside -> on this machine), readiness URL, and what it depends on."""

    name: str
    published: dict[int, int]
    ready: str | None
    depends_on: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """One deployment. `id` tells it from others of that name; `owner` and `starter` are identities (see
    `infra.common.owner`); `started` once it was ready."""

    name: str
    id: str
    owner: str
    starter: str
    started: bool
    parts: tuple[Part, ...]

    @property
    def ports(self) -> frozenset[int]:
        """All ports of this machine that it has reserved."""
        return frozenset(port for part in self.parts for port in part.published.values())


def folder(name: str) -> Path:
    """The state folder of a deployment."""
    return home() / "deployments" / name


def claim(name: str) -> Path:
    """Make the state folder; nobody else can have it afterwards.

    Raises:
        SystemRefused: there is a deployment of that name.
    """
    path = folder(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        raise SystemRefused(f"there is a deployment {name!r} already: stop or clear it first") from None
    return path


def write(record: Record) -> None:
    """Keep a record, replacing the one before in one step."""
    target = folder(record.name) / RECORD
    draft = target.with_suffix(".new")
    draft.write_text(json.dumps(asdict(record), indent=1), "utf-8")
    os.replace(draft, target)


def read(name: str) -> Record | None:
    """The record of a deployment of this runtime, or None if there is none (any more)."""
    try:
        raw = json.loads((folder(name) / RECORD).read_text("utf-8"))
        parts = tuple(_part(part) for part in raw.pop("parts"))
        return Record(**raw, parts=parts)
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None


def records() -> Iterator[Record]:
    """All records of this runtime in this home."""
    for path in sorted(folder("x").parent.glob(f"*/{RECORD}")):
        record = read(path.parent.name)
        if record is not None:
            yield record


def reserved_ports() -> set[int]:
    """Ports of this machine that belong to deployments, whether their services run now or not."""
    return {port for record in records() for port in record.ports}


def forget(name: str) -> None:
    """Remove the state folder, unless another runtime made it."""
    path = folder(name)
    if (path / RECORD).exists() or not any(path.glob("*")):
        shutil.rmtree(path, ignore_errors=True)


def _part(raw: dict[str, object]) -> Part:
    published = raw["published"]
    depends_on = raw["depends_on"]
    assert isinstance(published, dict) and isinstance(depends_on, list)
    ready = raw["ready"]
    return Part(
        name=str(raw["name"]),
        published={int(inside): int(outside) for inside, outside in published.items()},
        ready=None if ready is None else str(ready),
        depends_on=tuple(str(name) for name in depends_on),
    )
