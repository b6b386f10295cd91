"""The lab's questions and draws, its evidence, its clean ranker, and the words for whatever a recommender answers."""

from __future__ import annotations

import csv
import json
import random
import re
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.course.spec import drawn
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned

LAB = find_lab("tech-debt")
EXAM = find_scenario(LAB)


@pytest.mark.parametrize("scenario", [EXAM, rehearsal(LAB)], ids=["exam", "rehearsal"])
def test_every_question_is_asked_once(scenario: Any, load: Any):
    [trial] = scenario.spec.trials
    total = sum(planned(PlannedPhase(start=0, **phase.model_dump())) for phase in scenario.spec.timeline)

    traffic = load.Traffic(drawn(trial.parameters, random.Random(1)), 1)

    assert len(traffic) == total
    assert {traffic.request(n).name for n in range(total)} == set(scenario.slos)


def test_no_kind_of_step_can_be_given_up(draw: Any):
    plan = draw.draw(5)
    kinds = {
        "units": lambda case: case["way"],
        "refused": lambda case: case["way"],
        "golden": lambda case: case.get("way", case["kind"]),
    }
    for aspect, kind in kinds.items():
        often: Counter[str] = Counter()
        for case in plan["cases"]:
            if aspect in case["asked"]:
                often[kind(case)] += case["asked"][aspect]
        del often["plain"]  # what every other page stands on
        least = min(often.values())
        assert least > 2 * (1 - EXAM.slos[aspect].target) * sum(often.values()), often


def test_a_unit_may_stay_settings_change_meanwhile_and_pages_are_asked_for_again(marrow: Any, draw: Any):
    plan = draw.draw(5)
    longest: Counter[str] = Counter()
    again: Counter[bool] = Counter()
    degraded: Counter[str] = Counter()
    for name in {case["tenant"] for case in plan["cases"] if "tenant" in case}:
        tenant, run, page = marrow.steps.Tenant(5, name), (), None
        tenant.first()
        for case in (case for case in plan["cases"] if case.get("tenant") == name):
            if case["kind"] == "feed":  # somebody tries a wrong push meanwhile
                run = (*run, case["way"]) if run[-1:] == (case["way"],) else (case["way"],)
                longest[run[0]] = max(longest[run[0]], len(run))
            for call in tenant.step(case):
                if call.path == "/recommend":
                    key = call.body["basket"], call.body["date"]
                    again[page == key] += 1
                    page = key
                    closes = marrow.right.closes(key[1]) and call.tells == {"in-use": "both"}
                    degraded["closes"] += closes and "lead_h" in call.right["degraded"]
                elif call.path == "/config" and case["kind"] == "feed":
                    degraded["pushes"] += 1

    assert all(longest[way] == 8 for way in draw.UNITS)
    assert again[True] > 0.3 * again.total()
    assert degraded["closes"] > 24 and degraded["pushes"] > 50


def test_a_mistake_may_come_again_or_while_a_column_is_degraded_and_all_readers_are_asked(marrow: Any, draw: Any):
    plan = draw.draw(5)
    found: Counter[str] = Counter()
    for name in {case["tenant"] for case in plan["cases"] if "tenant" in case}:
        tenant = marrow.steps.Tenant(5, name)
        tenant.first()
        for case in (case for case in plan["cases"] if case.get("tenant") == name):
            calls = list(tenant.step(case))
            wrong = [call.body for call in calls if "keys" in call.right]
            found["again"] += len(wrong) >= 2 and wrong[0] == wrong[-1]
            found["thrice"] += len(wrong) == 3
            found["degraded"] += case["kind"] == "feed" and len(wrong)
            found.update(call.tells["refused"] for call in calls if "refused" in call.tells)

    assert found["again"] > 150 and found["thrice"] > 50 and found["degraded"] > 20
    assert found["both"] > 300 and found["score"] > 60
    assert any(case.get("tenant", "").endswith(".1") for case in plan["cases"])


