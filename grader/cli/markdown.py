"""Markdown for a terminal, in which a block of commands keeps its lines: each can be pasted as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions
from rich.markdown import CodeBlock, Markdown
from rich.text import Text


class _Block(CodeBlock):
    """Its lines, neither wrapped nor cut nor filled up."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        yield Text(str(self.text).rstrip(), style="cyan", no_wrap=True, overflow="ignore")


class Page(Markdown):
    """To be printed with `crop=False`."""

    elements = {**Markdown.elements, "fence": _Block, "code_block": _Block}
