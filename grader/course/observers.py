"""What a scenario observes beside its load, and the bounds past which a trial proves nothing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from grader.course.strict import Strict


class ProbeSpec(Strict):
    """An observer: GET `url` every `every_s` seconds, in `phases` alone where it names some; `check` names a function
    in exam.py (bytes -> value, answer)."""

    name: str
    url: str
    every_s: float = Field(gt=0.01, le=60)
    check: str
    phases: tuple[str, ...] = ()


class LedgerSpec(Strict):
    """A sealed service's own count of what it answered, read when a trial is over.

    Attributes:
        name: of the ledger.
        url: on the service's control port; asked with the deployment's token, answers JSON.
        count: dotted path to the number in that answer; a path that is not there counts as 0.
        events: SQL over one event; every request event for which it holds must be in the ledger. (The ledger may hold
            more: a candidate may call the service too.)
        trials: in which trials; none named: all. Not those in which the service itself is killed.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    url: str
    count: str
    events: str
    trials: tuple[str, ...] = ()


class ExhibitSpec(Strict):
    """A document for a person to read, which a sealed service has when a trial is over. It counts for nothing.

    Attributes:
        name: what reports call it.
        url: on the service's control port; asked with the deployment's token.
        media: what it is; reports show it as plain text.
        max_bytes: what is longer is cut.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    url: str
    media: Literal["text/markdown", "text/plain"] = "text/markdown"
    max_bytes: int = Field(64 << 10, gt=0, le=512 << 10)


class PromptSpec(Strict):
    """A sealed part that answers at once unless the machine is too busy for its system.

    Attributes:
        probe: a probe of the scenario that asks it, past the candidate's code.
        within_s: how soon it answers, seconds; at most `share` of its answers may take longer.
        phases: in which of a trial's phases it has to; empty: in all. With the phases of an objective, and no larger
            share than that forgives, the machine by itself cannot have spent the objective's budget.
    """

    probe: str
    within_s: float = Field(gt=0)
    share: float = Field(0.1, gt=0, lt=1)
    phases: tuple[str, ...] = ()


class EvidenceSpec(Strict):
    """Bounds past which a trial proves nothing.

    Attributes:
        lateness_s: the generator's own delay (sent - due); at most `late_share` of requests may exceed it.
        metronome_s: time of the sealed echo; at most `late_share` of its probes may exceed it.
        stretch: how many times longer than alone the metronome's own work may take, in the median of a trial.
        burst: the same, in the median of any `burst_s` seconds of it: other work that comes in the middle of a trial.
        burst_s: how long a burst has to be, s: shorter where a second of other work can fail a sound system, and not
            below one, in which the metronome works but three times.
        slowdown: how many times longer than on the machine that the labs were measured on that work may take, in the
            median of a trial: `stretch` times how slow the cores are.
        late_share: see above, a ratio.
        sent_share: least ratio of scheduled requests that were sent.
        ledgers: what sealed services counted, to be compared with what the generator saw.
        prompt: sealed parts that have to answer at once.
    """

    lateness_s: float = 0.1
    metronome_s: float = 0.1
    stretch: float = 4.0
    burst: float = 8.0
    burst_s: float = Field(default=2.0, ge=1.0)
    slowdown: float = 6.0
    late_share: float = 0.05
    sent_share: float = 0.99
    ledgers: tuple[LedgerSpec, ...] = ()
    prompt: tuple[PromptSpec, ...] = ()
