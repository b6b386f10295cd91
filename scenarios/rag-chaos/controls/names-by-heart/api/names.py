"""The lines, and how passengers write them. There are two dozen, and they have not changed in years."""

from __future__ import annotations

import re

LINES = (
    "Avocet", "Barnacle", "Cormorant", "Dolphin", "Eider", "Fulmar", "Guillemot", "Harlequin", "Isopod", "Jellyfish",
    "Kittiwake", "Limpet", "Mackerel", "Narwhal", "Oystercatcher", "Porpoise", "Quahog", "Razorbill", "Sandpiper",
    "Turnstone", "Urchin", "Viperfish", "Whimbrel", "Yellowfin",
)  # fmt: skip
WORD = re.compile(r"\w+")
MEANT = {form.lower(): name for name in LINES for form in (name, f"{name}s", f"{name}es")}


def title(question: str) -> str:
    """The title of the passage of the line that is named; empty if none is."""
    named = [MEANT[word] for word in WORD.findall(question.lower()) if word in MEANT]
    return f"The {named[0]} line" if named else ""
