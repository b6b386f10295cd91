"""What a service may answer by mistake or in malice: no lab keeps a promise by it, and none ends a run by it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from itertools import islice

import duckdb
import pytest
from casebook.questions import Questions

from grader.course import catalog
from grader.course.spec import Scenario, drawn
from grader.exam.draw import phase_plans
from grader.load.api import ANSWER_FAULTS, Request, Traffic
from grader.load.record import written
from grader.load.traffic import import_file, make_traffic

ASKED = 200
"""So many requests are looked through for one of each name."""

HUGE = 1 << 20
BODIES = {
    "empty": b"",
    "list": b"[]",
    "number": b"7",
    "null": b"null",
    "NaN": b"NaN",
    "text": b'"right"',
    "not UTF-8": b"\xff\xfe\x00",
    "torn": b'{"answer": "ri',
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "huge text": b'"' + b"x" * HUGE + b'"',
    "huge list": b"[" + b"0," * (HUGE // 2) + b"0]",
    "huge number": b"9" * HUGE,
}
VALUES = {
    "NaN": "NaN",
    "infinite": "1e999",
    "null": "null",
    "negative": "-1",
    "text": '"x"',
    "half a character": '"\\ud800"',
    "list": "[NaN]",
    "deep": "[" * 300 + "]" * 300,
    "huge": '"' + "x" * HUGE + '"',
}
"""Of a key that a check reads; none is ever right. (An object without a key may be, where there should be nothing.)"""

SCENARIOS = [(lab, of.__name__) for lab in catalog.lab_ids() for of in (catalog.find_scenario, catalog.rehearsal)]


@pytest.fixture(scope="module", params=SCENARIOS, ids=" ".join)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """An exam or a rehearsal of a lab."""
    lab, of = request.param
    return getattr(catalog, of)(catalog.find_lab(lab))


@pytest.fixture(scope="module")
def traffic(scenario: Scenario) -> Traffic:
    """Of its first trial."""
    trial = scenario.spec.trials[0]
    phases = phase_plans(scenario.spec.phases(trial.id))
    return make_traffic(scenario.load_file, drawn(trial.parameters, random.Random(1)), 1, phases)


@pytest.fixture(scope="module")
def requests(traffic: Traffic) -> list[Request]:
    """One of each name."""
    return list({asked.name: asked for asked in map(traffic.request, range(ASKED))}.values())


def judged(traffic: Traffic, asked: Request, body: bytes) -> str:
    """What the generator would write of it."""
    try:
        return written(str(traffic.check(asked, 200, {}, body)))
    except ANSWER_FAULTS:
        return "wrong"


def refused(traffic: Traffic, asked: Request, status: int, body: bytes) -> str:
    """What is written of a refusal. A casebook, which is ours, never refuses: its load ends the run instead."""
    try:
        return traffic.check(asked, status, {}, body)
    except RuntimeError:
        assert isinstance(traffic, Questions)
        return "none"


def misshapen(check: Callable[[bytes], object]) -> Iterator[bytes]:
    """Answers with every key that the check is seen to read, whose values are of no use."""
    for value in VALUES.values():
        keys: list[str] = []
        while True:
            body = f"{{{', '.join(f'{json.dumps(key)}: {value}' for key in keys)}}}".encode()
            yield body
            try:
                check(body)
            except KeyError as missing:
                if missing.args[0] in keys or not isinstance(missing.args[0], str):
                    break
                keys.append(missing.args[0])
            except ANSWER_FAULTS:
                break
            else:
                break


def kept(scenario: Scenario, asked: Request, answer: str) -> set[tuple[str, str]]:
    """The objectives that such an answer keeps, at once, and the phases in which it does."""
    asks = [slo for slo in scenario.slos.values() if scenario.spec.objectives[slo.id].kind == "request"]
    phases = [one.phase for one in scenario.spec.phases(scenario.spec.trials[0].id)]
    columns = "SELECT unnest($phases) AS phase, $name AS name, $segment AS segment, 200 AS status, $answer AS answer"
    told = ", ".join(f"coalesce(({slo.total}) AND ({slo.good}), false)" for slo in asks)
    values = {"phases": phases, "name": asked.name, "segment": asked.segment, "answer": answer}
    with duckdb.connect() as database:
        rows = database.execute(
            f"SELECT phase, {told} FROM ({columns}, 0.0 AS latency, '' AS served_by)", values
        ).fetchall()
    return {(slo.id, phase) for phase, *row in rows for slo, good in zip(asks, row, strict=True) if good}


def test_no_answer_of_no_use_keeps_a_promise_or_ends_a_run(scenario, traffic, requests):
    for asked in requests:
        unanswered = kept(scenario, asked, "none")  # these ask for other things than right answers
        bodies = [*BODIES.values(), *misshapen(lambda body, one=asked: traffic.check(one, 200, {}, body))]
        words = {judged(traffic, asked, body): body for body in bodies}
        for word, body in words.items():
            assert word != "right", (asked.name, body[:80])
            assert kept(scenario, asked, word) <= unanswered, (asked.name, word, body[:80])


def test_a_refusal_is_worth_no_more_than_no_answer(scenario, traffic, requests):
    for asked, body in ((asked, body) for asked in requests for body in islice(BODIES.values(), 8)):
        for word in {refused(traffic, asked, status, body) for status in (302, 404, 500, 503)} - {"none"}:
            assert kept(scenario, asked, word) <= kept(scenario, asked, "none"), (asked.name, word)


def test_an_observer_takes_no_page_of_no_use_for_what_it_looks_for(scenario):
    for probe in scenario.spec.probes:
        check = getattr(import_file((scenario.folder / "exam.py").resolve()), probe.check)
        for body in (*BODIES.values(), *misshapen(check)):
            try:
                value, _ = check(body)
            except ANSWER_FAULTS:
                continue
            assert value is None or isinstance(value, int | float)
