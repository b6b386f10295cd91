"""The bank: packages are what the plan wished for, a stranger's answer has a word, and what is saved is counted."""

from __future__ import annotations

import hashlib
import io
import json
import math
import pickle
import random
from collections import Counter
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs.virtual import LATE, Reply, made, play

LAB = find_lab("toil-killer")
draw = import_file(find_scenario(LAB).folder / "draw.py")
APPROVE = {"decision": "approve"}


def contents(bank: Any, one: Any) -> dict[str, bytes]:
    """The files of a package."""
    read = bank.package.base64.b64decode
    return {file["path"]: file["text"].encode() if "text" in file else read(file["base64"]) for file in one.files}


def test_every_plan_asks_as_many_questions_and_has_other_words() -> None:
    plans = [draw.draw(seed) for seed in (1, 2, 3)]
    totals = [
        {a: sum(case["asked"].get(a, 0) for case in p["cases"]) for a in plans[0]["cases"][0]["asked"]} for p in plans
    ]
    assert totals == [{"approved": 36, "refused": 60, "asked": 24, "steady": 24, "explained": 28, "saved": 12}] * 3
    for plan in plans:
        failing = [one for case in plan["cases"] for one in case["packages"] if one["kind"] == "failing"]
        ways = Counter((one["steps"][0], one["way"]) for one in failing)
        assert {step for step, _ in ways} == {*range(1, 13)}
        left = ("missing", "changed", "not named", "rows left out", "same person", "had left", "4 up", "absent")
        hurried = [way for way in ways if way[1] in (*left, "plain")]
        assert all(ways[way] >= 3 for way in (*hurried, (12, "last day"), (12, "of all")))
        odd = [one for case in plan["cases"] for one in case["packages"] if one["kind"] == "odd"]
        assert sum("steps" in one and "waiver" not in one for one in odd) == 15
        assert Counter(one["waiver"] for one in odd if "waiver" in one) == {"first day": 2, "last day": 2}
        hostile = Counter(one["way"] for case in plan["cases"] for one in case["packages"] if one["kind"] == "hostile")
        assert hostile.pop("pickle") == 6 and len(hostile) == 9 and {*hostile.values()} == {2}
        assert Counter(one["way"].split()[2] for one in odd if one["way"].startswith("close")) == {
            "within": 2, "beyond": 2,
        }  # fmt: skip
    assert len({case["id"] for plan in plans for case in plan["cases"]}) == 36


def test_figures_lie_where_no_rounding_decides(trays: Any) -> None:
    for one in (one for tray in trays for one in tray.new if one.right.figure is not None):
        off = abs(one.right.figure / one.right.bound - 1)
        assert off > 0.1, (one.way, one.right)


def test_a_close_figure_lies_on_its_side_of_the_bound(bank: Any) -> None:
    papers = bank.papers.papers(random.Random(5))
    bounds = next(iter(papers.policy.values()))
    for step in (6, 7, 10):
        for beyond in (False, True):
            wish = bank.figured.Wish(close=step, beyond=beyond)
            found = bank.figured.numbers(random.Random(step), bounds, ["a", "b"], ["x", "y"], wish)
            figure, bound = found.figures[step]
            assert abs(figure / bound - 1) <= 0.015
            assert beyond == ((figure < bound) if step == 6 else (figure > bound))


def test_the_log_has_hours_and_shared_models_and_no_row_is_both(trays: Any) -> None:
    for tray in trays:
        past = tray.past
        minutes = [row["minutes"] * 60 if row["minutes"] < 10 else row["minutes"] for row in past.rows]
        models = {row["model"] for row in past.rows}
        assert abs(sum(minutes) / len(models) / past.minutes_by_hand - 1) < 0.001
        typed = sum(row["minutes"] for row in past.rows) / len(models)
        assert typed < 0.95 * past.minutes_by_hand
        assert sum(minutes) / len(past.rows) < 0.9 * past.minutes_by_hand


def test_the_champion_has_grades(bank: Any, trays: Any) -> None:
    one = next(one for tray in trays for one in tray.new if one.kind == "sound")
    header, *rows = (line.split(",") for line in contents(bank, one)["holdout.csv"].decode().splitlines())
    assert len({row[header.index("champion")] for row in rows}) <= 11


def test_digests_of_hostile_packages_fit_and_only_what_was_changed_does_not(bank: Any, trays: Any) -> None:
    seen = set()
    for one in (one for tray in trays for one in tray.new):
        inside, paths = contents(bank, one), [file["path"] for file in one.files]
        named = json.loads(inside["manifest.json"])["files"]
        fits = all(hashlib.sha256(inside.get(path, b"")).hexdigest() == digest for path, digest in named.items())
        whole = fits and {*named} == {*inside} - {"manifest.json"} and len(paths) == len(set(paths)) == 6
        if one.kind == "hostile":
            seen.add(one.way)
            assert whole == (one.way not in ("pickle", "outside", "twice"))
        else:
            assert whole == (one.right.step != 1 or one.way == "rows left out"), one.way
    assert "pickle" in seen and len(seen) >= 4


