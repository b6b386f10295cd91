"""The exam: controls that show what it judges, names that tell nothing, promises that are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.authoring.audit.accepted import explained
from grader.authoring.audit.accepted import load as load_accepted
from grader.authoring.audit.brief import unseen
from grader.authoring.lint.lab import Looked
from grader.course.spec import Draw

KINDS = ("shipped", "reference", "alternative", "fake")
LONG = 4
"""Words of fewer letters tell nothing."""


def controls(at: Looked) -> Iterator[str]:
    """There is one of each kind, and one that misses each objective."""
    found = at.exam.controls.values()
    for kind in KINDS:
        if kind not in {control.kind for control in found}:
            yield f"{at.beside('controls')}: add a control of kind {kind}"
    for name in at.exam.slos:
        if name not in {control.fails for control in found}:
            yield f"{at.beside('controls')}: add a fake that `fails: {name}`; nothing shows that it can be missed"


def promises_are_seen(at: Looked) -> Iterator[str]:
    """Each promise of the brief is observed, or audit.yaml says why it is not."""
    known = load_accepted(at.exam, at.contract)
    found, _ = explained(unseen(at.exam, at.contract, [sentence.says for sentence in known.seen]), known)
    for finding in found:
        if not finding.accepted:
            yield (
                f"{at.inside('README.md')}: {finding.says.rstrip('.')}; name one in that sentence, or say under `seen` "
                f"in {at.beside('audit.yaml')} what sees it"
            )


def names(at: Looked) -> Iterator[str]:
    """What a candidate reads of an exam names no fault, trial or control: no word that only the exam knows."""
    told = _words(at.contract)
    for name, where in _shown(at):
        for word in sorted(_words(name) & _known_to_the_exam(at) - told):
            yield f"{where} '{name}' tells of '{word}', which the brief never says; name neither causes nor trials"


def _known_to_the_exam(at: Looked) -> set[str]:
    """Words for faults, trials and controls that are deployed, as scenario.yaml has them."""
    found = set[str]()
    for trial in at.exam.spec.trials:
        values = [one.choice or () if isinstance(one, Draw) else (one,) for one in trial.parameters.values()]
        texts = [text for each in values for text in each if isinstance(text, str)]
        found |= _words(" ".join([trial.id, trial.system, *texts]))
    return {word for word in found if len(word) >= LONG}


def _shown(at: Looked) -> Iterator[tuple[str, str]]:
    """Names that reports show, and where they stand."""
    source = at.beside("scenario.yaml")
    for title in dict.fromkeys(trial.title for trial in at.exam.spec.trials):
        yield title, f"{source}: the title"
    trials = at.exam.spec.trials
    for phase in dict.fromkeys(phase.phase for trial in trials for phase in at.exam.spec.phases(trial.id)):
        yield phase, f"{source}: the phase"
    for name, slo in at.exam.slos.items():
        yield name, f"{at.beside('slo.yaml')}: the objective"
        yield slo.title, f"{at.beside('slo.yaml')}: the title"


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))
