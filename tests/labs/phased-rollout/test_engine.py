"""The sealed engine of `phased-rollout`: what a plan may be, what is counted, what rules see, how a rollout goes."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.load.traffic import import_file
from tests.labs import virtual
from tests.labs.modules import importable

LAB = find_lab("phased-rollout")
WORLD = LAB.folder / "world"
draw = import_file(find_scenario(LAB).folder / "draw.py")
SHIPPED = (LAB.folder / "plan" / "plan.yaml").read_text("utf-8")
PLAN: dict[str, Any] = {
    "replicas": {"for_load": 1.2, "at_least": 8, "at_most": 25},
    "phases": [{"kind": "canary", "share": 0.03, "hours": 24}, {"kind": "full", "hours": 26}],
}
LATE = {"name": "late", "in": ["load", "shadow", "canary", "full"], "of": ["late", "requests"], "above": 0.04}


@pytest.fixture(scope="module")
def engine() -> Iterator[SimpleNamespace]:
    """Its modules."""
    with importable(WORLD):
        names = ("meter", "releases", "rollout", "rules", "words", "written")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


class Dumper(yaml.SafeDumper):
    """Writes twice what is there twice."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def written_as(**parts: Any) -> str:
    """A plan as text, with some parts replaced."""
    return str(yaml.dump(PLAN | parts, Dumper=Dumper))


def release(engine, kind, number=0):
    return engine.releases.release(5, {"id": f"{kind}{number}", "kind": kind})


def carried_out(engine, kind, number=0, **parts):
    """The run of a release."""
    plan = engine.written.read(written_as(**parts))
    return engine.rollout.Rollout(5, plan, release(engine, kind, number)).carried_out()


def counted(engine, kind, phase, hours, begun=0, replicas=None, **of):
    """What is counted in the first hours of a phase, with just the replicas that are needed: arm, language, count."""
    one = release(engine, kind)
    made = SimpleNamespace(kind=phase, **of)
    begun = 6 * begun
    meter = engine.meter.Meter(5, one, made, 0, begun, replicas or one.need, None, 0, begun + 6 * 48)
    return meter.more(6 * hours)


def ratios(engine, counts, above, below):
    """A ratio of the new model and of the old one."""
    a, b = (counts[engine.written.COUNTS.index(name)].sum((0, 2)) for name in (above, below))
    return a / np.maximum(b, 1)


def test_the_shipped_plan_and_that_of_the_brief_can_be_read(engine):
    example = LAB.contract.split("```yaml\n")[1].split("```")[0]

    assert engine.written.read(SHIPPED).phases[-1].kind == "full"
    assert engine.written.read(example).needs[0].least == 3000