def test_a_hostile_file_has_one_thing_wrong(bank: Any, trays: Any) -> None:
    sound = next(one for one in trays[0].new if one.kind == "sound")
    inside = {path: data for path, data in contents(bank, sound).items() if path != "manifest.json"}
    spoilt = [
        (way, path, data)
        for way in ("deep", "deeper", "not finite", "no number")
        for seed in range(20)
        for path, data in bank.hostile.spoilt(random.Random(seed), way, inside).items()
        if data != inside[path]
    ]
    assert len(spoilt) == 80 and {path for _, path, _ in spoilt} == {*inside} - {"signatures.json"}
    shallow = [json.loads(data) for way, _, data in spoilt if way == "deep"]
    assert all(each.pop("notes") and each == json.loads(inside["card.json"]) for each in shallow)
    small = [data for way, _, data in spoilt if way == "deeper" and len(data) <= 256 * 1024]
    assert any(data.count(b"[") + data.count(b"{") > 20_000 for data in small)
    for path, data in ((path, data) for _, path, data in spoilt if path.endswith(".csv")):
        cells, before = (text.decode().replace("\n", ",").split(",") for text in (data, inside[path]))
        (other,) = [now for now, old in zip(cells, before, strict=True) if now != old]
        assert not math.isfinite(float(other))


def test_a_large_file_has_nothing_else_wrong(bank: Any, trays: Any) -> None:
    sound = next(one for one in trays[0].new if one.kind == "sound")
    inside = {path: data for path, data in contents(bank, sound).items() if path != "manifest.json"}
    for seed in range(5):
        spoilt = bank.hostile.spoilt(random.Random(seed), "large", inside)
        ((path, data),) = [(path, data) for path, data in spoilt.items() if data != inside[path]]
        assert len(data) > 256 * 1024 and json.loads(data) == json.loads(inside[path])


def test_whoever_leaves_later_signs_sound_models_and_whoever_left_none(bank: Any) -> None:
    """Each signer of a sound model has a last day to come, or none."""
    later = 0
    for seed in range(8):
        papers = bank.papers.papers(random.Random(seed))
        people = papers.written()["people"]
        for kind, steps in (("sound", []), ("failing", [2])):
            case = {"kind": kind, "way": "had left" if steps else "plain", "steps": steps}
            one = bank.making.made(random.Random(seed), papers, case, "model-1", "/beacon/1")
            signed = json.loads(contents(bank, one)["signatures.json"]).values()
            last = [people[each["who"]]["left"] for each in signed]
            gone = [each is not None and each < mark["day"] for each, mark in zip(last, signed, strict=True)]
            assert sum(gone) == len(steps)
            later += kind == "sound" and any(last)
    assert later >= 2


def test_an_unknown_segment_is_a_small_one_and_scores_are_left_out_with_a_right_digest(bank: Any) -> None:
    papers = bank.papers.papers(random.Random(3))

    def table(one: Any, path: str) -> list[list[str]]:
        return [line.split(",") for line in contents(bank, one)[path].decode().splitlines()]

    odd = bank.making.made(random.Random(1), papers, {"kind": "odd", "way": "segment"}, "model-1", "")
    header, *rows = table(odd, "holdout.csv")
    unknown = [row for row in rows if row[header.index("segment")] not in papers.segments]
    assert 0 < len(unknown) < 50
    case = {"kind": "failing", "way": "rows left out", "steps": [1]}
    short = bank.making.made(random.Random(1), papers, case, "model-2", "")
    (header, *rows), scored = table(short, "holdout.csv"), table(short, "scores.csv")[1:]
    assert 1 <= len(rows) - len(scored) <= 12
    assert {row[0] for row in scored} < {row[header.index("id")] for row in rows}
    named = json.loads(contents(bank, short)["manifest.json"])["files"]
    assert named["scores.csv"] == hashlib.sha256(contents(bank, short)["scores.csv"]).hexdigest()


def test_whichever_of_three_is_read_first_or_last_fits_and_the_one_between_does_not(bank: Any) -> None:
    papers = bank.papers.papers(random.Random(3))
    one = bank.making.made(random.Random(4), papers, {"kind": "hostile", "way": "twice"}, "model-1", "")
    first = {file["path"]: file["text"] for file in reversed(one.files)}
    assert first == {file["path"]: file["text"] for file in one.files}
    assert len(one.files) == 8 and len({(file["path"], file["text"]) for file in one.files}) == 7


def test_a_waiver_that_counts_has_two_beside_it_that_do_not(bank: Any) -> None:
    papers = bank.papers.papers(random.Random(3))
    case = {"kind": "odd", "way": "waiver plain", "steps": [9], "waiver": "first day"}
    one = bank.making.made(random.Random(1), papers, case, "model-1", "")
    day = papers.day.isoformat()
    found = [(each["step"] == 9, each["from"] <= day <= each["until"]) for each in one.waivers]
    assert sorted(found) == [(False, True), (True, False), (True, True)]


