"""Claims, labels, the repository, what receipts tell the load, how far drawn releases lie from the line, the brief."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from call_receipts import issue

from grader.authoring.audit.bounds import Bounds
from grader.course import catalog
from grader.course.spec import Scenario
from grader.labkit import import_rehearsal, world
from tests.labs.cast.one_loop import played

SCENARIO = str(catalog.root() / "scenarios" / "shadow-deploy" / "exam.py")
KEY = "a-key-of-a-day-0"
LOOKS = 4  # a second, at the repository
load, acts = import_rehearsal(SCENARIO, "load"), import_rehearsal(SCENARIO, "exam")
with world(SCENARIO):
    truth, labels, repository, review, answers = (
        importlib.import_module(name) for name in ("truth", "labels", "repository", "review", "answers")
    )


@pytest.fixture(scope="module")
def exam() -> Scenario:
    return catalog.find_scenario(catalog.find_lab("shadow-deploy"))


@pytest.fixture(scope="module")
def traffic() -> Any:
    return load.Traffic({"seal": 4}, 1)


def call(body: Any = None, **query: str) -> SimpleNamespace:
    return SimpleNamespace(json=body, query=query, path={}, headers={})


# Claims


def test_fifty_claims_in_a_row_have_each_region_ten_times_and_three_of_ten_are_hard(traffic: Any) -> None:
    key = load.key_of(4)
    items = [item for n in range(30) for item in traffic.request(n).items]
    for deck in range(6):
        some = items[50 * deck : 50 * (deck + 1)]
        hard = Counter(item["region"] for item in some if truth.level(key, item["id"]) == "hard")

        assert Counter(item["region"] for item in some) == dict.fromkeys(load.regions(key), 10)
        assert hard == dict.fromkeys(load.regions(key), 3)
    assert len({item["id"] for item in items}) == 300
    assert all(truth.real(key, item["id"]) and not truth.real("other", item["id"]) for item in items)


def test_a_fleet_has_claims_before_the_label_of_an_earlier_one_comes(traffic: Any) -> None:
    lasts: dict[str, int] = {}
    gaps = []
    for n in range(60):
        for item in traffic.request(n).items:
            gaps += [n - lasts[item["policy"]]] if item["policy"] in lasts else []
            lasts[item["policy"]] = n

    assert sorted(gaps)[len(gaps) // 2] <= 0.4 * 12  # requests until half of all claims have a follower


@pytest.mark.parametrize("kind", acts.KINDS)
def test_a_version_is_as_often_right_as_its_quality_says(kind: str) -> None:
    quality = {**acts.KINDS[kind]}
    quality["regions"] = {"Weak": 0.45} if kind == "region" else {}
    for level in ("simple", "hard"):
        for region in ("Weak", "Other"):
            ids = [truth.id_of(KEY, n, level) for n in range(900)]
            right = sum(truth.decision(KEY, id, "v2", region, quality) == truth.truth(KEY, id) for id in ids) / 900

            assert abs(right - quality["regions"].get(region, quality[level])) < 0.05


def test_drawn_releases_lie_as_far_from_the_line_as_the_details_say() -> None:
    for seal in range(300):
        for kind in ("better", "late-good", "late-bad", "region"):
            old, new = (acts.qualities(kind, str(seal))[version] for version in ("v1", "v2"))
            gains = {level: new[level] - old[level] for level in ("simple", "hard")}
            gain = 0.7 * gains["simple"] + 0.3 * gains["hard"]
            if kind in ("better", "late-good"):
                assert gain >= 0.03 and not new["regions"] and max(old["regions"].values(), default=0) < 0.42
            elif kind == "late-bad":
                assert gain <= -0.06 and gains["simple"] > 0 and not new["regions"]
            else:
                [(region, rate)] = new["regions"].items()
                assert region in load.regions(load.key_of(str(seal)))
                assert rate - (0.7 * old["simple"] + 0.3 * old["hard"]) <= -0.3 and 0.8 * gain - 0.2 * 0.4 > -0.02
        turned = {kind: acts.qualities(story, str(seal), kind) for story, kind in acts.TURNS.items()}
        before = acts.qualities("turns", str(seal))["v1"]
        rates = {kind: 0.7 * now["v2"]["simple"] + 0.3 * now["v2"]["hard"] for kind, now in turned.items()}
        assert 0.7 * before["simple"] + 0.3 * before["hard"] - rates["fallen"] >= 0.3
        old, new = (turned["harder"][version] for version in ("v1", "v2"))
        assert all(new[level] - old[level] >= 0.1 for level in ("simple", "hard"))
        assert rates["harder"] < rates["fallen"]  # so no share of v2 alone tells the two days apart


# Labels


def test_labels_of_hard_claims_are_later_and_the_last_revision_is_true() -> None:
    async def heard() -> tuple[list[tuple[float, Any]], dict[str, tuple[str, str]]]:
        feed, loop = labels.Labels(), asyncio.get_running_loop()
        known = {}
        for n in range(1000):
            level = ("simple", "hard")[n % 2]
            id = truth.id_of(KEY, n, level)
            known[id] = level, truth.truth(KEY, id)
            feed.say(id, "F-1", *known[id])
        rows: list[tuple[float, Any]] = []
        while loop.time() < 4.0:
            found = await feed.page(call(after=str(rows[-1][1]["seq"] if rows else 0), wait_s="0.5"))
            rows += [(loop.time(), row) for row in found["rows"]]
        assert feed.last() == len(rows)
        return rows, known

    rows, known = played(heard())
    first = {row["id"]: (at, row) for at, row in reversed(rows)}
    last = {row["id"]: row for _, row in rows}

    assert 0.76 < len(last) / 1000 < 0.84
    assert all(row["label"] == known[id][1] for id, row in last.items())
    for level, (least, most) in {"simple": (0.4, 1.0), "hard": (1.6, 2.6)}.items():
        assert all(least <= at <= most + 0.11 for id, (at, _) in first.items() if known[id][0] == level)
    corrected = [id for id, (_, row) in first.items() if row["label"] != known[id][1]]
    assert 0.02 < len(corrected) / len(last) < 0.08
    assert all(last[id]["revision"] == 1 for id in corrected)
    assert max(at for at, _ in rows) <= 3.6 + 0.11


# The repository


def made(promoted: bool = False) -> Any:
    found = repository.Repository()
    found.begin("seed", promoted=promoted)
    return found


def commit(found: Any, parent: Any, live: Any, shadow: Any, why: Any = "because") -> int:
    reply = found.post(call({"parent": parent, "live": live, "shadow": shadow, "why": why}))
    return int(reply.status_code)


@pytest.fixture
def responses() -> Any:
    """In place of the image's."""

    class JSONResponse(SimpleNamespace):
        def __init__(self, content: Any, status_code: int = 200) -> None:
            super().__init__(content=content, status_code=status_code)

    with patch.dict("sys.modules", {"starlette.responses": SimpleNamespace(JSONResponse=JSONResponse)}):
        yield


