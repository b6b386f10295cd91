"""What made an incident worse, and what we do about it. A factor that did not hold has no action."""

from dataclasses import dataclass

import duckdb
import proofs
from figures import Figure, taken


@dataclass(frozen=True)
class Factor:
    limit: float
    above: bool  # it holds above its limit, else below
    unit: str
    finding: str  # {} is the figure
    action: str  # {component} is where it broke

    def held(self, value: float | None) -> bool:
        return value is not None and (value > self.limit if self.above else value < self.limit)


FACTORS = {
    "late-page": Factor(5, True, "minutes", "The first page came {} after the start.",
        "Page on the failed share of payments: above 5 % for three minutes, whatever the service."),
    "late-word": Factor(10, True, "minutes", "The status page said nothing for {}.",
        "Post on the status page as part of taking a page, not once the cause is known."),
    "slow-undo": Factor(20, True, "minutes", "From the page to the change that ended it went {}.",
        "Weigh every suspect, host and party with one query when paged, and drill the way back for {component}."),
    "storm": Factor(2, True, "times", "Each customer tried {} as often as in the half hour before.",
        "Let web and app wait longer between tries, with jitter and a limit."),
    "foretold": Factor(10, True, "minutes", "A gauge of one host of {component} stood above 90 % for {} before.",
        "Open a ticket when a gauge of {component} stands above 90 % for five minutes."),
    "repeat": Factor(90, False, "days", "{component} had its last incident {} before.",
        "Read the two reviews of {component} together, and finish what the last one left open."),
}  # fmt: skip


def due(case: duckdb.DuckDBPyConnection) -> dict[str, Figure]:
    """The factors that held, with their figures: minutes, days, or a multiple."""
    figures = {name: taken(case, proofs.whole(proofs.FACTORS[name])) for name in FACTORS}
    return {name: figure for name, figure in figures.items() if FACTORS[name].held(figure.value)}
