"""Everyday traffic is judged as what it is: nothing of a trial's faults, editions or seals is in it."""

from __future__ import annotations

import pytest
from signed_answers import signed

from grader.course import catalog
from grader.load.traffic import make_traffic
from grader.practice import rig
from tests.grader.course import Course

LABS = [name for name in catalog.lab_ids() if (catalog.lab_folder(name) / "rehearsal").is_dir()]


@pytest.mark.parametrize("name", LABS)
def test_no_lab_needs_a_trials_parameters(name: str) -> None:
    assert rig.everyday(catalog.rehearsal(catalog.find_lab(name)), 7) == {}


def test_an_answer_of_the_shipped_articles_is_right_however_late_it_is() -> None:
    """As the rehearsal has it, an edition would have been published after 3.2 s, and answers signed with its key."""
    scenario = catalog.rehearsal(catalog.find_lab("latency-spike"))
    trial = scenario.spec.trials[0].parameters
    words = {}
    for parameters in (rig.everyday(scenario, 7), trial):
        traffic = make_traffic(scenario.load_file, parameters, 7, ())
        request = traffic.request(4000)
        module = __import__("sys").modules[type(traffic).__module__]
        answer = signed(module.sentence(request.product, request.fact, 0), "everyday")  # type: ignore[attr-defined]
        words[len(parameters)] = traffic.check(request, 200, {}, f'{{"answer": "{answer}"}}'.encode())

    assert words == {0: "true", len(trial): "wrong"}


def test_a_load_that_needs_parameters_has_those_of_the_first_trial(desk: Course) -> None:
    folder = desk.root / "labs/desk/rehearsal"
    load = folder / "load.py"
    load.write_text(load.read_text().replace("self.seed = seed", 'self.seed, self.tenant = seed, parameters["tenant"]'))
    spec = folder / "scenario.yaml"
    text = spec.read_text()
    spec.write_text(text.replace("title: an ordinary day", "title: an ordinary day\n  parameters: {tenant: acme}"))

    assert rig.everyday(catalog.rehearsal(catalog.find_lab("desk")), 7) == {"tenant": "acme"}
