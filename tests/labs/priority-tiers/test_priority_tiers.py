"""Tenants and their draws, what the load sends in each phase, and how it judges refusals and counters."""

from __future__ import annotations

import asyncio
import importlib
import json
import math
from collections import Counter
from typing import Any
from unittest.mock import patch

import pytest
from call_receipts import issue

from grader.authoring.audit.bounds import Bounds
from grader.course import catalog
from grader.course.spec import Scenario
from grader.exam.draw import draw_trial, phase_plans
from grader.labkit import import_rehearsal, world
from grader.load.schedule import schedule
from grader.load.traffic import make_traffic

SCENARIO = catalog.root() / "scenarios" / "priority-tiers" / "exam.py"
SEEDS = range(1, 21)
load = import_rehearsal(str(SCENARIO), "load")


@pytest.fixture(scope="module")
def exam() -> Scenario:
    return catalog.find_scenario(catalog.find_lab("priority-tiers"))


def sent(exam: Scenario, trial: str, seed: int) -> tuple[Any, list[tuple[float, str, Any]]]:
    """A load, and what it sends: due, phase, request."""
    record, phases = draw_trial(exam, trial, 0, 1, seed), phase_plans(exam.spec.phases(trial))
    traffic = make_traffic(exam.load_file, record.parameters, record.seed, phases)
    return traffic, [(due, phase, traffic.request(n)) for due, phase, n in schedule(phases, record.seed)]


def quotas(exam: Scenario, trial: str, seed: int) -> dict[str, Any]:
    drawn = load.tenants(int(draw_trial(exam, trial, 0, 1, seed).parameters["tenants"]))
    return {tenant.key: tenant for tier in drawn.values() for tenant in tier}


def most_over(dues: list[float], per_second: float, burst: float) -> int:
    """How many a bucket refuses."""
    tokens, last, over = burst, 0.0, 0
    for due in dues:
        tokens, last = min(burst, tokens + (due - last) * per_second), due
        over, tokens = (over, tokens - 1) if tokens >= 1 else (over + 1, tokens)
    return over


@pytest.mark.parametrize("trial", ["first", "second"])
def test_nobody_but_who_bursts_is_over_its_quota_and_that_one_is_within_it_when_it_returns(
    exam: Scenario, trial: str
) -> None:
    for seed in SEEDS:
        _, arrivals = sent(exam, trial, seed)
        known, dues = quotas(exam, trial, seed), {}
        bursting, returned = [], []
        for due, phase, request in arrivals:
            if request.name == "burster":
                (returned if phase == "return" else bursting).append((due, request))
            elif request.name != "count":
                dues.setdefault(request.headers["x-api-key"], []).append(due)
        over = {key: most_over(each, known[key].per_second, known[key].burst) for key, each in dues.items()}
        burster = known[bursting[0][1].headers["x-api-key"]]

        assert set(over.values()) == {0}
        assert most_over([due for due, _ in bursting], burster.per_second, burster.burst) > 0.6 * len(bursting)
        slack_s = returned[0][0] - bursting[-1][0] - 1 / burster.per_second

        assert slack_s > 0.15  # a bucket that is just empty has its token in time, on a busy machine, too
        assert most_over([due for due, _ in returned], burster.per_second, 1.0) == 0
        assert burster.tier == draw_trial(exam, trial, 0, 1, seed).parameters["burster"]


def test_keys_and_names_tell_of_no_tier_and_are_drawn_anew(exam: Scenario) -> None:
    drawn = [load.tenants(seed) for seed in SEEDS]
    keys = Counter(tenant.key for each in drawn for tier in each.values() for tenant in tier)

    assert set(keys.values()) == {1} and {len(key) for key in keys} == {20}
    assert len({each["free"][0].per_second for each in drawn}) > 10
    assert all(len({tenant.tenant for tier in each.values() for tenant in tier}) == 45 for each in drawn)


def test_the_brief_says_how_many_may_be_bad_of_how_many(exam: Scenario) -> None:
    once = Bounds(exam.spec.model_copy(update={"rounds": 1}), len(exam.slos))
    brief = (exam.lab.folder / "README.md").read_text("utf-8")
    events: Counter[str] = Counter({"paged": 172, "busy": 80})
    for trial in ("first", "second"):
        for _, phase, request in sent(exam, trial, 1)[1]:
            crush, burst = phase.startswith("crush"), phase.startswith("burst")
            others = request.segment == "premium" and request.name != "burster"
            events["premium"] += others and (burst or phase.startswith("crowd"))
            events["fair"] += request.name == "neighbour" or (request.name == "burster" and phase == "return")
            events["capped"] += request.name == "burster" and burst
            events["floor"] += crush and request.segment == "free"
            events["prompt"] += crush and request.name != "count"
            events["counted"] += request.name == "count" and phase in exam.spec.objectives["counted"].phases

    assert events.keys() == exam.slos.keys()
    for name, many in events.items():
        row = next(line for line in brief.splitlines() if line.startswith(f"| `{name}` |"))
        assert row.endswith(f"| {once.forgiven(many, exam.slos[name].target)} of {many} |"), row


