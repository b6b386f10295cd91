"""The cells of `fault-domain`: what is drawn, what each kind of trouble shows, and what tests cost."""

from __future__ import annotations

import random
from collections import Counter
from statistics import median
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.judge.decide import Counts, Errors, decide
from grader.load.traffic import import_file
from grader.result import Verdict

SCENARIO = find_scenario(find_lab("fault-domain"))
drawing = import_file(SCENARIO.folder / "draw.py")
DOMAINS = drawing.KINDS
MODEL_AND_DATA = [*DOMAINS["model"], *DOMAINS["data"]]
INFRA_AND_DATA = [*DOMAINS["infra"], *DOMAINS["data"]]
INFRA_AND_MODEL = [*DOMAINS["infra"], *DOMAINS["model"]]
NUMBERS = range(6)


def ask(cell: Any, test: str, **body: Any) -> Any:
    return cell.test(test, {}, body)


def rows(cell: Any) -> list[Any]:
    return [each["row"] for each in ask(cell, "GET golden")["rows"]]


def lost(cell: Any) -> dict[str, int]:
    """Of a hundred echoes of each node."""
    return {node["name"]: ask(cell, "POST echo", hop=node["name"], n=100)["lost"] for node in cell.machines.nodes}


def slowest_echo(cell: Any) -> float:
    return max(ask(cell, "POST echo", hop=node["name"], n=40)["median_ms"] for node in cell.machines.nodes)


def slower_live(cell: Any) -> float:
    """How many times slower the same rows are where users are."""
    live, bench = (ask(cell, "POST infer", rows=rows(cell), path=path)["answers"] for path in ("live", "bench"))
    return median(one["ms"] for one in live if "ms" in one) / median(one["ms"] for one in bench if "ms" in one)


def on_the_bench(cell: Any) -> tuple[int, int, float]:
    """Of the golden rows those that failed and those that are wrong, and how many times slower than the card."""
    golden = ask(cell, "GET golden")
    answers = ask(cell, "POST infer", rows=[each["row"] for each in golden["rows"]], path="bench")["answers"]
    whole = [(each["minutes"], one) for each, one in zip(golden["rows"], answers, strict=True) if "ms" in one]
    wrong = sum(abs(minutes - one["minutes"]) > golden["card"]["tolerance"] for minutes, one in whole)
    return len(answers) - len(whole), wrong, median(one["ms"] for _, one in whole) / golden["card"]["ms_a_row"]


def off(cell: Any) -> dict[str, float]:
    """The shares of containers whose source is late, is outside of the card, or is not what the store was made of."""
    card, sample = ask(cell, "GET golden")["card"], ask(cell, "GET sample")["requests"]
    entities = [one["entity"] for one in sample]
    made = ask(cell, "POST features", entities=entities, **{"from": "raw"})["features"]
    read = ask(cell, "POST features", entities=entities, **{"from": "store"})["features"]
    found = [one != other for one, other in zip(read, made, strict=True) if any(one.values()) and any(other.values())]
    worst = max(
        sum(not column["low"] <= one["raw"][name] <= column["high"] for one in sample) / len(sample)
        for name, column in card["columns"].items()
    )
    return {
        "late": sum(one["source_age_min"] > card["source_age_min"] for one in sample) / len(sample),
        "outside": worst,
        "unlike": sum(found) / len(found),
    }


def domain_of(kind: str) -> str:
    return next(domain for domain, those in DOMAINS.items() if kind in those)


def at_fault(case: Any) -> list[str]:
    """What is wrong with a case, without what only looks so."""
    return [kind for kind in case["kinds"] if kind not in drawing.WELL]


def test_an_exam_has_so_many_of_each_and_no_name_that_tells():
    cases = drawing.draw(3)["cases"]
    kinds = Counter(kind for case in cases if len(at_fault(case)) < 2 for kind in at_fault(case) or case["kinds"][:1])
    pairs = Counter(tuple(at_fault(case)) for case in cases if len(at_fault(case)) == 2)

    assert {kinds[kind] for those in DOMAINS.values() for kind in those} == {20}
    assert {kinds[kind] for kind in drawing.WELL} == {24}
    assert len(pairs) == 48 and set(pairs.values()) == {4}
    assert all(set(case["id"]) <= set("0123456789abcdef") for case in cases)
    assert drawing.draw(3) != drawing.draw(4) and "public" not in drawing.draw(3)