def test_neither_the_number_of_a_part_nor_the_form_of_a_value_tells_anything(marrow: Any):
    names = ("at-10", "be-20", "cz-30", "de-40", "es-50", "fi-60")
    feeds = [marrow.steps.Tenant(seed, name).first()[1].body for seed in range(4) for name in names]
    parts = [{row[feed["columns"].index("part")] for row in feed["rows"]} for feed in feeds[: len(names)]]
    whole = [all(value == int(value) for value in column_of(feed, "price").values()) for feed in feeds]

    assert len(parts[0]) > 50 and all(len(one & parts[0]) > 50 for one in parts)
    assert 5 < sum(whole) < 19


def test_no_count_order_or_value_is_always_the_same(marrow: Any, draw: Any):
    found: dict[str, set[Any]] = {"longer": set(), "odd": set(), "earned": set(), "columns": set(), "settings": set()}
    makers: set[tuple[str, str]] = set()
    for name in ("at-10", "be-20"):
        tenant = marrow.steps.Tenant(5, name)
        before = len(tenant.first()[1].body["rows"])
        for at, way in enumerate((*draw.ODD, *draw.UNITS, "plain") * 6):
            calls = list(tenant.step({"id": f"{name}/{at}", "kind": "feed", "way": way, "asked": {"in-use": 3}}))
            body, parts = fed(calls).body, tenant._shop.parts()
            found["longer"].add((len(body["rows"]) > before) - (len(body["rows"]) < before))
            found["columns"].add(len(tenant._shop.degraded))
            found["odd"].add((body["columns"][0] != "part", len(body["columns"]) > 9))
            before = len(body["rows"])
            makers |= {(f"{name}:{id}", part["maker"]) for id, part in parts.items()}
            reports = [call.path.partition("&part=")[2] for call in calls if call.method == "GET"]
            found["earned"] |= {marrow.right.loses(parts[id]) for id in reports}
            found["settings"].add(marrow.pushes.good(random.Random(at)).get("min_stock", 1))

    assert len(makers) > len({id for id, _ in makers})
    assert found["longer"] == {-1, 0, 1}
    assert found["odd"] == {(one, other) for one in (False, True) for other in (False, True)}
    assert found["columns"] == {0, 1, 2, 4, 5}
    assert found["earned"] == {False, True}
    assert found["settings"] - {0, 1, 2, 5, 12, 50}


def test_the_evidence_names_forty_functions_and_twenty_six_flags(draw: Any):
    text = "\n".join(path.read_text() for path in sorted((LAB.folder / "recommender").glob("*.py")))

    assert len(draw.retired_functions()) == len(set(draw.retired_functions())) == 40
    assert all(text.count(f"def {name}(") == 1 for name in draw.retired_functions())
    assert len(draw.retired_flags()) == 26
    assert all(f'    "{name}": ' in text for name in (*draw.retired_flags(), *draw.FLAGS))


def test_the_evidence_tells_what_is_called(played: Any, draw: Any):
    """By the shipped code itself, before pushes and feeds in which nothing is wrong."""
    plan = draw.draw(3, size=1)
    odd = ("other order", "one more column", *draw.UNITS)
    plan["cases"] = [case for case in plan["cases"] if case["kind"] in ("push", "close", "feed")]
    plan["cases"] = [case for case in plan["cases"] if case.get("way") not in odd]
    with open(LAB.folder / "evidence" / "usage.csv", newline="") as file:
        rows = [(f"{module}.{name}", [*map(int, calls)]) for module, name, *calls in list(csv.reader(file))[1:]]

    found = played(LAB.folder / "recommender", plan, "--count")

    assert set(found["words"]) == {"golden", "in-use"}
    assert all(set(told) == {"right"} for told in found["words"].values())
    assert {name for name, calls in rows if any(calls)} - {"main.healthz"} <= set(found["calls"])
    assert not {name for name, calls in rows if not any(calls)} & set(found["calls"])
    assert [name for name, calls in rows if any(calls) and not calls[-1]] == [
        "calendars.last_of_month",
        "calendars.ships_before_close",
    ]


def fed(calls: list[Any]) -> Any:
    """The feed of a case: a page may come before it."""
    return next(call for call in calls if call.path == "/catalogue")


