"""Pictures as SVG: charts of lines, bands, bars, dots and marks, and small tables. README.md shows how."""

from charts.axes import Axis
from charts.chart import Chart, Panel
from charts.layers import Band, Bars, Dots, Line, Marks, Spans
from charts.svg import Tone
from charts.table import Cell, Table

__all__ = ["Axis", "Band", "Bars", "Cell", "Chart", "Dots", "Line", "Marks", "Panel", "Spans", "Table", "Tone"]