def test_no_kind_can_be_given_up():
    errors = Errors.of_exam(0.05, len(SCENARIO.slos))

    pairs = [aspect for aspect in SCENARIO.slos if "-" in aspect and aspect != "in-time"]
    for bad, events, aspects in ((20, 80, DOMAINS), (16, 64, pairs), (24, 72, ["healthy"])):
        for aspect in aspects:
            assert decide(Counts(events - bad, events, 0), SCENARIO.slos[aspect].target, errors) is Verdict.FAIL


def test_an_excuse_comes_beside_faults_too():
    faulty = [case for case in drawing.draw(3)["cases"] if "healthy" not in case["asked"]]
    looks = Counter(kind for case in faulty for kind in case["kinds"] if kind in drawing.WELL)

    assert all(0.6 < looks[kind] / len(faulty) < 0.75 for kind in drawing.WELL)


def test_half_of_the_faults_are_hardly_stronger_than_the_brief_says_they_may_be(yard):
    rng = random.Random(4)
    drawn = sorted(yard.machines.strength(rng, 1, 2, 9) for _ in range(4000))

    assert drawn[0] >= 1 and drawn[2000] < 1.1 and drawn[3000] < 2 and drawn[-1] == 9
    assert 0.16 < drawn.count(9) / len(drawn) < 0.24


def test_a_fault_meets_more_than_one_feature_and_rows_that_are_no_neighbours(make):
    cells = [make(kind, number=number) for kind in ("stale", "nulls") for number in range(40)]
    unlike = [max(other_features(cell)) for cell in cells]

    assert 0.3 < sum(count > 1 for count in unlike) / len(unlike) < 0.7 and max(unlike) < 6
    apart = [not in_a_row(make("failing-rows", number=number).artefact) for number in range(40)]
    assert sum(apart) > 20


def other_features(cell: Any) -> list[int]:
    """How many features of each container are not what its source makes them."""
    freight = cell.freight
    made = {entity: freight.features(raw) for entity, raw in freight.source.items()}
    return [sum(stored[name] != made[entity][name] for name in stored) for entity, stored in freight.stored.items()]


def in_a_row(artefact: Any) -> bool:
    """Whether the golden rows that fail are neighbours in a column."""
    rows = [one["row"] for one in artefact.golden]
    marks = ("".join("?!"[artefact.fails(row)] for row in sorted(rows, key=lambda row: row[name])) for name in rows[0])
    assert sum(map(artefact.fails, rows)) >= 4
    return any("?" not in mark.strip("?") for mark in marks)


@pytest.mark.parametrize("kind", [*MODEL_AND_DATA, *drawing.WELL])
def test_machines_are_well_unless_something_is_wrong_with_them(make, kind):
    for number in NUMBERS:
        cell = make(kind, number=number)
        assert max(lost(cell).values()) <= 5 and slowest_echo(cell) < 4 and slower_live(cell) < 1.5


@pytest.mark.parametrize("kind", DOMAINS["infra"])
def test_what_is_wrong_with_machines_is_strong(make, kind):
    for number in NUMBERS:
        cell = make(kind, "wrong-weights", "surge", number=number)
        shown = {
            "lossy-hop": sorted(lost(cell).values())[-2:],
            "store-drops": sorted(lost(cell).values())[-2:],
            "slow-replica": slowest_echo(cell),
            "throttled": slower_live(cell),
        }[kind]
        if isinstance(shown, list):
            assert shown[0] <= 5 and shown[1] >= 16
        else:
            assert shown > {"slow-replica": 6.5, "throttled": 1.75}[kind]


@pytest.mark.parametrize("kind", [*INFRA_AND_DATA, *drawing.WELL])
def test_the_bench_is_well_unless_the_model_is_not(make, kind):
    for number in NUMBERS:
        failed, wrong, slower = on_the_bench(make(kind, number=number))
        assert failed <= 2 and wrong == 0 and slower < 1.25


@pytest.mark.parametrize("kind", DOMAINS["model"])
def test_what_is_wrong_with_a_model_shows_on_the_bench(make, kind):
    for number in NUMBERS:
        failed, wrong, slower = on_the_bench(make(kind, "store-drops", number=number))
        assert {
            "wrong-weights": wrong > 20,
            "wrong-class": 4 <= wrong <= 9,
            "failing-rows": failed >= 4,
            "slow-artefact": slower > 1.7,
        }[kind]


@pytest.mark.parametrize("kind", [*INFRA_AND_MODEL, *drawing.WELL])
def test_data_is_well_unless_it_is_not(make, kind):
    for number in NUMBERS:
        assert max(off(make(kind, number=number)).values()) == 0