RULE = LATE | {"name": "x"}
BAD = {
    "empty": ("", "plan"),
    "list": ("[]", "plan"),
    "no YAML": ("replicas: {", "no YAML"),
    "tab": ("a:\n\t- b", "no YAML"),
    "tag": ("!!python/object/apply:os.system [ls]", "no YAML"),
    "deep": ("[" * 15_000, "too deep"),
    "alias": ("a: &a [1]\nb: *a", "aliases"),
    "bomb": ("a: &a {x: 1}\nb: &b {<<: [*a, *a]}\nc: {<<: [*b, *b]}", "aliases"),
    "endless number": ("a: " + "9" * 20_000, "no YAML"),
    "no date": ("a: 2026-99-99", "no YAML"),
    "long": ("#" * 33_000, "32 KiB"),
    "tag that does not fit": ("a: !!timestamp x", "no YAML"),
    "half a character": (written_as(rules=[LATE]).replace("name: late", 'name: "\\ud800"'), "rules.0.name"),
    "unknown key": (written_as(owner="me"), "owner"),
    "no full": (written_as(phases=[PLAN["phases"][0]]), "last phase"),
    "no phase": (written_as(phases=[]), "phases"),
    "13 phases": (written_as(phases=[PLAN["phases"][1]] * 13), "phases"),
    "unknown phase": (written_as(phases=[{"kind": "prod", "hours": 1}]), "phases.0"),
    "share of a load test": (written_as(phases=[{"kind": "load", "share": 0.1, "hours": 1}]), "phases.0"),
    "infinite hours": (written_as(phases=[{"kind": "full", "hours": float("inf")}]), "hours"),
    "hours as text": (written_as(phases=[{"kind": "full", "hours": "26"}]), "hours"),
    "true as hours": (written_as(phases=[{"kind": "full", "hours": True}]), "hours"),
    "at most is less": (written_as(phases=[{"kind": "full", "hours": 2, "at_most_hours": 1}]), "at_most_hours"),
    "replicas": (written_as(replicas={"for_load": 1, "at_least": 9, "at_most": 8}), "at_most"),
    "more than there is money for": (written_as(replicas={"for_load": 1, "at_least": 9, "at_most": 26}), "at_most"),
    "unknown count": (written_as(rules=[RULE | {"of": ["errors", "tears"]}]), "rules.0.of"),
    "three counts": (written_as(rules=[RULE | {"of": ["errors", "late", "requests"]}]), "rules.0.of"),
    "NaN": (written_as(rules=[RULE | {"above": float("nan")}]), "rules.0.above"),
    "name is off": (written_as(rules=[RULE]).replace("name: x", "name: off"), "rules.0.name"),
    "rule in a rehearsal": (written_as(rules=[RULE | {"in": ["way-back"]}]), "rules.0.in"),
    "25 rules": (written_as(rules=[RULE] * 25), "rules"),
}


@pytest.mark.parametrize(("text", "names"), BAD.values(), ids=BAD)
def test_a_plan_of_no_use_is_refused_in_one_sentence_that_names_the_key(engine, text, names):
    with pytest.raises(engine.written.Malformed, match=names) as refused:
        engine.written.read(text)

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("reply", "word", "why"),
    [
        (virtual.LATE, "none", "no whole answer"),
        (virtual.Reply({"files": {}, "left_out": {"plan.yaml": "no plain file"}}), "none", "no plain file"),
        (virtual.Reply({"files": ["plan.yaml"], "left_out": {}}), "malformed", "another form"),
        (virtual.handed({"plan.yaml": "phases: 7"}), "malformed", "replicas"),
    ],
)
def test_without_a_plan_every_question_is_answered_and_the_page_says_why(reply, word, why):
    public = draw.public()

    world = virtual.made(WORLD, public)
    told = virtual.play(world, lambda *_: reply)

    assert told.words == {"rest": Counter({word: len(public["cases"])})}
    assert why in told.told[0][3] and why in world.page("") and why in world.page("m001")
    assert world.page("m999") == ""


def test_the_page_of_a_release_that_was_not_played_yet_says_so(engine):
    world = importlib.import_module("world").World(draw.public())

    assert "has not come to this release yet" in world.page("m001")
    assert world.page("m999") == ""


@pytest.mark.parametrize(
    ("kind", "phase", "above", "below", "more"),
    [
        ("tail", {"phase": "load", "of_peak": 0.55, "hours": 2}, "late", "requests", 0),
        ("tail", {"phase": "load", "of_peak": 0.65, "hours": 2}, "late", "requests", 0.12),
        ("leak", {"phase": "load", "of_peak": 1.0, "hours": 2}, "errors", "requests", 0),
        ("leak", {"phase": "load", "of_peak": 0.4, "hours": 12}, "errors", "requests", 0),
        ("leak", {"phase": "load", "of_peak": 1.0, "hours": 24}, "errors", "requests", 0.2 * 0.85),
        ("worse", {"phase": "shadow", "hours": 24}, "wrong", "judged", 0.04),
        ("rare", {"phase": "load", "of_peak": 1.0, "hours": 6}, "errors", "requests", 0),
        ("rare", {"phase": "shadow", "hours": 6}, "errors", "requests", 0.018),
        ("off", {"phase": "shadow", "hours": 6}, "switched_off", "sessions", -0.03),
        ("off", {"phase": "canary", "share": 0.1, "hours": 24}, "switched_off", "sessions", 0.045),
        ("one-way", {"phase": "canary", "share": 0.1, "hours": 24}, "switched_off", "sessions", 0.045),
        ("hour", {"phase": "shadow", "hours": 24}, "late", "requests", 0),
        ("crowd", {"phase": "canary", "share": 0.4, "hours": 24}, "errors", "requests", 0),
        ("crowd", {"phase": "full", "hours": 2}, "errors", "requests", 0),
        ("crowd", {"phase": "full", "hours": 40}, "errors", "requests", 0.04 * 0.8),
        ("shared", {"phase": "shadow", "hours": 24}, "errors", "requests", 0),
        ("cold", {"phase": "load", "of_peak": 1.0, "hours": 1}, "late", "requests", 0.3 / 6),
        ("fine", {"phase": "full", "hours": 24}, "wrong", "judged", 0),
    ],
)
def test_trouble_shows_where_it_should_and_nowhere_else(engine, kind, phase, above, below, more):
    new, old = ratios(engine, counted(engine, kind, **phase), above, below)

    assert new - old == pytest.approx(more, rel=0.2, abs=0.005)


