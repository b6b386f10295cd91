"""What is written down of what runs in a cluster, so that any process can find it again. Files are private: they hold
the tokens of our supervisors."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.errors import SystemRefused
from infra.home import home

FILE = "record.json"


@dataclass(frozen=True)
class Port:
    """A port of a pod (its name in the cluster), and the loopback port of this machine that leads to it."""

    pod: str
    inside: int
    outside: int


@dataclass(frozen=True)
class Part:
    """One service: its published ports, the port of its supervisor and, if its code may change, of its courier.

    Attributes:
        mounts: name in the archive, path on this machine.
        address: of its Service in the cluster, if it has ports; ports are those.
        birth: the number its supervisor drew, once it was seen.
    """

    name: str
    published: tuple[Port, ...]
    ready: str | None
    depends_on: tuple[str, ...]
    networks: tuple[str, ...]
    ports: tuple[int, ...]
    control: Port
    token: str
    courier: Port | None
    mounts: tuple[tuple[str, str], ...]
    address: str = ""
    birth: str = ""


@dataclass(frozen=True)
class Record:
    """One deployment, or one post (then `parts` is empty and `agent` its port).

    Attributes:
        id: tells it from others of that name.
        owner, starter: identities (see `infra.common.owner`).
        started: it was ready once.
        open_root: where a candidate's files are, empty for none.
        pods: address in the cluster, by pod; filled in once they have one.
    """

    name: str
    id: str
    context: str
    namespace: str
    owner: str
    starter: str
    started: bool = False
    open_root: str = ""
    courier_token: str = ""
    parts: tuple[Part, ...] = ()
    agent: Port | None = None
    pods: Mapping[str, str] = field(default_factory=dict)

    @property
    def forwards(self) -> tuple[Port, ...]:
        """Every port that leads into the cluster."""
        found = [port for part in self.parts for port in (*part.published, part.control)]
        found += [part.courier for part in self.parts if part.courier is not None]
        return tuple(dict.fromkeys([*found, *([self.agent] if self.agent else [])]))

    def with_parts(self, change: Mapping[str, Mapping[str, Any]]) -> Record:
        """The same, with these fields of these parts replaced."""
        return replace(self, parts=tuple(replace(part, **change.get(part.name, {})) for part in self.parts))

    def led_from(self, ports: Sequence[int]) -> Record:
        """The same, led to from these ports of this machine, in the order of `forwards`."""
        new = dict(zip(self.forwards, ports, strict=True))

        def moved(port: Port) -> Port:
            return replace(port, outside=new[port])

        parts = tuple(
            replace(
                part,
                published=tuple(moved(port) for port in part.published),
                control=moved(part.control),
                courier=moved(part.courier) if part.courier else None,
            )
            for part in self.parts
        )
        return replace(self, parts=parts, agent=moved(self.agent) if self.agent else None)


def root() -> Path:
    """The folder of all records of this checkout."""
    return home() / "k8s"


def folder(name: str) -> Path:
    """The state folder of a deployment."""
    return root() / name


def claim(name: str) -> None:
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


def write(record: Record) -> None:
    """Keep a record, replacing the one before in one step. Nothing is kept of one whose folder is gone."""
    target = folder(record.name) / FILE
    draft = target.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(record), indent=1), "utf-8")
    os.replace(draft, target)


def read(name: str) -> Record | None:
    """The record of that name, or None if there is none (any more)."""
    try:
        return parse(json.loads((folder(name) / FILE).read_text("utf-8")))
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None


def records() -> Iterator[Record]:
    """All records of this home."""
    for path in sorted(root().glob(f"*/{FILE}")):
        record = read(path.parent.name)
        if record is not None:
            yield record


def reserved_ports() -> set[int]:
    """Ports of this machine that belong to some record."""
    return {port.outside for record in records() for port in record.forwards}


def forget(name: str) -> None:
    """Remove the state folder."""
    shutil.rmtree(folder(name), ignore_errors=True)


def parse(raw: dict[str, Any]) -> Record:
    """A record from what `write` wrote."""
    parts = tuple(_part(part) for part in raw.pop("parts"))
    agent = raw.pop("agent")
    return Record(**raw, parts=parts, agent=Port(**agent) if agent else None)


def _part(raw: dict[str, Any]) -> Part:
    courier = raw.pop("courier")
    return Part(
        **{
            **raw,
            "published": tuple(Port(**port) for port in raw["published"]),
            "control": Port(**raw["control"]),
            "courier": Port(**courier) if courier else None,
            "depends_on": tuple(raw["depends_on"]),
            "networks": tuple(raw["networks"]),
            "ports": tuple(raw["ports"]),
            "mounts": tuple((str(name), str(path)) for name, path in raw["mounts"]),
        }
    )