@pytest.mark.parametrize("kind", DOMAINS["data"])
def test_what_is_wrong_with_data_shows_in_one_way_only(make, kind):
    way = {"other-unit": "outside", "source-late": "late"}.get(kind, "unlike")
    for number in NUMBERS:
        found = off(make(kind, "store-drops", "season", number=number))
        assert found.pop(way) >= 0.2 and max(found.values()) == 0


def test_one_node_is_always_red_and_seldom_the_one(make):
    red = []
    for number in range(40):
        cell = make("lossy-hop", number=number)
        [name] = [node["name"] for node in ask(cell, "GET nodes")["nodes"] if node["status"] == "red"]
        red.append(lost(cell)[name] > 10)

    assert 0 < sum(red) < 15


def test_tests_cost_what_the_brief_says(make):
    cell = make("flapped")
    some = rows(cell)[:10]
    assert cell.clock_s == 2
    for test, body, seconds in (
        ("GET nodes", {}, 2), ("GET notes", {}, 2), ("GET live", {}, 3), ("GET sample", {}, 5),
        ("POST echo", {"hop": cell.machines.nodes[0]["name"], "n": 40}, 3),
        ("POST infer", {"rows": some, "path": "bench"}, 5), ("POST infer", {"rows": some, "path": "live"}, 2),
        ("POST features", {"entities": list(cell.freight.true)[:20], "from": "store"}, 3),
        ("POST features", {"entities": list(cell.freight.true)[:20], "from": "raw"}, 6),
        ("POST restart", {}, 45), ("POST rollback", {}, 60),
    ):  # fmt: skip
        before = cell.clock_s
        answer = cell.test(test, {}, body)
        assert answer["took_s"] == seconds and cell.clock_s - before == pytest.approx(seconds), test
    assert cell.live_rows == 10 and cell.hurt == ["restart", "rollback"]


@pytest.mark.parametrize(
    ("test", "body"),
    [
        ("POST echo", []), ("POST echo", {}), ("POST echo", {"hop": "no", "n": 1}), ("POST echo", {"hop": [], "n": 1}),
        *(("POST echo", {"hop": "x", "n": n}) for n in (0, 101, True, 1.5, -3, "²", None, [1])),
        ("POST infer", {"rows": [], "path": "live"}), ("POST infer", {"rows": [{}] * 51, "path": "live"}),
        ("POST infer", {"rows": [{}], "path": "live"}), ("POST infer", {"rows": [7], "path": "bench"}),
        ("POST infer", {"rows": "ab", "path": "bench"}), ("POST features", {"entities": ["x"], "from": "store"}),
        ("POST features", {"entities": [[]], "from": "raw"}), ("POST features", {"entities": [], "from": "raw"}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_costs_a_second_and_nothing_else(make, test, body):
    cell = make("flapped")

    with pytest.raises((ValueError, LookupError, TypeError)):
        cell.test(test, {}, body)

    assert cell.clock_s == 1 and cell.live_rows == 0


def test_a_path_that_there_is_not_gives_users_no_rows(make):
    cell = make("flapped")
    some = rows(cell)

    with pytest.raises(ValueError, match="live or bench"):
        cell.test("POST infer", {}, {"rows": some, "path": "users"})

    assert cell.live_rows == 0


def test_restart_and_rollback_help(make):
    for kind in ("throttled", "slow-replica"):
        cell = make(kind)
        ask(cell, "POST restart")
        assert slowest_echo(cell) < 4 and slower_live(cell) < 1.5
    for kind in DOMAINS["model"]:
        cell = make(kind)
        ask(cell, "POST rollback")
        failed, wrong, slower = on_the_bench(cell)
        assert failed <= 2 and wrong == 0 and slower < 1.25


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("infra data", "right"),
        ("infra", "missed"),
        ("", "missed"),
        ("infra data model", "invented"),
        ("model", "mistaken"),
    ],
)
def test_a_diagnosis_is_right_or_has_a_word_for_what_it_is(yard, make, said, word):
    assert yard.verdict.word_of("infra-data", ["lossy-hop", "stale"], make("stale"), set(said.split())) == word


def test_time_and_harm_are_the_cells_own(yard, make):
    def words(clock_s: float, live_rows: int, hurt: list[str]) -> tuple[str, ...]:
        cell = make("surge")
        cell.clock_s, cell.live_rows, cell.hurt = clock_s, live_rows, hurt
        return tuple(
            yard.verdict.word_of(aspect, ["surge"], cell, set()) for aspect in ("in-time", "harmless", "healthy")
        )

    assert words(80, 100, []) == ("right", "right", "right")
    assert words(80.1, 101, []) == ("late", "too-many", "right")
    assert words(0, 0, ["restart"]) == ("restart", "restart", "restart")
