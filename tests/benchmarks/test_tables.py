"""Figures in the tables, and the places in a page that hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.startup import PARTS
from benchmarks.tables import README, publish, quartiles, replaced, share, upper_bound
from grader.errors import BadInput

PAGE = "# A\n<!-- table: one -->\nold\n\nolder\n<!-- end -->\nB\n<!-- table: two -->\n<!-- end -->\n"


@pytest.mark.parametrize(
    ("hits", "of", "bound"), [(0, 59, 0.0495), (0, 1, 0.95), (0, 200, 0.01487), (1, 200, 0.02350), (5, 5, 1), (0, 0, 1)]
)
def test_the_bound_is_clopper_and_pearsons(hits: int, of: int, bound: float) -> None:
    assert upper_bound(hits, of) == pytest.approx(bound, abs=1e-4)


def test_figures_read_as_they_should() -> None:
    assert share(0, 59) == "0 of 59, at most 5.0 %"
    assert share(1, 200) == "1 of 200 (0.5 %), at most 2.4 %"
    assert quartiles([]) == "-"
    assert quartiles([3.0]) == "3.0 / 3.0 / 3.0"
    assert quartiles([1.0, 2.0, 3.0, 4.0, 5.0]) == "2.0 / 3.0 / 4.0"


def test_a_table_is_put_into_its_place_and_nothing_else_changes() -> None:
    assert replaced(PAGE, "one", "new \\1\n") == PAGE.replace("old\n\nolder\n", "new \\1\n")
    assert replaced(PAGE, "two", "new") == PAGE.replace("two -->\n", "two -->\nnew\n")


@pytest.mark.parametrize("page", [PAGE, PAGE * 2, "<!-- table: three -->\n<!-- table: two -->\n<!-- end -->\n"])
def test_a_page_without_exactly_one_place_is_refused(page: str) -> None:
    with pytest.raises(BadInput, match="table: "):
        replaced(page, "one" if page == PAGE * 2 else "three", "new")


def test_publishing_prints_and_writes_only_if_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "README.md"
    page.write_text(PAGE)

    publish("one", "new", write=False, readme=page)
    assert page.read_text() == PAGE
    publish("one", "new", write=True, readme=page)
    assert page.read_text() == replaced(PAGE, "one", "new")
    assert capsys.readouterr().out == "new\nnew\n"
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    "name",
    [
        "matrix",
        "errors",
        "verdicts-canary",
        "stopping-canary",
        "judging",
        "load",
        *(f"startup-{part}" for part in PARTS),
    ],
)
def test_the_readme_has_a_place_for_each_table(name: str) -> None:
    assert "the new table\n<!-- end -->" in replaced(README.read_text("utf-8"), name, "the new table")
