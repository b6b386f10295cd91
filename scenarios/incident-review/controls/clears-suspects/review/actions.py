"""What we do so that it does not happen again: for what held that evening, and for nothing else."""

from typing import Any, NamedTuple


class Factor(NamedTuple):
    limit: float
    unit: str
    seen: str  # what was seen; the figure is put in
    todo: str

    def held(self, figure: Any) -> bool:
        return figure is not None and figure > self.limit


class Repeat(Factor):
    def held(self, figure: Any) -> bool:
        return figure is not None and figure < self.limit


ACTIONS = {
    "late-page": Factor(
        5,
        "minutes",
        "Nobody was woken for {}.",
        "Page when over 5 % of payments of customers fail in three minutes running.",
    ),
    "late-word": Factor(
        10,
        "minutes",
        "Customers read nothing on the status page for {}.",
        "Let the page that wakes us draft the post as well, so that one press publishes it.",
    ),
    "slow-undo": Factor(
        20,
        "minutes",
        "From the page to what ended it went {}.",
        "Show whoever is paged what each suspect weighs, as above, and make each change undoable in one step.",
    ),
    "storm": Factor(
        2,
        "times",
        "Each customer tried {} as often as before.",
        "Let web and app wait longer between tries, with jitter, and stop after a few.",
    ),
    "foretold": Factor(
        10,
        "minutes",
        "A gauge of one host of the component stood above 90 % for {} of the half hour before.",
        "Open a ticket after five such minutes, and take the host out of rotation after ten.",
    ),
    "repeat": Repeat(
        90,
        "days",
        "The same component had broken {} earlier.",
        "Review what was agreed then, and finish or replace it before new work on this component.",
    ),
}

# what would have made this kind of cause smaller, whatever else held
AGAINST = {
    "deploy": "Let a new version take a small share of payments first, and stop it if more of those fail.",
    "config": "Roll a config out host by host, and stop if more payments fail on those that have it.",
    "flag": "Turn a flag on host by host, and stop if more payments fail on those that have it.",
    "host": "Take a host out of rotation by itself when more payments fail on it than on its peers.",
    "outside": "Stop calling a party outside that fails, and offer customers another way to pay meanwhile.",
}
