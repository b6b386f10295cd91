"""A candidate's code, run once by a `runner`, as a world's players see it. See README.md."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casebook.shapes import fits
from casebook.strict import clean

if TYPE_CHECKING:
    from casebook.asks import On
    from casebook.client import Reply

__all__ = ["Run", "run"]

STEP_S, ANSWER_S, END_S = 20.0, 5.0, 5.0
_SHAPE = {
    "state": {"running", "ended"},
    "code": (int, None),
    "signal": (int, None),
    "seconds": float,
    "log": str,
}


@dataclass(frozen=True)
class Run:
    """How a run ended.

    Attributes:
        name: as it was ordered.
        code: the exit code; None if a signal ended it, or if nobody knows.
        signal: that ended it, 9 if its time was over; None if it ended by itself.
        seconds: from its start to its end, by the runner's word; by our clock if that has none.
        log: the end of what it said, 8 KiB.
        files: what was collected of it, by name; those that there were not are not here.
        witness: what was so before the candidate's code began; empty without `surroundings`.
        why: one sentence if it did not end well; else empty.
    """

    name: str
    code: int | None = None
    signal: int | None = None
    seconds: float = 0.0
    log: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    witness: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    def bad(self) -> str:
        """Empty if it ended by itself with exit code 0; else `none`."""
        return "none" if self.why else ""


async def run(
    on: On,
    runner: str,
    name: str,
    arguments: Mapping[str, Any],
    limit_s: float,
    *,
    files: Mapping[str, str] | None = None,
    collect: Collection[str] = (),
    folder: str = "",
    entry: str = "",
    surroundings: Mapping[str, Any] | None = None,
) -> Run:
    """Start a run and wait until it has ended; at its limit it is killed. Never raises for what a runner says or does.

    Args:
        on: of the season.
        runner: its name in SERVICES.
        name: of the run, used once: 1 to 64 letters, digits, dots, dashes.
        arguments: of the entry point.
        limit_s: how long the run may take, in seconds.
        files, collect, folder, entry, surroundings: keys of the order; the runner's README has them.
    """
    order: dict[str, Any] = {"name": name, "arguments": dict(arguments)}
    order |= {"files": dict(files)} if files is not None else {}
    order |= {"collect": list(collect)} if collect else {}
    order |= {"folder": folder} if folder else {}
    order |= {"entry": entry} if entry else {}
    order |= {"surroundings": dict(surroundings)} if surroundings is not None else {}
    begun = time.monotonic()
    reply = await on.ask(runner, "POST", "/runs", order, timeout_s=ANSWER_S)
    if reply.status != 201:
        return Run(name, seconds=time.monotonic() - begun, why=_no_answer(reply))
    return await _awaited(on, runner, name, begun, limit_s)


async def _awaited(on: On, runner: str, name: str, begun: float, limit_s: float) -> Run:
    while (left_s := begun + limit_s - time.monotonic()) > 0:
        wait_s = min(left_s, STEP_S)
        reply = await on.ask(runner, "GET", f"/runs/{name}?wait_s={wait_s:.3f}", timeout_s=wait_s + ANSWER_S)
        if not fits(reply.json, _SHAPE):
            return Run(name, seconds=time.monotonic() - begun, why=_no_answer(reply))
        if reply.json["state"] == "ended":
            return _ended(name, reply.json)
    await on.ask(runner, "POST", f"/runs/{name}/kill", {}, timeout_s=ANSWER_S)
    reply = await on.ask(runner, "GET", f"/runs/{name}?wait_s={END_S:g}", timeout_s=END_S + ANSWER_S)
    if fits(reply.json, _SHAPE) and reply.json["code"] is not None:
        return _ended(name, reply.json)  # by itself, just now
    log = reply.json["log"] if fits(reply.json, _SHAPE) else ""
    seconds = time.monotonic() - begun
    return Run(name, signal=9, seconds=seconds, log=log, why=f"the run was not over after {limit_s:g} s")


def _ended(name: str, said: dict[str, Any]) -> Run:
    code, signal = said["code"], said["signal"]
    why = f"signal {signal} ended the run" if code is None else f"the run ended with exit code {code}" if code else ""
    if code == 1 and (lines := said["log"].strip().splitlines()):
        why += f": {lines[-1][:200]}"
    witness, files = said.get("witness"), said.get("files")
    collected: dict[str, str] = files if isinstance(files, dict) and fits(files, {str: str}) else {}
    return Run(
        name, code, signal, float(said["seconds"]), said["log"],
        files={key: data for key, text in collected.items() for data in _bytes(text)},
        witness=witness if isinstance(witness, dict) else {},
        why=why,
    )  # fmt: skip


def _bytes(text: str) -> list[bytes]:
    """What a text in base64 stands for; nothing if it is none."""
    try:
        return [base64.b64decode(text, validate=True)]
    except (binascii.Error, ValueError):
        return []


def _no_answer(reply: Reply) -> str:
    return reply.error or clean(f"the runner answered with status {reply.status}: {reply.json}", 300)
