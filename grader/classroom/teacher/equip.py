"""A participant's kit: kept while all in it holds, else made anew with a new token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from grader.classroom.cluster.names import desk_namespace
from grader.classroom.desk import kit as kits
from grader.classroom.desk.kit import Kit
from grader.classroom.paper import handout
from grader.classroom.planning.people import Person
from grader.classroom.planning.plan import Plan, parse_time
from grader.classroom.teacher import access
from grader.classroom.teacher.access import Server
from grader.course import catalog
from grader.errors import BadInput

SLACK = timedelta(minutes=2)


def equip(
    context: str,
    plan: Plan,
    person: Person,
    records: Mapping[str, dict[str, Any]],
    ends: str,
    server: Server,
    where: Path,
) -> tuple[Kit, bool]:
    """Their kit in the folder `where`, and whether it is new and has to be given out.

    Raises:
        BadInput: it cannot be written.
        PlatformBroken: the cluster gave no token.
    """
    records = json.loads(json.dumps(records))  # as a kit that is read has them
    old = _kept(where)
    if old is not None and _holds(old, person, records, ends) and server.url in _text(where / kits.KUBECONFIG):
        return old, False
    namespace = desk_namespace(plan.workshop, person.id)
    secret, expires = access.token(context, namespace, ends)
    kit = Kit(plan.workshop, person.id, person.nickname, namespace, expires, records)
    handout.write(where, kit, person.name, [catalog.find_lab(lab) for lab in plan.labs], server.url, ends)
    kits.write(where, kit, access.kubeconfig(server, namespace, secret))
    return kit, True


def _kept(where: Path) -> Kit | None:
    try:
        return kits.read(where)
    except BadInput:
        return None


def _holds(old: Kit, person: Person, records: Mapping[str, Any], ends: str) -> bool:
    same = old.nickname == person.nickname and dict(old.labs) == records
    return same and parse_time(old.ends) + SLACK >= parse_time(ends)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""
