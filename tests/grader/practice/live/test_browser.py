"""The page in a real browser over the real toy lab: live, obeyed, legible, usable by keyboard, deaf to markup."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.course import systems
from grader.practice import workspace
from grader.practice.live import figures, journal, season
from grader.practice.live.serving import Serving
from grader.practice.live.watcher import Watcher
from tests.grader.browser import CHROMIUM, CONTRAST, chromium
from tests.grader.course import Course
from tests.grader.practice.live.conftest import MAIN, ROUTING
from tests.grader.practice.live.events import ALWAYS, slo
from tests.grader.practice.live.test_reading import collector  # noqa: F401
from tests.grader.practice.live.test_season import lap

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="no chromium on this machine"),
    pytest.mark.timeout(400),
]

PATIENCE_MS = 90_000
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
WIDTHS = (360, 800, 1400)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def look(browser: Any, served: Serving) -> Iterator[Callable[..., Any]]:
    """Opens the page; `page.asked` collects requests, `page.heard` console messages and errors."""
    contexts = []

    def opened(width: int = 1400, scheme: str = "light", url: str = "", **more: Any) -> Any:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.asked, page.heard = [], []
        page.on("request", lambda request: page.asked.append(request))
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        page.goto(served.page.url if url in ("", "served") else url)
        if not url:
            filled(page)
            page.evaluate("document.getElementById('tab-log').click()")
        return page

    yield opened
    for context in contexts:
        context.close()


def until(page: Any, expression: str) -> None:
    """Wait until it holds; the page's policy forbids `wait_for_function`, which evaluates text in it."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < give_up, f"{expression}; the page: {page.locator('body').inner_text()[:3000]}"
        page.wait_for_timeout(50)


def filled(page: Any) -> None:
    """Wait until there is traffic, a service, and a line of log."""
    until(page, "/^[0-9.]+ % of [1-9]/.test(document.querySelector('.card .figure')?.textContent ?? '')")
    until(page, "document.querySelectorAll('#services tbody tr').length > 0")
    until(page, "document.querySelectorAll('.log li').length > 0")


def test_all_of_the_lab_is_on_one_page(look: Callable[..., Any]) -> None:
    page = look()

    card = page.locator(".card").first
    assert card.locator("h3").inner_text() == "Every customer gets an answer"
    assert "promised 95 %" in card.inner_text() and re.search("Budget left|times what may be bad", card.inner_text())
    assert page.locator(".chart").count() == 4
    # the chart of what was not fine has no line before the first request that was not
    until(page, "[...document.querySelectorAll('.chart > svg')].every((one) => one.querySelector('path'))")
    row = page.locator("#services tbody tr").inner_text().split()
    assert row[:4] == ["desk", "·", "yours", "running"] and row[5:] == ["MB", "0", "restarts"] and int(row[4]) > 1
    assert "listening on" in page.locator(".log").inner_text() or "KeyError" in page.locator(".log").inner_text()
    assert page.heard == []


def test_charts_tell_what_traffic_there_was(look: Callable[..., Any]) -> None:
    page = look()
    until(page, "/^last: fine .*not fine/.test(document.querySelector('.chart .values').dataset.said)")
    requests, who, tenants = (page.locator(".chart").nth(n) for n in (0, 2, 3))

    until(page, "document.querySelectorAll('.chart')[3].querySelectorAll('path').length > 0")
    label = "document.querySelectorAll('.chart')[1].querySelector('svg').getAttribute('aria-label')"
    until(page, rf"/p50 [\d.]+ m?s, p99 [\d.]+ m?s/.test({label})")  # a second in which nobody asked has none
    assert "Requests" in requests.inner_text() and "Who answered" in who.inner_text()
    assert "Not fine, by tenant" in tenants.inner_text()


def test_a_save_is_marked_and_its_difference_shown(look: Callable[..., Any], running: Course) -> None:
    page = look()
    page.get_by_role("tab", name=re.compile("Changes")).click()
    page.get_by_text("Nothing differs from what shipped yet.").wait_for()

    path = running.root / ROUTING
    path.write_text(path.read_text() + f"# {HOSTILE}\n")

    page.locator(".diff .add", has_text="# <img src=x").wait_for()
    page.locator("#marks", has_text="saved desk/routing.py").wait_for()
    until(page, "document.querySelectorAll('.chart line.mark.save').length === 4")
    assert page.get_by_role("tab", name=re.compile("Changes 1")).count() == 1
    assert page.evaluate("window.hacked") is None


