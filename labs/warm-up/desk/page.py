"""The desk's page: who was answered in the last minute, what each index holds, and the last answers that went wrong."""

from __future__ import annotations

import time
from collections import Counter
from html import escape

import maps
from casebook import page
from casebook.page import POLICY as POLICY
from casebook.page import Html, heading, table
from indexes import Indexes
from recent import Recent

AGAIN_S = 2
STYLE = Html(
    "<style>:root{color-scheme:light dark}.wide{overflow-x:auto}.wide td{white-space:nowrap}"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.5em,1fr));gap:4px}"
    ".tiles span{padding:4px 6px;color:#fff}</style>"
)
COLOURS = {"fine": "#2e7d32", "nothing": "#b26a00", "error": "#c62828", "": "#757575"}
WORDS = {"fine": "fine", "nothing": "nothing found", "error": "error", "": "not asked"}


def document(indexes: Indexes, recent: Recent) -> str:
    """The whole page, which loads itself again."""
    counts = recent.by_letter()
    total = sum(counts.values(), Counter())
    said = " · ".join(f"{total[word]} {WORDS[word]}" for word in ("fine", "nothing", "error"))
    tiles = "".join(tile(letter, counts.get(letter, Counter())) for letter in maps.LETTERS)
    now = indexes.now()
    held = [[name, letters.replace("-", " to ")] for name, letters in maps.told(now).items()]
    wrong = [
        [time.strftime("%H:%M:%S", time.gmtime(made.at)), made.customer, WORDS[made.word], made.why, made.question]
        for made in recent.wrong
    ]
    return page.document(
        "Questions of the last minute",
        Html(f"<p>{escape(said)}. By the first letter of the customer's name:</p>"),
        STYLE,
        Html(f'<div class="tiles">{tiles}</div>'),
        heading(f"What the indexes hold; they were rebuilt {indexes.age():.0f} s ago"),
        table(["index", "customers"], held),
        heading("The last answers that went wrong"),
        Html(f'<div class="wide">{table(["time (UTC)", "customer", "what", "why", "request id"], wrong)}</div>'),
        again_s=AGAIN_S,
    )


def tile(letter: str, counts: Counter[str]) -> Html:
    """A box for a letter, in the colour of its worst answer, which it says in words as well."""
    worst = next((word for word in ("error", "nothing", "fine") if counts[word]), "")
    share = f"{counts[worst]} of {counts.total()}" if worst else ""
    return Html(f'<span style="background:{COLOURS[worst]}"><b>{letter}</b> {share}<br>{WORDS[worst]}</span>')
