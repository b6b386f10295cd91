"""What the commands of `lab workshop` do and say."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from grader.classroom.cluster import store
from grader.classroom.cluster.model import Snapshot
from grader.classroom.cluster.names import teacher_namespace
from grader.classroom.examiner import notice
from grader.classroom.examiner.notice import Notice
from grader.classroom.paper import pages, tables
from grader.classroom.paper.export import export
from grader.classroom.planning import plan
from grader.classroom.planning import size as sizing
from grader.classroom.planning.room import Pod
from grader.classroom.planning.size import Need, Size
from grader.classroom.teacher import access, checks, removing
from grader.classroom.teacher import create as making
from grader.classroom.teacher.create import Made, Outcome
from grader.classroom.teacher.equip import SLACK
from grader.cli.console import FAIL, OK, asked, next_step, note, plain, say, stop_with, table
from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace
from infra.errors import InfraError
from infra.k8s import cluster

MIB = 1 << 20
SILENT_S = 6 * notice.EVERY_S
REMEDIES = {
    "pods": "a node takes no more pods: raise the kubelet's maxPods (infra/k8s/kind.yaml does), or add a node",
    "memory": "there is too little memory: add a node, choose fewer labs, or make two workshops",
    "cpu": "there is too little processor left: add a node, or choose fewer labs",
    "nodes": "no node can be used",
}
SCARCE = {"pods": "room for pods", "memory": "memory", "cpu": "processor", "nodes": "of everything"}
BOUNDS = {"pods": "the node takes no more pods", "memory": "memory runs out", "cpu": "processors run out"}
NODES = ((4, 8), (8, 16), (16, 32), (32, 64))
"""Processors and GiB of nodes that a workshop is reckoned with where no cluster is named."""


def create(file: Path, anyway: bool) -> None:
    """Check everything, then make what is missing; exit 1 if somebody is not ready."""
    wanted = plan.load(file)
    context = cluster.context()
    with cluster.talking(f"looking for the workshop {wanted.workshop}"):
        checks.name_is_free(context, wanted.workshop)
    checks.cluster_is_fit(context, wanted)
    found = sizing.size(context, wanted)
    if not found.fits and not anyway:
        _show_size(found)
        raise BadInput(f"{_verdict(found)}; `--anyway` tries it all the same")
    _warn_of_address(access.server(context, wanted.server))
    began = time.monotonic()
    try:
        made = making.create(context, wanted, note)
    except BaseException:
        note(f"What is made already stays. `lab workshop create {file}` goes on;")
        note(f"`lab workshop stop {wanted.workshop} --no-export` removes it.")
        raise
    _conclude(wanted.workshop, made, time.monotonic() - began, f"lab workshop create {file}")


def resume(workshop: str, hours: float | None) -> None:
    """Take a workshop up here; exit 1 if somebody is not ready."""
    context = cluster.context()
    began = time.monotonic()
    made = making.resume(context, workshop, hours, note)
    _conclude(workshop, made, time.monotonic() - began, f"lab workshop resume {workshop}")


def _conclude(workshop: str, made: Made, seconds: float, again: str) -> None:
    missing = [one for one in made.outcomes if one.problem]
    ready = [one for one in made.outcomes if not one.problem]
    print()
    count = f"{len(ready)} of {len(made.outcomes)} participants are ready after {seconds:.0f} s"
    say(f"{count}; it ends {pages.when(made.ends)}.")
    _show_kits(workshop, [one for one in ready if one.renewed])
    _warn_of_short_tokens(workshop, made, [one.access_ends for one in ready])
    for one in missing:
        say(f"{one.person.id} is not ready: {plain(one.problem)}")
    if missing:
        next_step(again, "tries again with those; the others stay as they are")
        stop_with(FAIL)
    next_step(f"lab workshop status {workshop}", "shows who is where")


def _show_kits(workshop: str, new: list[Outcome]) -> None:
    if new:
        print()
        say(f"Give out {making.folder(workshop) / 'course.tar.gz'} to all, and to each of these their new kit:")
        table(("participant", "nickname", "kit"), [(o.person.id, o.person.nickname, str(o.kit)) for o in new])
        print()


def _warn_of_short_tokens(workshop: str, made: Made, expiries: list[str]) -> None:
    first = min(expiries, default=made.ends)
    if plan.parse_time(first) + SLACK < plan.parse_time(made.ends):
        say(f"The cluster gives no token for so long: the first expires {pages.when(first)}.")
        say(f"`lab workshop resume {workshop}` makes new ones.")


def _warn_of_address(server: access.Server) -> None:
    if server.only_here:
        note(f"Participants on other machines cannot reach {server.url}:")
        note("say `server:` in the file, with an address that they reach (docs/workshop.md).")


def size(file: Path) -> None:
    """Whether everybody fits; exit 1 if not. Where no cluster is named, into which node they would."""
    wanted = plan.load(file)
    if not os.environ.get(cluster.CONTEXT):
        _size_of_nodes(file, wanted)
        return
    found = sizing.size(cluster.context(), wanted)
    _show_size(found)
    print()
    say(_verdict(found) + ".")
    if found.fits:
        next_step(f"lab workshop create {file}", "makes it")
        return
    stop_with(FAIL)


def _size_of_nodes(file: Path, wanted: plan.Plan) -> None:
    found = [sizing.on_a_node(wanted, cores, gib << 30) for cores, gib in NODES]
    _show_needs(found[0])
    print()
    table(
        ("one node with", f"{len(wanted.people)} participants and {_exams(found[0])} at once"),
        [(one.nodes[0].name, f"fit; {_most(one)}" if one.fits else _misfit(one)) for one in found],
    )
    print()
    next_step(f"lab workshop size {file}", f"with {cluster.CONTEXT} set: looks at what a cluster has left")


def _misfit(found: Size) -> str:
    short = f"{found.fit.participants} participants" if found.fit.exams else "not even the exams"
    return f"do not fit, {short} do: too little {SCARCE[found.fit.lack]}"


def _most(found: Size) -> str:
    """How many would fit, and what bounds that."""
    bound = f", then {BOUNDS[found.fit.bound]}" if found.fit.bound in BOUNDS else ""
    return f"{found.fit.most} would{bound}"


def _show_size(found: Size) -> None:
    _show_needs(found)
    print()
    table(
        ("", "pods", "memory", "processor asked for"),
        [(f"left on {node.name}", str(node.pods), _mb(node.memory), f"{node.cpu} m") for node in found.nodes],
    )
    for why in found.unused:
        say(f"Not counted: node {why}.")
    used = [one.cores for one in found.needs if one.cores is not None]
    if used:
        cores = found.wanted * sum(used)
        say(f"In practice {found.wanted} participants use about {cores:.1f} of {found.cores:g} cores, besides exams.")


def _show_needs(found: Size) -> None:
    rows = [
        (
            one.lab,
            str(len(one.pods)),
            _mb(one.memory),
            _mb(one.limits),
            _cores(one.cores),
            _source(one),
        )
        for one in found.needs
    ]
    table(("lab", "pods", "memory", "at most", "cores", "memory is from"), rows)
    print()
    table(
        ("", "pods", "memory", "processor asked for"),
        [
            ("a participant", *_sum([pod for one in found.needs for pod in one.pods])),
            ("one exam of the largest", *_sum(found.exam)),
        ],
    )
    for one in found.needs:
        if not one.known:
            say(f"{one.lab} was not measured: `python -m benchmarks.room {one.lab} --write` does it.")


def _source(one: Need) -> str:
    return "measured" if one.known else "limits"


def _verdict(found: Size) -> str:
    exams, fit = _exams(found), found.fit
    if found.fits:
        return f"{found.wanted} participants and {exams} at once fit; {_most(found)}"
    if not fit.exams:
        return f"{exams} at once do not fit: {REMEDIES[fit.lack]}"
    return f"{found.wanted} participants and {exams} at once do not fit, {fit.participants} do: {REMEDIES[fit.lack]}"


def _exams(found: Size) -> str:
    return "1 exam" if found.exams == 1 else f"{found.exams} exams"


def _sum(pods: list[Pod] | tuple[Pod, ...]) -> tuple[str, str, str]:
    return str(len(pods)), _mb(sum(pod.memory for pod in pods)), f"{sum(pod.cpu for pod in pods)} m"


def _mb(amount: int) -> str:
    return f"{amount / MIB:.0f} MiB"


def _cores(amount: float | None) -> str:
    return "-" if amount is None else f"{amount:.2f}"


def status(workshop: str) -> None:
    """Print where everybody is."""
    context = cluster.context()
    _, _, ends = making.find(context, workshop)
    found = store.snapshot(context, workshop)
    table(("participant", "lab", "started", "saved", "hints", "submitted", "last verdict"), list(_rows(found)))
    print()
    say(f"{_examiner(notice.read(context, workshop), workshop)} It ends {pages.when(ends)}.")
    next_step(f"lab workshop stop {workshop}", "exports everything, and removes it")


def _examiner(said: Notice | None, workshop: str) -> str:
    """What the examiner says of itself, or that it has not for too long."""
    look = f"see `kubectl -n {teacher_namespace(workshop)} get pods`; `lab workshop resume {workshop}` mends it"
    if said is None:
        return f"The examiner has not begun yet: {look}."
    silent = time.time() - plan.parse_time(said.seen).timestamp()
    if silent > SILENT_S:
        return f"The examiner has said nothing for {silent / 60:.0f} min: {look}."
    held = f", and none begins now ({plain(said.held)})" if said.held else ""
    return f"{said.waiting} submissions wait, {said.running} are examined, at most {said.at_once} at once{held}."


def _rows(found: Snapshot) -> list[tuple[str, ...]]:
    return [
        (
            person.id,
            desk.lab,
            _ago(desk.started),
            _ago(desk.saved),
            str(len(desk.hints)),
            str(len(mine)),
            tables.last_verdict(mine) or "-",
        )
        for person, desk, mine in tables.desks(found)
    ]


def _ago(moment: str) -> str:
    """How long ago a participant's `lab` said that it was; what is no time is not shown."""
    try:
        seconds = time.time() - plan.parse_time(moment).timestamp()
    except ValueError:
        return "-"
    return f"{max(0, seconds) / 60:.0f} min"


