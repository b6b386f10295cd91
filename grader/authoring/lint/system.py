"""The system: what is open, published and called, and experiments that can run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import urlsplit

from grader.authoring.lint.lab import Looked
from grader.chaos.check import check_experiment
from grader.course.spec import drawn
from grader.errors import BadInput
from grader.load.plan import LoadPlan


def open_files(at: Looked) -> Iterator[str]:
    """What a candidate may edit reaches a service, on internal networks only."""
    mounted = {mount.source for service in at.system.services.values() for mount in service.mounts if mount.open}
    for path in at.exam.edited("shipped"):
        full = (at.lab.folder / path).resolve()
        drill = at.lab.spec.drill is not None and str(path) == at.lab.spec.drill.file
        if not drill and mounted.isdisjoint((full, *full.parents)):
            yield f"{at.inside('compose.yaml')}: mount {path} into a service, or take it out of `open` in lab.yaml"
    for service in at.system.services.values():
        if service.open and not at.system.internal.issuperset(service.networks):
            yield (
                f"{at.inside('compose.yaml')}: leave {service.name}, which runs the candidate's code, on internal "
                "networks only"
            )


def pages(at: Looked) -> Iterator[str]:
    """Each page is published, and so is what the live page reads figures from."""
    watched = [(f"of watch {watch.title!r}", one.url) for watch in at.lab.spec.watch for one in watch.of]
    for page, url in [*at.lab.spec.pages.items(), *watched]:
        service = at.system.services.get(urlsplit(url).hostname or "")
        if service is None or urlsplit(url).port not in service.published:
            yield (
                f"{at.inside('lab.yaml')}: page {page}: {url} is no port that a service of compose.yaml publishes; "
                "publish it, or mend the address"
            )


def actions(at: Looked) -> Iterator[str]:
    """Buttons of the live page do what brief, rehearsal or drill do."""
    drill = at.lab.spec.drill
    told = {each.path for each in (*drill.faults.values(), *drill.lifts)} if drill else set()
    files = [path for path in (at.lab.folder / "rehearsal").iterdir() if path.suffix in (".yaml", ".py")]
    practised = at.brief + "".join(at.text(path) for path in files)
    for action in at.lab.spec.actions:
        for step in action.steps:
            service = at.system.services.get(step.service)
            if service is None or step.port not in service.published:
                yield (
                    f"{at.inside('compose.yaml')}: publish {step.service}:{step.port}, which action {action.id} calls"
                )
            if step.path not in told and step.path not in practised:
                yield (
                    f"{at.inside('lab.yaml')}: action {action.id} calls {step.path}; neither brief, rehearsal nor "
                    "drill does so: take it out"
                )


def experiments(at: Looked) -> Iterator[str]:
    """Each trial's experiment can run."""
    for scenario in (at.exam, at.rehearsal):
        for trial in scenario.spec.trials:
            try:
                known = {**scenario.configuration(trial.id), **drawn(trial.parameters, random.Random(1))}
                check_experiment(scenario.folder / trial.experiment, known, scenario.folder)
            except BadInput as error:
                yield f"trial {trial.id}: {error}"


def questions(at: Looked) -> Iterator[str]:
    """Users who only wait for answers are no more than may wait at once: on a slow machine all of them do."""
    most = LoadPlan.model_fields["outstanding"].default
    for scenario, name in ((at.exam, at.beside("scenario.yaml")), (at.rehearsal, at.inside("rehearsal/scenario.yaml"))):
        for phases in {scenario.spec.phases(trial.id) for trial in scenario.spec.trials}:
            asked = sum(phase.rate * phase.seconds for phase in phases)
            if phases[-1].rate == 0 and asked > most:
                yield f"{name}: ask {most} questions or fewer, not {asked:g}"