def test_who_follows_an_old_revision_is_refused(responses: None) -> None:
    async def both() -> None:
        found = made()
        parent = found.now.revision
        found.commit("v1", "v2", repository.PERSON, "on trial")

        assert commit(found, parent, "v2", "v1") == 409
        assert commit(found, found.now.revision, "v2", "v1") == 201
        assert (found.now.live, found.now.shadow, found.now.author) == ("v2", "v1", repository.API)
        assert [each["author"] for each in found.history(call())["commits"]] == ["api", "m.okafor", "m.okafor"]

    played(both())


@pytest.mark.parametrize(
    ("parent", "live", "shadow", "why"),
    [(True, "v1", None, "x"), ("1", "v1", None, "x"), (1, "v3", None, "x"), (1, "v1", "v1", "x"), (1, None, "v1", "x"),
     (1, "v1", "", "x"), (1, "v1", None, None), (float("nan"), "v1", None, "x")],
)  # fmt: skip
def test_a_commit_that_makes_no_sense_is_refused(
    responses: None, parent: Any, live: Any, shadow: Any, why: Any
) -> None:
    async def one() -> None:
        found = made()
        before = found.now
        with pytest.raises(ValueError):
            commit(found, parent, live, shadow, why)
        assert found.now is before

    played(one())