def test_trouble_of_one_hour_lasts_three_whatever_hour_it_is(engine):
    counts = counted(engine, "hour", "canary", 24, share=0.2)
    late, requests = (counts[engine.written.COUNTS.index(name), :, 0].sum(1) for name in ("late", "requests"))

    assert (late / requests > 0.1).sum() in (17, 18, 19)


def test_bad_weather_is_the_same_for_both(engine):
    new, old = ratios(engine, counted(engine, "shared", "shadow", 8), "errors", "requests")

    assert 0.008 < old < 0.025
    assert new == pytest.approx(old, rel=0.1)


def test_labels_come_three_hours_later_and_not_while_people_strike(engine):
    struck = next(one for n in range(9) if (one := release(engine, "fine", n)).strike_h)
    meter = engine.meter.Meter(5, struck, SimpleNamespace(kind="shadow"), 0, 0, 12, 0, 0, 6 * 24)
    judged = meter.more(6 * 24)[engine.written.COUNTS.index("judged"), :, 0].sum(1)

    assert 8 <= struck.strike_h <= 12
    assert judged.argmax() > 0 and np.flatnonzero(judged)[0] == int(np.ceil(6 * struck.strike_h))
    plain = counted(engine, "fine", "shadow", 6)[engine.written.COUNTS.index("judged"), :, 0].sum(1)
    assert np.flatnonzero(plain)[0] == 18


@pytest.mark.parametrize("per", ["all", "language"])
@pytest.mark.parametrize("against", ["none", "old"])
@pytest.mark.parametrize("over_hours", [0, 1.5])
@pytest.mark.parametrize("skip_minutes", [0, 30])
def test_a_rule_sees_what_a_slow_loop_sees(engine, per, against, over_hours, skip_minutes):
    rng = np.random.default_rng(3)
    counts = rng.integers(0, 40, (7, 60, 2, 12))
    more = {"against": against, "per": per, "over_hours": over_hours, "skip_minutes": skip_minutes}
    text = written_as(rules=[LATE | {"above": 0.05 if against == "old" else 1.0, "least": 150} | more])
    rule = engine.written.read(text).rules[0]

    totals = engine.rules.totals(counts)
    fires = engine.rules.sight(rule, totals).fires

    skip, over = skip_minutes // 10, round(over_hours * 6)
    groups = [[language] for language in range(12)] if per == "language" else [list(range(12))]
    for end in range(60):
        first = max(skip, end + 1 - over if over else 0)
        for column, group in enumerate(groups):
            late, requests = (
                [int(counts[at, first : end + 1, arm][:, group].sum()) for arm in (0, 1)]
                for at in (engine.written.COUNTS.index("late"), 0)
            )
            enough = requests[0] >= 150 and (against == "none" or requests[1] >= 150)
            value = late[0] / max(requests[0], 1) - (late[1] / max(requests[1], 1) if against == "old" else 0)
            assert fires[end, column] == (enough and value > rule.above), (end, column)
    assert 0 < fires.sum() < fires.size
    assert (engine.rules.sight(rule, totals, 25).fires == fires[25:]).all()


