"""Joining a workshop with a kit, and leaving it."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from grader.classroom.cluster import store
from grader.classroom.desk import joined, lent
from grader.classroom.desk import kit as kits
from grader.classroom.desk.joined import KitRefused
from grader.classroom.desk.kit import CONTEXT, KUBECONFIG, Kit
from grader.course import catalog
from grader.course.systems import system
from grader.errors import BadInput
from grader.practice import workspace
from infra.errors import PlatformBroken, SystemInvalid
from infra.k8s import cluster, keeper
from infra.k8s import state as records

REACH_S = 5.0
RUNS_CODE = {"exec", "auth-provider"}


def join(source: Path) -> Kit:
    """Check a kit, and keep it in place of the one before.

    Raises:
        BadInput: it is none, is damaged or ended, is for other labs than those here, or a lab of it runs here already.
        KitRefused: the cluster does not take it.
        PlatformBroken: the cluster is not reached.
    """
    found = kits.read_whole(source)
    _check_config(source / KUBECONFIG)
    if kits.ended(found):
        raise KitRefused(f"the kit in {source} ended at {found.ends}: ask your teacher for a new one")
    _check_labs(found)
    _ask(found, source)
    draft = _draft(found, (source / KUBECONFIG).read_text("utf-8"))
    if joined.joined():
        leave()
    draft.replace(joined.folder())
    joined.read.cache_clear()
    joined.speak_to(joined.folder())
    for lab_id in found.labs:
        lent.point(found, lab_id)
    return found


def leave() -> None:
    """Forget the kit and all that points at its systems; ends what runs here for it. Edits stay.

    Raises:
        BadInput: another command is at one of the labs.
        PlatformBroken: the keeper of the ports does not end.
    """
    for lab_id in catalog.lab_ids():
        lent.release(lab_id)
    for record in records.records():
        if record.context == CONTEXT:
            records.forget(record.name)
    keeper.end()
    shutil.rmtree(joined.folder(), ignore_errors=True)
    joined.read.cache_clear()


def _check_config(path: Path) -> None:
    """Whether it is a kubeconfig of a kit: one context, a token, and nothing that would run a program."""
    import yaml

    try:
        config = yaml.safe_load(path.read_text("utf-8"))
        server = _named(config["clusters"], _context(config)["cluster"])["cluster"]["server"]
        user = _named(config["users"], _context(config)["user"])["user"]
        sound = isinstance(server, str) and bool(urlsplit(server).hostname) and isinstance(user["token"], str)
    except FileNotFoundError:
        raise BadInput(
            f"{path.parent} is not a complete kit of a workshop: {KUBECONFIG} is missing; ask your teacher for it again"
        ) from None
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
    joined.speak_to(source.absolute())
    try:
        _reach()
        with joined.talking():
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


def _draft(found: Kit, config: str) -> Path:
    """The folder of a copy of the kit, beside where it will be."""
    draft = joined.folder().with_name("kit.new")
    shutil.rmtree(draft, ignore_errors=True)
    kits.write(draft, found, config)
    draft.chmod(0o700)
    return draft
