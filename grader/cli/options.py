"""Arguments and options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import typer


def matching(incomplete: str) -> list[str]:
    from grader.course.catalog import lab_ids
    from grader.errors import BadInput

    try:
        return [lab_id for lab_id in lab_ids() if lab_id.startswith(incomplete)]
    except BadInput:
        return []


def _runtimes(incomplete: str) -> list[str]:
    from infra.runtime import runtimes

    return [name for name in runtimes() if name.startswith(incomplete)]


LabId = Annotated[str, typer.Argument(metavar="ID", help="the lab", autocompletion=matching)]
MaybeLabId = Annotated[str, typer.Argument(metavar="[ID]", help="the lab", autocompletion=matching, show_default=False)]


def _meant(lab_id: str) -> str:
    from grader.cli.meant import meant

    return meant(lab_id)


OnlyLabId = Annotated[
    str,
    typer.Argument(
        metavar="[ID]",
        help="the lab; may be left out if one runs",
        autocompletion=matching,
        callback=_meant,
        show_default=False,
    ),
]
Place = Annotated[
    str, typer.Option("--runtime", help="process, compose or k8s", autocompletion=_runtimes, show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="print JSON and nothing else on stdout")]


class CloseCall(StrEnum):
    """What an objective comes to that is too near its promise to be proven."""

    DECIDE = "decide"
    INVALID = "invalid"

    @property
    def word(self) -> Literal["decide", "invalid"]:
        """As the exam takes it."""
        return "decide" if self is CloseCall.DECIDE else "invalid"


Close = Annotated[
    CloseCall, typer.Option("--close", help="what is too close to prove: decide by what was measured, or invalid")
]
OnlyPrint = Annotated[bool, typer.Option("--print", help="print the address, open nothing")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="draw the same trials again", show_default=False)]
