"""Making a workshop, going on with one that was broken off, and taking one up on another machine: all three complete
what is missing, so all may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.classroom.cluster import model, objects, store
from grader.classroom.cluster.names import teacher_namespace
from grader.classroom.planning.people import Person
from grader.classroom.planning.plan import TIME, Plan, from_json, parse_time
from grader.classroom.teacher import access, checks, course, desks, equip, examining, systems
from grader.classroom.teacher.access import Server
from grader.classroom.teacher.systems import Place
from grader.course import catalog
from grader.errors import BadInput, GraderError
from grader.practice import workspace
from infra.errors import InfraError
from infra.k8s import cluster

AT_ONCE = 4
"""Participants whose systems start side by side; more of them take as long, and each becomes ready later."""

ENOUGH = timedelta(minutes=10)
PLAN = "plan"
"""Key of the ConfigMap `workshop`, beside those of `store`."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """How it went for one participant.

    Attributes:
        kit: their folder.
        renewed: whether the kit is new, so that they have to be given it.
        problem: why they are not ready, or empty.
        access_ends: when their token expires, ISO 8601 in UTC.
    """

    person: Person
    kit: Path
    renewed: bool = False
    problem: str = ""
    access_ends: str = ""


@dataclass(frozen=True)
class Made:
    """What there is now."""

    outcomes: tuple[Outcome, ...]
    ends: str
    server: Server


def folder(workshop: str) -> Path:
    """Where kits and hand-outs are on this machine."""
    return catalog.root() / "workshops" / workshop


def create(context: str, plan: Plan, say: Say) -> Made:
    """Make a workshop, or go on making it. `checks` come first, by whoever calls.

    Raises:
        BadInput: another command is at it, the name is taken, or the file no longer fits the workshop that is there.
        PlatformBroken: the cluster is away, or refused.
    """
    with workspace.lock(f"workshop-{plan.workshop}"):
        with cluster.talking(f"looking for the workshop {plan.workshop}"):
            free = checks.name_is_free(context, plan.workshop)
            about = None if free else _about(context, plan.workshop)
        if about is not None:
            checks.continues(from_json(about[PLAN]), plan)
        began = about[store.BEGAN] if about else model.now()
        ends = plan.end(began)
        if about is not None and plan.hours is not None:
            ends = max(ends, about[store.ENDS])  # `resume` may have given more time
        return _complete(context, plan, began, ends, say)


def resume(context: str, workshop: str, hours: float | None, say: Say) -> Made:
    """Take a workshop up on this machine: records, kits and hand-outs come back, what is missing is completed, and it
    ends `hours` from now, if that is said.

    Raises:
        BadInput: there is none of that name, it has ended, or another command is at it.
        PlatformBroken: the cluster is away, or refused.
    """
    with workspace.lock(f"workshop-{workshop}"):
        plan, began, ends = find(context, workshop)
        if hours is not None:
            ends = (datetime.now(UTC) + timedelta(hours=hours)).strftime(TIME)
            plan = replace(plan, hours=None, ends=ends)
        if parse_time(ends) - datetime.now(UTC) < ENOUGH:
            raise BadInput(
                f"the workshop {workshop} ends, or ended, at {ends}: give it more time with --hours, or end it with "
                f"`lab workshop stop {workshop}`"
            )
        checks.cluster_is_fit(context, plan)
        return _complete(context, plan, began, ends, say)


def find(context: str, workshop: str) -> tuple[Plan, str, str]:
    """A workshop's plan, and when it began and ends.

    Raises:
        BadInput: there is none of that name; says which there are.
        PlatformBroken: the cluster is away.
    """
    with cluster.talking(f"looking for the workshop {workshop}"):
        about = _about(context, workshop)
    if about is None or PLAN not in about:
        there = ", ".join(store.workshops(context)) or "none"
        raise BadInput(f"there is no workshop {workshop!r} in the cluster of context {context}; there are: {there}")
    return from_json(about[PLAN]), about[store.BEGAN], about[store.ENDS]


def _about(context: str, workshop: str) -> dict[str, str] | None:
    found = objects.find(context, f"/api/v1/namespaces/{teacher_namespace(workshop)}/configmaps/workshop")
    return None if found is None else found["data"]


def _complete(context: str, plan: Plan, began: str, ends: str, say: Say) -> Made:
    server = access.server(context, plan.server)
    home = folder(plan.workshop)
    with systems.marked(plan.workshop):
        store.install(context)
        _teachers(context, plan, began, ends)
        _private(home)
        _write_course(home, plan)
        outcomes = _everybody(context, plan, ends, server, home, say)
    return Made(outcomes, ends, server)


def _teachers(context: str, plan: Plan, began: str, ends: str) -> None:
    """The teacher's namespace: the workshop itself, the course, the examiner."""
    home = teacher_namespace(plan.workshop)
    about = {store.LABS: " ".join(plan.labs), store.BEGAN: began, store.ENDS: ends, PLAN: plan.to_json()}
    metadata = {"name": "workshop", "namespace": home}
    with cluster.talking(f"making the namespace {home}"):
        objects.apply(context, desks.teacher(plan.workshop))
        objects.apply(context, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": about})
    examining.start(context, plan)


def _private(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
    except OSError as error:
        raise BadInput(f"{home}: the folder of kits cannot be made ({error.strerror})") from error


def _write_course(home: Path, plan: Plan) -> None:
    path = home / "course.tar.gz"
    try:
        path.write_bytes(course.for_participants(plan.labs))
    except OSError as error:
        raise BadInput(f"{path} cannot be written ({error.strerror})") from error


def _everybody(context: str, plan: Plan, ends: str, server: Server, home: Path, say: Say) -> tuple[Outcome, ...]:
    """Several people at once. One who cannot be made ready does not keep the others waiting.

    What runs when Ctrl-C comes is finished first, so that nothing is left half made.
    """
    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    jobs = {pool.submit(_one, context, plan, person, ends, server, home): person for person in plan.people}
    try:
        outcomes = list(_watched(jobs, say))
    except BaseException:
        say("finishing what is being made; what waits is left")
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    order = [person.id for person in plan.people]
    return tuple(sorted(outcomes, key=lambda one: order.index(one.person.id)))


def _watched(jobs: Mapping[Future[Outcome], Person], say: Say) -> Iterator[Outcome]:
    ready = 0
    for done in as_completed(jobs):
        outcome = done.result()
        ready += not outcome.problem
        how = f"not ready: {outcome.problem}" if outcome.problem else "ready"
        say(f"{ready} of {len(jobs)} ready: {outcome.person.id} is {how}")
        yield outcome


def _one(context: str, plan: Plan, person: Person, ends: str, server: Server, home: Path) -> Outcome:
    """A participant: desk, systems, kit."""
    where = home / person.id
    try:
        with cluster.talking(f"making the desk of {person.id}"):
            objects.apply_all(context, desks.desk(plan.workshop, person, plan.labs, plan.submissions))
        records = {lab: systems.ensure(context, Place(plan.workshop, person.id, lab)) for lab in plan.labs}
        kit, renewed = equip.equip(context, plan, person, records, ends, server, where)
    except (GraderError, InfraError) as error:
        return Outcome(person, where, problem=str(error))
    return Outcome(person, where, renewed, access_ends=kit.ends)
