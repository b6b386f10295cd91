"""The everyday: editions come, files are taken out, the model changes, and then it begins anew."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from common.names import generator
from files import Files, Kind

SEED = 1
EVERY_S = 30.0
KINDS = (
    Kind("parley-embed", 192, 300, 0.1),
    Kind("parley-embed", 192, 1500, 0.1),
    Kind("parley-embed-2", 256, 1500, 0.1),
)
TAKEN_OUT = 5


def taken_out(files: Files, at: int, many: int) -> list[str]:
    """Some files of an edition, of firms large and small in turn, that the next one would have as well. More begin
    with the same."""
    later = files.editions[at + 1].place if at + 1 < len(files.editions) else files.editions[at].place
    rng = generator(files.seed, "removed", at)
    there = [each for each in files.editions[at].files if each.id in later]
    large = [each.id for each in there if each.tenant in files.large]
    small = [each.id for each in there if each.tenant in files.small]
    rng.shuffle(large)
    rng.shuffle(small)
    return [each for two in zip(large, small, strict=False) for each in two][:many]


async def go_by(plan: Callable[[Files], Awaitable[None]], more: Callable[[], None], less: Callable[[], None]) -> None:
    """For ever: `more` publishes the next edition, `less` takes files out."""
    files = await asyncio.to_thread(Files, SEED, KINDS)
    while True:
        await plan(files)
        for step in (more, less, more):
            await asyncio.sleep(EVERY_S)
            step()
        await asyncio.sleep(EVERY_S)
