"""The seven readers on contract: what their vendors say of them. load.py and exam.py know the intakes from here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

INTAKES = ("pixprep", "dahlia-intake", "erica-intake", "freesia-intake")


@dataclass(frozen=True)
class Reader:
    """A data sheet. `components` are what a picture passes on its way into the reader, and the reader's own."""

    name: str
    vendor: str
    credits: int
    method: str
    right: float
    components: tuple[str, ...]

    @property
    def intake(self) -> str:
        """Through which of the intakes its pictures come."""
        return next(intake for intake in INTAKES if any(part.startswith(intake) for part in self.components))

    def sheet(self) -> dict[str, Any]:
        """As the vendor has it."""
        return asdict(self)


READERS = {
    each.name: each
    for each in (
        Reader("aster", "Aster Vision", 4, "neural network", 0.972, ("pixprep 3.1", "onnxruntime", "aster-net 2.4")),
        Reader("bellis", "Bellis GmbH", 4, "deep perceptron", 0.971, ("pixprep 3.1", "onnxruntime", "bellis 1.9")),
        Reader("calla", "Calla Labs", 1, "neural classifier", 0.967, ("pixprep 3.0", "onnxruntime", "calla-core 5.0")),
        Reader(
            "dahlia", "Dahlia AI", 1, "vision transformer", 0.971, ("dahlia-intake 1.2", "onnxruntime", "dahlia-vt 1.0")
        ),
        Reader("erica", "Erica Systems", 3, "nearest prototype", 0.98, ("erica-intake 0.9", "erica-points 0.9")),
        Reader(
            "freesia", "Freesia", 2, "extra trees", 0.963, ("freesia-intake 4.2", "onnxruntime", "freesia-wood 4.2")
        ),
        Reader("gentian", "Gentian & Sons", 2, "logistic regression", 0.961, ("pixprep 3.1", "gentian-lr 7.0")),
    )
}


def behind(intake: str) -> tuple[str, ...]:
    """The readers whose pictures come through an intake."""
    return tuple(name for name, reader in READERS.items() if reader.intake == intake)
