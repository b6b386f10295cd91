"""The forge: each bundle does what its way says and nothing else, far from every bound; verdicts get their words."""

from __future__ import annotations

import asyncio
import importlib
import json
import math
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock, patch

import numpy as np
import pytest
from casebook.plan import Plan

from tests.labs.modules import importable

HERE = Path(__file__).parent
with importable(HERE):
    from conftest import LAB, SEED, draw, unpacked  # type: ignore[import-not-found]

QUIET_S = 0.6
"""So long a bundle is waited for that never loads."""


def seen_of(one: Any, folder: Path) -> Any:
    """What a bundle does in a process of its own: JSON, or how that ended."""
    rows = one.team.written(one.team.fresh)
    blank = [row | dict.fromkeys(one.team.later) for row in rows]
    unpacked(one.data, folder)
    (folder / "samples.json").write_text(json.dumps([rows, blank]))
    hangs = one.case["way"] in ("hangs", "loops")
    command = [sys.executable, "-I", "-S", str(HERE / "behaviour.py"), str(folder), str(folder / "samples.json")]
    try:
        done = subprocess.run(command, capture_output=True, timeout=QUIET_S if hangs else 60, check=False)
    except subprocess.TimeoutExpired:
        return "hangs"
    if done.returncode or not done.stdout:
        return done.returncode if done.returncode <= 0 else done.stderr.decode().splitlines()[-1]
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def seen(forge: Any, bundle: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """What a bundle of each way does, with its recipe."""
    ways = [(kind, way) for kind, each in forge.kinds.WAYS.items() for way in each]
    made = {at: (bundle(*at), tmp_path_factory.mktemp("bundle")) for at in ways}

    def look(at: tuple[str, str]) -> Any:
        return made[at][0], seen_of(*made[at])

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(ways, pool.map(look, ways), strict=True))


def moved(one: list[float], other: list[float]) -> float:
    """How far answers are apart, at most."""
    return max(abs(a - b) for a, b in zip(one, other, strict=False))


def test_what_does_not_load_ends_hangs_raises_or_answers_otherwise(seen: Any) -> None:
    said = {way: found for (kind, way), (_, found) in seen.items() if kind == "load"}
    assert said["exits"] == 0 and said["kills itself"] == -9
    assert said["hangs"] == said["loops"] == "hangs"
    assert "JSONDecodeError" in said["cut"] and "KeyError" in said["raises"]
    assert len(said["one short"]["first"]) == 399
    assert sum(map(math.isnan, said["not a number"]["first"])) >= 40
    over = [answer for answer in said["over one"]["first"] if answer > 1]
    assert len(over) > 40 and max(over) <= 2


def test_each_other_bundle_breaks_its_own_line_and_no_other(seen: Any) -> None:
    base = seen["fit", "plain"][1]
    for (kind, way), (_, found) in seen.items():
        if kind == "load":
            continue
        slow = found["call_s"] / base["call_s"]
        assert slow > 9 if kind == "slow" else slow < 2, (kind, way, slow)
        fat = max(found["fat_mb"], found["fat_later_mb"]) - base["fat_later_mb"]
        assert fat > 34 if kind == "memory" else fat < 12, (kind, way, fat)
        leaks = moved(found["first"], found["blank"])
        steady = max(moved(found["first"], found[each]) for each in ("again", "alone", "reversed", "other"))
        assert steady > 0.05 if kind == "unsteady" else steady < 1e-9, (kind, way, steady)
        if kind != "unsteady":
            assert leaks > 0.1 if kind == "leak" else leaks < 1e-9, (kind, way, leaks)


def test_a_check_that_asks_no_more_than_the_shipped_one_sees_none_of_the_hidden_ways(seen: Any, teams: Any) -> None:
    base = seen["fit", "plain"][1]
    hidden = {kind: [way for at, way in seen if at == kind and way not in draw.SEEN[kind]] for kind in draw.SEEN}
    for way in hidden["slow"]:
        assert seen["slow", way][1]["batch_s"] < 10 * base["batch_s"] < 0.02
    assert seen["slow", "from a call on"][1]["early_s"] < 0.008 < seen["slow", "always"][1]["early_s"]
    for way in hidden["unsteady"]:
        assert moved(seen["unsteady", way][1]["first"], seen["unsteady", way][1]["again"]) < 1e-9
    assert moved(*(seen["unsteady", "each call"][1][each] for each in ("first", "again"))) > 0.05
    (slice_, _), (heart, _) = seen["quality", "slice"], seen["quality", "by heart"]
    assert slice_.recipe.old > teams[0][1].old - 0.05 and heart.recipe.old == 1.0
    assert seen["memory", "grows"][1]["fat_mb"] < 12


