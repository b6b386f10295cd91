"""The picture: a row for each firm, a dot for each search, and when the feed had something new."""

from __future__ import annotations

from collections import Counter

from charts import Axis, Chart, Dots, Marks, Panel, Tone
from files import Files
from recent import KEEPS_S, Recent

FIGURES_S = 3.0
WORDS = {
    "found": "found", "few": "not found", "old": "not found", "mixed": "not found", "unknown": "not found",
    "invented": "made up", "foreign": "another firm's", "nobody": "no answer", "aside": "either is right",
}  # fmt: skip
SHOWN = {
    "found": (Tone.YOURS, False), "not found": (Tone.BAD, False), "no answer": (Tone.BAD, True),
    "made up": (Tone.OTHER, False), "another firm's": (Tone.MORE, False),
}  # fmt: skip


def drawn(recent: Recent, files: Files, at: int, now: float) -> Chart:
    """Rows are firms, those with many files first."""
    sizes = Counter(each.tenant for each in files.editions[at].files)
    order = sorted(files.firms, key=lambda firm: (firm in files.small, -sizes[firm]))
    row = {firm: n for n, firm in enumerate(order, 1)}  # the row above them is for labels of editions
    dots: dict[str, list[tuple[float, int]]] = {name: [] for name in SHOWN}
    good, of = Counter[bool](), Counter[bool]()
    for one in recent.searches:
        if one.tenant in row and one.at >= now - KEEPS_S:
            name = WORDS[one.word(files)]
            if name not in SHOWN:
                continue
            dots[name].append((one.at - now, row[one.tenant]))
            of[one.tenant in files.small] += 1
            good[one.tenant in files.small] += name == "found"
    marks = [(when - now, label) for when, label in recent.published if when >= now - KEEPS_S]
    layers: list[Dots | Marks] = [Marks("", [x for x, _ in marks], [label for _, label in marks], Tone.TRUTH)]
    for name, (tone, ring) in SHOWN.items():
        layers.append(Dots(name, [x for x, _ in dots[name]], [y for _, y in dots[name]], tone, ring=ring))
    names = ["", *(f"{files.firms[firm]} ({sizes[firm]})" for firm in order)]
    title = (
        f"In the last minute small firms found their files in {good[True]} of {of[True]} searches, "
        f"large ones in {good[False]} of {of[False]}"
    )
    panel = Panel(layers, x=Axis("seconds ago", low=-KEEPS_S, high=0.0), y=Axis("firm (files)", names=names))
    return Chart("who", title, [panel])


def figures(recent: Recent, files: Files, now: float) -> dict[str, int]:
    """How many searches of the last seconds found their files, found others, were shown another firm's, got none."""
    found = {"found": 0, "not-found": 0, "made-up": 0, "another": 0, "none": 0}
    keys = dict(zip(SHOWN, ("found", "not-found", "none", "made-up", "another"), strict=True))
    for one in recent.searches:
        if one.at >= now - FIGURES_S and WORDS[one.word(files)] in keys:
            found[keys[WORDS[one.word(files)]]] += 1
    return found