def test_a_version_that_was_live_counts_as_live_for_half_a_second() -> None:
    async def one() -> None:
        found = made()
        assert (found.role("v1"), found.role("v2")) == ("live", "none")
        found.commit("v2", "v1", repository.API, "fit")
        assert (found.role("v1"), found.role("v2")) == ("live", "live")
        await asyncio.sleep(0.6)
        assert (found.role("v1"), found.role("v2")) == ("shadow", "live")

    played(one())


def test_who_waits_for_a_commit_hears_of_it_at_once_and_else_when_the_time_is_over() -> None:
    async def one() -> None:
        found, loop = made(promoted=True), asyncio.get_running_loop()
        now = found.now.revision
        assert (found.now.live, found.now.shadow, found.now.author) == ("v2", "v1", "api")
        asyncio.get_running_loop().call_later(0.3, found.commit, "v1", None, "api", "bad")

        assert (await found.page(call(after="0", wait_s="5")))["revision"] == now and loop.time() == 0
        assert (await found.page(call(after=str(now), wait_s="5")))["live"] == "v1" and loop.time() == 0.3
        assert (await found.page(call(after=str(now + 1), wait_s="2")))["revision"] == now + 1
        assert loop.time() == pytest.approx(2.3)

    played(one())


# What the load believes


def answer(traffic: Any, spoil: Callable[[int, dict[str, Any]], None] = lambda n, one: None) -> tuple[str, Any]:
    asked, key = traffic.request(3), load.key_of(4)
    rows = []
    for n, item in enumerate(asked.items):
        one = {"who": "v1", "decision": "fast", "role": "live", "item": item}
        spoil(n, one)
        said = {"decision": one["decision"], "role": one["role"]}
        receipt = issue(key, one["item"], said, who=one["who"], version="1", issued_ms=1)
        rows.append({"id": item["id"], **said, "receipt": one.get("receipt", receipt), **one.get("late", {})})
    return traffic.check(asked, 200, {}, json.dumps({"items": rows}).encode()), asked


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda n, one: None, "v1"),
        (lambda n, one: one.update(who="v2"), "v2"),
        (lambda n, one: one.update(who="v2") if n == 9 else None, "mixed"),
        (lambda n, one: one.update(who="v3"), "forged"),
        (lambda n, one: one.update(who="v2", role="shadow") if n == 0 else None, "unlive"),
        (lambda n, one: one.update(role="none"), "unlive"),
        (lambda n, one: one.update(role="shadow", late={"role": "live"}), "forged"),
        (lambda n, one: one.update(late={"decision": "adjuster"}) if n == 2 else None, "forged"),
        (lambda n, one: one.update(receipt="") if n == 4 else None, "forged"),
        (lambda n, one: one.update(item={**one["item"], "region": "Elsewhere"}), "forged"),
        (lambda n, one: one.update(late={"decision": "perhaps"}), "none"),
    ],
)
def test_receipts_say_who_decided(traffic: Any, spoil: Any, word: str) -> None:
    assert answer(traffic, spoil)[0] == word


def test_no_answers_to_ten_claims_are_none(traffic: Any) -> None:
    _, asked = answer(traffic)

    assert traffic.check(asked, 200, {}, b'{"items": []}') == "none"
    assert traffic.check(asked, 503, {}, b"{}") == "none"


