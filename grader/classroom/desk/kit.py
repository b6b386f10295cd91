"""A participant's kit: a folder with what lets their `lab` work at their desk.

`kubeconfig` (mode 600; its token ends with the workshop) and `kit.json`, as below. `lab workshop create` makes one a
person, `lab join FOLDER` takes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import BadInput
from infra.k8s.names import NAME
from infra.k8s.state import Record, parse

KUBECONFIG, KIT = "kubeconfig", "kit.json"
CONTEXT = "workshop"
"""The name of the only context of a kit's kubeconfig."""


@dataclass(frozen=True)
class Kit:
    """Attributes:
    workshop, participant, nickname: who this is for.
    namespace: of their desks.
    ends: when the token expires, ISO 8601 in UTC.
    labs: for each lab, the record of the system that runs for them (`infra.k8s.state.Record`, as plain data; its
        loopback ports are to be drawn anew where it is used).
    """

    workshop: str
    participant: str
    nickname: str
    namespace: str
    ends: str
    labs: Mapping[str, Mapping[str, Any]]


def write(folder: Path, kit: Kit, kubeconfig: str) -> None:
    """Write a kit; files of the owner alone.

    Raises:
        BadInput: the folder cannot be written.
    """
    for name, text in ((KUBECONFIG, kubeconfig), (KIT, json.dumps(asdict(kit), indent=1) + "\n")):
        keep(folder / name, text)


def keep(path: Path, text: str) -> None:
    """Write a file of the owner alone, in folders of the owner alone.

    Raises:
        BadInput: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(f"{path.parent}: the kit cannot be written ({error.strerror})") from error


def read(folder: Path) -> Kit:
    """Read a kit.

    Raises:
        BadInput: it is not there, or is damaged.
    """
    path = folder / KIT
    try:
        return Kit(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise BadInput(f"{folder} is no kit of a workshop: {KIT} is missing") from None
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{path} is damaged: ask your teacher for a new kit ({type(error).__name__})") from error


def read_whole(folder: Path) -> Kit:
    """Read a kit, and look at all that is in it: whoever gets one uses it as it came.

    Raises:
        BadInput: it is not there, or any of it is damaged.
    """
    kit = read(folder)
    try:
        _check(kit)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        path = folder / KIT
        raise BadInput(f"{path} is damaged: ask your teacher for a new kit ({type(error).__name__})") from error
    return kit


def ended(kit: Kit) -> bool:
    """Whether the kit's token has expired, by this machine's clock."""
    return datetime.fromisoformat(kit.ends) <= datetime.now(UTC)


def record(kit: Kit, lab_id: str) -> Record:
    """The record of the system that runs for a lab, as the teacher wrote it."""
    return parse(deepcopy(dict(kit.labs[lab_id])))


def _check(kit: Kit) -> None:
    """Raises what is raised by data of another shape."""
    if not all(isinstance(value, str) for name, value in vars(kit).items() if name != "labs"):
        raise TypeError("a field is no text")
    if datetime.fromisoformat(kit.ends).tzinfo is None:
        raise ValueError("the end has no time zone")
    for lab_id in kit.labs:
        found = record(kit, lab_id)
        if not found.parts or not NAME.fullmatch(found.name):
            raise ValueError(f"the record of {lab_id} is none")