def test_a_text_counts_with_the_pools_receipt_for_this_picture(exam: Scenario) -> None:
    traffic, arrivals = sent(exam, "first", 3)
    key = load.key_of(draw_trial(exam, "first", 0, 1, 3).parameters["seal"])
    one, other = [request for _, _, request in arrivals if request.name == "picture"][:2]
    text = load.text_of(one.picture)
    receipt = issue(key, {"picture": one.picture}, {"text": text}, who="caption", version="1", issued_ms=1)

    def said(request: Any, **body: Any) -> str:
        return str(traffic.check(request, 200, {}, load.json.dumps(body).encode()))

    assert said(one, text=text, receipt=receipt) == "right"
    assert said(one, text="A fox.", receipt=receipt) == "wrong"
    assert said(other, text=load.text_of(other.picture), receipt=receipt) == "wrong"
    with pytest.raises(KeyError):
        said(one, text=text)


@pytest.mark.parametrize("trial", ["first", "second"])
def test_who_bursts_is_over_once_it_has_had_half_a_burst_more_than_its_quota(exam: Scenario, trial: str) -> None:
    for bursts, rates, least, most in ((1.0, 1.0, 0.0, 0.0), (1.5, 1.0, 0.0, 0.0), (2.0, 2.0, 0.75, 1.0)):
        traffic, arrivals = sent(exam, trial, 7)
        known, tokens, last, words = quotas(exam, trial, 7), 0.0, -math.inf, []
        for due, _, request in arrivals:
            if request.name != "burster":
                continue
            tenant = known[request.headers["x-api-key"]]
            tokens, last = min(bursts * tenant.burst, tokens + (due - last) * tenant.per_second * rates), due
            served, tokens = tokens >= 1, tokens - (tokens >= 1)
            body = json.dumps({"text": "", "receipt": {}}).encode()
            words.append(traffic.check(request, *((200, {}, body) if served else (429, {"retry-after": "1"}, b""))))
        many = sum(phase.startswith("burst") and request.name == "burster" for _, phase, request in arrivals)

        assert least <= Counter(words)["over"] / many <= most


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"retry-after": "1"}, True),
        ({"retry-after-ms": "50"}, True),
        ({"retry-after-ms": "49"}, False),
        ({"retry-after": "3600"}, False),
        ({"retry-after-ms": "nan"}, False),
        ({}, False),
    ],
)
def test_a_refusal_says_when_to_come_again(headers: dict[str, str], good: bool) -> None:
    assert load.told(headers) is good


def page(**many: int) -> str:
    rows = [f'captions_total{{code="200",tier="{tier}"}} {count}.0' for tier, count in many.items()]
    return "# TYPE captions_total counter\n" + "\n".join(rows) + "\n"


def test_counters_lie_between_what_was_seen_and_what_is_open(exam: Scenario) -> None:
    traffic, arrivals = sent(exam, "first", 5)
    requests = [request for _, _, request in arrivals]
    looks = [request for request in requests if request.name == "count"][:4]
    traffic.check(looks[0], 200, {}, page(premium=0, free=0).encode())
    came: Counter[str] = Counter()
    for request in requests[: looks[1].n]:
        if request.name != "count":
            traffic.check(request, 503, {}, b"")
            came[request.segment] += 1
    refusals = "".join(f'captions_total{{tier="{tier}",code="503"}} {many}\n' for tier, many in came.items())
    traffic.request(looks[2].n)

    assert traffic.check(looks[2], 200, {}, refusals.encode()) == "true"
    assert traffic.check(looks[2], 200, {}, page(premium=came["premium"], free=came["free"]).encode()) == "false"
    assert traffic.check(looks[2], 200, {}, refusals.replace('tier="premium"', 'tier="all"').encode()) == "false"
    assert traffic.check(looks[2], 200, {}, page(premium=0, free=0).encode()) == "false"
    assert traffic.check(looks[2], 500, {}, b"") == "false"


def test_the_pool_is_busy_by_its_own_count() -> None:
    pool = import_rehearsal(str(SCENARIO), "exam").pool
    said = [pool(b'{"last": {"answers": %d}, "answers": 900}' % many)[1] for many in (50, 38, 37, 0)]

    assert said == ["busy", "busy", "idle", "idle"]


def test_the_pager_has_two_words() -> None:
    pager = import_rehearsal(str(SCENARIO), "exam").pager
    said = [pager(b'{"premium": {"state": "%s"}}' % word)[1] for word in (b"ok", b"burning", b"\\u00e4", b"OK")]

    assert said == ["ok", "burning", "neither", "neither"]
    assert math.isclose(pager(b'{"premium": {"state": "burning"}}')[0], 1.0)


def test_a_blog_imports_its_archive_in_practice_until_there_is_a_plan() -> None:
    with world(str(SCENARIO)):
        archive = importlib.import_module("archive")
    sent: list[str] = []

    async def day() -> int:
        made = archive.Archive("http://front", "key")
        with (
            patch.object(archive.Archive, "_send", lambda self, client, picture: noted(picture)),
            patch.multiple(archive, FIRST_S=0.0, EVERY_S=0.06, LASTS_S=0.02, PER_SECOND=500),
        ):
            made.begin()
            made.begin()
            while not any("archive-1-" in one for one in sent):
                await asyncio.sleep(0.001)
            made.end()
            await asyncio.sleep(0)
            before = len(sent)
            await asyncio.sleep(0.1)
        return before

    async def noted(picture: str) -> None:
        sent.append(picture)

    assert asyncio.run(day()) == len(sent)
    assert sent[:10] == [f"archive-0-{n}.jpg" for n in range(10)]
