"""A lab whose system a workshop runs for the participant: pointed at, attended with traffic and sync, and let go.

The system itself is the workshop's: nothing here makes or removes one.
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.classroom.desk import joined
from grader.classroom.desk import kit as kits
from grader.classroom.desk.kit import CONTEXT, Kit
from grader.course import catalog, systems
from grader.practice import background, rig, workspace
from grader.practice.rig import Started
from infra import own
from infra.common import owner, ports
from infra.errors import PlatformBroken
from infra.k8s import state as records
from infra.k8s.pods import Pod, mounted
from infra.k8s.state import Record
from infra.runtime import Deployment

if TYPE_CHECKING:
    from grader.course.spec import Lab

LOCK_S = 10.0


def point(kit: Kit, lab_id: str) -> None:
    """Have the workspace's state, and a record of this home with ports of this machine, lead to the system.

    Raises:
        PlatformBroken: there are no free ports.
    """
    theirs = kits.record(kit, lab_id)
    records.forget(theirs.name)
    records.claim(theirs.name)
    free = ports.free_ports(len(theirs.forwards), records.reserved_ports())
    try:
        records.write(_mine(theirs.led_from(free), lab_id))
    finally:
        ports.give_back(free)
    workspace.update(lab_id, deployment=theirs.name, runtime="k8s", boot=workspace.boot_id())


def start(lab: Lab) -> Started:
    """Attend a lab: its system is reached from here, with traffic, and saved files are brought to it from now on.

    Raises:
        BadInput: this checkout has no kit, or another command is at the lab.
        KitRefused: the cluster does not take the kit any more.
        PlatformBroken: the cluster is away, or the system does not answer.
    """
    kit = joined.require()
    with workspace.lock(lab.id, LOCK_S):
        state = workspace.load(lab.id)
        deployment = rig.attached(lab.id)
        if deployment is None:  # stopped before, or started before this machine was
            for one in (state.traffic, state.sync):
                background.end(one)
            point(kit, lab.id)
            deployment = rig.require(lab.id)
        _prove(kit, lab.id, deployment)
        rig.keep_traffic(lab, deployment)
        if background.runs(state.sync):
            return Started(deployment, anew=False)
        _keep_sync(lab.id)
        return Started(deployment, anew=True)


def stop(lab_id: str) -> bool:
    """End traffic and sync, and let go of the system, which goes on. Returns whether anything ran here.

    Raises:
        BadInput: another command is at the lab.
    """
    synced = background.end(workspace.load(lab_id).sync)  # first: on a way that hangs it holds the lock
    with workspace.lock(lab_id, LOCK_S):
        state = workspace.load(lab_id)
        ended = [synced, rig.end_traffic(lab_id), background.end(state.sync)]
        if state.deployment:
            records.forget(state.deployment)
        workspace.save(lab_id, replace(state, deployment="", runtime="", boot="", traffic=None, sync=None))
        shutil.rmtree(rig.traffic_folder(lab_id), ignore_errors=True)
        return any(ended) or workspace.running(state)


def release(lab_id: str) -> None:
    """The same for a lab that a workshop, known or forgotten, runs or ran; others are left alone."""
    state = workspace.load(lab_id)
    record = records.read(state.deployment) if state.deployment else None
    if state.sync or (record is not None and record.context == CONTEXT):
        stop(lab_id)
    shutil.rmtree(sync_folder(lab_id), ignore_errors=True)


def syncs(lab_id: str) -> bool:
    """Whether saved files are being brought to the system."""
    return background.runs(workspace.load(lab_id).sync)


def sync_folder(lab_id: str) -> Path:
    """What the sync tells: `log` for people, `status.json`, and `errors`, its stderr."""
    return catalog.root() / ".brownout" / "sync" / lab_id


def sync_log(lab_id: str) -> Path:
    """Where the sync says what it did and what went wrong."""
    return sync_folder(lab_id) / "log"


def sync_status(lab_id: str) -> dict[str, Any]:
    """What the sync last did: `brought` (local time), `trouble` (a sentence, empty for none) and `told` (UTC)."""
    try:
        found = json.loads((sync_folder(lab_id) / "status.json").read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _mine(record: Record, lab_id: str) -> Record:
    """A record whose files are those of this checkout, and which no process of this machine owns."""
    work, system = workspace.folder(lab_id), systems.system(catalog.find_lab(lab_id))
    mounts = {
        name: tuple((inside, str(path.absolute())) for inside, path in mounted(system, Pod((service,)), work))
        for name, service in system.services.items()
    }
    return replace(
        record.with_parts({name: {"mounts": found} for name, found in mounts.items()}),
        id=secrets.token_hex(4),
        context=CONTEXT,
        owner=owner.NOBODY,
        starter=owner.NOBODY,
        started=True,
        open_root=str(work),
    )


def _prove(kit: Kit, lab_id: str, deployment: Deployment) -> None:
    """Ask every part of the system once; where one does not answer, say whether that is the kit's doing."""
    try:
        for service in deployment.services():
            deployment.status(service)
    except PlatformBroken as error:
        from grader.classroom.cluster import store

        with joined.talking():
            store.desk(CONTEXT, kit.namespace, lab_id)
        raise PlatformBroken(f"the system that runs for you does not answer ({error}): ask your teacher") from error


def _keep_sync(lab_id: str) -> None:
    folder = sync_folder(lab_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "status.json").unlink(missing_ok=True)
    command = own.command("grader.classroom.desk.sync", lab_id)
    if one := background.begin(command, folder / "errors"):
        workspace.update(lab_id, sync=one)
