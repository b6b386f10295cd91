"""Groups of commands, all alike in how they show their help."""

from __future__ import annotations

from typing import Any

import typer

from grader.cli.console import MOST


def group(name: str, words: str, **more: Any) -> typer.Typer:
    """A group without commands yet; `words` is what its help says of it."""
    return typer.Typer(
        name=name,
        help=words,
        rich_markup_mode=None,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": MOST},
        **more,
    )
