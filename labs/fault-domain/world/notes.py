"""What people wrote down of the last day. It is drawn without regard to what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

PEOPLE = ("Marit", "Okan", "Ines", "Tobias", "Yuki", "Pavel", "Sena", "Lars")
TEXTS = (
    "{who}: kernel update of {node}, rebooted, looks good",
    "{who}: moved {node} to the other rack",
    "{who}: new switch firmware in row {row}",
    "{who}: released the model of week {row}, offline metrics fine",
    "{who}: rounding of answers changed in the client",
    "{who}: retrained with one month more",
    "{who}: the terminal says that {column} comes from a new system since yesterday",
    "{who}: the join of {column} was slow, added an index",
    "{who}: schema check of {column} was red for a minute, green again",
    "{who}: alarm limits halved, nobody looks at them anyway",
    "{who}: certificate of {node} renewed",
    "{who}: a ship of line {row} came a day early, the yard is full",
)


def notes_of(rng: Random, nodes: Sequence[str], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Two to four notes."""
    return [
        {
            "hours_ago": round(rng.uniform(0.2, 24), 1),
            "text": text.format(
                who=rng.choice(PEOPLE), node=rng.choice(nodes), column=rng.choice(columns), row=rng.randint(2, 48)
            ),
        }
        for text in rng.sample(TEXTS, rng.randint(2, 4))
    ]