def test_what_users_are_not_on_meets_nobody_and_a_canary_its_share(engine):
    shadow = {"kind": "shadow", "hours": 24}
    never = LATE | {"name": "stop", "in": ["shadow"], "above": 0}

    stopped = carried_out(engine, "slice", phases=[shadow, *PLAN["phases"]], rules=[never])
    canary = carried_out(engine, "fine", rules=[LATE | {"in": ["full"], "above": 0}])

    assert stopped.stopped and not stopped.met and not stopped.live
    assert canary.stopped == "rule late fired in full"
    assert canary.met == pytest.approx(0.03, abs=0.015)


def test_who_cannot_go_back_serves_nobody_for_hours(engine):
    rules = [{"name": "viewers", "in": ["canary"], "of": ["switched_off", "sessions"], "above": 0}]

    stranded = carried_out(engine, "one-way", rules=rules)
    rehearsed = carried_out(engine, "one-way", phases=[{"kind": "way-back"}, *PLAN["phases"]])

    assert stranded.met > 0.05
    assert not rehearsed.met and "going back took" in rehearsed.stopped
    assert carried_out(engine, "off", rules=rules).met < 0.001


def test_what_is_live_when_the_plan_is_over_stays_live(engine):
    run = carried_out(engine, "crowd")

    assert run.live and run.met == pytest.approx(3, abs=0.5)
    assert not carried_out(engine, "fine", phases=[PLAN["phases"][0] | {"hours": 96}, PLAN["phases"][1]]).live


@pytest.mark.parametrize("between", [[], [{"kind": "shadow", "hours": 1}]])
def test_hours_with_most_users_go_on_from_phase_to_phase_while_they_stay(engine, between):
    wider = [{"kind": "canary", "share": share, "hours": 2.5} for share in (0.6, 0.7, 0.8)]
    errors = {"name": "errors", "in": ["canary", "full"], "of": ["errors", "requests"], "above": 0.02, "over_hours": 1}
    phases = [*wider[:2], *between, wider[2], {"kind": "full", "hours": 2.5}]

    run = carried_out(engine, "crowd", phases=phases, rules=[errors])

    assert bool(run.stopped) != bool(between)


def test_needs_keep_a_phase_open_and_stop_it_in_the_end(engine):
    shadow = {"kind": "shadow", "hours": 2, "at_most_hours": 30}
    needs = [{"in": ["shadow"], "count": "judged", "least": 400, "per": "language"}]
    more = [needs[0] | {"least": 10**6}]

    waited = carried_out(engine, "fine", phases=[shadow, PLAN["phases"][1]], needs=needs)
    stopped = carried_out(engine, "fine", phases=[shadow, PLAN["phases"][1]], needs=more)

    judged = waited.steps[0].totals[engine.written.COUNTS.index("judged"), -1, 0]
    assert waited.live and judged.min() >= 400 and waited.steps[0].ended > 6 * 3
    assert stopped.stopped == "needs of shadow were not met" and stopped.steps[0].ended == 6 * 30


@pytest.mark.parametrize(
    ("of_peak", "lowest", "highest"), [(0.3, 0.4, 0.9), (0.79, 0.4, 0.9), (0.8, 1, 1), (1.1, 1, 1)]
)
def test_only_a_load_test_near_the_peak_measures_hunger(engine, of_peak, lowest, highest):
    load = {"kind": "load", "of_peak": of_peak, "hours": 1}
    sizes = {"for_load": 1.0, "at_least": 1, "at_most": 25}

    for number in range(20):
        run = carried_out(engine, "hungry", number, phases=[load, PLAN["phases"][1]], replicas=sizes)
        need = release(engine, "hungry", number).need
        assert lowest * need <= run.replicas <= highest * need + 1


def test_what_is_too_large_is_not_bought(engine):
    load = {"kind": "load", "of_peak": 1.0, "hours": 1}

    run = carried_out(engine, "huge", phases=[load, *PLAN["phases"]])

    assert run.replicas is None and "more than at_most" in run.stopped
    assert engine.words.sized(release(engine, "huge"), run) == "right"
    shadowed = carried_out(engine, "huge", phases=[{"kind": "shadow", "hours": 6}, load, *PLAN["phases"]])
    assert engine.words.sized(release(engine, "huge"), shadowed) == "bought"