# The pool as a whole


def test_a_quality_that_makes_no_sense_is_refused() -> None:
    async def one() -> None:
        pool = answers.Answers()
        pool.plan({})
        better = pool.controls()["POST /quality"]
        for odd in ({"v3": {}}, [], {"v2": {"simple": 2, "hard": 0}}, {"v2": {"simple": "x", "hard": 0}}):
            with pytest.raises(ValueError):
                better(call(odd))
        assert better(call({"v2": {"simple": 0.5, "hard": 0.25}}))["quality"]["v2"]["hard"] == 0.25

    played(one())


def test_where_claims_become_harder_older_ones_are_decided_as_before() -> None:
    async def one() -> None:
        pool = answers.Answers()
        pool.plan({})
        items = [
            {"id": truth.id_of("practice", n, "simple"), "policy": "F-1", "region": "East", "amount": 5}
            for n in range(200)
        ]
        decided = lambda some: [pool.answer("v2", "1", item, 0.0, frozenset())["decision"] for item in some]  # noqa: E731
        before = decided(items)
        for item in items[:100]:
            pool.given(SimpleNamespace(item=item))
        harder = {name: {"simple": 0.1, "hard": 0.1} for name in ("v1", "v2")}
        pool.controls()["POST /quality"](call(harder | {"claims": "new"}))

        assert decided(items[:100]) == before[:100]
        assert sum(map(str.__ne__, decided(items[100:]), before[100:])) > 50
        pool.controls()["POST /quality"](call(harder))
        assert decided(items) != before

    played(one())


def test_the_page_says_what_the_api_knew_when_it_decided(responses: None) -> None:
    async def one() -> str:
        pool = answers.Answers()
        pool.plan({"quality": {"v2": {"simple": 0.98, "hard": 0.16, "regions": {}}}})
        pages, controls = pool.pages(), pool.controls()
        controls["POST /change"](call({"live": "v1", "shadow": "v2", "why": "on trial"}))
        for n in range(200):
            item = {"id": truth.id_of("practice", n, "hard" if n % 10 < 3 else "simple"), "policy": "F-1",
                    "region": "East", "amount": 5}  # fmt: skip
            found = pool.answer("v1", "1", item, 0.0, frozenset())
            pool.given(SimpleNamespace(item=item, answer=found))
        await asyncio.sleep(1.1)
        revision = (await pages["GET /desired"](call()))["revision"]
        pages["POST /desired"](call({"parent": revision, "live": "v2", "shadow": "v1", "why": "fit"}))
        assert "<svg" in pool._review.chart(1.8e9).svg()
        return str(pool._review.chart(1.8e9).title)

    said = re.fullmatch(
        r"v2 is live: of 100 hard claims it is right on (\d+), and v1 on (\d+). When the api made v2 live, (\d+) "
        r"claims since the release had a label, 0 of them hard ones",
        played(one()),
    )

    assert said is not None and int(said[1]) < 35 < int(said[2]) and 90 < int(said[3]) < 140


def test_the_brief_says_how_many_may_be_bad_of_how_many(exam: Scenario) -> None:
    once = Bounds(exam.spec.model_copy(update={"rounds": 1}), len(exam.slos))
    brief = (exam.lab.folder / "README.md").read_text("utf-8")
    for name, window in exam.spec.objectives.items():
        many = sum(
            int(phase.seconds * (phase.rate if window.kind == "request" else LOOKS))
            for trial in window.trials
            for phase in exam.spec.phases(trial)
            if phase.phase in (window.phases or (phase.phase,))
        )
        row = next(line for line in brief.splitlines() if line.startswith(f"| `{name}` |"))
        bad, of = map(int, re.search(r"\| (\d+) of (\d+) \|$", row).groups())  # type: ignore[union-attr]

        assert (of, bad) == (many, once.forgiven(many, exam.slos[name].target)), name
