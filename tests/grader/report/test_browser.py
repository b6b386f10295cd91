"""The page in a real browser: it is quiet, asks for nothing, fits a phone, and can be read and used by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.report.html import write_html
from grader.result import Result
from tests.grader.browser import CHROMIUM, CONTRAST, chromium

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="no chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture
def open_page(browser: Any, run_dir: Path, failed: Result) -> Iterator[Callable[..., Any]]:
    """Opens the report; `page.heard` collects console messages, errors and requests."""
    path = write_html(run_dir, failed)
    contexts = []

    def opened(width: int = 1280, scheme: str = "light", **more: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.heard = []
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        page.on("request", lambda request: page.heard.append(request.url))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


def test_page_is_quiet_and_asks_for_nothing(open_page: Callable[..., Any], run_dir: Path) -> None:
    page = open_page()

    page.hover("details.trial[open] svg.plot >> nth=0")

    assert [line for line in page.heard if not line.startswith("data:")] == [(run_dir / "report.html").as_uri()]


def test_policy_forbids_the_network(open_page: Callable[..., Any]) -> None:
    page = open_page()

    answer = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'refused')")

    assert answer == "refused"
    assert any("Content Security Policy" in line for line in page.heard)
    assert not any(line.startswith("http://127.0.0.1") for line in page.heard)


@pytest.mark.parametrize("width", [375, *(pytest.param(width, marks=pytest.mark.slow) for width in (768, 830, 1280))])
def test_nothing_overflows(open_page: Callable[..., Any], width: int) -> None:
    page = open_page(width)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")

    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_text_has_contrast(open_page: Callable[..., Any], scheme: str, width: int) -> None:
    page = open_page(width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")

    assert page.evaluate(CONTRAST) == []


@pytest.mark.slow
def test_schemes_differ(open_page: Callable[..., Any]) -> None:
    grounds = {open_page(scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
               for scheme in ("light", "dark")}  # fmt: skip

    assert len(grounds) == 2


def test_keyboard_reaches_links_sliders_and_details(open_page: Callable[..., Any]) -> None:
    page = open_page()
    met = []
    for _ in range(60):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.tagName"))

    assert met[0] == "A", "the skip link comes first"
    assert {"A", "SUMMARY", "INPUT"} <= set(met)


@pytest.mark.slow
def test_keyboard_opens_a_trial(open_page: Callable[..., Any]) -> None:
    page = open_page()
    closed = page.locator("details.trial:not([open])").first
    name = closed.get_attribute("id")

    closed.locator("summary").first.focus()
    page.keyboard.press("Enter")

    assert page.locator(f"#{name}").get_attribute("open") is not None


@pytest.mark.slow
def test_slider_reads_the_plots(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.locator("details.trial[open] input").first.focus()
    page.keyboard.press("ArrowRight")

    text = page.locator("details.trial[open] output").first.inner_text()
    assert "time 0.25 s" in text and "p99" in text


@pytest.mark.slow
def test_link_of_an_objective_opens_its_trial(open_page: Callable[..., Any]) -> None:
    page = open_page()
    link = page.locator("tr.look a").first
    target = str(link.get_attribute("href"))
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = false })")

    link.click()
    page.wait_for_selector(f"details{target}[open]")


@pytest.mark.slow
def test_plots_have_words(open_page: Callable[..., Any]) -> None:
    page = open_page()

    plots = page.evaluate(
        "[...document.querySelectorAll('svg.plot')].map((p) => p.getAttribute('aria-labelledby').split(' ')"
        ".map((id) => document.getElementById(id)?.textContent))"
    )
    assert plots and all(title and words for title, words in plots)


def test_page_works_without_script(open_page: Callable[..., Any]) -> None:
    page = open_page(java_script_enabled=False)

    assert page.locator("h1").inner_text() == "Fail"
    assert not page.locator(".scrub").first.is_visible()
    page.locator("details.trial:not([open]) summary").first.click()


@pytest.mark.slow
def test_page_prints(open_page: Callable[..., Any]) -> None:
    assert open_page().pdf()[:4] == b"%PDF"