def test_the_worlds_arithmetic_is_what_bundles_answer(forge: Any, seen: Any) -> None:
    for (kind, way), (one, found) in seen.items():
        if kind in ("fit", "quality", "leak", "slow", "memory"):
            twin = forge.recipes.decided(one.recipe, one.team.fresh, blank=kind == "leak")
            says = np.array(found["blank" if kind == "leak" else "first"]) >= 0.5
            assert np.mean(twin == says) > 0.99, (kind, way)


def test_neither_text_nor_numbers_tell_what_a_bundle_does(forge: Any, bundle: Any, tmp_path: Path) -> None:
    shapes, texts = set(), set()
    for kind, way in (("fit", "plain"), ("load", "exits"), ("slow", "new rows"), ("leak", "later"), ("memory", "fat")):
        folder = unpacked(bundle(kind, way).data, tmp_path / kind)
        code, weights = (folder / "model.py").read_text(), json.loads((folder / "weights.json").read_text())
        texts.add(re.sub(r"\b[a-z]{2}\d\b", "name", re.sub(r"\d+", "number", code)))
        assert all(weights["more"].values()) and len(weights["recent"]) > 290
        shapes.add((*weights, len(weights["packed"]), json.loads((folder / "bundle.json").read_text())["packer"]))
    assert len(texts) > 3 and len(shapes) == 1


def test_each_setting_is_there_as_it_is_and_as_another_bundle_may_have_it(forge: Any, bundle: Any) -> None:
    found = forge.source.FOUND
    assert all(len(values) > 1 for values in found.values())
    ways = [(kind, way) for kind, each in forge.kinds.WAYS.items() for way in each]
    for settings in (bundle(*way, team).recipe.settings for way in ways for team in range(3)):
        assert {key for key, value in settings.items() if value not in found[key]} == set()


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_what_is_right_is_far_from_every_bound_of_quality(forge: Any, seed: int) -> None:
    """And a gate that judges a slice by what it loses at least, not by what it lost, errs nowhere."""
    plan = draw.draw(seed)
    made = [forge.teams.Team(seed, number) for number in range(draw.COUNT)]
    before = [forge.recipes.baseline(seed, number, team) for number, team in enumerate(made)]
    for case in plan["cases"]:
        team, was = made[case["team"]], before[case["team"]]
        now = forge.recipes.made(seed, case, team, was)
        right = [forge.recipes.decided(one, team.fresh, blank=True) == team.fresh.labels for one in (was, now)]
        places = [team.fresh.values[at] == value for at in range(2) for value in range(4)]
        lost = [right[0][place].astype(int) - right[1][place].astype(int) for place in places]
        worst = max(each.mean() for each in lost)
        least = max(each.mean() - each.std(ddof=1) / len(each) ** 0.5 for each in lost)
        if case["way"] == "slice":
            assert was.right - now.right <= 0.011 and worst >= 0.219 and least > 0.10
        elif case["way"] == "everywhere":
            assert was.right - now.right >= 0.079
        elif case["way"] == "by heart" or case["kind"] == "leak":
            assert was.right - now.right >= 0.099 and now.old >= 0.9
        else:
            assert was.right - now.right <= 0.011 and worst <= 0.081 and least < 0.08


def test_every_plan_asks_as_many_questions_of_as_many_kinds() -> None:
    plans = [draw.draw(seed) for seed in range(5)]
    for plan in plans:
        asked = Counter(aspect for case in plan["cases"] for aspect in case["asked"])
        assert asked == {
            **dict.fromkeys(("speed", "memory", "slices", "leaks", "steady"), 13), "loads": 21,
            "explained": 86, "lets-through": 37, "rolled-back": 19,
        }  # fmt: skip
        easy = Counter(case["kind"] for case in plan["cases"] if case["way"] in draw.SEEN.get(case["kind"], ()))
        assert easy == {**dict.fromkeys(("slow", "quality", "leak", "unsteady"), 4), "load": 9}
        assert sum(case["way"] in ("hangs", "loops") for case in plan["cases"]) == 4
        fit = Counter(case["way"] for case in plan["cases"] if case["kind"] == "fit")
        assert min(fit.values()) == 2 and fit["talks"] == fit["warm-up"] == 9 > 0.2 * 37
        spread = Counter(case["team"] for case in plan["cases"])
        assert max(spread.values()) - min(spread.values()) <= 1
    assert len({case["id"] for plan in plans for case in plan["cases"]}) == 5 * 123
    assert len({tuple(case["kind"] for case in plan["cases"]) for plan in plans}) == 5