def column_of(feed: Any, column: str) -> dict[str, float]:
    """A column of a feed, by part."""
    at, part = feed["columns"].index(column), feed["columns"].index("part")
    return {row[part]: row[at] for row in feed["rows"]}


def test_another_unit_is_far_from_whatever_is_sound(marrow: Any, draw: Any):
    measured = marrow.right.MEASURED
    for seed in range(3):
        plan = draw.draw(seed, size=1, tenants=1)
        steps = [case for case in plan["cases"] if case["kind"] != "function"]
        tenant = marrow.steps.Tenant(seed, steps[0]["tenant"])
        first = tenant.first()[1].body
        good = {column: column_of(first, column) for column in measured}
        for case in steps:
            calls = list(tenant.step(case))
            degraded = tenant._shop.degraded
            for column in measured if case["kind"] == "feed" else ():
                values, known = column_of(fed(calls).body, column), good[column]
                ratio = statistics.median(values[part] / known[part] for part in values if part in known)
                if column in degraded:
                    assert not 0.1 < ratio < 10, (case["way"], column, ratio)
                else:
                    assert 0.8 < ratio < 1.25, (case["way"], column, ratio)
                    good[column] = values


def test_in_a_sound_column_the_part_in_the_middle_moves_by_less_than_a_fifth(marrow: Any, draw: Any):
    for seed in range(12):
        tenants: dict[str, Any] = {}
        good: dict[tuple[str, str], dict[str, float]] = {}
        for case in draw.draw(seed)["cases"]:
            if case["kind"] != "feed":
                continue
            name = case["tenant"]
            if name not in tenants:
                tenants[name] = marrow.steps.Tenant(seed, name)
                first = tenants[name].first()[1].body
                good |= {(name, column): column_of(first, column) for column in marrow.right.MEASURED}
            feed = tenants[name]._feed(random.Random(f"{seed}:{case['id']}"), case["way"]).body
            for column in set(marrow.right.MEASURED) - tenants[name]._shop.degraded:
                values, known = column_of(feed, column), good[name, column]
                ratio = statistics.median(values[part] / known[part] for part in values if part in known)
                assert 0.8 < ratio < 1.2, (seed, case["id"], case["way"], column, ratio)
                good[name, column] = values


def test_the_part_in_the_middle_of_a_sound_column_is_where_the_contract_has_it(marrow: Any, draw: Any):
    contract = (LAB.folder / "evidence" / "CONTRACT.md").read_text().replace(",", "")
    promised = {
        column: (int(low), int(high))
        for column, low, high in re.findall(r"^\| `(\w+)` \|.*\| (\d+) to (\d+) \|$", contract, re.MULTILINE)
    }
    assert promised.keys() == set(marrow.right.MEASURED)
    for seed in range(12):
        tenants: dict[str, Any] = {}
        for case in draw.draw(seed)["cases"]:
            name = case.get("tenant")
            if name and name not in tenants:
                tenants[name] = marrow.steps.Tenant(seed, name)
                tenants[name].first()
            if case["kind"] != "feed":
                continue
            shop = tenants[name]._shop
            tenants[name]._feed(random.Random(f"{seed}:{case['id']}"), case["way"])
            for column in promised.keys() - shop.degraded:
                low, high = promised[column]
                middle = statistics.median(row[column] for row in shop._rows.values())
                assert low <= middle <= high, (seed, case["id"], case["way"], column, middle)


def test_each_wrong_push_is_wrong_and_each_good_one_is_not(marrow: Any, draw: Any):
    """By the reference's own table; whatever it names may be named, and one of those that must. It may be a mistake in
    what is in force."""
    from tests.labs.modules import importable

    with importable(EXAM.folder / "controls" / "reference" / "recommender"):
        import settings  # type: ignore[import-not-found]

        equal = dict(zip(marrow.right.WEIGHTS, (1, 0, 0, 0, 0), strict=True))
        for number in range(1400):
            rng = random.Random(number)
            way = marrow.pushes.WAYS[number % len(marrow.pushes.WAYS)]
            base = marrow.pushes.good(rng, **rng.choice(({}, equal if way != "negative" else {})))
            assert settings.problems(base) == []
            flag = draw.retired_flags()[number % 26] if way == "retired" else ""
            document, named, beside = marrow.pushes.bad(rng, way, "se-1", flag, rng.choice((None, base)))
            with pytest.raises(settings.Refused) as refused:
                settings.Book().accept(json.loads(json.dumps(document)))
            keys = {error["key"] for error in refused.value.errors}
            assert keys & set(named), (way, document, keys)
            assert keys <= {*named, *beside}, (way, document, keys)