def test_an_author_may_have_left_since_and_a_card_may_have_the_inputs_in_another_order(bank: Any) -> None:
    left = others = 0
    for seed in range(30):
        papers = bank.papers.papers(random.Random(seed))
        one = bank.making.made(random.Random(seed), papers, {"kind": "sound", "way": "plain"}, "model-1", "")
        card, model, signed = (
            json.loads(contents(bank, one)[path]) for path in ("card.json", "model.json", "signatures.json")
        )
        last = papers.written()["people"][signed["author"]["who"]]["left"]
        left += last is not None and last < papers.day.isoformat()
        others += card["inputs"] != model["inputs"]
        assert sorted(card["inputs"]) == sorted(model["inputs"])
    assert left >= 2 and others >= 8


def test_by_hand_somebody_asks_without_need_in_most_trays(trays: Any) -> None:
    asked = 0
    for tray in trays:
        said = {row["model"]: row["decision"] for row in tray.past.rows}
        asked += any(said[model] == "ask" != right for model, right in tray.past.audited.items())
    assert asked >= 2


def test_a_pickle_asks_for_its_beacon_and_does_nothing_else(bank: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setenv("BANK", "http://bank:8000")
    monkeypatch.setattr("urllib.request.urlopen", lambda url, timeout: asked.append(url) or io.BytesIO(b"read"))

    assert pickle.loads(bank.hostile.pickle_of("/beacon/1f")) == b"read"
    assert asked == ["http://bank:8000/beacon/1f"]


@pytest.mark.parametrize(
    ("told", "word", "figures"),
    [
        ({"decision": "refuse", "step": 9, "figure": 0.605, "bound": 0.8}, "right", "right"),
        ({"decision": "refuse", "step": 9, "figure": 0.62, "bound": 0.8}, "right", "wrong"),
        ({"decision": "refuse", "step": 9, "figure": True, "bound": 0.8}, "right", "wrong"),
        ({"decision": "refuse", "step": 9.0, "figure": 10**17, "bound": "0.8"}, "right", "wrong"),
        ({"decision": "refuse", "step": 10, "figure": 0.6, "bound": 0.8}, "other step", "not refused"),
        ({"decision": "refuse", "step": [], "figure": 0.6, "bound": 0.8}, "other step", "not refused"),
        ({"decision": "ask", "reason": "close"}, "asked", "not refused"),
        (APPROVE, "approved", "not refused"),
        ({"decision": "Approve"}, "malformed", "malformed"),
        ({"decision": ["approve"]}, "malformed", "malformed"),
        ("approve", "malformed", "malformed"),
        (None, "none", "none"),
    ],
)  # fmt: skip
def test_each_decision_has_its_word(bank: Any, told: object, word: str, figures: str) -> None:
    right = bank.making.Right("refuse", 9, 0.6, 0.8)
    assert bank.judge.decision(right, told)[0] == word
    assert bank.judge.explained(right, told)[0] == figures


def test_a_reason_counts(bank: Any) -> None:
    right = bank.making.Right("ask", reason="waiver")
    words = [
        bank.judge.decision(right, {"decision": "ask", "reason": reason})[0] for reason in ("waiver", "rows", None, {})
    ]
    assert words == ["right"] + ["other reason"] * 3


def test_what_is_saved_counts_each_model_once_and_asking_is_no_error(bank: Any) -> None:
    past = bank.past.Past([], 240.0, 3, dict(zip("abcd", ("approve", "approve", "refuse", "ask"), strict=True)), {})
    decided = {"a": APPROVE, "b": {"decision": "ask"}, "c": APPROVE, "d": None}
    right = bank.judge.savings(past, decided)
    assert right == {"minutes_by_hand": 240, "minutes_saved": 120, "wrong_by_hand": 3, "wrong_by_tool": 1}
    assert bank.judge.saved(right, right | {"minutes_saved": 123})[0] == "right"
    assert bank.judge.saved(right, right | {"minutes_saved": 124})[0] == "wrong"
    assert bank.judge.saved(right, right | {"wrong_by_tool": 0})[0] == "wrong"


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (LATE, "none"),
        ({"decisions": []}, "malformed"),
        ({"decisions": {}}, "none"),
        (Reply({"decisions": {"x": 1}}), "none"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_bad_for_all_and_breaks_nothing(said: object, word: str) -> None:
    plan = draw.draw(3, trays=2)
    world = made(LAB.folder / "world", plan)
    told = play(world, lambda path, body: said)
    asked = {aspect: sum(case["asked"].get(aspect, 0) for case in plan["cases"]) for aspect in ("approved", "refused")}
    assert {aspect: told.words[aspect] for aspect in asked} == {aspect: {word: n} for aspect, n in asked.items()}
    assert "right" not in told.words["steady"] and "right" not in told.words["saved"]
    assert sum(sum(words.values()) for words in told.words.values()) == sum(
        sum(case["asked"].values()) for case in plan["cases"]
    )
    assert len(list(world.pictures())) == 2 and plan["cases"][0]["id"] in world.page("")
    assert world.page("no-such/tray") == ""
