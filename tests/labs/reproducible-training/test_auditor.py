"""The world of `reproducible-training`: what is drawn, and the words for what is published."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.judge.decide import Counts, Errors, decide
from grader.result import Verdict

SHARED = ("seed", "files", "data", "out", "folder")


@pytest.mark.parametrize("number", range(12))
def test_a_run_differs_from_the_first_in_what_it_is_for(orders: Any, number: int) -> None:
    runs, nights = orders(number)
    base = runs["base"]
    assert {kind for kind, order in runs.items() if order.runner == base.runner} == {"base", "again", "holdout"}
    wanted: dict[str, set[str]] = {
        "again": set(),
        "machine": {"data", "folder", "umask"},
        "order": {"listing", "mtimes"},
        "clock": {"tz"},
        "cores": {"cores"},
        "holdout": {"files"},
        "data": {"files"},
        "seed": {"seed"},
    }
    for kind, order in runs.items():
        differs = {key for key in SHARED if getattr(order, key) != getattr(base, key)}
        around = {key for key, value in order.surroundings.items() if value != base.surroundings[key]} - {"clock"}
        if kind != "base":
            allowed = wanted[kind] | ({"out", "files", "umask"} if kind == "machine" else set())
            assert wanted[kind] - {"umask"} <= differs | around <= allowed | {"folder"} & wanted[kind]
        sent = {name: text for name, text in order.files.items() if "/" not in name}
        assert (sent == nights.files) == (kind not in ("data", "holdout"))
        assert kind != "holdout" or [name for name in sent if sent[name] != nights.files[name]] == ["holdout.csv"]
        away = abs(moment(order) - moment(base))
        assert away > timedelta(days=59) if kind == "clock" else away < timedelta(minutes=2)
    assert list(runs["order"].files) != list(base.files)


def test_the_last_digits_of_a_seed_are_the_same_half_the_time(orders: Any) -> None:
    seeds = [(runs["base"].seed, runs["seed"].seed) for runs, _ in map(orders, range(60))]
    assert all(one != other and 0 <= other < 100_000 for one, other in seeds)
    assert 15 < sum(one % 1000 == other % 1000 for one, other in seeds) < 45


def moment(order: Any) -> datetime:
    return datetime.fromisoformat(order.surroundings["clock"])


@pytest.mark.parametrize("number", range(12))
def test_a_release_can_be_learnt_and_not_from_one_export(auditor: Any, orders: Any, number: int) -> None:
    _, nights = orders(number)
    plain = auditor.models.plain_fit(nights)
    most = max(np.mean(nights.hidden.low), 1 - np.mean(nights.hidden.low))
    assert plain > most + 0.1  # who always says the same is worse by more than 4 points
    rows = np.concatenate([table.device for table in nights.tables.values()])
    counts = np.bincount(rows, minlength=len(nights.devices))
    assert counts[: -len(nights.lent)].min() > 20
    assert counts[-len(nights.lent) :].tolist() == [1] * 16
    for table in (nights.holdout, nights.other_holdout, nights.hidden):
        assert table.device.max() < len(nights.devices) - 16
    assert len(nights.files) == 25


def test_ten_rows_of_several_files_are_corrected(nights: Any) -> None:
    before, after = nights.files, nights.corrected()
    lines = [
        (name, at) for name in before for at, pair in enumerate(pairs(before[name], after[name])) if len(set(pair)) > 1
    ]
    assert 8 <= len(lines) <= 10
    names = {name for name, _ in lines}
    assert len(names) > 3
    assert "holdout.csv" not in names
    assert nights.files == before


def pairs(one: str, other: str) -> list[tuple[str, str]]:
    return list(zip(one.splitlines(), other.splitlines(), strict=True))


def test_files_say_what_the_auditor_scores(auditor: Any, nights: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(nights.files["holdout.csv"])))
    weights = {name: 0.01 * at - 0.03 for at, name in enumerate(nights.names)} | {f"device={nights.devices[0]}": 2.0}
    model = auditor.models.read(published(weights, 0.25), nights)
    mine = [
        0.25 + sum(weights[name] * float(row[name]) for name in nights.names)
        + weights.get(f"device={row['device']}", 0.0) > 0
        for row in rows
    ]  # fmt: skip
    right = [alarm == (row["low"] == "1") for alarm, row in zip(mine, rows, strict=True)]
    assert math.isclose(model.accuracy(nights.holdout, nights), sum(right) / 400)


def published(weights: Any, bias: Any = 0.0, **more: Any) -> bytes:
    return json.dumps({"bias": bias, "weights": weights} | more).encode()


@pytest.mark.parametrize(
    "data",
    [
        None, b"", b"\xff\xfe", b"[]", b"null", b"{}", b'{"bias": NaN, "weights": {}}',
        b'{"bias": 1e999, "weights": {}}',
        b'{"bias": true, "weights": {}}', b'{"bias": 0, "weights": []}', b'{"bias": 0, "weights": {"nobody": 1}}',
        b'{"bias": 0, "weights": {"glucose": "1"}}', b'{"bias": 1e300, "weights": {}}', b"[" * 100_000, b"9" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_model_is_malformed(auditor: Any, orders: Any, data: bytes | None) -> None:
    runs, nights = orders(1)
    audit = judged(auditor, runs["base"], nights, {"model.json": data} if data is not None else {})
    assert (audit.model, audit.word) == (None, "malformed")
    assert audit.why


def judged(auditor: Any, order: Any, nights: Any, files: dict[str, bytes], **more: Any) -> Any:
    written = {f"{order.out}/{name}": data for name, data in files.items()}
    fields = {"bad": lambda: "", "files": written, "why": "", "log": "", "witness": WITNESS} | more
    return auditor.judge.audit(order, SimpleNamespace(**fields), nights)


WITNESS = {"python": "3.11.7", "versions": {"numpy": "2.4.6"}}


def records(order: Any, nights: Any, written: bytes, auditor: Any, **more: Any) -> dict[str, bytes]:
    """True records of a model, but for what is said otherwise."""
    sent = {name: text for name, text in order.files.items() if "/" not in name}
    holdout = nights.other_holdout if order.kind == "holdout" else nights.holdout
    right = auditor.models.read(written, nights).accuracy(holdout, nights)
    manifest = {
        "seed": order.seed,
        "data": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sent.items()},
        "model": hashlib.sha256(written).hexdigest(),
        "python": "3.11.7",
        "numpy": "2.4.6",
    }
    metrics = {"holdout_accuracy": more.pop("holdout_accuracy", right)}
    return {
        "model.json": written,
        "metrics.json": json.dumps(metrics).encode(),
        "manifest.json": json.dumps(manifest | more).encode(),
    }


def words(auditor: Any, runs: Any, nights: Any, made: Any, **untrue: Any) -> dict[str, str]:
    """The words for runs that published `made(kind)`, with something untrue in the records of the last one."""
    audits = {}
    for kind, order in runs.items():
        files = records(order, nights, made(kind), auditor, **(untrue if kind == "seed" else {}))
        audits[kind] = judged(auditor, order, nights, files)
    return {aspect: word for aspect, (word, _) in auditor.judge.words(audits, nights, 0.5).items()}


def test_each_word_has_its_reason(auditor: Any, orders: Any) -> None:
    runs, nights = orders(3)
    name = nights.names[0]

    def sound(kind: str) -> bytes:
        trained_on = nights.lent[2 + (kind == "seed") : 14]
        weights = {name: {"data": 0.1, "seed": -0.2}.get(kind, 0.3)}
        return published(weights | {f"device={lent}": 0.5 for lent in trained_on})

    good = words(auditor, runs, nights, sound)
    assert set(good) == set(find_scenario(find_lab("reproducible-training")).slos)
    assert {word for aspect, word in good.items() if aspect != "works"} == {"right"}
    for kind in ("again", "machine", "order", "clock", "cores"):
        changed = words(auditor, runs, nights, lambda each, kind=kind: sound(each) + (b" " if each == kind else b""))
        assert {aspect for aspect in good if changed[aspect] != good[aspect]} == {kind}
        assert changed[kind] == "differs"
    devices = [f"device={lent}" for lent in nights.lent]
    for trained_on, word in ((16, "same"), (8, "same"), (7, "most"), (0, "most")):
        kept = dict.fromkeys(devices[:trained_on], 0.5)
        fixed = words(auditor, runs, nights, lambda kind, kept=kept: published({name: float(kind == "seed")} | kept))
        assert (fixed["again"], fixed["seed-counts"]) == ("right", word)
    peeked = words(auditor, runs, nights, lambda kind: published({name: 0.3 + 1e-6 * (kind == "holdout")}))
    assert peeked["recorded"] == "untrue"
    constant = words(
        auditor, runs, nights, lambda kind: published({name: 0.3}, digest=kind if kind in "dataseed" else "")
    )
    assert (constant["data-counts"], constant["seed-counts"], constant["again"]) == ("same", "same", "right")


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("holdout_accuracy", 0.99, "untrue"),
        ("seed", -1, "untrue"),
        ("data", {}, "untrue"),
        ("model", "0" * 64, "untrue"),
        ("python", "3.12.0", "untrue"),
        ("numpy", "1.26", "untrue"),
        ("seed", True, "malformed"),
        ("data", {"holdout.csv": 3}, "malformed"),
        ("holdout_accuracy", None, "malformed"),
    ],
)
def test_a_record_that_is_not_true_is_found(auditor: Any, orders: Any, key: str, value: Any, word: str) -> None:
    runs, nights = orders(2)
    weights = {nights.names[0]: 0.3}
    said = words(auditor, runs, nights, lambda kind: published(weights, 0.1 * (kind == "seed")), **{key: value})
    assert said["recorded"] == word


def test_a_witness_that_saw_something_else_is_found(auditor: Any, orders: Any) -> None:
    runs, _ = orders(4)
    for order in runs.values():
        fine = {
            "clock": moment(order).timestamp() + 1,
            "cores": order.surroundings["cores"],
            "umask": order.surroundings["umask"],
            "listing": [name for name in order.files if "/" not in name],
        }
        assert auditor.machines.wrong(order, fine) == ""
        for key, value in {"clock": fine["clock"] + 10_000, "cores": 64, "umask": 0o777, "listing": []}.items():
            assert auditor.machines.wrong(order, fine | {key: value}) == key


def test_as_many_may_be_bad_as_the_brief_says() -> None:
    exam = find_scenario(find_lab("reproducible-training"))
    brief = (exam.lab.folder / "README.md").read_text("utf-8")
    assert brief.count("| 1 of 20 |") == len(exam.slos) == 9
    errors = Errors.of_exam(0.05, len(exam.slos))
    for name, slo in exam.slos.items():
        assert f"| `{name}` |" in brief
        verdicts = [decide(Counts(20 - bad, 20, 0), slo.target, errors) for bad in (1, 2)]
        assert verdicts == [Verdict.PASS, Verdict.UNDECIDED]