def stop(workshop: str, into: Path | None, *, no_export: bool, keep_kinds: bool, yes: bool) -> None:
    """Export, then remove. What cannot be exported is not removed."""
    context = cluster.context()
    _require(context, workshop)
    target = into or catalog.root() / "results" / f"workshop-{workshop}-{time.strftime('%Y%m%d-%H%M%S')}"
    kits = making.folder(workshop)
    if not no_export and (target.absolute() == kits or kits in target.absolute().parents):
        raise BadInput(f"{target} lies in {kits}, which is removed: export to another folder")
    if not yes and not _sure(workshop, None if no_export else target):
        say("Nothing was changed.")
        stop_with(OK)
    with workspace.lock(f"workshop-{workshop}"):
        if not no_export:
            _export(context, workshop, target)
        note(f"removing {workshop} ...")
        removing.remove(context, workshop, kits, note, keep_kinds=keep_kinds)
    say(f"The workshop {workshop} is removed from the cluster, and its kits from this machine.")
    if no_export:
        next_step("lab doctor", "looks whether anything is left")
    else:
        next_step(f"ls {target}", "work, verdicts, timings and certificates")


def _require(context: str, workshop: str) -> None:
    """There is something to stop: even if only parts are left."""
    parts = removing.parts(context, workshop)
    if not parts and not making.folder(workshop).exists():
        there = ", ".join(store.workshops(context)) or "none"
        raise BadInput(f"there is no workshop {workshop!r} in the cluster of context {context}; there are: {there}")


def _sure(workshop: str, target: Path | None) -> bool:
    if not sys.stdin.isatty():
        raise BadInput("stop asks first, and there is no terminal to ask on; say --yes if you are sure")
    kept = f"after exporting it to {target}" if target else "WITHOUT keeping anything"
    return asked(f"Remove the workshop {workshop}, {kept}? [y/N] ")


def _export(context: str, workshop: str, target: Path) -> None:
    try:
        found = export(context, workshop, target, note)
    except (BadInput, InfraError):
        note("The export failed, so nothing was removed;")
        note(f"`lab workshop stop {workshop} --no-export` removes it all the same.")
        raise
    passed = {(one.namespace, one.lab) for one in found.submissions if one.verdict == "pass"}
    people, work = len(found.participants), len(found.submissions)
    say(f"Exported to {target}: {people} participants, {work} submissions, {len(passed)} labs passed.")
