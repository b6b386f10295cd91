"""A participant's kit: a folder with what lets their `lab` work at their desk.

`kubeconfig` (mode 600; its token ends with the workshop) and `kit.json`, as below. `lab workshop create` makes one a
person, `lab join FOLDER` takes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.errors import BadInput

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
