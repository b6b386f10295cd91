"""The page in a real browser: quiet, legible, and no wider than a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.hiring.review.changes import Changes, FileChange, Line
from grader.hiring.review.lines import Place
from grader.hiring.review.page import Receipt, review
from grader.result import Result
from tests.grader.browser import CHROMIUM, CONTRAST, chromium

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="no chromium on this machine"),
]
LINES = (Line("@", "line 3 in gate"), Line(" ", "    same()"), Line("-", "    old()"), Line("+", "    " + "new" * 90))
CHANGES = Changes(
    (
        FileChange("controller/gate.py", "changed", 1, 1, LINES, "", (Place("gate", 3, 3, 2),)),
        FileChange("controller/" + "long" * 30, "added", 0, 0, (), "binary: 0 bytes before, 9 now", ()),
    ),
    ("README.md", "notes/" + "x" * 120),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_it_is_quiet_legible_and_fits(
    browser: Any, run_dir: Path, failed: Result, tmp_path: Path, width: int, scheme: str
) -> None:
    file = tmp_path / "review.html"
    file.write_text(review(run_dir, failed, CHANGES, Receipt("verified", True, ("All is as it was signed.",))))
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url))
    page.goto(file.as_uri())

    folded = page.locator("details.file:not([open])").count()
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")

    assert folded == 2
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CONTRAST) == []
    assert [line for line in heard if not line.startswith("data:")] == [file.as_uri()]
    page.close()
