"""What the exam of `warm-up` stands on: nights, questions, bounds, what its controls do; and the real desk."""

from __future__ import annotations

import os
import random
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from grader.course.catalog import find_lab, find_scenario, rehearsal
from grader.course.spec import drawn
from grader.intake.controls import stage_control
from grader.judge.decide import Counts, Errors, decide
from grader.load.traffic import import_file
from grader.result import Verdict
from infra.images.venvs import environment
from tests.labs import modules
from tests.labs.ports import free_port
from tests.waiting import answers, eventually

LAB = find_lab("warm-up")
EXAM, PUBLIC = find_scenario(LAB), rehearsal(LAB)
DESK = LAB.folder / "desk"
TRAFFIC = import_file(LAB.folder / "rehearsal" / "load.py").Traffic
PLAYING = import_file(Path(__file__).with_name("playing.py"))
NIGHTS = range(6)
TOKEN = "the token"


@pytest.fixture(scope="module")
def desk() -> SimpleNamespace:
    """The modules of the desk that need nothing of its image."""
    with modules.importable(DESK):
        import indexes  # type: ignore[import-not-found]
        import maps  # type: ignore[import-not-found]

        return SimpleNamespace(indexes=indexes, maps=maps)


def in_phases(scenario: Any, name: str) -> tuple[str, ...]:
    return scenario.spec.objectives[name].phases or tuple(p.phase for p in scenario.spec.timeline)


def questions(scenario: Any, name: str) -> int:
    """How many questions an objective is about."""
    return sum(int(p.rate * p.seconds) for p in scenario.spec.timeline if p.phase in in_phases(scenario, name))


def verdict(scenario: Any, name: str, bad: int, valid: int) -> Verdict:
    """Of one sample of the trial."""
    errors = Errors.of_exam(0.05, len(scenario.slos))
    return decide(Counts(valid - bad, valid, 0), scenario.slos[name].target, errors)


def judged(scenario: Any, found: dict[str, Counter[str]]) -> dict[str, Verdict]:
    """Each objective's verdict."""
    verdicts = {}
    for name in scenario.slos:
        words = sum((found.get(phase, Counter()) for phase in in_phases(scenario, name)), Counter())
        answered = words["right"] + words["wrong"]
        counts = (words["none"], words.total()) if name == "answered" else (words["wrong"], answered)
        verdicts[name] = verdict(scenario, name, *counts)
    return verdicts


def routers(controls: Iterable[str], scratch: Path) -> dict[str, Path]:
    """The router's folder as each of these controls has it."""
    return {name: stage_control(EXAM, name, scratch / name).path / "router" for name in controls}


def played(scenario: Any, router: Path, seed: int, desk: SimpleNamespace) -> dict[str, Verdict]:
    """The verdicts of a router in a drawn night."""
    parameters = drawn(scenario.spec.trials[0].parameters, random.Random(seed))
    return judged(scenario, PLAYING.play(router, desk, scenario, TRAFFIC(parameters, seed), parameters))


# Nights


def test_a_night_is_unlike_what_is_known_and_moves_enough(desk):
    maps = desk.maps
    for seed in range(500):
        before, after = maps.night(seed)

        assert maps.apart(before, after) >= 11
        for cuts in (before, after):
            sizes = Counter(maps.holder(cuts, letter) for letter in maps.LETTERS)
            assert set(sizes) == set(maps.NAMES) and min(sizes.values()) >= 3 and max(sizes.values()) <= 11
            assert min(maps.apart(cuts, known) for known in (maps.TONIGHT, maps.LAUNCH)) >= 6


def test_what_users_read_of_a_map_is_the_map(desk):
    for seed in range(60):
        cuts, _ = desk.maps.night(seed)
        ends = {index: letters.split("-") for index, letters in desk.maps.told(cuts).items()}

        for letter in desk.maps.LETTERS:
            assert [i for i, (first, last) in ends.items() if first <= letter <= last] == [
                desk.maps.holder(cuts, letter)
            ]


def test_after_a_rebuild_the_old_index_answers_for_a_second_and_not_much_longer(desk):
    now = [0.0]
    indexes = desk.indexes.Indexes(clock=lambda: now[0])
    indexes.begin(7)
    before, after = desk.maps.night(7)
    moved = next(one for one in desk.maps.LETTERS if desk.maps.holder(before, one) != desk.maps.holder(after, one))
    now[0] = 60.0

    indexes.rebuild()

    answers = {}
    for now[0] in (60.0, 61.0, 62.0):
        answers[now[0]] = [indexes.holds(desk.maps.holder(cuts, moved), moved) for cuts in (before, after)]
    assert answers == {60.0: [True, True], 61.0: [True, True], 62.0: [False, True]}


def test_the_indexes_are_rebuilt_by_themselves_where_nobody_examines(desk):
    now = [0.0]
    indexes = desk.indexes.Indexes(clock=lambda: now[0])
    first = indexes.now()
    now[0] = desk.indexes.EVERY_S + 1

    assert first == desk.maps.TONIGHT and indexes.now() != first and indexes.rebuilds == 1


# Questions and bounds


@pytest.mark.parametrize("scenario", [EXAM, PUBLIC], ids=["exam", "rehearsal"])
@pytest.mark.parametrize("name", ["answered", "own", "moved"])
def test_each_letter_is_asked_about_as_often_as_any_other(scenario, name):
    total, traffic = questions(scenario, name), TRAFFIC({}, 3)
    letters = Counter(traffic.request(n).segment for n in range(total))

    assert len(letters) == 26 and len(set(letters.values())) == 1


