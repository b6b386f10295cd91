"""The firms' files, edition by edition: what the feed hands out, and what is right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from common.names import generator, named
from numpy.typing import NDArray
from vectors import Floats, vectors
from words import COLLECTIONS, firms, parties, pick

Rows = NDArray[np.int64]
LARGE, SMALL = 4, 8
PARTIES, MATTERS = 120, 60
STAYS = 0.4
"""How many of a firm's files an edition keeps of the one before it; the others are new."""
MANY = 1000
"""From so many rows on the large firms have brought their archives."""


class Kind(NamedTuple):
    """What an edition is like: its model, dimensions, files of all firms together, and seconds that a page takes."""

    model: str
    dimensions: int
    rows: int
    page_s: float


class File(NamedTuple):
    """A file: what the feed says of it but its vector."""

    id: str
    tenant: str
    collection: str
    title: str


@dataclass(frozen=True)
class Edition:
    """All files of all firms."""

    kind: Kind
    files: tuple[File, ...]
    _asked: dict[str, Floats] = field(default_factory=dict)

    @cached_property
    def vectors(self) -> Floats:
        """A row for each file, by the edition's model."""
        return self._of([words_of(each.title) for each in self.files])

    @cached_property
    def place(self) -> dict[str, int]:
        """Which row a file is, by its id."""
        return {each.id: at for at, each in enumerate(self.files)}

    @cached_property
    def _sorted(self) -> dict[tuple[str, str], Rows]:
        found: dict[tuple[str, str], list[int]] = {}
        for at, each in enumerate(self.files):
            for collection in ("", each.collection):
                found.setdefault((each.tenant, collection), []).append(at)
        return {key: np.array(rows, dtype=np.int64) for key, rows in found.items()}

    def rows(self, tenant: str, collection: str = "") -> Rows:
        """Which rows are a firm's, or one of its collections'."""
        return self._sorted.get((tenant, collection), np.array([], dtype=np.int64))

    def near(self, query: str, rows: Rows) -> Floats:
        """How similar these files are to a search."""
        if query not in self._asked:
            self._asked[query] = self._of([words_of(query)])[0]
        near: Floats = self.vectors[rows] @ self._asked[query]
        return near

    def _of(self, texts: Sequence[Sequence[str]]) -> Floats:
        return vectors(self.kind.model, self.kind.dimensions, texts)


def words_of(text: str) -> list[str]:
    """A title's or a search's words, as the provider reads them."""
    return text.lower().replace(":", " ").split()


class Files:
    """Everything of a seed: the firms, and an edition of each kind."""

    def __init__(self, seed: int, kinds: Sequence[Kind]) -> None:
        self.seed, self.firms = seed, dict(firms(seed, LARGE + SMALL))
        names = list(self.firms)
        self.large, self.small = names[:LARGE], names[LARGE:]
        self._parties = parties(seed, PARTIES)
        self._matters = pick(generator(seed, "matters"), MATTERS)
        self.editions: list[Edition] = []
        for kind in kinds:
            self.editions.append(self._edition(kind))
        self.owner = {each.id: each.tenant for edition in self.editions for each in edition.files}

    def _edition(self, kind: Kind) -> Edition:
        """One more edition; it keeps some files of the one before."""
        number = len(self.editions)
        kept: dict[str, list[File]] = {firm: [] for firm in self.firms}
        rng = generator(self.seed, "kept", number)
        for each in self.editions[-1].files if self.editions else ():
            if rng.random() < STAYS:
                kept[each.tenant].append(each)
        found: list[File] = []
        for firm, many in self._shares(number, kind.rows).items():
            rng = generator(self.seed, "files", number, firm)
            found += kept[firm][:many]
            found += [self._file(rng, number, firm, at) for at in range(max(0, many - len(kept[firm])))]
        generator(self.seed, "order", number).shuffle(found)
        return Edition(kind, tuple(found))

    def _shares(self, number: int, rows: int) -> dict[str, int]:
        """How many files each firm has: about as many each, or, with archives, a small one some 16 of 1,000."""
        rng = generator(self.seed, "shares", number)
        share = (0.014, 0.018) if rows >= MANY else (0.075, 0.09)
        small = {firm: round(rows * rng.uniform(*share)) for firm in self.small}
        left = rows - sum(small.values())
        parts = [rng.uniform(0.9, 1.1) for _ in self.large]
        large = [int(left * part / sum(parts)) for part in parts]
        large[0] += left - sum(large)
        return small | dict(zip(self.large, large, strict=True))

    def _file(self, rng: random.Random, number: int, firm: str, at: int) -> File:
        one, other = rng.sample(self._parties, 2)
        title = f"{one} v {other}: {' '.join(rng.sample(self._matters, 3))}"
        return File(named(self.seed, number, firm, at), firm, rng.choice(COLLECTIONS), title)


def kind_of(raw: Any) -> Kind:
    """A kind as a plan has it: a list of four.

    Raises:
        ValueError: it is none.
    """
    model, dimensions, rows, page_s = raw
    if model not in ("parley-embed", "parley-embed-2") or not 64 <= int(dimensions) <= 512:
        raise ValueError("kinds: [model, dimensions, rows, seconds a page]")
    if not 100 <= int(rows) <= 10_000 or not 0 <= float(page_s) <= 2:
        raise ValueError("kinds: 100 to 10000 rows, 0 to 2 seconds a page")
    return Kind(str(model), int(dimensions), int(rows), float(page_s))
