"""What a lab's system is made of: its services, and which of them run the candidate's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.system import System, load_system

if TYPE_CHECKING:
    from grader.course.spec import Lab, Scenario


def system(lab: Lab) -> System:
    """The description of a lab's system; raises SystemInvalid."""
    return load_system(lab.folder / "compose.yaml", lab.spec.open)


def open_services(lab: Lab) -> tuple[str, ...]:
    """Services that run the candidate's code."""
    return tuple(s.name for s in system(lab).services.values() if s.open)


def code_services(lab: Lab) -> tuple[str, ...]:
    """Those of them that go on with old code until they are restarted: their command starts what the candidate edits.
    Others read the files each time."""
    found = []
    for service in system(lab).services.values():
        tops = [f"{mount.target}/" for mount in service.mounts if mount.open]
        if any(word.startswith(top) for word in service.command for top in tops):
            found.append(service.name)
    return tuple(found)


def casebook(described: System) -> tuple[str, int] | None:
    """Service and public port of the system's casebook (labs/cast/lib/casebook), which plays a plan in a world; None if
    it has none."""
    for service in described.services.values():
        if {"WORLD", "PLAN"} <= service.environment.keys():
            port = service.environment.get("LISTEN", "").rpartition(":")[2]
            return (service.name, int(port)) if port.isdecimal() and int(port) in service.published else None
    return None


def season(scenario: Scenario) -> tuple[str, int] | None:
    """Find the casebook whose season is what the scenario's people look at; None where users come in, by its door or by
    another: then traffic is."""
    return casebook(system(scenario.lab)) if scenario.spec.casebook else None
