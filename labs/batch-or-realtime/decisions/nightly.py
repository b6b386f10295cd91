"""The nightly job: scores of all cards into the table."""

from __future__ import annotations

import figures
from scorer import Scorer, ScorerError
from table import Table

CHUNK = 200


class Nightly:
    def __init__(self, scorer: Scorer, table: Table) -> None:
        self.scorer = scorer
        self.table = table

    async def run(self, date: str) -> None:
        cards = await self.scorer.cards(date)
        self.table.clear()
        for first in range(0, len(cards), CHUNK):
            chunk = cards[first : first + CHUNK]
            try:
                for row in await self.scorer.batch(chunk):
                    self.table.put(row)
            except ScorerError as error:
                figures.log.warning("chunk skipped", extra={"date": date, "why": str(error)})
        self.table.loaded(date)
        figures.nights.labels("done").inc()
        figures.log.info(f"nightly job done: {len(cards)} cards", extra={"date": date})
