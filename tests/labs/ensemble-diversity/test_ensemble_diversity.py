"""What is drawn and sent, how labels are judged, what breaks when, and what the committed readers see."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from call_receipts import issue
from model_pool.plugin import Given

from grader.authoring.audit.bounds import Bounds
from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial, phase_plans
from grader.labkit import import_rehearsal
from grader.load.schedule import looks, schedule
from grader.load.traffic import make_traffic
from tests.labs.modules import world

LAB = catalog.root() / "labs" / "ensemble-diversity"
SCENARIO = catalog.root() / "scenarios" / "ensemble-diversity" / "exam.py"
SEEDS = range(1, 9)
MIXED = ("mixed", "mixed-again", "mixed-last")
PHASES = {
    "edges": MIXED, "flagged": MIXED, "sure": MIXED, "right": ("wrong", "wrong-again"),
    "answered": ("away", "away-again"),
}  # fmt: skip
SEGMENTS = {"edges": "edged", "flagged": "smudged", "sure": "clean"}
load = import_rehearsal(str(SCENARIO), "load")
observers = import_rehearsal(str(SCENARIO), "exam")


@pytest.fixture(scope="module")
def exam() -> Scenario:
    return catalog.find_scenario(catalog.find_lab("ensemble-diversity"))


@pytest.fixture(scope="module")
def sealed() -> Iterator[SimpleNamespace]:
    pytest.importorskip("onnxruntime")
    yield world(LAB / "world")


def sent(exam: Scenario, trial: str, seed: int) -> tuple[Any, list[tuple[str, Any]]]:
    """A load, and what it sends: phase and request."""
    record, phases = draw_trial(exam, trial, 0, 1, seed), phase_plans(exam.spec.phases(trial))
    traffic = make_traffic(exam.load_file, record.parameters, record.seed, phases)
    return traffic, [(phase, traffic.request(n)) for _, phase, n in schedule(phases, record.seed)]


def edge(pixels: list[int]) -> bool:
    """Whether the left column is one dark stroke."""
    return len({pixels[n] for n in range(0, 64, 8)}) == 1 and pixels[0] >= 13


@pytest.mark.parametrize("trial", ["first", "second"])
def test_no_label_comes_twice_and_each_phase_has_its_kind(exam: Scenario, trial: str) -> None:
    for seed in SEEDS:
        _, labels = sent(exam, trial, seed)
        kinds: dict[str, Counter[str]] = {}
        for phase, label in labels:
            kind = "smudge" if label.digit is None else "edged" if edge(label.json["pixels"]) else "clean"
            kinds.setdefault(phase, Counter())[kind] += 1
            assert label.segment == {"smudge": "smudged"}.get(kind, kind)

        assert len({tuple(label.json["pixels"]) for _, label in labels if label.digit is not None}) == sum(
            label.digit is not None for _, label in labels
        )
        assert {phase: set(found) for phase, found in kinds.items()} == {
            phase: {"edged", "smudge", "clean"} if phase in MIXED else {"clean"} for phase in kinds
        }
        assert all(0 <= value <= 16 for _, label in labels for value in label.json["pixels"])


def test_traffic_and_labels_share_no_picture() -> None:
    handed = {row["pixels"] for row in json.loads((LAB / "labels" / "labels.json").read_text("utf-8"))}
    pictures = [bytes(pixels).hex() for pixels, _ in load.known()]

    assert len(set(pictures)) == len(pictures) == 799
    assert not handed & set(pictures)


def test_each_intake_turns_pictures_once_and_is_away_once_in_two_trials(exam: Scenario) -> None:
    orders = set()
    for seed in SEEDS:
        drawn = [draw_trial(exam, trial, 0, 1, seed).parameters for trial in ("first", "second")]
        acts = [act for each in drawn for act in observers.acts(each["plot"], each["draw"])]
        for kind in ("turn", "leave"):
            assert sorted(intake for what, intake, _ in acts if what == kind) == sorted(load_intakes())
        for first in (acts[:4], acts[4:]):
            assert sum(way == "hangs" for _, _, way in first) == 1
        orders.add(tuple(acts))

    assert len(orders) == len(SEEDS)


def load_intakes() -> list[str]:
    return sorted({reader.intake for reader in observers.READERS.values()})


def test_breaks_are_where_the_phases_are(exam: Scenario) -> None:
    for trial in ("first", "second"):
        told = draw_trial(exam, trial, 0, 1, 1).parameters
        placed = {each.phase: each for each in phase_plans(exam.spec.phases(trial))}
        kinds = [part.split()[0] for part in told["plot"].split(";")]
        names = [name for kind in kinds for name in {"turn": PHASES["right"], "leave": PHASES["answered"]}[kind]]
        for number, name in enumerate(names):
            phase = placed[name]
            assert told[f"from_{number}"] == pytest.approx(phase.start)
            assert told[f"until_{number}"] == pytest.approx(phase.start + phase.seconds)
            assert told[f"from_{number}"] < told[f"late_{number}"] < told[f"until_{number}"]


def test_the_brief_says_how_many_may_be_bad_of_how_many(exam: Scenario) -> None:
    once = Bounds(exam.spec.model_copy(update={"rounds": 1}), len(exam.slos))
    brief = (LAB / "README.md").read_text("utf-8")
    events: Counter[str] = Counter()
    probe = next(each for each in exam.spec.probes if each.name == "budget")
    for trial in ("first", "second"):
        for phase, label in sent(exam, trial, 1)[1]:
            events.update(
                name
                for name, phases in PHASES.items()
                if phase in phases and label.segment == SEGMENTS.get(name, label.segment)
            )
        placed = phase_plans(exam.spec.phases(trial))
        end = placed[-1].start + placed[-1].seconds
        events["budget"] += len(list(looks(probe.every_s, end, placed, probe.phases)))

    assert events.keys() == exam.slos.keys()
    for name, many in events.items():
        row = next(line for line in brief.splitlines() if line.startswith(f"| `{name}` |"))
        assert row.endswith(f"| {once.forgiven(many, exam.slos[name].target)} of {many} |"), row
        assert f"at least {exam.slos[name].target:.0%}".replace("%", " %") in row


def test_a_digit_counts_with_the_receipt_of_a_reader_that_saw_it_on_this_label(exam: Scenario) -> None:
    traffic, labels = sent(exam, "first", 3)
    key = load.key_of(draw_trial(exam, "first", 0, 1, 3).parameters["seal"])
    one, other = [label for phase, label in labels if phase == "mixed" and label.segment == "clean"][:2]

    def receipt(label: Any, digit: int, key: str = key) -> str:
        return issue(key, {"pixels": label.json["pixels"]}, {"digit": digit}, who="erica", version="1", issued_ms=1)

    def said(label: Any, **body: Any) -> str:
        return str(traffic.check(label, 200, {}, json.dumps({"sure": True, **body}).encode()))

    good = receipt(one, one.digit)
    wrong = (one.digit + 1) % 10
    assert said(one, digit=one.digit, receipts=[good]) == "right"
    assert said(one, digit=one.digit, receipts=["x", None, good], sure=False) == "unsure"
    assert said(one, digit=wrong, receipts=[receipt(one, wrong)]) == "wrong"
    assert said(one, digit=one.digit, receipts=[receipt(one, wrong)]) == "wrong"
    assert said(one, digit=one.digit, receipts=[receipt(other, one.digit)]) == "wrong"
    assert said(one, digit=one.digit, receipts=[receipt(one, one.digit, "k" * 16)]) == "wrong"
    assert said(one, digit=one.digit, receipts=["x"] * 7 + [good]) == "wrong"
    assert said(one, digit=float(one.digit), receipts=[good]) == "wrong"
    assert said(one, digit=one.digit, receipts=good) == "wrong"
    assert said(one, digit=one.digit, receipts=[good], sure=1) == "wrong"
    assert traffic.check(one, 503, {}, b"{}") == "none"


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (200, {"digit": 4, "sure": True}, "sure"),
        (200, {"digit": 4, "sure": False}, "doubtful"),
        (200, {"digit": None, "sure": 0}, "wrong"),
        (503, {}, "doubtful"),
        (500, {}, "none"),
    ],
)
def test_a_smudge_is_doubtful_or_it_is_called_sure(exam: Scenario, status: int, body: Any, word: str) -> None:
    traffic, labels = sent(exam, "second", 2)
    smudge = next(label for phase, label in labels if label.segment == "smudged")

    assert traffic.check(smudge, status, {}, json.dumps(body).encode()) == word


def test_credits_are_within_their_bound_or_over_it() -> None:
    said = [observers.budget(b'{"credits_last_second": %d}' % credits)[1] for credits in (0, 440, 441)]

    assert said == ["within", "within", "over"]


def pictures_of(kind: str) -> tuple[list[list[int]], list[int | None]]:
    rows = [row for row in json.loads((LAB / "labels" / "labels.json").read_text("utf-8")) if row["kind"] == kind]
    return [list(bytes.fromhex(row["pixels"])) for row in rows], [row["digit"] for row in rows]


def test_copies_err_together_on_dark_edges_and_other_methods_do_not(sealed: SimpleNamespace) -> None:
    readers = sealed.reading.models()
    edged, truth = pictures_of("edged")
    wrong = {
        name: {n for n, said in enumerate(model.read(edged)) if said != truth[n]} for name, model in readers.items()
    }
    copies = ("aster", "bellis", "calla", "dahlia")

    assert all(len(wrong[one] & wrong[other]) >= 30 for one, other in combinations(copies, 2))
    assert all(len(wrong[name]) <= 8 for name in readers if name not in copies)
    clean, digits = pictures_of("clean")
    assert all(sum(map(int.__eq__, model.read(clean), digits)) >= 94 for model in readers.values())


def test_a_turned_picture_is_nonsense_to_each_reader(sealed: SimpleNamespace) -> None:
    pixels, truth = pictures_of("clean")
    for way in sealed.answers.Answers.words:
        turned = [sealed.pictures.turned(each, way) for each in pixels]
        assert sorted(turned[0]) == sorted(pixels[0])
        for model in sealed.reading.models().values():
            assert sum(map(int.__eq__, model.read(turned), truth)) <= 30


def test_the_telling_picture_tells(sealed: SimpleNamespace) -> None:
    pixels = list(bytes.fromhex(observers.TELLING))
    for model in sealed.reading.models().values():
        assert model.read([pixels]) == [observers.READS]
        for way in observers.TURNS:
            assert model.read([sealed.pictures.turned(pixels, way)]) != [observers.READS]
    assert set(observers.TURNS) == set(sealed.answers.Answers.words)


@pytest.mark.parametrize(
    "pixels", [None, 7, "0" * 64, [0] * 63, [0.0] * 64, [True] * 64, [17] + [0] * 63, [-1] + [0] * 63, [[0]] * 64]
)
def test_a_reader_takes_64_whole_numbers_from_0_to_16(sealed: SimpleNamespace, pixels: Any) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        sealed.answers.Answers().answer("erica", "1", {"pixels": pixels}, 0.0, frozenset())


def test_the_picture_counts_who_errs_together_among_those_that_are_asked(sealed: SimpleNamespace) -> None:
    together = sealed.together.Together(sealed.reading.models())
    shipped, reference = (
        together.chart(asked) for asked in (("aster", "bellis", "calla"), ("erica", "freesia", "gentian"))
    )
    many = [int(chart.title.split()[1]) for chart in (shipped, reference)]

    assert many[0] >= 50 and many[1] <= 5
    assert "No reader was asked" in together.page([])
    assert "dahlia" not in together.page(["aster"])


def test_a_batch_asks_no_reader_into_the_picture(sealed: SimpleNamespace) -> None:
    answers = sealed.answers.Answers()
    for ready, model, many in ((1.0, "aster", 1), (1.5, "bellis", 1), (2.0, "bellis", 100), (2.0, "erica", 100)):
        for _ in range(many):
            answers.given(Given("", "", model, "1", {}, {}, ready))

    assert answers.lately() == {"aster", "bellis"}


def test_whoever_buys_by_price_buys_the_blind_spot_twice(sealed: SimpleNamespace) -> None:
    readers = sealed.vendors.READERS
    cheapest = sorted(readers, key=lambda name: readers[name].credits)[:2]

    assert set(cheapest) == {"calla", "dahlia"}
    assert all(
        reader.credits > readers[cheapest[1]].credits for name, reader in readers.items() if name not in cheapest
    )
    assert readers["calla"].intake != readers["dahlia"].intake
    assert sum(readers[name].credits for name in ("aster", "bellis", "calla")) > 8
    assert sum(readers[name].credits for name in ("dahlia", "erica", "freesia", "gentian")) <= 8


def test_a_smudge_is_not_told_from_a_digit_by_its_ink_alone(sealed: SimpleNamespace) -> None:
    rng, digits = random.Random(1), [pixels for pixels, _ in sealed.pictures.known()]
    smudges = [sealed.pictures.smudge(pixels, rng) for pixels in digits]
    least = sorted(sum(value > 0 for value in pixels) for pixels in digits)[len(digits) // 50]

    assert sum(sum(value > 0 for value in each) >= least for each in smudges) > 0.3 * len(smudges)
    assert not any(edge(each) for each in smudges)


def test_compose_has_each_reader_with_the_price_of_its_sheet(sealed: SimpleNamespace, exam: Scenario) -> None:
    import yaml

    services = yaml.safe_load((LAB / "compose.yaml").read_text("utf-8"))["services"]
    served = {model["name"]: model for model in json.loads(services["pool"]["environment"]["MODELS"])}

    assert {name: model["price"] for name, model in served.items()} == {
        name: reader.credits for name, reader in sealed.vendors.READERS.items()
    }
    assert all(model["batch_price"] == model["price"] for model in served.values())
    assert json.loads(services["jury"]["environment"]["READERS"]) == {
        name: f"http://pool:{port}" for name, port in observers.PORTS.items()
    }
    assert {name: int(model["listen"].rpartition(":")[2]) for name, model in served.items()} == observers.PORTS
    assert Path(LAB / "world" / "onnx" / "freesia.onnx").stat().st_size < 800_000
