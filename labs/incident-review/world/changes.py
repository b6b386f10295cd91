"""What was changed that evening: what was at fault, what ended it, and what only seems to be a suspect."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
from common.names import generator, named
from kinds import Incident
from scene import CALLERS, HOSTS, MINUTE, Change, Scene

if TYPE_CHECKING:
    from kinds import Columns

FAR = 6 * MINUTE
"""Nothing else was changed so near to what ended it."""


class Log:
    """Fills the changes of a scene."""

    def __init__(self, made: Scene, rng: Random, key: tuple[str, ...]) -> None:
        self.made, self.rng, self._key = made, rng, key
        self.deployed = {made.fault}

    def add(
        self, role: str, begun: float, kind: str = "", hosts: list[int] | None = None, effect: float | None = None,
        version: str = "", office: int | None = None,
    ) -> Change:  # fmt: skip
        """One change; what is not said is drawn."""
        rng, number = self.rng, len(self.made.changes)
        id, new = (f"{mark}-{named(*self._key, mark, number, size=3)}" for mark in "cv")
        kind = kind or rng.choice(["config", "flag"])
        change = Change(
            id, begun, effect if effect is not None else begun + rng.uniform(5, 40),
            rng.randrange(2) if office is None else office, kind, role,
            (version or new) if kind == "deploy" else "",
            hosts if hosts is not None else rng.sample(range(HOSTS), rng.choice([1, 2])),
        )  # fmt: skip
        self.made.changes.append(change)
        return change

    def other(self, begun: float, office: int | None = None, roles: list[str] | None = None) -> Change:
        """An innocent change, of a service where nothing failed; a service is deployed once at most."""
        free = [role for role in roles or self.made.names if role != self.made.fault]
        role = self.rng.choice(free)
        if role not in self.deployed and self.rng.random() < 0.6:
            self.deployed.add(role)
            return self.add(role, begun, "deploy", office=office)
        return self.add(role, begun, office=office)


def fill(made: Scene, seed: int | str, case: Incident, again: int) -> None:
    """All changes of an evening."""
    rng = generator(seed, case["id"], "changes", again)
    log = Log(made, rng, (str(seed), case["id"], str(again)))
    paid = [role for role in made.path if role != "party"]
    suspects = [_guilty(log)] if made.kind in ("version", "config") else []
    loud = log.add("extra", made.onset - rng.uniform(0.8, 10) * MINUTE, "deploy")
    log.deployed.add("extra")
    suspects.append(loud)
    rest = [at for at in range(HOSTS) if made.kind == "outside" or at not in made.where]
    if "same" in made.turns:  # the same service, where nothing failed; or who called what is outside
        some = rng.sample(rest, rng.randint(1, min(2, len(rest))))
        role = "pay" if made.kind == "outside" else made.fault
        suspects.append(log.add(role, made.onset - rng.uniform(0.8, 9) * MINUTE, hosts=some))
    while len(suspects) < rng.choice([3, 4, 5]):
        suspects.append(log.other(made.onset - rng.uniform(0.8, 26) * MINUTE, roles=paid))
    _fix(log)
    during = made.onset + rng.uniform(0.3, 0.8) * (made.fix - FAR - made.onset)
    if "back" in made.turns:  # an innocent team goes back
        log.add("extra", during, "deploy", loud.hosts, version=made.base["extra"])
    log.other(made.effect + rng.uniform(8, 28) * MINUTE)
    log.other(made.onset - rng.uniform(33, 58) * MINUTE)  # too early for a suspect
    for office, offset in enumerate(made.offsets):  # in the half hour by the clock of the office, and hours off
        log.other(made.onset - rng.uniform(2, 26) * MINUTE - 3600 * offset, office)
        log.other(made.onset - rng.uniform(35, 600) * MINUTE, office)
    rng.shuffle(made.changes)


def _guilty(log: Log) -> Change:
    made, rng = log.made, log.rng
    kind = "deploy" if made.kind == "version" else rng.choice(["config", "flag"])
    change = log.add(made.fault, made.onset - rng.uniform(1, 12) * MINUTE, kind, [*made.where], made.onset)
    made.cause = f"change:{change.id}"
    return change


def _fix(log: Log) -> Change:
    """What ended it: the same undone, the host drained, the other party taken; or who calls it went around it."""
    made = log.made
    caller = CALLERS["pay" if made.kind == "outside" else made.fault]
    if made.kind == "outside":
        made.cause = f"outside:{made.component}"
    if made.kind == "host":
        made.cause = f"host:{made.hosts[made.fault][made.where[0]]}"
    if made.kind == "outside" or "around" in made.turns:
        role = caller if "around" in made.turns else "pay"
        return log.add(role, made.fix, "flag", [*range(HOSTS)], made.effect)
    kind = "deploy" if made.kind == "version" else "config"
    return log.add(made.fault, made.fix, kind, [*made.where], made.effect, made.base[made.fault])


def tables(made: Scene) -> dict[str, Columns]:
    """`services`, `offices`, `changes`, `touched`."""
    roles = [*made.names]
    rows = made.changes
    shown = [made.at(each.begun) + np.timedelta64(made.offsets[each.office], "h") for each in rows]
    touched = [(each.id, made.hosts[each.role][at]) for each in rows if each.kind != "deploy" for at in each.hosts]
    hosts = sorted((host, made.names[role]) for role in roles for host in made.hosts[role])
    return {
        "hosts": {"host": [host for host, _ in hosts], "service": [name for _, name in hosts]},
        "offices": {"office": made.offices, "utc_offset": made.offsets},
        "changes": {
            "change": [each.id for each in rows],
            "shown": np.array(shown, "datetime64[s]"),
            "office": [made.offices[each.office] for each in rows],
            "kind": [each.kind for each in rows],
            "service": [made.names[each.role] for each in rows],
            "version": np.array([each.version or None for each in rows], object),
        },
        "touched": {"change": [change for change, _ in touched], "host": [host for _, host in touched]},
    }
