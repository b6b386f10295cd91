"""A checkout that joined a workshop: it keeps its kit in `kit/` of the state folder, and speaks to no other cluster.

Only the kit's own cluster is spoken to, as the participant; nothing of the user's environment is changed for others.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from grader.classroom.desk import kit as kits
from grader.classroom.desk.kit import CONTEXT, KUBECONFIG, Kit
from grader.errors import BadInput
from infra.errors import PlatformBroken
from infra.home import home
from infra.k8s import cluster

UNAUTHORIZED, FORBIDDEN = 401, 403


class KitRefused(BadInput):
    """The cluster does not accept the kit's token, has no desk for it (any more), or takes no more submissions."""


def folder() -> Path:
    """Where the kit of this checkout is, there or not."""
    return home() / "kit"


def environment() -> None:
    """Make this process, and those that it starts, speak to the kit's cluster; nothing where there is no kit."""
    if joined():
        speak_to(folder())


def joined() -> bool:
    """Whether this checkout joined a workshop."""
    return (folder() / kits.KIT).is_file()


def kit() -> Kit | None:
    """The kit of this checkout, if it joined.

    Raises:
        BadInput: it is damaged.
    """
    return read(folder()) if joined() else None


def require() -> Kit:
    """The kit of this checkout.

    Raises:
        BadInput: there is none, or it is damaged.
    """
    found = kit()
    if found is None:
        raise BadInput(
            "this checkout has not joined a workshop; `lab join FOLDER` does, with the kit from your teacher"
        )
    return found


@contextlib.contextmanager
def talking() -> Iterator[None]:
    """Say of a token that the cluster refuses what to do.

    Raises:
        KitRefused: it does.
    """
    try:
        yield
    except PlatformBroken as error:
        status = cluster.status_of(error.__cause__) if error.__cause__ else 0
        if "exceeded quota" in str(error):
            raise KitRefused(
                "the workshop takes no more of you: your teacher set how much, and can raise it"
            ) from error
        if status == UNAUTHORIZED:
            raise KitRefused(expired()) from error
        if status in (FORBIDDEN, cluster.GONE):
            raise KitRefused(
                "the workshop has no such desk for you (any more): ask your teacher whether it was stopped, or for a "
                f"new kit ({error})"
            ) from error
        raise


def expired() -> str:
    """A sentence about a token that the cluster no longer takes."""
    until = f" (it ended at {found.ends})" if (found := over()) else ""
    return f"the cluster no longer accepts your kit{until}: ask your teacher for a new one, and `lab join` its folder"


def over() -> Kit | None:
    """The kit of this checkout, if its token has expired."""
    found = None
    with contextlib.suppress(BadInput):
        found = kit()
    return found if found and kits.ended(found) else None


@cache
def read(where: Path) -> Kit:
    """The kit in a folder, read once; `read.cache_clear` has it read again."""
    return kits.read_whole(where)


def speak_to(where: Path) -> None:
    """Have this process speak to the cluster of the kit in a folder."""
    os.environ["KUBECONFIG"] = str(where / KUBECONFIG)
    os.environ[cluster.CONTEXT] = CONTEXT
