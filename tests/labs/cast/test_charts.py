"""Pictures: their ticks, what is left of much data, and texts of strangers."""

from __future__ import annotations

import itertools
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from charts import Axis, Band, Bars, Cell, Chart, Dots, Line, Marks, Panel, Spans, Table, Tone
from charts.axes import Scale, ticks
from charts.svg import wide

NASTY = "<script>alert('1')</script> & \" \x00 \ud800 \uffff"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*layers, x=Axis(), y=Axis()) -> ElementTree.Element:  # noqa: B008 -- frozen
    return ElementTree.fromstring(Chart("id", "title", [Panel(layers, x, y)]).svg())


@pytest.mark.parametrize(
    ("low", "high", "most", "told"),
    [
        (0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0"),
        (0.3, 97, 6, "20 40 60 80"),
        (-3, 3, 3, "-2 0 2"),
        (0, 123456, 4, "0 50k 100k"),
        (0.0012, 0.0019, 4, "0.0012 0.0014 0.0016 0.0018"),
    ],
)
def test_ticks_are_round(low: float, high: float, most: int, told: str) -> None:
    found = [text for _, text in ticks(low, high, None, most)]

    assert found == ["0" if text == "0.0" else text for text in told.split()]


def test_a_place_past_an_axis_is_at_its_end() -> None:
    scale = Scale(Axis(low=0, high=10), [], 100, 200, 5)

    assert [scale.at(value) for value in (-5, 0, 5, 10, 99)] == [100, 100, 150, 200, 200]


def test_an_axis_without_data_or_width_has_one() -> None:
    for values in ([], [3.0], [0.0, 0.0], [5e-324, 0.0], [1e12, 1e12 + 0.001], [-1e12, 1e12]):
        scale = Scale(Axis(), values, 0, 100, 5, rounds=True)
        assert scale.high > scale.low and all(math.isfinite(at) for at, _ in scale.ticks)


def test_texts_of_strangers_are_texts() -> None:
    layers = [Line(NASTY, [1, 2], [1, 2]), Marks("", [1.5], [NASTY])]
    panel = Panel(layers, Axis(NASTY, names=[NASTY, "b"]), Axis(NASTY), NASTY)
    for picture in (
        Chart("a", NASTY, [panel]),
        Table("b", NASTY, [NASTY], [[NASTY], [Cell(NASTY, Tone.BAD)]]),
    ):
        svg = picture.svg()
        assert "<script" not in svg and "\ud800" not in svg
        assert any("alert" in (each.text or "") for each in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_ten_thousand_points_are_little_and_keep_their_spike() -> None:
    at = np.arange(10_000)
    flat, spiky = np.zeros(10_000), np.zeros(10_000)
    spiky[7_777] = 9
    many = np.random.default_rng(1).normal(size=(2, 10_000))
    svg = Chart(
        "a",
        "much",
        [
            Panel([Line("spike", at, spiky), Band("", at, flat, spiky), Bars("", at, spiky), Marks("", at)]),
            Panel([Dots("", *many), Spans("", zip(at, at + 0.5, strict=True))]),
        ],
    ).svg()
    root = ElementTree.fromstring(svg)

    assert len(svg) < 400_000
    assert len(root.findall(f".//{SVG}circle")) <= 1500 and len(root.findall(f".//{SVG}rect")) <= 1300
    line = next(each.get("d") for each in root.iter(f"{SVG}path") if each.get("fill") == "none")
    heights = [float(height) for height in re.findall(r" ([\d.]+)", line or "")]
    assert max(heights) - min(heights) > 100


def test_what_is_not_there_breaks_a_line_and_is_no_dot() -> None:
    hole = [1, None, float("nan"), 4, 5]
    odd = [float("inf"), 1e300, None, 2.0]
    paths = [each for each in drawn(Line("a", range(5), hole)).iter(f"{SVG}path") if each.get("fill") == "none"]
    dots = drawn(Dots("", range(5), hole)).findall(f".//{SVG}circle")

    assert len(paths) == 2 and len(dots) == 3
    for few in (Spans("", zip(odd, odd, strict=True)), Marks("", odd), Bars("", odd, odd), Band("", odd, odd, odd)):
        assert few.xs and all(abs(x) < 3 for x in few.xs) and "nan" not in ElementTree.tostring(drawn(few), "unicode")
    for empty in (Line("", [], []), Band("", [], [], []), Bars("", [], []), Dots("", [], []), Spans(""), Marks("", [])):
        assert drawn(empty).tag == f"{SVG}svg"


def test_panels_may_be_fewer_than_columns() -> None:
    for count in (0, 1, 4):
        panels = [Panel([Line("a", [1, 2], [1, 2])])] * count
        assert ElementTree.fromstring(Chart("id", "title", panels, columns=3).svg()).tag == f"{SVG}svg"


def test_rows_have_names_and_the_first_is_on_top() -> None:
    rows = Spans("harm", [(1, 2), (3, 4), (5, 6)], Tone.BAD, rows=[0, 1, 99])
    root = drawn(rows, y=Axis(names=["storm", "calm"]))
    [first, second] = [each for each in root.iter(f"{SVG}rect") if each.get("width") != "16"]

    assert float(first.get("y", 0)) < float(second.get("y", 0))
    assert {"storm", "calm", "harm"} <= {each.text for each in root.iter(f"{SVG}text")}


def test_a_long_table_says_how_much_more_there_is() -> None:
    svg = Table("t", "long", ["a", "b"], [[at, Cell("x" * 500, Tone.GOOD, 2.0)] for at in range(45)]).svg()

    assert "and 5 more" in svg and len(svg) < 60_000


@pytest.mark.parametrize(("names", "rows"), [(["a", "b"], 1), ([f"6ee6b4c8f8, 2026-{n:02d}" for n in range(1, 10)], 2)])
def test_names_below_a_chart_do_not_touch(names: list[str], rows: int) -> None:
    picture = drawn(Bars("", range(len(names)), [1] * len(names)), x=Axis(names=names))
    rows_seen: dict[str, list[tuple[float, float]]] = {}
    for each in picture.iter(f"{SVG}text"):
        if each.get("text-anchor") == "middle":
            at, half = float(each.get("x", 0)), wide(each.text) / 2
            rows_seen.setdefault(each.get("y", ""), []).append((at - half, at + half))

    assert len(rows_seen) == rows and sum(map(len, rows_seen.values())) == len(names)
    assert all(left[1] <= right[0] for row in rows_seen.values() for left, right in itertools.pairwise(row))