def test_customers_are_others_in_each_exam_and_answers_have_words():
    one, other = ({TRAFFIC({}, seed).request(n).path for n in range(500)} for seed in (1, 2))
    request, traffic = TRAFFIC({}, 1).request(0), TRAFFIC({}, 1)

    assert len(one & other) < 10
    assert traffic.check(request, 502, {}, b"") == "none"
    assert traffic.check(request, 200, {}, b'{"found": true}') == "right"
    assert traffic.check(request, 200, {}, b'{"found": false}') == "wrong"


def test_no_letter_can_be_given_up_neither_with_an_error_nor_in_silence():
    for name in ("answered", "own"):
        valid = questions(EXAM, name)

        assert verdict(EXAM, name, valid // 26, valid) is Verdict.FAIL
        assert verdict(EXAM, name, 0, valid) is Verdict.PASS


# Controls


def test_sound_controls_keep_all_in_every_night(desk, tmp_path):
    sound = [name for name, one in EXAM.controls.items() if one.kind in ("reference", "alternative")]
    for router in routers(sound, tmp_path).values():
        for seed in NIGHTS:
            assert set(played(EXAM, router, seed, desk).values()) == {Verdict.PASS}
        assert set(played(PUBLIC, router, 0, desk).values()) == {Verdict.PASS}


def test_a_fake_misses_its_own_promise_in_every_night_and_none_that_is_not_named(desk, tmp_path):
    fakes = {name: one for name, one in EXAM.controls.items() if one.fails}
    for name, router in routers(fakes, tmp_path).items():
        for seed in NIGHTS:
            verdicts = played(EXAM, router, seed, desk)

            assert verdicts[fakes[name].fails] is Verdict.FAIL
            missed = {objective for objective, got in verdicts.items() if got is not Verdict.PASS}
            assert missed <= {fakes[name].fails, *fakes[name].also}


def test_the_rehearsal_tells_of_each_mistake(desk, tmp_path):
    known = routers(("shipped", "catch-all", "read-once", "tonights-map"), tmp_path)
    told = {name: played(PUBLIC, router, 0, desk) for name, router in known.items()}
    missed = {name: {o for o, got in verdicts.items() if got is Verdict.FAIL} for name, verdicts in told.items()}

    assert missed["shipped"] == {"answered", "own", "moved"}
    assert missed["catch-all"] == missed["tonights-map"] == {"own", "moved"}
    assert missed["read-once"] == {"moved"}


# The real desk


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A desk and a router as they ship; gives the base URLs of the desk's public and of its control port."""
    public, control, router = (f"127.0.0.1:{free_port()}" for _ in range(3))
    python = str(environment("core") / "bin" / "python")
    base = {**os.environ, "PYTHONUNBUFFERED": "1"}
    sealed = {"PYTHONPATH": str(LAB.folder.parent / "cast" / "lib"), "BROWNOUT_TOKEN": TOKEN}
    services = {
        "desk": base | sealed | {"LISTEN": public, "CONTROL": control, "ROUTER": f"http://{router}"},
        "router": base | {"LISTEN": router, "DESK": f"http://{public}"},
    }
    started = []
    try:
        for name, env in services.items():
            log = (tmp_path / name).open("w")
            started.append(subprocess.Popen([python, str(LAB.folder / name / "main.py")], env=env, stdout=log))
            eventually(lambda: answers(f"http://{public}/{'router/' * (len(started) - 1)}healthz"))
        yield f"http://{public}", f"http://{control}"
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_the_page_shows_who_is_hurt_and_how_and_the_log_has_the_request(running, tmp_path):
    names = ("Ada", "Eve", "Yara", "<b>")
    with httpx.Client(base_url=running[0], trust_env=False) as client:
        told = {
            name: client.get("/ask", params={"customer": name}, headers={"x-request-id": f"id-{name}"})
            for name in names
        }
        page = client.get("/").text

    assert [told[name].status_code for name in names] == [200, 200, 502, 422]
    assert (told["Ada"].json()["found"], told["Eve"].json()["found"]) == (True, False)
    assert told["Ada"].headers["x-served-by"] == "amber"
    assert "1 fine · 1 nothing found · 1 error" in page and "id-Yara" in page and "<b>Y</b> 1 of 1<br>error" in page
    assert "id-Yara Yara: KeyError" in (tmp_path / "router").read_text()


def test_the_control_port_wants_the_token_and_begins_and_ends_a_night(running):
    public, control = running
    key = {"authorization": f"Bearer {TOKEN}"}
    with httpx.Client(trust_env=False) as client:
        refused = client.post(f"{control}/night", json={"seed": 4})
        odd = client.post(f"{control}/night", json={"seed": "x"}, headers=key)
        before = client.get(f"{public}/indexes").json()
        begun = client.post(f"{control}/night", json={"seed": 4}, headers=key).json()
        night = client.get(f"{public}/indexes").json()
        rebuilt = client.post(f"{control}/rebuild", json={}, headers=key).json()
        after = client.get(f"{public}/indexes").json()

    assert (refused.status_code, odd.status_code) == (401, 422)
    assert (begun["night"], begun["rebuilds"], rebuilt["rebuilds"]) == (4, 0, 1)
    assert before == {"amber": "A-D", "blue": "E-I", "coral": "J-Q", "dune": "R-Z"}
    assert before != night != after != before