def test_who_has_not_begun_reads_the_brief_first(look: Callable[..., Any]) -> None:
    page = look(url="served")

    page.locator("#panel-brief h3").first.wait_for()
    first, cards = (f"document.getElementById('{name}').getBoundingClientRect().top" for name in ("more", "promised"))
    until(page, f"{first} < {cards}")


def test_old_code_is_said_until_it_is_restarted(look: Callable[..., Any], running: Course) -> None:
    assert running.lab("restart", "desk").returncode == 0  # what earlier tests restarted is forgotten
    page = look()
    page.locator("#old").wait_for(state="hidden")
    path = running.root / ROUTING
    path.write_text("# mine\n" + path.read_text())

    page.locator("#old", has_text="the old code still runs").get_by_role("button", name="Restart it").click()

    page.locator("#old").wait_for(state="hidden")
    page.locator("#marks", has_text="restarted desk").wait_for()


@pytest.fixture
def decides(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The toy lab has a casebook, which tells the laps in this list, the last one now."""
    told_ = [lap(0, 100.0, "right", "late", HOSTILE)]
    svg = {
        "id": "month",
        "title": HOSTILE,
        "svg": f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{HOSTILE}</svg>",
    }
    monkeypatch.setattr(systems, "season", lambda _: ("desk", 8080))
    monkeypatch.setattr(season, "said", lambda _, path: told_[-1] if path == "/lap" else [{**svg, "lap": 0}])
    judged = slo("answer = 'right'", "name = 'paged'", name="paged").model_copy(
        update={"words": {"late": "no page in time"}}
    )
    real = season.Judge
    monkeypatch.setattr(season, "Judge", lambda events, _: real(events, [events.understood(judged, ALWAYS)]))
    return told_


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_decision_lab_shows_what_was_decided(decides: list[Any], look: Callable[..., Any], scheme: str) -> None:
    page = look(700, scheme, url="served")

    page.locator("#season-objectives", has_text="no page in time").wait_for()
    assert page.locator("#seen, #promised").evaluate_all("all => all.every((one) => one.hidden)")
    page.locator("#season-rows", has_text="why 1").wait_for()
    assert page.locator("#season-rows tbody tr").count() == 2 and page.locator("#season-pictures img").count() == 1
    page.get_by_role("button", name="Only wrong").click()
    until(page, "document.querySelectorAll('#season-rows tbody tr').length === 3")
    decides.append(lap(1, time.time() + 60, "late", "right", "right"))
    page.keyboard.press("r")
    page.locator("#season-change summary", has_text="2 more right, 1 no longer").wait_for()
    assert page.evaluate("window.hacked") is None and page.evaluate("document.documentElement.scrollWidth") == 700
    assert page.evaluate(CONTRAST) == [] and page.heard == []


WATCH = """
watch:
  - {title: Who waits, unit: customers, of: [{url: "http://desk:8080/metrics", name: queue_length, by: tier}]}
  - title: Replicas
    draw: lines
    of: [{url: "http://desk:8080/metrics", name: wanted}, {url: "http://desk:8080/metrics", name: there}]
  - {title: Which rung, draw: share, of: [{url: "http://desk:8080/metrics", name: queue_length, by: tier}]}
"""


@pytest.fixture
def watches(running: Course, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """The toy lab has figures of its own; the last of these is what it says."""
    lab = running.root / "labs/desk/lab.yaml"
    text = lab.read_text()
    lab.write_text(text + WATCH)
    says = [
        b'queue_length{tier="premium"} 3\nqueue_length{tier="<script>window.hacked=1</script>"} 9\nwanted 5\nthere 2\n'
    ]
    monkeypatch.setattr(figures.Board, "_fetched", lambda *_: says[-1])
    yield says
    lab.write_text(text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_labs_own_figures_are_drawn_by_label(watches: list[bytes], look: Callable[..., Any], scheme: str) -> None:
    page = look(700, scheme, url="served")
    waits, replicas, rungs = (page.locator("#watches .chart").nth(n) for n in range(3))

    waits.locator(".values", has_text="premium 3").wait_for()
    said = [" ".join(chart.inner_text().split()) for chart in (waits, replicas, rungs)]
    assert "<script>window.hacked=1</script> 9" in said[0] and "Who waits customers" in said[0]
    assert waits.locator("path").count() == 2 and replicas.locator("path.line").count() == 2
    assert "wanted 5" in said[1] and "there 2" in said[1] and "premium 25 %" in said[2]
    watches.append(b"wanted 5\nthere 5\n")
    replicas.locator(".values", has_text="there 5").wait_for()
    assert waits.locator(".values", has_text="premium 0").count() == 1, "who waits no more is there with 0"
    page.get_by_role("button", name="5 min").click()
    until(page, "document.querySelector('#watches svg').getAttribute('aria-label').startsWith('Who waits')")
    assert page.evaluate("window.hacked") is None and page.evaluate("document.documentElement.scrollWidth") == 700
    assert page.evaluate(CONTRAST) == [] and page.heard == []


def test_restart_by_key(look: Callable[..., Any]) -> None:
    page = look()

    page.keyboard.press("r")

    page.locator("#marks", has_text="restarted desk").wait_for()
    until(page, "document.querySelectorAll('.chart line.mark.restart').length === 4")


def test_a_check_runs_on_the_page_and_its_report_opens(look: Callable[..., Any], running: Course) -> None:
    page = look()

    page.get_by_role("button", name=re.compile("^Check")).click()
    page.get_by_role("table", name="Trials").wait_for()
    page.locator("#run", has_text="an ordinary day").wait_for()
    assert page.get_by_role("button", name=re.compile("^Check")).is_disabled()
    page.get_by_role("button", name=re.compile("^Rehearsal: an ordinary day")).wait_for()
    page.locator("#run", has_text="Rehearsal: Failed. 0 of 1 promises kept").wait_for()

    assert page.get_by_role("table", name="Objectives, judged").count() >= 1
    page.locator("#run summary", has_text="What lab check says").click()
    page.locator("#run pre", has_text="Every customer gets an answer").wait_for()
    with page.context.expect_page() as opened:
        page.locator("#run").get_by_role("link", name=re.compile("Report")).click()
    report = opened.value
    report.wait_for_load_state()
    assert "Every customer gets an answer" in report.locator("body").inner_text()
    assert report.evaluate("window.origin") == "null", "it is in a sandbox"
    page.get_by_role("tab", name=re.compile("Past runs 1")).click()
    page.locator("#panel-past summary", has_text="rehearsal").wait_for()
    page.locator("#run").get_by_role("button", name="Dismiss").click()
    page.locator("#run").wait_for(state="hidden")
    assert workspace.load("desk").verdict == "", "a rehearsal is not remembered"


@pytest.mark.parametrize(("word", "title"), [("pass", "Close pass"), ("fail", "Close fail")])
def test_a_run_that_is_decided_but_near_is_called_close(
    look: Callable[..., Any], running: Course, word: str, title: str
) -> None:
    out = running.root / "results" / "desk" / "rehearsal"
    near = {"id": "a", "title": "Near", "target": 0.9, "estimate": 0.9, "good": 9, "valid": 10, "verdict": word}
    result = {"lab": "desk", "verdict": word, "close": True, "duration_s": 9.0, "reasons": []}
    out.mkdir(parents=True, exist_ok=True)
    with journal.run("desk", "rehearsal", out):
        (out / "result.json").write_text(json.dumps({**result, "objectives": [{**near, "close": True}]}))
    page = look()

    page.locator(f"#run.{word}", has_text=f"Rehearsal: {title}. {int(word == 'pass')} of 1 promises kept").wait_for()

    judged = page.get_by_role("table", name="Objectives, judged").first
    assert judged.locator(f".verdict.{word}").inner_text().strip() == f"close {word}"
    page.get_by_role("tab", name=re.compile("Past runs")).click()
    page.locator(f"#panel-past summary .verdict.{word}", has_text=f"close {word}").first.wait_for()
    shutil.rmtree(out)
    assert page.heard == []


def test_a_check_can_be_cancelled(look: Callable[..., Any]) -> None:
    page = look()
    page.keyboard.press("c")
    page.get_by_role("table", name="Trials").wait_for()

    page.get_by_role("button", name="Cancel").click()

    page.locator("#run", has_text="ended without a verdict").wait_for()
    until(page, "!document.getElementById('check').disabled")


def test_an_exam_is_taken_after_asking(look: Callable[..., Any], running: Course) -> None:
    (running.root / ROUTING).write_text(running.routing("reference"))
    page = look()

    page.keyboard.press("e")
    page.get_by_role("dialog", name="Take the exam?").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    assert not journal.now("desk")
    page.keyboard.press("e")
    page.get_by_role("dialog", name="Take the exam?").wait_for()
    page.keyboard.press("Enter")

    page.locator("#run", has_text="Exam: Passed.").wait_for()
    assert workspace.load("desk").verdict == "pass"
    page.get_by_role("tab", name=re.compile("Past runs")).click()
    page.locator("#panel-past summary", has_text="exam").first.wait_for()


def test_a_hint_says_its_price_first(look: Callable[..., Any]) -> None:
    page = look()
    page.get_by_role("tab", name="Hints 0/3").click()
    assert page.locator(".hint").count() == 0
    assert "An interviewer would note it" in page.locator("#panel-hints").inner_text()

    page.get_by_role("button", name="Show hint 1 of 3").click()
    page.get_by_role("dialog", name="Show hint 1 of 3?").get_by_text("An interviewer would note it").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert workspace.load("desk").hints == 0
    page.get_by_role("button", name="Show hint 1 of 3").click()
    page.get_by_role("button", name="Show it").click()

    page.locator(".hint", has_text="The errors are spread over the day").wait_for()
    assert workspace.load("desk").hints == 1
    assert page.locator(".hint").count() == 1
    page.get_by_role("tab", name="Hints 1/3").wait_for()


def test_reset_asks_and_puts_back(look: Callable[..., Any], running: Course) -> None:
    path = running.root / ROUTING
    shipped = path.read_text()
    path.write_text("# mine\n" + shipped)
    page = look()
    page.get_by_role("tab", name=re.compile("Changes 1")).wait_for()

    page.get_by_role("button", name="Reset").click()
    dialog = page.get_by_role("dialog", name="Put these back as shipped?")
    assert "desk/routing.py (changed)" in dialog.inner_text()
    dialog.get_by_role("button", name="Cancel").click()
    assert path.read_text() != shipped
    page.get_by_role("button", name="Reset").click()
    dialog.get_by_role("button", name="Reset").click()

    until(page, "document.querySelector('#panel-diff').textContent.startsWith('Nothing differs')")
    assert path.read_text() == shipped and list((running.root / "work/.backup").iterdir())


def test_a_request_is_found_in_the_logs(look: Callable[..., Any], running: Course) -> None:
    path = running.root / MAIN
    path.write_text(path.read_text().replace(
        "        url = urlsplit(self.path)",
        '        print("asked", self.headers.get("x-request-id", "-"), flush=True)\n        url = urlsplit(self.path)',
    ))  # fmt: skip
    assert running.lab("restart", "desk").returncode == 0
    page = look()
    until(page, "/asked/.test(document.querySelector('.log').textContent)")

    seen = page.locator(".small-table td button").all_inner_texts()
    newest = "document.querySelector('.small-table td button')?.textContent"
    until(page, f"{newest} && !{seen!r}.includes({newest})")  # one that was asked since the restart
    id = page.locator(".small-table td button").first
    id.hover()  # from now on the list stays as it is
    wanted = id.inner_text()
    id.click()
    page.locator(".log mark").first.wait_for()

    lines = page.locator(".log li").all_inner_texts()
    assert lines == [f"desk asked {wanted}"]
    assert page.get_by_role("searchbox", name="Find").first.input_value() == wanted
    page.keyboard.press("Escape")
    until(page, "document.querySelectorAll('.log li').length > 1")


def test_hostile_services_are_text(look: Callable[..., Any], running: Course) -> None:
    path = running.root / MAIN
    path.write_text(path.read_text().replace(
        "        self.end_headers()",
        f"        self.send_header('x-served-by', {HOSTILE!r})\n"
        f"        print({HOSTILE!r} + '\\u202e\\x1b[2J', flush=True)\n"
        "        self.end_headers()",
    ))  # fmt: skip
    assert running.lab("restart", "desk").returncode == 0
    for width in (360, 1400):
        page = look(width)
        until(page, "document.querySelector('.log').textContent.includes('<img src=x onerror=')")
        until(page, "[...document.querySelectorAll('.chart')].some((one) => one.textContent.includes('<img src=x'))")
        page.keyboard.press("/")
        page.keyboard.type("window.hacked")
        page.locator(".log mark").first.wait_for()

        assert page.evaluate("window.hacked") is None
        assert page.locator("img, body script").count() == 0
        assert "\u202e" not in page.evaluate("document.body.textContent")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.heard == []


@pytest.fixture
def everywhere(running: Course, served: Serving, monkeypatch: pytest.MonkeyPatch, collector: str) -> None:  # noqa: F811
    """Something is to be seen in each part of the page: a run, changes, a hint, a past run, and traces."""
    from grader.result import ObjectiveResult, Progress, TrialProgress, Verdict
    from tests.grader.practice.live.test_reading import RESULT, run_folder

    path = running.root / ROUTING
    path.write_text("# mine\n" + path.read_text())
    workspace.update("desk", hints=2)
    if not (running.root / "results/desk/20260101-000000-aa").exists():
        run_folder(running, "20260101-000000-aa", json.dumps(RESULT))
    monkeypatch.setattr(Watcher, "collector", lambda _: collector)
    trial = TrialProgress("a release that reads one parcel in three wrong", "running", "rollout", 80.0, 1234, 56)
    fixed = ("Every customer gets an answer", "", 0.95)
    one = ObjectiveResult("answered", *fixed, 90, 100, 0.9, 0.8, 0.95, Verdict.UNDECIDED)
    with journal.run("desk", "rehearsal", running.root / "results/desk/none") as tell:
        tell(Progress("running", 3.0, 12.0, (trial, trial), (one,)))
        yield


def opened_tabs(page: Any) -> Iterator[str]:
    """Goes through the tabs, traces included."""
    page.evaluate("document.getElementById('tab-traces').hidden = false")
    for name in ("log", "traces", "brief", "hints", "diff", "past"):
        page.locator(f"#tab-{name}").click()
        if name == "traces":
            page.locator(".trace-list button").first.click()
            page.locator(".waterfall").wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        yield name


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_and_all_can_be_read(look: Callable[..., Any], width: int, scheme: str) -> None:
    page = look(width, scheme, reduced_motion="reduce")
    page.get_by_role("table", name="Trials").wait_for()

    for name in opened_tabs(page):
        assert page.evaluate("document.documentElement.scrollWidth") == width, name
        assert page.evaluate(CONTRAST) == [], name


def test_schemes_differ(look: Callable[..., Any]) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"

    assert look(scheme="light").evaluate(ground) != look(scheme="dark").evaluate(ground)


@pytest.mark.usefixtures("everywhere")
def test_a_trace_is_a_waterfall(look: Callable[..., Any]) -> None:
    page = look()
    page.evaluate("document.getElementById('tab-traces').hidden = false")
    page.keyboard.press("2")

    page.get_by_role("button", name="POST /v1/answers").click()

    spans = page.locator(".waterfall .span")
    spans.first.wait_for()
    names = spans.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert len(names) == 2 and names[0] == "POST /v1/answers · api, from 0 ms, 120 ms"
    assert names[1].endswith("from 10 ms, 50 ms, failed") and page.locator(".waterfall rect.failed").count() == 1
    widths = page.locator(".waterfall .span rect:nth-of-type(2)").evaluate_all(
        "all => all.map((one) => Number(one.getAttribute('width')))"
    )
    assert len(widths) == 2 and widths[1] / widths[0] == pytest.approx(50 / 120, rel=0.01)
    spans.nth(1).click()
    assert "Events: 2 ms: sent" in page.locator("#panel-traces").inner_text()


def test_keyboard_alone(look: Callable[..., Any], running: Course) -> None:
    path = running.root / ROUTING
    path.write_text("# mine\n" + path.read_text())
    page = look()
    focus = "document.activeElement"

    page.keyboard.press("Tab")
    assert page.evaluate(f"{focus}.className") == "skip"
    met = []
    for _ in range(40):
        page.keyboard.press("Tab")
        met.append(page.evaluate(f"{focus}.id || {focus}.tagName"))
        assert page.evaluate(f"{focus} === document.body || getComputedStyle({focus}).outlineStyle !== 'none'"), met
        if met[-1] == "tab-log":
            break
    assert {"check", "exam", "restart", "reset", "svg"} <= set(met) and met[-1] == "tab-log"
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{focus}.id") == "tab-brief", "there are no traces"
    assert page.get_by_role("tabpanel").get_attribute("id") == "panel-brief"
    page.keyboard.press("3")
    assert page.evaluate(f"{focus}.id") == "tab-hints"
    page.keyboard.press("6")
    assert page.evaluate(f"{focus}.id") == "tab-hints", "there are five tabs"
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").get_by_text("log, brief, hints, changes, past runs").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")


def test_a_charts_moments_by_keyboard(look: Callable[..., Any]) -> None:
    page = look()
    chart = page.locator(".chart > svg").first
    chart.focus()

    page.keyboard.press("ArrowLeft")
    until(page, "document.querySelectorAll('.chart line.cursor').length === 4")
    one = chart.get_attribute("aria-label")
    page.keyboard.press("ArrowLeft")

    label = "document.querySelector('.chart > svg').getAttribute('aria-label')"
    until(page, f"{label} !== {json.dumps(one)}")
    assert re.search(r"\d\d:\d\d:\d\d", str(chart.get_attribute("aria-label")))
    page.keyboard.press("Escape")
    until(page, "document.querySelectorAll('.chart line.cursor').length === 0")


def test_screen_readers_are_told(look: Callable[..., Any]) -> None:
    page = look(360)

    assert page.get_by_role("table", name="Services").count() == 1
    assert page.get_by_role("tab").count() == 5 and page.get_by_role("tab", selected=True).count() == 1
    pictures = page.get_by_role("img").evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert len(pictures) == 6 and all(pictures)
    assert any(re.match("The last minute, second by second: ", name) for name in pictures)
    assert page.get_by_role("searchbox", name="Find").count() == 1
    headings = page.locator("h1, h2").all_inner_texts()
    assert headings[0].split("\n")[-1].startswith("desk · Tickets")


def test_no_request_leaves(look: Callable[..., Any], served: Serving) -> None:
    page = look()

    reached = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")

    base = served.page.url.partition("#")[0]
    assert reached == "refused" and any("Content Security Policy" in text for text in page.heard)
    assert all(request.url.startswith((base, "data:")) for request in page.asked)
    assert not any(served.page.secret in request.url for request in page.asked)
    assert page.evaluate("location.href") == base and page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("secret", ["", "x" * 32])
def test_a_wrong_link_shows_nothing(look: Callable[..., Any], served: Serving, secret: str) -> None:
    page = look(url=f"http://127.0.0.1:{served.page.port}/#{secret}")

    page.locator("#banner", has_text="This link is not valid").wait_for()
    assert page.locator(".card, #services tbody tr").count() == 0


def test_a_system_that_does_not_answer_is_said(look: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    page = look()
    from infra.errors import PlatformBroken
    from infra.process.deployment import ProcessDeployment

    with monkeypatch.context() as patch:

        def away(*_: Any) -> Any:
            raise PlatformBroken(f"the supervisor is away {HOSTILE}")

        patch.setattr(ProcessDeployment, "stats", away)
        page.locator("#banner", has_text="your system does not answer: the supervisor is away <img").wait_for()
    until(page, "document.getElementById('banner').hidden")
    assert page.evaluate("window.hacked") is None