OLD = """
    found = {}
    for line in text.splitlines():
        found[line.strip()] = float(line.replace(",", "."))
    return found
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def old_one(x):\n", True),
        ("old_one = lambda x: x\n", True),
        ('code = """\ndef old_one(x):\n"""', True),
        ("# old_one is gone\n", True),
        ("def old_one_again(x):\n", False),
        (f"def new_one(text):{OLD}", True),
        (f"def new_one(other):{OLD.replace('text', 'other').replace('found', 'made')}", True),
        (f"def new_one(text):{OLD}".replace('"', "'").replace("strip()", "strip(  # why\n)"), True),
        (f"def new_one(text):{OLD.replace('float(', 'int(').replace('.replace', ' + 1 .replace')}", False),
    ],
)
def test_a_function_is_found_by_its_name_and_by_what_it_does(marrow: Any, text: str, found: bool):
    assert marrow.judge.remains({"notes.txt": text}, "old_one", OLD) == ("notes.txt" if found else "")


def test_what_is_shipped_is_found_under_other_names_and_the_reference_has_none_of_it(marrow: Any, draw: Any):
    shipped, reference = LAB.folder / "recommender", EXAM.folder / "controls" / "reference" / "recommender"
    old = {path.name: path.read_text() for path in shipped.glob("*.py")}
    new = {path.name: path.read_text() for path in reference.glob("*.py")}

    bodies = draw.retired_functions().items()

    assert sum(bool(marrow.judge.remains(old, "another_name", body)) for _, body in bodies) >= 30
    assert not any(marrow.judge.remains(new, name, body) for name, body in bodies)


@pytest.mark.parametrize(("status", "word"), [(200, "right"), (201, "status"), (422, "status"), (503, "none")])
def test_a_good_push_is_answered_with_200(marrow: Any, status: int, word: str):
    class Reply:
        pass

    reply = Reply()
    reply.status = status  # type: ignore[attr-defined]

    assert marrow.judge.taken(reply) == word


APP = """
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": STATUS, "headers": []})
    await send({"type": "http.response.body", "body": BODY})
"""


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"[]"),
        (200, b'{"parts": ["<script>"], "legacy_score": 1e300, "degraded": ["<b>"], "score": 1e300}'),
        (200, b'{"parts": [], "legacy_score": "1", "degraded": [], "score": true}'),
        (422, b'{"errors": [{"key": "tenant", "problem": " "}], "parts": [], "legacy_score": 0, "degraded": []}'),
        (422, b'{"errors": {"key": "tenant"}}'),
        (500, b'{"errors": [{"key": "tenant", "problem": "x"}]}'),
    ],
    ids=str,
)
def test_what_is_no_answer_keeps_no_promise(status: int, body: bytes, played: Any, draw: Any, tmp_path: Path):
    (tmp_path / "main.py").write_text(APP.replace("STATUS", str(status)).replace("BODY", repr(body)))
    plan = draw.draw(3, size=1)

    found = played(tmp_path, plan)

    words = {aspect: set(told) for aspect, told in found["words"].items()}
    assert words.pop("retired") == {"right"}
    assert not any("right" in told or "" in told for told in words.values()), words
    assert "<script>" not in found["page"]


def test_who_leaves_a_file_that_cannot_be_read_has_deleted_nothing(played: Any, draw: Any, tmp_path: Path):
    (tmp_path / "main.py").write_text(APP.replace("STATUS", "200").replace("BODY", "b''"))
    (tmp_path / "old.bin").write_bytes(b"\xff\xfe\x00")

    assert set(played(tmp_path, draw.draw(3, size=1))["words"]["retired"]) == {"unread"}