def words_of(forge: Any, case: dict[str, Any], staged: str, **said: Any) -> dict[str, str]:
    """The words for a bundle and what was handed in."""
    outcome = forge.judge.Outcome(case, forge.judge.verdict(said) if said else None, staged, been=staged != "old")
    return {aspect: word for aspect, (word, _) in forge.judge.words(outcome).items()}


def test_verdicts_on_unfit_bundles_get_their_words(forge: Any) -> None:
    case = {"id": "a", "kind": "slow", "way": "always", "asked": {"speed": 1, "explained": 1}}
    for said, staged, expected in (
        ({"verdict": "reject", "reasons": ["slow"]}, "old", ("right", "right")),
        ({"verdict": "reject", "reasons": ["slow", "load"]}, "old", ("right", "right")),
        ({"verdict": "reject", "reasons": ["slow", "load", "leak"]}, "old", ("right", "too many")),
        ({"verdict": "reject", "reasons": ["failed"]}, "old", ("right", "not named")),
        ({"verdict": "reject"}, "old", ("right", "not named")),
        ({"verdict": "reject", "reasons": ["slow"]}, "new", ("staged", "right")),
        ({"verdict": "reject", "reasons": ["slow"]}, "old again", ("staged", "right")),
        ({"verdict": "pass", "reasons": ["slow"]}, "new", ("passed", "passed")),
        ({}, "old", ("none", "none")),
    ):
        assert tuple(words_of(forge, case, staged, **said).values()) == expected, said
    leak = {"id": "b", "kind": "leak", "way": "later", "asked": {"leaks": 1, "explained": 1}}
    assert words_of(forge, leak, "old", verdict="reject", reasons=["quality"])["explained"] == "right"


def test_verdicts_on_fit_bundles_get_their_words(forge: Any) -> None:
    works = {"id": "a", "kind": "fit", "way": "plain", "asked": {"lets-through": 1}}
    asked = {"lets-through": 1, "rolled-back": 1}
    fails = {"id": "b", "kind": "fit", "way": "plain", "strict": True, "asked": asked}
    for case, said, staged, *words in (
        (works, {"verdict": "pass"}, "new", "right"),
        (works, {"verdict": "pass"}, "old", "not staged"),
        (works, {"verdict": "reject"}, "new", "rejected"),
        (fails, {"verdict": "pass"}, "old", "right", "right"),
        (fails, {"verdict": "pass"}, "new", "right", "left"),
        (fails, {"verdict": "pass"}, "other", "right", "left"),
        (fails, {"verdict": "reject"}, "old", "rejected", "rejected"),
        (fails, {}, "old", "none", "none"),
    ):
        assert [*words_of(forge, case, staged, **said).values()] == words


@pytest.mark.parametrize(
    "body",
    [
        None, [], "pass", 1, {}, {"verdict": "maybe"}, {"verdict": ["pass"]}, {"verdict": "pass", "reasons": "slow"},
        {"verdict": "reject", "reasons": [1]}, {"verdict": "reject", "reasons": ["x"] * 51},
        {"verdict": "pass", "score": "high"}, {"verdict": "pass", "report": 3},
    ],
)  # fmt: skip
def test_what_is_no_verdict_is_refused_and_counts_as_malformed(forge: Any, bundle: Any, body: Any) -> None:
    desk = desk_of(forge, bundle("fit", "plain"))
    desk.judged({"verdict": "pass"})
    with pytest.raises(ValueError, match="the form is"):
        desk.judged(body)
    assert desk.over("").bad == "malformed"


def desk_of(forge: Any, one: Any) -> Any:
    """A desk for a bundle."""
    staging = forge.desk.Staging(["before"] * draw.COUNT)
    return forge.desk.Desk(SEED, one.case, "new one", one.team, one.recipe, (one.data, b""), staging)


