"""A workshop that holds still: what a board is shown in tests, one change after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.classroom.cluster.model import Snapshot
from infra.errors import InfraError


@dataclass
class Held:
    """A source that says what it is told to: a snapshot, or trouble."""

    snapshot: Snapshot
    trouble: str = ""

    def read(self) -> Snapshot:
        """What it holds.

        Raises:
            InfraError: it holds trouble.
        """
        if self.trouble:
            raise InfraError(self.trouble)
        return self.snapshot

    def desk(self, number: int, **changes: object) -> None:
        """Change one desk, by its place in the snapshot."""
        desks = list(self.snapshot.desks)
        desks[number] = replace(desks[number], **changes)  # type: ignore[arg-type]
        self.snapshot = replace(self.snapshot, desks=tuple(desks))
