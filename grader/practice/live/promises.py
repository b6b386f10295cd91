"""A lab's objectives as its page judges them."""

from __future__ import annotations

from grader.course import catalog
from grader.course.spec import Lab, Scenario, ScenarioSpec, Window
from grader.practice.live.table import Events, Promise


def rehearses(lab: Lab) -> bool:
    """Whether the lab has a rehearsal."""
    return (lab.folder / "rehearsal").is_dir()


def promises(lab: Lab, events: Events) -> list[Promise]:
    """The objectives as the brief has them; when each binds is the rehearsal's word if it has one."""
    public: Scenario | None = catalog.rehearsal(lab) if rehearses(lab) else None
    judged = catalog.find_scenario(lab) if catalog.has_exam(lab.id) else public
    if judged is None:
        return []
    found = []
    for slo in judged.slos.values():
        source = public if public and slo.id in public.spec.objectives else judged
        window = source.spec.objectives[slo.id]
        found.append(events.understood(slo, window, bound(source.spec, window)))
    return found


def bound(spec: ScenarioSpec, window: Window) -> bool:
    """Whether a window leaves out some of the trials or phases in which there is traffic."""
    loaded = {trial.id: {each.phase for each in spec.phases(trial.id) if each.rate} for trial in spec.trials}
    trials = {trial for trial, phases in loaded.items() if phases}
    phases = {phase for named in loaded.values() for phase in named}
    return not trials <= set(window.trials) or bool(window.phases and not phases <= set(window.phases))
