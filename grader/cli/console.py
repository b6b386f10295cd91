"""How the command line speaks: lines of at most 100 columns, results on stdout, progress and trouble on stderr."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from grader.invocation import pasteable
from grader.safe import disarmed

if TYPE_CHECKING:
    from rich.console import Console

LEAST, MOST = 40, 100
"""Columns. More than a hundred make long lines that are hard to read."""
USUAL = 80
OK, FAIL, BAD_INPUT, INVALID, INTERRUPTED = 0, 1, 2, 3, 130


def width() -> int:
    """Columns to write in: the terminal's, 40 to 100; 80 where there is no terminal and COLUMNS does not say."""
    return max(LEAST, min(MOST, shutil.get_terminal_size((USUAL, 24)).columns))


def say(text: str = "") -> None:
    """One paragraph on stdout, wrapped."""
    print(fill(text))


def note(text: str) -> None:
    """One paragraph on stderr, wrapped: progress, warnings, errors."""
    print(fill(text), file=sys.stderr)


def fill(text: str) -> str:
    """Wrap at the width; words and paths stay whole, and so does the indent, with or without a dash. Commands are told
    as the user calls them."""
    text = pasteable(text)
    indent = text[: len(text) - len(text.lstrip(" "))]
    hanging = indent + "  " if text.lstrip(" ").startswith("- ") else indent
    wrapped = textwrap.fill(
        text.strip(),
        width(),
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapped or indent


def asked(question: str) -> bool:
    """Whether the answer on the terminal is yes; the end of the input is no."""
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def next_step(command: str, why: str) -> None:
    """The last line of every command: what to do now."""
    say(f"Next: {command}  ({why})")


def stop_with(code: int) -> NoReturn:
    """End the command with an exit code."""
    raise SystemExit(code)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns two spaces apart; the last one wraps under itself."""
    cells = [list(head), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head) - 1)]
    at = sum(widths) + 2 * len(widths)
    for row in cells:
        left = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        lead = f"{left}  " if left else ""
        room = max(20, width() - at)
        lines = textwrap.wrap(row[-1], room, break_long_words=False, break_on_hyphens=False) or [""]
        print((lead + lines[0]).rstrip())
        for line in lines[1:]:
            print(" " * at + line)


def colour(stream: object = None) -> bool:
    """Whether to write colours: on a terminal, and NO_COLOR is not set."""
    target = stream or sys.stdout
    is_terminal: Callable[[], bool] = getattr(target, "isatty", lambda: False)
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, code: str) -> str:
    """Text in an ANSI colour, if colours are wanted."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour() else text


def plain(text: str) -> str:
    """Text of others without what a terminal or a CI system would obey; line ends and tabs stay."""
    return disarmed("".join(c for c in text if c.isprintable() or c in "\n\t"))


def rich_console(stderr: bool = False) -> Console:
    """A rich console as wide as other lines are, that respects NO_COLOR."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, emoji=False, width=width())


def has_display() -> bool:
    """Whether a browser could be opened here, and may be."""
    if any(os.environ.get(v) for v in ("BROWNOUT_NO_BROWSER", "CI")):
        return False
    return sys.platform in ("darwin", "win32") or any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY"))


def browse(url: str, only_print: bool) -> None:
    """Print a URL, and open it where there is a screen."""
    print(url)
    if not only_print and has_display():
        import webbrowser

        webbrowser.open(url)