@pytest.mark.parametrize(
    ("fleets", "word"),
    [
        ([(12, 1.0), (12, 1.0)], "right"),
        ([(3, 0.2), (12, 1.0)], "right"),
        ([(11, 1.0)], "too-few"),
        ([(11, 1.0), (12, 1.0)], "too-few"),
        ([(9, 0.97), (12, 1.0)], "too-few"),
        ([(19, 0.03), (12, 1.0)], "too-many"),
    ],
)
def test_replicas_are_judged_in_each_phase_not_in_the_last_one_only(engine, fleets, word):
    run = engine.rollout.Run(live=True, fleets=fleets)

    assert engine.words.sized(SimpleNamespace(kind="fine", need=11.5), run) == word


def test_a_shadow_needs_a_fleet_for_all_requests_a_canary_for_its_share(engine):
    canary, full = PLAN["phases"]

    run = carried_out(engine, "fine", phases=[{"kind": "shadow", "hours": 1}, canary, full])

    assert [share for _, share in run.fleets] == [1.0, 0.03, 1.0]


@pytest.mark.parametrize(("share", "word"), [(0.1, "right"), (0.11, "at-once")])
def test_trouble_that_only_users_can_show_must_not_meet_many_at_once(engine, share, word):
    viewers = {"name": "viewers", "in": ["canary"], "of": ["switched_off", "sessions"], "above": 0.05, "least": 1500}

    run = carried_out(engine, "off", phases=[PLAN["phases"][0] | {"share": share}, PLAN["phases"][1]], rules=[viewers])

    assert run.stopped and engine.words.small(None, run) == word


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ([{"kind": "canary", "share": 0.03, "hours": 72}], "right"),
        ([{"kind": "canary", "share": 0.03, "hours": 73}], "late"),
        ([{"kind": "full", "hours": 60}, {"kind": "full", "hours": 15}], "right"),
        ([{"kind": "full", "hours": 60}, {"kind": "canary", "share": 0.9, "hours": 15}], "late"),
        ([{"kind": "full", "hours": 73}, {"kind": "way-back"}], "late"),
    ],
)
def test_everybody_is_served_from_hour_72_on_without_a_break(engine, before, word):
    run = carried_out(engine, "fine", phases=[*before, {"kind": "full", "hours": 1}])

    assert run.live and engine.words.shipped(None, run) == word


def test_the_page_shows_every_public_release_and_escapes_names():
    rules = [LATE | {"name": "<script>", "per": "language", "least": 10**8}, LATE | {"name": "viewers", "above": 1.0}]
    load = {"kind": "load", "of_peak": 1.0, "hours": 1}
    text = written_as(rules=rules, phases=[load, {"kind": "way-back"}, *PLAN["phases"]])

    world = virtual.made(WORLD, draw.public())
    virtual.play(world, lambda *_: virtual.handed({"plan.yaml": text}))

    pages = [world.page(case["id"]) for case in draw.public()["cases"][:15]]
    assert all(case["id"] in world.page("") for case in draw.public()["cases"])
    assert all("&lt;script&gt;" in page and "<script>" not in page and "not enough" in page for page in pages)


def test_what_is_asked_is_what_the_load_asks_for():
    for scenario, plan in ((find_scenario(LAB), draw.draw(11)), (rehearsal(LAB), draw.public())):
        asked = Counter(aspect for case in plan["cases"] for aspect in case["asked"])
        phase = scenario.spec.timeline[0]
        assert set(asked) == set(scenario.spec.objectives) == set(scenario.slos)
        assert asked.total() == int(phase.rate * phase.seconds)


def test_the_public_plan_is_drawn_and_a_seed_draws_one_plan():
    assert json.loads((LAB.folder / "public" / "plan.json").read_text("utf-8")) == draw.public()
    assert draw.draw(4) == draw.draw(4) != draw.draw(5)
