"""Text from logs, answers and errors is hostile: this makes it plain, visible and short before anything shows it.

Escaping for a format (HTML, XML) is the format's own business and comes after.
"""

from __future__ import annotations

import re
import unicodedata

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor movement
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # titles, links
    r"|\x1b[ -/]*[0-~]"
)
_ORDER = re.compile(r"(?<!\S):(?=:)|##(?=[a-z]*\[)")
"""What CI systems obey in a job's output: GitHub's `::set-output` at the start of a line, where wrapping can bring any
word (docs.github.com, "Workflow commands"), `##[group]` anywhere, Azure's `##vso[...]`,
TeamCity's `##teamcity[...]`."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_UNSEEN = re.compile(
    "[\u00a0\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
"""Letters, marks and spaces that look like nothing or like a space, and are neither to a program (Unicode's
Default_Ignorable_Code_Point, and white space other than U+0020)."""

_MARKS_IN_A_ROW = 3


def visible(text: str, limit: int = 240) -> str:
    """`text` on one line, at most about `limit` characters, with nothing in it that a terminal, a browser or a CI
    system would obey.

    ANSI sequences are dropped; tabs become spaces; control characters, bidirectional overrides, unassigned characters
    and what looks like nothing or like a space are written as `[U+202E]`; piled-up accents and what is past the limit
    are cut, and say so.
    """
    rest = len(text) - 4 * limit
    plain = _ANSI.sub("", text[: 4 * limit])
    cut = max(rest, 0) + max(len(plain) - limit, 0)
    plain = plain[:limit]
    if not (plain.isascii() and plain.isprintable()):
        plain = _spelled(plain)
    plain = disarmed(plain)
    return f"{plain}… ({cut:,} more characters)" if cut else plain


def disarmed(text: str) -> str:
    """`text` with a space in each word that a CI system would take for a command."""
    return _ORDER.sub(r"\g<0> ", text)


def quoted(text: str, most: int = 12) -> str:
    """The last lines of others' output, at most `most`, each visible and behind a bar, on lines of their own.

    Empty lines are left out; where nothing is left it says so.
    """
    lines = [line for line in text.splitlines() if line.strip()][-most:]
    return "".join(f"\n| {visible(line)}" for line in lines) or " it wrote nothing"


def _spelled(text: str) -> str:
    parts: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character == "\t":
            parts.append("    ")
        elif category in _HIDDEN or _UNSEEN.match(character):
            parts.append(f"[U+{ord(character):04X}]")
        elif marks <= _MARKS_IN_A_ROW:
            parts.append(character)
    return "".join(parts)
