"""Both pages in a real browser, with 30 and 200 people: live, quiet, legible, usable by keyboard, deaf to markup."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crowd import Held
from grader.classroom.board.demo import TITLES, Crowd, stamp
from grader.classroom.board.history import History
from grader.classroom.board.links import Links
from grader.classroom.board.run import HISTORY, board
from grader.classroom.cluster.model import Objective, Snapshot, State, Submission
from tests.grader.browser import CHROMIUM, CONTRAST, chromium

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="no chromium on this machine"),
    pytest.mark.timeout(400),
]

QUICK_S = 0.1
PATIENCE_MS = 60_000
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}\u202e'


@cache
def afternoon(size: int) -> tuple[float, Snapshot, bytes]:
    """Now, a workshop as it is now, and the history that a board has of it."""
    now = time.time()
    crowd = Crowd(size, now - 3000)
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder) / HISTORY)
        crowd.watch(history, now, every_s=60.0)
        history.close()
        return now, crowd.at(now), (Path(folder) / HISTORY).read_bytes()


class Hall:
    """A board over a crowd that stands still until it is told otherwise."""

    def __init__(self, size: int, folder: Path) -> None:
        self.folder = folder
        self.now, snapshot, history = afternoon(size)
        folder.mkdir()
        (folder / HISTORY).write_bytes(history)
        self.source = Held(snapshot)
        self.links: Links
        self._running = ExitStack()
        self.start()

    def start(self) -> None:
        self.links = self._running.enter_context(board(self.source, self.folder, every_s=QUICK_S))

    def stop(self) -> None:
        self._running.close()

    def add(self, number: int, verdict: str, missed: tuple[str, ...] = (), **more: Any) -> None:
        """A verdict for one person, by their place."""
        person = self.source.snapshot.participants[number]
        objectives = tuple(Objective(t, t, "fail" if t in missed else "pass") for t in TITLES)
        at = stamp(self.now - 5)
        fixed = (person.namespace, f"new-{number}-{time.time_ns()}", f"{time.time_ns()}", "canary", at, "")
        one = Submission(*fixed, State.DONE, 0, verdict, (), objectives, at, at, 50.0, 1)
        one = replace(one, **more)
        self.source.snapshot = replace(self.source.snapshot, submissions=(*self.source.snapshot.submissions, one))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Callable[..., Hall]]:
    """Opens halls."""
    halls: list[Hall] = []

    def opened(size: int) -> Hall:
        halls.append(Hall(size, tmp_path / f"w{len(halls)}"))
        return halls[-1]

    yield opened
    for one in halls:
        one.stop()


@pytest.fixture
def look(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a link; `page.asked` collects requests, `page.heard` console messages and errors."""
    contexts = []

    def opened(url: str, width: int = 1440, scheme: str = "light", **more: Any) -> Any:
        more.setdefault("viewport", {"width": width, "height": 900})
        context = browser.new_context(color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.asked, page.heard = [], []
        page.on("request", lambda request: page.asked.append(request))
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()


def until(page: Any, expression: str) -> None:
    """Wait until it holds; the page's policy forbids `wait_for_function`, which evaluates text in it."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < give_up, expression
        page.wait_for_timeout(50)


def rows(page: Any, n: int) -> None:
    """Wait until so many people are shown."""
    until(page, f"document.querySelectorAll('#rows tr, #seats li').length === {n}")


def row(page: Any, name: str) -> Any:
    return page.locator("#rows tr", has=page.locator(".person", has_text=re.compile(f"^{re.escape(name)}$")))


@pytest.mark.parametrize("size", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_a_change_arrives_without_reload(hall: Callable[..., Hall], look: Callable[..., Any], size: int) -> None:
    room = hall(size)
    page = look(room.links.urls()[0])
    rows(page, size)
    person, lost = room.source.snapshot.participants[7], room.source.snapshot.participants[18]
    assert "not started" in row(page, person.name).inner_text()
    page.evaluate("window.same = true")

    room.source.desk(7, started=stamp(room.now), seen=stamp(room.now), saves=3, saved=stamp(room.now))
    row(page, person.name).locator("text=working").wait_for()
    room.add(7, "fail", TITLES[:2])
    row(page, person.name).locator("text=4 of 6").wait_for()
    room.add(7, "pass")
    row(page, person.name).locator("text=passed").wait_for()
    room.source.snapshot = replace(
        room.source.snapshot,
        participants=tuple(p for p in room.source.snapshot.participants if p is not lost),
        desks=tuple(d for d in room.source.snapshot.desks if d.namespace != lost.namespace),
        submissions=tuple(s for s in room.source.snapshot.submissions if s.namespace != lost.namespace),
    )
    rows(page, size - 1)

    assert page.evaluate("window.same") is True
    assert [r.url for r in page.asked if r.resource_type == "document"] == [room.links.urls()[0].partition("#")[0]]


def test_figures_are_those_of_the_snapshot(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    page = look(room.links.urls()[0])
    rows(page, 30)
    snapshot = room.source.snapshot

    def tile(name: str) -> int:
        return int(page.locator(f".tile.{name} b").inner_text())

    passed = {s.namespace for s in snapshot.submissions if s.verdict == "pass"}
    assert tile("all") == sum(bool(desk.started) for desk in snapshot.desks)
    assert tile("passed") == len(passed) > 0
    assert tile("queued") == len({s.namespace for s in snapshot.submissions if s.state is State.QUEUED}) > 0
    assert tile("exam") == len({s.namespace for s in snapshot.submissions if s.state is State.RUNNING}) > 0
    assert tile("stuck") == page.locator("tr.is-stuck").count() > 0
    for person, desk in zip(snapshot.participants, snapshot.desks, strict=True):
        assert row(page, person.name).locator("td.saves").inner_text() == str(desk.saves)
        assert row(page, person.name).locator("td.hints").inner_text() == str(desk.hints_wanted)


@pytest.mark.slow
@pytest.mark.parametrize("size", [30, 200])
@pytest.mark.parametrize("which", [0, 1], ids=["teacher", "everybody"])
def test_nothing_overflows(hall: Callable[..., Hall], look: Callable[..., Any], size: int, which: int) -> None:
    room = hall(size)
    page = look(room.links.urls()[which])
    rows(page, size)

    for width in (360, 768, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        if which == 0:
            page.locator(".person").first.click()
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.getElementById('details'))")
            page.keyboard.press("Escape")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_text_has_contrast(hall: Callable[..., Hall], look: Callable[..., Any], scheme: str, width: int) -> None:
    room = hall(30)
    for url in room.links.urls():
        page = look(url, width, scheme, reduced_motion="reduce")
        rows(page, 30)
        assert page.evaluate(CONTRAST) == []
    page = look(room.links.urls()[0], width, scheme, reduced_motion="reduce")
    rows(page, 30)
    page.locator(".person").first.click()
    room.source.trouble = "reading desks: the cluster does not answer"
    page.locator("#banner").wait_for()
    assert page.evaluate(CONTRAST) == []


@pytest.mark.slow
def test_schemes_differ(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    url = hall(30).links.urls()[0]
    ground = "getComputedStyle(document.body).backgroundColor"

    assert look(url, scheme="light").evaluate(ground) != look(url, scheme="dark").evaluate(ground)


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_a_close_verdict_has_its_sign_and_its_word(
    hall: Callable[..., Hall], look: Callable[..., Any], verdict: str
) -> None:
    room = hall(30)
    objectives = tuple(Objective(title, title, verdict, close=True) for title in TITLES)
    room.add(3, verdict, close=True, objectives=objectives)
    page = look(room.links.urls()[0])
    rows(page, 30)
    mine = row(page, room.source.snapshot.participants[3].name)

    mine.locator(f".verdict.{verdict}", has_text=f"close {verdict}").wait_for()
    assert mine.locator(f".dot.{verdict}").count() == len(TITLES)
    assert mine.locator(f"svg.mark.{verdict}").count() >= 1
    mine.locator(".person").click()
    assert page.locator(f"#details .objectives .verdict.{verdict}", has_text=f"close {verdict}").count() == len(TITLES)
    assert page.heard == []


def test_keyboard_alone(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    page = look(room.links.urls()[0])
    rows(page, 30)
    focus = "document.activeElement"

    page.keyboard.press("Tab")
    assert page.evaluate(f"{focus}.className") == "skip"
    met = []
    for _ in range(40):
        page.keyboard.press("Tab")
        met.append(page.evaluate(f"{focus}.className || {focus}.id || {focus}.tagName"))
        assert page.evaluate(f"{focus} === document.body || {focus}.matches(':focus-visible')")
        outline = page.evaluate(f"getComputedStyle({focus}).outlineStyle")
        if met[-1] == "person":
            break
        assert outline == "solid", met[-1]
    assert {"tile all some", "find", "sort", "turn"} <= set(met) and met[-1] == "person"

    names = page.locator(".person").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(f"{focus}.textContent") == names[2]
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.locator("#details h2").inner_text() == names[1]
    page.keyboard.press("j")
    assert page.locator("#details h2").inner_text() == names[2]
    page.keyboard.press("Escape")
    assert not page.locator("#details").is_visible()
    # The browser first goes back to where it was when the dialog opened; the page hears of the end a task later.
    page.wait_for_function(f"name => {focus}.textContent === name", arg=names[2], timeout=PATIENCE_MS)
    page.keyboard.press("End")
    assert page.evaluate(f"{focus}.textContent") == names[-1]


@pytest.mark.slow
def test_keys_filter_find_and_sort(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    page = look(room.links.urls()[0])
    rows(page, 30)

    page.keyboard.press("3")
    rows(page, 3)
    assert set(page.locator("td.where").all_inner_texts()) == {"not started"}
    page.keyboard.press("3")
    rows(page, 30)
    page.keyboard.press("/")
    page.keyboard.type("ada")
    rows(page, 1)
    page.keyboard.press("Escape")
    rows(page, 30)
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")

    page.locator("th.saves button").click()
    saves = [int(text) for text in page.locator("td.saves").all_inner_texts()]
    assert saves == sorted(saves, reverse=True)
    assert page.locator("[aria-sort]").count() == 1
    page.keyboard.press("r")
    assert [int(text) for text in page.locator("td.saves").all_inner_texts()] == sorted(saves)


@pytest.mark.slow
def test_focus_stays_while_others_move(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    page = look(room.links.urls()[0])
    rows(page, 30)
    page.locator(".person").nth(20).focus()
    name = page.evaluate("document.activeElement.textContent")

    room.source.desk(7, started=stamp(room.now), seen=stamp(room.now))
    until(page, "document.querySelector('.tile.new b').textContent === '2'")
    page.wait_for_timeout(4000)

    assert page.evaluate("document.activeElement.textContent") == name


@pytest.mark.slow
def test_screen_readers_are_told(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    page = look(room.links.urls()[0], 360)
    rows(page, 30)

    assert page.get_by_role("table", name="People").count() == 1
    assert page.get_by_role("row").count() == 31
    assert page.get_by_role("rowheader").count() == 30
    assert page.get_by_role("button", name=re.compile("stuck")).get_attribute("aria-pressed") == "false"
    assert page.get_by_role("searchbox", name="Find").count() == 1
    pictures = page.locator("svg.timeline").evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert len(pictures) == 30 and all(re.match("not started|started at .*, .* saves?, ", text) for text in pictures)
    page.locator(".person").first.click()
    page.get_by_role("dialog").wait_for()


@pytest.mark.slow
def test_motion_is_reduced_where_asked(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    for motion, animated in (("reduce", "none"), ("no-preference", "fresh")):
        page = look(room.links.urls()[0], reduced_motion=motion)
        rows(page, 30)
        page.evaluate("document.querySelector('td').classList.add('fresh')")
        name = page.evaluate("getComputedStyle(document.querySelector('td')).animationName")
        assert name == animated


@pytest.mark.slow
def test_no_request_leaves(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    for url, secret in zip(room.links.urls(), (room.links.teacher, room.links.everybody), strict=True):
        page = look(url)
        rows(page, 30)
        reached = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")

        assert reached == "refused" and any("Content Security Policy" in text for text in page.heard)
        base = url.partition("#")[0].removesuffix("projection")
        assert page.asked and all(request.url.startswith((base, "data:")) for request in page.asked)
        assert not any(secret in request.url for request in page.asked)
        assert not any(request.headers.get("referer") for request in page.asked)
        assert page.evaluate("location.href") == url.partition("#")[0]
        assert page.evaluate("document.cookie") == ""


def test_hostile_text_is_text(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    snapshot = room.source.snapshot
    people = tuple(replace(p, name=f"{HOSTILE}{n}", nickname=f"{HOSTILE} {n}") for n, p in
                   enumerate(snapshot.participants))  # fmt: skip
    desks = tuple(replace(d, changed=(HOSTILE, "../" * 80), started=d.started and HOSTILE) for d in snapshot.desks)
    room.source.snapshot = replace(snapshot, participants=people, desks=desks, workshop=HOSTILE)
    room.add(0, "fail", reasons=(HOSTILE,), objectives=(Objective(HOSTILE, HOSTILE, HOSTILE),))
    teacher, everybody = room.links.urls()
    for url, width in ((teacher, 1440), (teacher, 360), (everybody, 1440), (everybody, 360)):
        page = look(url, width)
        until(page, "document.body.textContent.includes('<img src=x onerror=')")
        rows(page, 30)
        if url == teacher:
            page.locator(".person").first.click()
            page.locator("#details summary").first.click()
        assert page.evaluate("window.hacked") is None
        assert page.locator("img, body script").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert "\u202e" not in page.evaluate("document.body.textContent")
        assert page.heard == []


def test_everybodys_page_holds_no_name_or_id(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(200)
    page = look(room.links.urls()[1], 1920)
    rows(page, 200)

    told = page.evaluate("document.documentElement.outerHTML")
    for person in room.source.snapshot.participants:
        assert person.nickname in told
        assert person.id not in told and person.name not in told and person.namespace not in told
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "all are seen at once"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "projection"])
def test_a_wrong_link_shows_nothing(hall: Callable[..., Hall], look: Callable[..., Any], path: str) -> None:
    room = hall(30)
    other = room.links.everybody if not path else room.links.teacher
    for secret in ("", f"#{'x' * 32}", f"#{other}"):
        page = look(f"http://127.0.0.1:{room.links.port}/{path}{secret}")
        page.locator("#banner", has_text="This link is not valid").wait_for()
        assert page.locator("#rows tr, #seats li").count() == 0


@pytest.mark.slow
def test_a_reload_needs_no_link(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    page = look(hall(30).links.urls()[0])
    rows(page, 30)

    page.reload()

    rows(page, 30)


@pytest.mark.slow
@pytest.mark.parametrize("which", [0, 1], ids=["teacher", "everybody"])
def test_a_server_that_goes_and_comes_back(hall: Callable[..., Hall], look: Callable[..., Any], which: int) -> None:
    room = hall(30)
    page = look(room.links.urls()[which])
    rows(page, 30)
    assert not page.locator("#banner").is_visible()

    room.stop()
    page.locator("#banner").wait_for()
    rows(page, 30)
    room.start()
    page.locator("#banner").wait_for(state="hidden")

    room.source.desk(7, started=stamp(room.now), seen=stamp(room.now))
    until(page, "document.body.innerText.includes('28 of 30 started') || "
                           "document.querySelector('.tile.all b')?.textContent === '28'")  # fmt: skip


@pytest.mark.slow
def test_a_cluster_that_is_away(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    page = look(room.links.urls()[0])
    rows(page, 30)

    room.source.trouble = "reading the desks of rehearsal: the cluster does not answer (MaxRetryError)"
    page.locator("#banner", has_text="does not answer (MaxRetryError)").wait_for()
    assert re.search(r"What you see is from \d\d:\d\d, \d+ s ago", page.locator("#banner").inner_text())
    rows(page, 30)
    page.locator(".person").first.click()
    assert page.locator("#details").is_visible()
    room.source.trouble = ""

    page.locator("#banner").wait_for(state="hidden")


@pytest.mark.slow
def test_alarms_are_shown(hall: Callable[..., Hall], look: Callable[..., Any]) -> None:
    room = hall(30)
    page = look(room.links.urls()[0])
    rows(page, 30)
    assert not page.locator("#alarms").is_visible()

    old = stamp(time.time() - 630)
    room.add(3, "", state=State.QUEUED, objectives=(), started="", finished="", created=old)

    page.locator("#alarms", has_text="1 submission has not been looked at by the examiner for 10 min").wait_for()
