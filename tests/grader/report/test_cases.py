"""What the report of a decision lab shows of each trial: words with their meaning, and practised cases if any."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.course.slo import load_slos, save_slos
from grader.laps import FOLDER
from grader.report.html import write_html
from grader.result import Result

ODD = '<img src=x onerror="hacked()">'
SLO = Path("scenario/slo.yaml")


@pytest.fixture
def decision(run_dir: Path) -> Path:
    """A run whose objective `right` says what its words mean."""
    slos = load_slos(run_dir / SLO)
    slos["right"] = slos["right"].model_copy(update={"words": {"wrong": f"the answer is off {ODD}"}})
    save_slos(slos, run_dir / SLO)
    return run_dir


def practised(run_dir: Path, trial: str) -> None:
    """The trial's public season, as a rehearsal keeps it."""
    told = [
        {"case": f"case-{n}", "aspect": "right", "word": word, "note": f"why-{n} {ODD}", "at": 1.0}
        for n, word in enumerate(["right", "wrong"])
    ]
    lap = {"lap": 0, "began": 1.0, "over": True, "cases": 2, "closed": 2, "asked": 2, "broken": "", "outcomes": told}
    pictures = [{"id": "a", "title": f"What to see {ODD}", "svg": f"<svg>{ODD}</svg>", "lap": 0}]
    (run_dir / FOLDER).mkdir()
    (run_dir / FOLDER / f"{trial}.json").write_text(json.dumps({"lap": lap, "pictures": pictures}))


def test_an_exam_shows_words_and_no_case(decision: Path, failed: Result) -> None:
    page = write_html(decision, failed).read_text("utf-8")

    assert "the answer is off &lt;img" in page and ODD not in page
    assert "wrong case" not in page and "data:image/svg+xml" not in page
    assert "Who answered" not in page and 'class="chart"' not in page


def test_a_rehearsal_shows_practised_cases_and_pictures(decision: Path, failed: Result) -> None:
    practised(decision, failed.trials[0].id)

    page = write_html(decision, failed).read_text("utf-8")

    assert "1 wrong case, and why" in page and "why-1 &lt;img" in page and "why-0" not in page
    assert page.count("data:image/svg+xml;base64,") == 1 and "What to see &lt;img" in page and ODD not in page


@pytest.mark.parametrize("text", ["", "[]", '{"lap": {}, "pictures": 3}', "{"])
def test_a_damaged_season_is_left_out(decision: Path, failed: Result, text: str) -> None:
    (decision / FOLDER).mkdir()
    (decision / FOLDER / f"{failed.trials[0].id}.json").write_text(text)

    assert "wrong case" not in write_html(decision, failed).read_text("utf-8")


def test_other_labs_have_their_charts(run_dir: Path, failed: Result) -> None:
    assert 'class="chart"' in write_html(run_dir, failed).read_text("utf-8")
