"""What was asked of a cell once, and is of use to several questions."""

from functools import cached_property


class Chart:
    def __init__(self, cell):
        self.cell = cell

    @cached_property
    def nodes(self):
        return self.cell.nodes()

    @cached_property
    def card(self):
        return self._golden["card"]

    @cached_property
    def golden(self):
        return self._golden["rows"]

    @cached_property
    def sample(self):
        return self.cell.sample()

    @cached_property
    def bench(self):
        """What the artefact answers to the golden rows on a machine without users."""
        return self.cell.infer([row["row"] for row in self.golden], "bench")

    @cached_property
    def _golden(self):
        return self.cell.golden()
