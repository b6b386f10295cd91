"""What the exchange of `hostile-input` sends, and what it says of the answers."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections import Counter
from itertools import combinations
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from casebook.plan import asked
from casebook.shapes import fits
from casebook.strict import loads

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.load.traffic import import_file

LAB = find_lab("hostile-input")
SCENARIO = find_scenario(LAB)
drawing = import_file(SCENARIO.folder / "draw.py")


def is_a_reading(body: bytes) -> bool:
    """As the brief says it."""
    try:
        found = loads(body.decode())
    except ValueError:
        return False
    texts = isinstance(found, dict) and all(
        isinstance(found.get(key), str) and found[key] for key in ("lot", "commodity", "supplier")
    )
    bands = found.get("bands") if texts and len(body) <= 64_000 else None
    return (
        isinstance(bands, list)
        and len(bands) == 40
        and all(type(band) in (int, float) and -1 <= band <= 4 for band in bands)
    )


def test_an_exam_asks_as_much_as_its_load_sends_whatever_is_drawn():
    for scenario, plans in ((SCENARIO, map(drawing.draw, range(9))), (rehearsal(LAB), [drawing.public()])):
        first = scenario.spec.timeline[0]
        assert {len(list(asked(plan))) for plan in plans} == {int(first.rate * first.seconds)}


def test_the_public_plan_is_the_one_that_the_draw_makes():
    assert json.loads((LAB.folder / "public" / "plan.json").read_text()) == drawing.public()


def test_the_draw_names_what_the_world_can_do(exchange):
    assert set(drawing.SOUND) == set(exchange.batches.SOUND)
    assert set(drawing.POISONED) == set(exchange.batches.POISONED)
    assert set(drawing.TAMPERED) == set(exchange.forging.WAYS)
    assert set(drawing.MALFORMED) == set(exchange.malformed.WAYS)
    assert all(often > exchange.cases.NOT_YET for often in drawing.CAMPAIGN)
    spoiling = exchange.malformed
    assert set(drawing.MALFORMED) > spoiling.LOT_READ | spoiling.SUPPLIER_READ | spoiling.OVERSIZED


def test_no_malformed_body_is_a_reading_and_every_other_is_one(season):
    for _, case in season:
        if case.kind == "malformed":
            assert not any(is_a_reading(sent.body) for sent in case.sent), case.way
            assert all(is_a_reading(sent.body) for sent in case.repaired)
        elif case.kind != "batch":
            assert all(is_a_reading(sent.body) for sent in case.sent), case.kind


def test_a_quarter_of_what_is_no_reading_is_sent_twice_and_no_other_body(season):
    digests = Counter(hashlib.sha256(sent.body).digest() for _, case in season for sent in case.sent)
    twice = [case for _, case in season if len(set(case.sent)) < len(case.sent)]

    assert {case.kind for case in twice} == {"malformed"} and max(digests.values()) == 2
    assert len(twice) == sum(times == 2 for times in digests.values()) == 60


def test_the_meters_of_a_commodity_have_a_key_that_no_others_have(season):
    keys: dict[str, Counter[str]] = {}
    for market, case in season:
        if case.kind == "genuine":
            for sent in case.sent:
                keys.setdefault(market.name, Counter()).update(list(json.loads(sent.body)))
    known = set.intersection(*map(set, keys.values()))

    assert [len(set(those) - known) for those in keys.values()] == [1] * 4
    assert all(0.2 < those[key] / those["lot"] < 0.4 for those in keys.values() for key in set(those) - known)


def test_a_forgery_is_an_a_to_the_model_and_its_lot_a_c(season):
    for market, case in season:
        if case.kind == "forged":
            assert (case.sent[-1].grade, case.worth) == ("A", "C")
            assert market.grain.model.grades(case.honest[None])[0] == 2


def test_nearly_every_doctored_reading_lifts_its_lot(cases):
    lifted = [case.sent[-1].grade < case.worth for case in cases("tampered")]
    assert sum(lifted) > 0.97 * len(lifted)  # a grain may be too far from the next grade


def test_each_way_of_no_reading_is_twice_what_is_forgiven(season):
    forgiven = 1 - float(SCENARIO.slos["malformed"].target)
    ways = Counter(case.way for _, case in season if case.kind == "malformed")

    assert min(ways.values()) > 2 * forgiven * ways.total()


def test_half_of_the_campaigns_come_back_late(season):
    late = []
    for market in {id(market): market for market, _ in season}.values():
        when = {at: [] for at, case in enumerate(market.cases) if case["kind"] == "campaign"}
        for moment, at in enumerate(market.steps):
            when.get(at, []).append(moment / len(market.steps))
        late += [moments[3] - moments[2] > 0.25 for moments in when.values()]

    assert 0.35 < np.mean(late) < 0.65


def test_a_campaign_is_worth_its_while_after_the_third_scan(cases):
    for case in cases("campaign"):
        wanted = case.way[-1]
        there = [sent.grade <= wanted for sent in case.sent]
        assert not any(there[:3])
        assert sum(there[3:]) >= 2
        assert case.worth > wanted


def test_no_window_of_the_models_confidence_tells_forgeries(season):
    """Whoever flags As of a certain confidence flags too many honest ones, or too few others."""
    sure: dict[str, list[float]] = {"forged": [], "genuine": []}
    for market, case in season:
        for bands in case.bands[-1:] if case.kind == "forged" else case.bands if case.kind == "genuine" else ():
            sure[case.kind].append(float(market.grain.model.shares(bands[None])[0, 0]))
    forged, genuine = (np.array(sure[kind]) for kind in ("forged", "genuine"))
    edges = np.quantile(forged, np.linspace(0, 1, 21))
    for low, high in combinations(edges, 2):
        caught = np.mean((forged >= low) & (forged <= high))
        held_up = np.mean((genuine >= low) & (genuine <= high))
        assert caught < float(SCENARIO.slos["forged"].target) or held_up > 0.1, (low, high)


def test_no_count_of_what_the_model_disagrees_with_tells_poisoned_batches(exchange, season):
    """Whoever accepts batches by that count alone, without a look at their rows, accepts too many."""

    def disagreed(grain: Any, rng: Any, way: str) -> int:
        rows = exchange.batches.batch(grain, rng, way)
        said = grain.model.grades(np.array([row["bands"] for row in rows]))
        return sum(row["grade"] != "ABC"[grade] for row, grade in zip(rows, said, strict=True))

    grains = list({id(market): market.grain for market, _ in season}.values())
    sound, poisoned = (
        np.array(
            [disagreed(grain, np.random.default_rng(n), way) for way in ways for grain in grains for n in range(20)]
        )
        for ways in (drawing.SOUND, drawing.POISONED)
    )
    forgiven = 1 - float(SCENARIO.slos["quarantined"].target)
    for low, high in combinations(range(-1, 30), 2):
        let_in = np.mean((poisoned > low) & (poisoned <= high))
        held_up = np.mean((sound <= low) | (sound > high))
        assert max(let_in, held_up) > 2 * forgiven, (low, high, let_in, held_up)


def test_a_lot_is_the_same_in_another_lap_but_for_its_number(season):
    market, _ = season[0]
    planned = next(case for case in market.cases if case["kind"] == "genuine")

    first, second, again = (market.office.case(planned, lap) for lap in (0, 1, 0))

    assert first.sent == again.sent
    assert first.subject != second.subject
    assert np.array_equal(first.bands, second.bands)


def test_every_case_has_a_page(exchange, season):
    assert all(exchange.pages.one(case) for _, case in season)


def reply(status: int = 200, late: bool = False, **said: Any) -> Any:
    """What an ask gives."""
    said = said or ({"error": "why"} if status in (400, 413, 422) else {})
    return SimpleNamespace(status=status, json=said, late=late, bad=lambda shape: "malformed" * (not fits(said, shape)))


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (reply(grade="B", flag=None), "B"),
        (reply(grade="B", flag="odd"), "flagged"),
        (reply(grade="B", flag=" "), "malformed"),
        (reply(422, error="x"), "refused"),
        (reply(422, error=""), "malformed"),
        (reply(422, detail="x"), "malformed"),
        (reply(grade="D", flag=None), "malformed"),
        (reply(grade="A"), "malformed"),
        (reply(grade="A", flag=False), "malformed"),
        (reply(404), "malformed"),
        (reply(500), "none"),
        (reply(0), "none"),
    ],
)
def test_what_became_of_a_reading(exchange, given, word):
    assert exchange.judge.taken(given) == word


def test_only_what_is_too_large_may_be_hung_up_on(exchange):
    for way, right in (("too large", True), ("a few bytes", True), ("no number", False)):
        case = SimpleNamespace(way=way, repaired=[SimpleNamespace(grade="A")])
        assert (exchange.judge.shut_out(case, "none", reply(0)) == "refused") is right
        assert (exchange.judge.shut_out(case, "malformed", reply(413, detail="x")) == "refused") is right
        assert exchange.judge.shut_out(case, "none", reply(0, late=True)) == "none"
        for became in ("flagged", "refused flagged", "B refused"):
            assert exchange.judge.kept_out(case, became.split(), "A") == "let in"
        assert exchange.judge.kept_out(case, ["refused", "refused"], "A") == "right"
        for next_one in ("none", "refused", "flagged", "C"):
            assert exchange.judge.kept_out(case, ["refused"], next_one) == "deaf"


@pytest.mark.parametrize(
    ("model", "answers", "word"),
    [
        ("BBBABABB", "B B B flagged B flagged B B", "right"),
        ("BBBABABB", "B B B B B B B B", "right"),
        ("BBBABABB", "B B B A B A B B", "paid"),
        ("BBBABABB", "refused B B A A A A A", "right"),  # the fourth scan is the third that was graded
        ("BBBABABB", "A A A A A A A A", "paid"),  # the model has not said so
        ("BBBABABB", "C B B A B B B B", "paid"),
        ("BBBABABB", "B none B B B B B B", "none"),
    ],
)
def test_what_a_campaign_got(exchange, model, answers, word):
    case = SimpleNamespace(sent=[SimpleNamespace(grade=grade) for grade in model])

    assert exchange.judge.campaign(case, answers.split()) == word


def test_a_later_scan_may_get_any_grade_that_its_lot_has_had(exchange):
    scans = [SimpleNamespace(grade=grade) for grade in "BA"]

    words = [exchange.judge.honest(scans[:at], what) for at, what in ((1, "B"), (2, "B"), (2, "A"), (1, "A"), (2, "C"))]

    assert words == ["right", "right", "right", "wrong", "wrong"]


def test_a_forged_scan_may_get_what_the_model_gave_its_lot_before(exchange):
    case = SimpleNamespace(worth="C", before=1, sent=[SimpleNamespace(grade=grade) for grade in "BAA"])

    words = [exchange.judge.harmless(case, what) for what in ("A", "B", "C", "flagged", "none")]

    assert words == ["fooled", "right", "fooled", "right", "none"]


def record_of(case: Any, **other: Any) -> dict[str, Any]:
    sent = case.sent[0]
    known = {"subject": case.subject, "supplier": sent.supplier, "sha256": hashlib.sha256(sent.body).hexdigest()}
    return {**known, "reason": "not like grain", **other}


def word_of_records(exchange: Any, case: Any, became: str, *records: dict[str, Any]) -> str:
    vault = exchange.vault.Vault()
    for record in records:
        vault.take(SimpleNamespace(json=record))
    for what in became.split():
        vault.sent(record_of(case)["sha256"])
        if what in exchange.judge.LET_IN:
            vault.graded(record_of(case)["sha256"])
    return str(exchange.judge.recorded(case, became.split(), vault)[0])


def test_exactly_one_record_of_a_refusal_and_none_of_anything_else(exchange, cases):
    case = next(case for case in cases("forged") if len(case.sent) == 1)
    record = record_of(case)

    assert word_of_records(exchange, case, "flagged", record) == "right"
    assert word_of_records(exchange, case, "refused", record, record) == "wrong"
    assert word_of_records(exchange, case, "refused") == "wrong"
    assert word_of_records(exchange, case, "A", record) == "wrong"
    assert word_of_records(exchange, case, "A") == "void"
    assert word_of_records(exchange, case, "none", record) == "right"
    assert word_of_records(exchange, case, "none", record, record) == "wrong"
    assert word_of_records(exchange, case, "none") == "void"
    assert word_of_records(exchange, case, "flagged", record, record_of(case, sha256="0" * 64)) == "wrong"
    for spoilt in ({"supplier": "x"}, {"supplier": None}, {"subject": "x"}, {"sha256": "0" * 64}):
        assert word_of_records(exchange, case, "flagged", record_of(case, **spoilt)) == "wrong", spoilt


def test_the_same_body_refused_again_is_another_refusal(exchange, cases):
    case = next(case for case in cases("malformed") if len(case.sent) == 2 and case.way == "39 bands")
    record = record_of(case)

    assert word_of_records(exchange, case, "refused refused", record, record) == "right"
    assert word_of_records(exchange, case, "refused refused", record) == "wrong"
    assert word_of_records(exchange, case, "refused refused", record, record, record) == "wrong"
    assert word_of_records(exchange, case, "refused B", record) == "right"
    assert word_of_records(exchange, case, "refused B", record, record) == "wrong"
    assert word_of_records(exchange, case, "none refused", record) == "right"
    assert word_of_records(exchange, case, "refused refused", record, record_of(case, subject="x")) == "wrong"


@pytest.mark.parametrize("more", ["", ", line {}", " {}", ": {lot}", " (from {name})", ", score 0.{size}"])
def test_a_reason_stands_for_one_kind_of_refusal(exchange, cases, more):
    vault, words = exchange.vault.Vault(), []
    bad = [next(case for case in cases("malformed") if case.way == way) for way in ("39 bands", "41 bands")]
    refusals = list(
        zip(
            (*cases("forged")[:1], *cases("tampered")[:1], *bad, *cases("batch")[:1]),
            ("no grain", "no grain", "no grain", "no reading", " no reading "),
            strict=True,
        )
    )
    for at, (case, reason) in enumerate(refusals, 1):
        name, digest = case.sent[-1].supplier, hashlib.sha256(case.sent[-1].body).hexdigest()
        own = reason + more.format(at, lot=case.subject, name=name, size=len(case.kind))
        vault.take(SimpleNamespace(json=record_of(case, reason=own, supplier=name, sha256=digest)))
        vault.sent(digest)
    for case, _ in refusals:
        answers = [*["none"] * (len(case.sent) - 1), "refused"]
        words.append(exchange.judge.recorded(case, answers, vault)[0])

    assert words == ["right", "right", "wrong", "right", "wrong"]


def test_each_record_of_nothing_is_held_against_one_refusal(exchange):
    vault = exchange.vault.Vault()
    for digest in "abc":
        vault.sent(digest * 64)
    vault.graded("b" * 64)
    for digest in "abcdc":
        vault.take(SimpleNamespace(json={"subject": None, "supplier": None, "sha256": digest * 64, "reason": "x"}))

    strays = [vault.stray() for _ in range(4)]

    assert [stray and stray["sha256"][0] for stray in strays] == ["b", "c", "d", None]


def test_no_bank_details_on_record_not_even_in_part(exchange, cases):
    case = next(case for case in cases("malformed") if case.way == "no number" and case.secrets)
    [secret, *_] = case.secrets

    assert len(secret) == 20
    figures = "off by 0.05431098765432101, at most 0.0301234567890123"
    for text in ("not like grain", figures):
        assert word_of_records(exchange, case, "refused", record_of(case, reason=text)) == "right", text
    encoded = [base64.b64encode(secret.encode()).decode(), secret.encode().hex(), "_".join(secret), secret[::-1]]
    spaced = " ".join([secret[:2], *(secret[at : at + 4] for at in range(2, 20, 4))])
    escaped = [quote(spaced), spaced.encode().hex(" "), "".join(f"\\x00{digit}" for digit in secret)]
    for text in (secret, f"not a number: {secret[:2]} {secret[2:6]}", secret[-6:], *encoded, *escaped):
        assert word_of_records(exchange, case, "refused", record_of(case, reason=text)) == "wrong", text


def test_nobody_elses_bank_details_are_on_record(exchange, cases):
    case, judge, secret = cases("forged")[0], exchange.judge, "12345678901234567890"
    accounts = set(judge.parts(secret, judge.ANYS))

    assert judge.fault(case, case.sent[0], record_of(case, reason="24 rows of 60"), accounts) == ""
    assert "bank details" in judge.fault(case, case.sent[0], record_of(case, reason=f"not {secret[:14]}"), accounts)


def test_a_record_of_what_needs_none_is_as_good_as_any(exchange, cases):
    case = next(case for case in cases("malformed") if case.way == "too large")

    assert word_of_records(exchange, case, "refused") == "void"
    assert word_of_records(exchange, case, "refused", record_of(case, subject=None)) == "right"
    assert word_of_records(exchange, case, "refused", record_of(case, subject="x")) == "wrong"


def test_where_no_lot_and_supplier_can_be_read_a_record_may_have_none(exchange, cases):
    case = next(case for case in cases("malformed") if case.way == "NaN")

    assert word_of_records(exchange, case, "refused", record_of(case, supplier=None, subject=None)) == "right"
    assert word_of_records(exchange, case, "refused", record_of(case)) == "right"
    for key in ("supplier", "subject"):
        assert word_of_records(exchange, case, "refused", record_of(case, **{key: "x"})) == "wrong"


@pytest.mark.parametrize(
    "spoilt",
    [{"reason": ""}, {"reason": "x" * 201}, {"sha256": "abc"}, {"supplier": 7}, {"body": "{}"}, {"reason": None}],
)
def test_the_vault_takes_records_only(exchange, cases, spoilt):
    with pytest.raises(ValueError, match=r"record|sha256|reason"):
        exchange.vault.Vault().take(SimpleNamespace(json=record_of(cases("forged")[0], **spoilt)))


def test_the_model_is_as_good_as_the_brief_says(season):
    markets = {id(market): market for market, _ in season}.values()
    shares = [np.mean(market.grain.model.grades(market.grain.archive) == market.grain.graded) for market in markets]

    assert len(shares) == 4
    assert all(0.91 <= share <= 0.97 for share in shares) and math.isclose(np.mean(shares), 0.94, abs_tol=0.015)
