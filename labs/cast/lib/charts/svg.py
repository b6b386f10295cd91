"""Elements of SVG, every text in them escaped; and the colours, for light pages and dark ones."""

from __future__ import annotations

from enum import Enum
from html import escape

WIDTH = 700
"""Of every picture, in px."""

MAX_TEXT = 90
SMALL, LETTER = 11, 6.4
"""The size of text in px, and how wide a letter is on average."""


class Tone(Enum):
    """What a colour says, the same in all pictures: its value on light pages, and on dark ones."""

    TRUTH = "#7b838b", "#9aa3ab"
    YOURS = "#2563ad", "#7fb0ea"
    BAD = "#c0271f", "#ff8f86"
    GOOD = "#1d7a45", "#6fcf97"
    OTHER = "#b65a12", "#f0a35e"
    MORE = "#7a4d8f", "#c9a0dd"

    @property
    def paint(self) -> str:
        """As a value of `fill` and `stroke`; a page that forbids styles gets the light one."""
        return f"var(--chart-{self.name.lower()},{self.value[0]})"


def element(tag: str, *inside: str, **attributes: object) -> str:
    """An element of texts that are SVG already. `stroke_width` is written `stroke-width`; None is left out."""
    written = "".join(
        f' {name.strip("_").replace("_", "-")}="{escape(_value(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{written}/>"


def text(x: float, y: float, words: object, anchor: str = "start", **attributes: object) -> str:
    """A line of text, cut at 90 characters."""
    return element("text", escape(cut(words)), x=x, y=y, text_anchor=anchor, **attributes)


def cut(words: object, most: int = MAX_TEXT) -> str:
    """A text of at most so many characters, each of which may stand in XML."""
    plain = "".join(each for each in str(words)[: most + 1] if each >= " " and not "\ud800" <= each <= "\udfff")
    plain = plain.replace("\ufffe", "").replace("\uffff", "")
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def wide(words: object) -> float:
    """About how many px a text takes."""
    return len(cut(words)) * LETTER


def document(title: str, height: float, *inside: str) -> str:
    """A whole picture. Its title is for who hears it: pages write it above."""
    name = escape(cut(title, 300))
    return element(
        "svg",
        f"<title>{name}</title><style>{_STYLE}</style>",
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        class_="chart",
        role="img",
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        width=WIDTH,
        height=f"{height:.0f}",
        font_family="system-ui,sans-serif",
        font_size=SMALL,
        fill="currentColor",
    )


def _value(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _variables(at: int) -> str:
    return "".join(f"--chart-{tone.name.lower()}:{tone.value[at]};" for tone in Tone)


_STYLE = (
    f".chart{{{_variables(0)}max-width:100%;height:auto}}svg.chart:root{{color:#1c2024}}"
    f"@media(prefers-color-scheme:dark){{.chart{{{_variables(1)}}}svg.chart:root{{color:#e7e9eb}}}}"
)
