"""A checkout that joined a workshop: it keeps its kit in `kit/` of the state folder, and speaks to no other cluster.

Only the kit's own cluster is spoken to, as the participant; nothing of the user's environment is changed for others.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grader import catalog, workspace
from grader.errors import BadInput
from grader.workshop import kit as kits
from grader.workshop.kit import CONTEXT, KUBECONFIG, Kit
from infra.errors import PlatformBroken, SystemInvalid
from infra.home import home
from infra.k8s import cluster
from infra.k8s import state as records

REACH_S = 5.0
UNAUTHORIZED, FORBIDDEN = 401, 403
RUNS_CODE = {"exec", "auth-provider"}


class KitRefused(BadInput):
    """The cluster does not accept the kit's token, has no desk for it (any more), or takes no more submissions."""


def folder() -> Path:
    """Where the kit of this checkout is, there or not."""
    return home() / "kit"


def environment() -> None:
    """Make this process, and those that it starts, speak to the kit's cluster; nothing where there is no kit."""
    if joined():
        _environment(folder())


def joined() -> bool:
    """Whether this checkout joined a workshop."""
    return (folder() / kits.KIT).is_file()


def kit() -> Kit | None:
    """The kit of this checkout, if it joined.

    Raises:
        BadInput: it is damaged.
    """
    return _read(folder()) if joined() else None


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


def lends(lab_id: str) -> bool:
    """Whether the workshop runs this lab's system for the participant."""
    found = kit()
    return found is not None and lab_id in found.labs


def join(source: Path) -> Kit:
    """Check a kit, and keep it in place of the one before.

    Raises:
        BadInput: it is none, is damaged or ended, is for other labs than those here, or a lab of it runs here already.
        KitRefused: the cluster does not take it.
        PlatformBroken: the cluster is not reached.
    """
    from grader.workshop import lent

    found = kits.read(source)
    _check_config(source / KUBECONFIG)
    if kits.ended(found):
        raise KitRefused(f"the kit in {source} ended at {found.ends}: ask your teacher for a new one")
    _check_labs(found)
    _ask(found, source)
    config = (source / KUBECONFIG).read_text("utf-8")
    if joined():
        leave()
    _keep(found, config)
    for lab_id in found.labs:
        lent.point(found, lab_id)
    return found


def leave() -> None:
    """Forget the kit and all that points at its systems; ends what runs here for it. Edits stay.

    Raises:
        BadInput: another command is at one of the labs.
        PlatformBroken: the keeper of the ports does not end.
    """
    from grader.workshop import lent
    from infra.k8s import keeper

    for lab_id in catalog.lab_ids():
        lent.release(lab_id)
    for record in records.records():
        if record.context == CONTEXT:
            records.forget(record.name)
    keeper.end()
    shutil.rmtree(folder(), ignore_errors=True)
    _read.cache_clear()


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
def _read(where: Path) -> Kit:
    return kits.read(where)


def _environment(where: Path) -> None:
    os.environ["KUBECONFIG"] = str(where / KUBECONFIG)
    os.environ[cluster.CONTEXT] = CONTEXT


def _check_config(path: Path) -> None:
    """Whether it is a kubeconfig of a kit: one context, a token, and nothing that would run a program."""
    import yaml

    try:
        config = yaml.safe_load(path.read_text("utf-8"))
        server = _named(config["clusters"], _context(config)["cluster"])["cluster"]["server"]
        user = _named(config["users"], _context(config)["user"])["user"]
        sound = isinstance(server, str) and bool(urlsplit(server).hostname) and isinstance(user["token"], str)
    except FileNotFoundError:
        raise BadInput(f"{path.parent} is no whole kit of a workshop: {KUBECONFIG} is missing") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, StopIteration, yaml.YAMLError) as error:
        raise BadInput(f"{path} is damaged: ask your teacher for a new kit ({type(error).__name__})") from error
    if not sound or RUNS_CODE & set(user):
        raise BadInput(
            f"{path} is not that of a kit, which has a server and a token and runs nothing: ask your teacher"
        )


def _context(config: Any) -> dict[str, str]:
    found: dict[str, str] = _named(config["contexts"], CONTEXT)["context"]
    return found


def _named(entries: Any, name: str) -> Any:
    return next(entry for entry in entries if entry["name"] == name)


def _check_labs(found: Kit) -> None:
    """Whether the kit's labs are those of this checkout, and none of them runs here by itself."""
    for record in records.records():
        if record.context != CONTEXT:
            raise BadInput(f"{record.name} runs here in a cluster of yours: stop it, or join in another checkout")
    for lab_id in found.labs:
        _check_lab(found, lab_id)
        state = workspace.load(lab_id)
        if workspace.running(state) and records.read(state.deployment) is None:
            raise BadInput(f"{lab_id} runs here on {state.runtime}: `lab stop {lab_id}` first, then join again")


def _check_lab(found: Kit, lab_id: str) -> None:
    from grader.practice import system

    other = f"use the checkout that your teacher gave out for the workshop {found.workshop}"
    if lab_id not in catalog.lab_ids():
        raise BadInput(f"the kit is for the lab {lab_id}, which is not in this checkout: {other}")
    try:
        services = set(system(catalog.find_lab(lab_id)).services)
    except SystemInvalid as error:
        raise BadInput(f"the lab {lab_id} of this checkout cannot be read ({error}): {other}") from error
    if services != {part.name for part in kits.record(found, lab_id).parts}:
        raise BadInput(f"the lab {lab_id} of this checkout is another version than the one that runs for you: {other}")


def _ask(found: Kit, source: Path) -> None:
    """Ask the cluster for the participant's desks, as the kit says."""
    before = {name: os.environ.get(name) for name in ("KUBECONFIG", cluster.CONTEXT)}
    _environment(source.absolute())
    try:
        _reach()
        from grader.workshop import store

        with talking():
            for lab_id in found.labs:
                store.desk(CONTEXT, found.namespace, lab_id)
    except BaseException:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        raise


def _reach() -> None:
    """Whether something listens where the cluster should be; said sooner than by the client, which tries again."""
    where = cluster.api(CONTEXT).configuration
    parts = urlsplit(where.host)
    if where.proxy:
        return
    try:
        socket.create_connection((parts.hostname or "", parts.port or 443), REACH_S).close()
    except OSError as error:
        raise PlatformBroken(
            f"the cluster of the kit, {where.host}, is not reached from here ({error.strerror or error}): "
            "check your network, or ask your teacher"
        ) from error


def _keep(found: Kit, config: str) -> None:
    """Copy the kit, whole or not at all."""
    draft = folder().with_name("kit.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        kits.write(draft, found, config)
        draft.chmod(0o700)
        draft.replace(folder())
    except OSError as error:
        raise BadInput(f"{folder()} cannot be written: {error.strerror}") from error
    _read.cache_clear()
    _environment(folder())
