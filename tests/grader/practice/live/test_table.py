"""Events in memory: objectives by their own SQL, as DuckDB judges it; series, and what hostile names come to."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import events as recorded
from grader.course import catalog
from grader.course.spec import ScenarioSpec, Window
from grader.practice.live import shown
from grader.practice.live.promises import bound
from grader.practice.live.sources import EVERYDAY, Played, Stretch
from grader.practice.live.table import FAILED, NOBODY, OTHERS, Events, not_fine
from tests.grader.practice.live.events import ALWAYS, event, slo


@pytest.fixture
def table() -> Iterator[Events]:
    made = Events()
    yield made
    made.close()


def queries() -> list[tuple[str, str]]:
    """Every (good, total) of every rehearsal and exam in this repository."""
    labs = [catalog.find_lab(lab_id) for lab_id in catalog.lab_ids()]
    scenarios = [scenario for lab in labs for scenario in (catalog.rehearsal(lab), catalog.find_scenario(lab))]
    return sorted({(one.good, one.total) for scenario in scenarios for one in scenario.slos.values()})


VARIED = [
    event(1.0),
    event(1.1, 0.9, answer="wrong", served_by="v2", name="affected"),
    event(1.2, None, error="timeout"),
    event(1.3, 0.02, status=503, answer="none", served_by="v2"),
    event(1.4, answer="whole true"),
    event(1.5, answer="degraded TRUE", name="drift"),
    event(1.6, answer="Degraded true", name="drift", status=429),
    event(1.7, 7.9, answer="void", name="kept"),
]


def test_objectives_are_judged_as_the_exam_judges_them(table: Events, tmp_path: Path) -> None:
    assert len(queries()) > 30
    (tmp_path / "e.jsonl").write_text("".join(json.dumps(row) + "\n" for row in VARIED))
    duck = recorded.live([tmp_path / "e.jsonl"], [])
    table.add(EVERYDAY, VARIED)

    for good, total in queries():
        promise = table.understood(slo(good, total), ALWAYS)
        assert promise.sql is not None, (good, total)
        [seconds] = table.kept(EVERYDAY, [promise], 60.0, 60)
        counts = duck.execute(
            f"SELECT count(*) FILTER (coalesce(({total}), false) AND coalesce(({good}), false)), "
            f"count(*) FILTER (coalesce(({total}), false)) FROM events"
        ).fetchone()
        assert counts is not None
        assert (sum(g for g, _ in seconds), sum(g + b for g, b in seconds)) == counts, (good, total)


def test_what_sqlite_does_not_understand_is_not_judged(table: Events) -> None:
    odd = table.understood(slo("list_contains([200], status)"), ALWAYS)
    plain = table.understood(slo("status = 200"), ALWAYS)
    table.add(EVERYDAY, [event(5.0)])

    told = shown.objectives([odd, plain], table.kept(EVERYDAY, [odd, plain], 10, 10))

    assert [one["judged"] for one in told] == [False, True]
    assert [one["good"] for one in told] == [0, 1]


def test_the_last_minute_by_the_second(table: Events) -> None:
    promise = table.understood(slo("status = 200", target=0.5), ALWAYS)
    table.add(EVERYDAY, [event(9.9), event(10.0), event(10.9, None), event(12.0), event(13.0)])

    [seconds] = table.kept(EVERYDAY, [promise], 13.5, 3)

    assert seconds == [(1, 1), (0, 0), (1, 0)]
    [told] = shown.objectives([promise], [seconds])
    assert (told["good"], told["bad"]) == (2, 1)
    assert told["budget"] == pytest.approx(1 / 3, abs=0.001)


def test_an_overspent_budget_and_none_at_all(table: Events) -> None:
    promise = table.understood(slo("status = 200", target=0.9), ALWAYS)
    spent, idle = (shown.objectives([promise], [seconds])[0] for seconds in ([(7, 3)], [(0, 0)]))

    assert spent["budget"] == pytest.approx(-2) and spent["judged"]
    assert idle["budget"] is None


def test_probes_are_not_judged_on_everyday_traffic(table: Events) -> None:
    promise = table.understood(slo("answer = 'calm'"), Window(trials=("t",), kind="probe"))
    table.add(EVERYDAY, [event(5.0)])

    [told] = shown.objectives([promise], table.kept(EVERYDAY, [promise], 10, 10))

    assert told["judged"] is False and told["bad"] == 0


def test_what_binds_in_some_trials_or_phases_is_not_judged_on_everyday_traffic(table: Events) -> None:
    calm, storm = ({"phase": name, "seconds": 1, "rate": rate} for name, rate in (("calm", 5), ("storm", 0)))
    trials = [{"id": "a"}, {"id": "b", "timeline": [storm]}]
    window = {"right": {"trials": ["a"], "phases": ["calm"]}}
    spec = ScenarioSpec.model_validate(
        {"lab": "desk", "timeline": [calm, storm], "trials": trials, "objectives": window}
    )

    assert not bound(spec, Window(trials=("a",), phases=("calm",))), "there is no traffic in others"
    assert bound(spec, Window(trials=("b",)))
    assert bound(spec, Window(trials=("a",), phases=("storm",)))
    promise = table.understood(slo("served_by = 'v2'"), Window(trials=("a",)), bound=True)
    table.add(EVERYDAY, [event(1.0)])
    [told] = shown.objectives([promise], table.kept(EVERYDAY, [promise], 10, 10))
    assert told["judged"] is False


def test_not_fine_is_what_some_objective_counts_as_bad(table: Events) -> None:
    answered = table.understood(slo("status = 200", "name = 'team'"), ALWAYS)
    quick = table.understood(slo("latency < 0.1"), Window(trials=("storm",), phases=("out",)), bound=True)
    table.add(EVERYDAY, [event(1.0), event(2.0, 0.5), event(3.0, status=500), event(4.0, status=500, name="other")])

    def ids(missed: str) -> list[str]:
        return sorted(one["id"] for one in table.missed(EVERYDAY, 9, missed))

    assert ids(not_fine([answered, quick])) == ["id-3"], "nobody promises anything of other requests"
    assert not_fine([quick]) == not_fine([]) == FAILED
    assert ids(FAILED) == ["id-3", "id-4"]
    assert ids(not_fine([answered, quick], "storm")) == [], "it is not promised in this phase"
    table.add("t", [event(1.0, phase="out"), event(2.0, 0.5, phase="out"), event(3.0, 0.5)])
    assert [one["id"] for one in table.missed("t", 9, not_fine([answered, quick], "storm"))] == ["id-2"]
    assert table.missed("t", 9, not_fine([answered, quick], "public")) == []


def test_what_waited_for_the_start_has_no_latency(table: Events) -> None:
    table.add(EVERYDAY, [event(0.0, 4.0), event(2.0, 2.1), event(4.5, 0.02)])

    series = table.series(EVERYDAY, 0.0, 5.0, 1)

    assert series.n == [3] and series.p99 == pytest.approx([0.02])


def test_cards_count_from_the_last_restart(table: Events) -> None:
    promise = table.understood(slo("status = 200"), ALWAYS)
    table.add(EVERYDAY, [event(5.0, status=500), event(7.0)])

    assert table.kept(EVERYDAY, [promise], 10, 4) == [[(0, 0), (1, 0), (0, 0), (0, 0)]]
    assert sum(bad for _, bad in table.kept(EVERYDAY, [promise], 10, 10)[0]) == 1
    assert sum(bad for _, bad in table.kept(EVERYDAY, [promise], 10, 10, since_s=6.0)[0]) == 0


def test_series(table: Events) -> None:
    table.add(
        EVERYDAY,
        [
            event(0.0, 0.1),
            event(0.5, 0.25, served_by="v2", status=500, segment="acme"),
            event(0.9, None, segment="acme"),
            event(2.0, 0.5),
            event(9.0, 0.5),
        ],
    )
    table.add("other", [event(0.0, status=500)])

    series = table.series(EVERYDAY, 0.0, 1.0, 3)

    assert series.n == [3, 0, 1] and series.bad == [2, 0, 0]
    assert series.p50 == [0.25, None, 0.5] and series.p99 == [math.inf, None, 0.5]
    assert series.who == {NOBODY: [1, 0, 0], "v1": [1, 0, 1], "v2": [1, 0, 0]}
    assert series.tenants == {"acme": [2, 0, 0]}


def test_a_latency_without_an_end_can_be_said_in_json(table: Events) -> None:
    table.add("t.0", [event(0.0, 0.05), event(0.1, None), event(1.1, 0.25)])
    played = Played("t.0", "t", "a trial", (Stretch("calm", 0.0, 1.0), Stretch("storm", 1.0, 2.0)))

    told = json.loads(json.dumps(shown.trial(table, played, FAILED), allow_nan=False))

    assert told["width"] == 0.25 and len(told["n"]) == 8
    assert told["p99"][0] == shown.UNANSWERED and told["p99"][4] == 0.25
    assert told["phases"] == [["calm", 0.0, 1.0], ["storm", 1.0, 2.0]]


def test_bins_stay_where_they_are_as_time_goes_on(table: Events) -> None:
    table.add(EVERYDAY, [event(float(n)) for n in range(400)])

    first, second, third = (shown.everyday(table, 1000.0, 1395.0 + s, 5.0, FAILED) for s in (0.0, 4.9, 5.0))

    assert first["start"] == second["start"] == 1100.0 and third["start"] == 1105.0
    assert first["n"][:59] == second["n"][:59] and second["n"][1:59] == third["n"][:58]


def test_names_in_answers_are_few_and_plain(table: Events) -> None:
    rows = [event(0.0, served_by=f"host-{n}") for n in range(40)]
    rows += [event(0.0, served_by="v1\u202e\x1b[2J"), event(0.0, served_by="v1\u202e\x1b[2J")]
    table.add(EVERYDAY, rows)

    who = table.series(EVERYDAY, 0.0, 1.0, 1).who

    assert len(who) == 11 and who[OTHERS] == [31]
    assert "v1[U+202E]" in who


def test_requests_that_were_not_fine_newest_first(table: Events) -> None:
    table.add(EVERYDAY, [event(1.0), event(2.0, status=500), event(3.0, None), event(4.0)])
    table.add(EVERYDAY, [event(5.0, 0.125, answer="wrong"), event(6.0, None, error="cut")])

    told = table.missed(EVERYDAY, 2)

    found = [(one["id"], one["said"], one["latency"]) for one in told]
    assert found == [("id-5", "wrong", 0.125), ("id-3", "timeout", None)]


@pytest.mark.parametrize("row", [{}, {"end": True}, {"trial": "a"}, {"trial": 3, "due": 1}, {"trial": "a", "due": "x"}])
def test_what_is_no_event_is_left_out(table: Events, row: dict[str, object]) -> None:
    assert table.add(EVERYDAY, [row]) == 0


def test_old_events_are_forgotten(table: Events) -> None:
    promise = table.understood(slo("true"), ALWAYS)
    table.add(EVERYDAY, [event(1.0), event(5.0)])

    table.forget(EVERYDAY, 4.0)

    assert table.kept(EVERYDAY, [promise], 10, 10) == [[(0, 0)] * 5 + [(1, 0)] + [(0, 0)] * 4]