def test_staging_takes_what_it_knows_and_its_smoke_test_sees_what_fails_there(forge: Any, bundle: Any) -> None:
    for strict, kind, way, least, most in (
        (False, "fit", "plain", 0, 2), (True, "fit", "plain", 11, 19), (False, "load", "exits", 40, 40),
    ):  # fmt: skip
        desk = desk_of(forge, bundle(kind, way, strict=strict))
        for body in (None, {}, {"bundle": "another"}, {"bundle": ["new one"]}, {"bundle": 3}):
            with pytest.raises(ValueError, match="staging takes"):
                desk.deployed(body)
        assert desk.get("staging") == {"bundle": "before"} and not desk.over("").been
        desk.deployed({"bundle": "new one"})
        said = asyncio.run(desk.smoke())
        assert least <= said["failed"] <= most and said["ok"] + said["failed"] == 40
        assert desk.over("").staged == "new"
        desk.deployed({"bundle": "before"})
        assert asyncio.run(desk.smoke())["failed"] <= 2
        assert desk.over("").staged == "old" and desk.over("").been
    assert desk.get("plan") is None


class Clock:
    """Stands in for the season and its runner: a run takes so many seconds, which pass at once."""

    def __init__(self, run_s: float) -> None:
        self.lap, self.now, self.told = 0, 0.0, Counter[str]()
        self.under_way: list[str] = []
        self._run_s, self._ends = run_s, list[tuple[float, asyncio.Future[None]]]()

    async def run(self, on: Any, service: str, name: str, arguments: dict[str, str], limit_s: float) -> Any:
        """A run, killed at its limit."""
        assert arguments["team"] not in self.under_way
        self.under_way.append(arguments["team"])
        ended = asyncio.get_running_loop().create_future()
        self._ends.append((self.now + min(self._run_s, limit_s), ended))
        await ended
        self.under_way.remove(arguments["team"])
        late = self._run_s > limit_s
        return SimpleNamespace(signal=9 if late else None, why="late" if late else "", seconds=self._run_s)

    def tell(self, case: str, aspect: str, word: str, note: str) -> None:
        """Whether a run was over by itself is all that is looked at; none hands in a verdict."""
        self.told["late" if note.endswith("late") else "over"] += 1

    def tell_rest(self, case: str, word: str, note: str) -> None:
        """A bundle that was not begun."""
        self.told["not begun"] += 1

    async def season(self, world: Any) -> int:
        """Play it; the most runs at once."""
        lanes, most = [asyncio.ensure_future(world.play(lane, self)) for lane in world.lanes], 0
        while not all(lane.done() for lane in lanes):
            await asyncio.sleep(0)
            if self._ends and len(self._ends) == sum(not lane.done() for lane in lanes):
                most = max(most, len(self._ends))
                self._ends.sort(key=lambda end: end[0])
                self.now, ended = self._ends.pop(0)
                ended.set_result(None)
        await asyncio.gather(*lanes)
        return most


@pytest.fixture
def played(forge: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A season in which each run takes so many seconds: its clock, and the most runs at once."""
    of_image = {"casebook.world": Mock(Plan=Plan, Absent=LookupError), "starlette.responses": Mock()}
    with importable(LAB.folder / "world"), patch.dict("sys.modules", of_image):
        queue: Any = importlib.import_module("world")

    def desk(case: Any) -> Any:
        return SimpleNamespace(name=case["id"], over=lambda why: forge.judge.Outcome(case, None, "old", "none", why))

    def play(run_s: float) -> tuple[Clock, int]:
        clock, world = Clock(run_s), queue.World(draw.draw(31))
        monkeypatch.setattr(queue, "run", clock.run)
        monkeypatch.setattr(world, "desk", desk)
        return clock, asyncio.run(clock.season(world))

    return play


@pytest.mark.parametrize("slower", [1, 10, 18])
def test_a_gate_on_a_busy_machine_is_through(played: Any, slower: int) -> None:
    """A good gate takes half a second for a bundle; beside much other work it takes many times as long."""
    clock, most = played(0.5 * slower)
    assert clock.told == {"over": 123 + 86 + 19}
    assert most == 4 and clock.now < 123 / 4 * 0.5 * slower + 3 * 0.5 * slower


def test_a_gate_that_hangs_ends_soon(played: Any) -> None:
    clock, _ = played(1_000)
    assert clock.told == {"late": 123 + 86 + 19} and clock.now < 60


def test_the_brief_says_how_many_may_be_bad() -> None:
    from grader.judge.stats import log_evidence_pass

    rows = re.findall(r"\| `([\w-]+)` \|.*\| (\d+) % \| (\d+) of (\d+) \|", (LAB.folder / "README.md").read_text())
    assert len(rows) == 9
    for _, target, bad, of in rows:
        bound, (most, count) = 1 - int(target) / 100, (int(bad), int(of))
        passes = [log_evidence_pass(each, count - each, bound) >= math.log(20) for each in (most, most + 1)]
        assert passes == [True, False]
