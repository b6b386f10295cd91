"""The passages as of spring, kept here: a service of others can be down."""

from __future__ import annotations

from store import Passage

COPY = {
    "Avocet": (12, 76, 30),
    "Barnacle": (10, 24, 76),
    "Cormorant": (12, 54, 48),
    "Dolphin": (16, 76, 80),
    "Eider": (8, 48, 80),
    "Fulmar": (56, 26, 48),
    "Guillemot": (70, 6, 76),
    "Harlequin": (84, 56, 70),
    "Isopod": (14, 78, 44),
    "Jellyfish": (20, 50, 32),
    "Kittiwake": (84, 60, 56),
    "Limpet": (58, 22, 40),
    "Mackerel": (28, 66, 8),
    "Narwhal": (18, 28, 38),
    "Oystercatcher": (12, 36, 18),
    "Porpoise": (16, 12, 10),
    "Quahog": (42, 82, 12),
    "Razorbill": (56, 70, 52),
    "Sandpiper": (20, 36, 64),
    "Turnstone": (42, 24, 44),
    "Urchin": (82, 10, 32),
    "Viperfish": (46, 68, 80),
    "Whimbrel": (24, 58, 48),
    "Yellowfin": (84, 70, 6),
}
TEXT = (
    "Boarding of the {name} line closes {closes} minutes before departure. A passenger of the {name} line may carry "
    "{carries} kilograms of luggage. A returned ticket of the {name} line is refunded within {within} days."
)


class Library:
    def __init__(self, url: str) -> None:
        self.passages = [
            Passage(f"The {name} line", TEXT.format(name=name, closes=closes, carries=carries, within=within))
            for name, (closes, carries, within) in COPY.items()
        ]

    async def search(self, question: str, limit: int) -> list[Passage]:
        """The passages of the copy, the one whose line is named first."""
        asked = question.lower()
        return sorted(self.passages, key=lambda passage: passage.title.split()[1].lower() not in asked)[:limit]
