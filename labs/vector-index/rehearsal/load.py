"""The firms' people, who search, some for what is nowhere, and strangers, who want to see what is not theirs."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.names import generator

from grader.labkit import Request, world

with world(__file__):
    from everyday import KINDS, SEED, taken_out
    from files import Files, kind_of, words_of
    from passes import made, swapped
    from truth import KNOWN, UNKNOWN, best, word
    from words import nowhere

GIVEN_UP_S = 1.4
MODELS = ("parley-embed", "parley-embed-2")
DUE = {
    "baseline": (0,), "growing": (0, 1), "moving": (0, 1), "after": (1,), "cleaned": (1,),
}  # fmt: skip
COMING, NEW = ("growing", "moving"), ("after", "cleaned")
TAKEN_OUT = 8
ORDINARY: tuple[str | int, ...] = (*["search"] * 15, *["unknown"] * 5, *range(10))
MIX: dict[str, tuple[str | int, ...]] = {
    "cleaned": (*["search"] * 8, *["unknown"] * 3, *range(4), *["removed"] * 7, *["by-id"] * 8),
}
"""Thirty arrivals in a row. A number is somebody's who may not, or may: the so manieth of these rounds' `WAYS`."""
WAYS = ("over", "body", "file", "over-file") * 3 + ("collection",) * 4 + ("forged", "none", "own", "own")
"""How people ask who may not, and one way in which they may."""
FILES = ("file", "over-file")
"""A file by its id: another firm's, or with a pass that is over."""
OPENINGS = ("x'{s}{o}{s}tenant{s}={s}'{other}", "'{s}{o}{s}tenant='{other}'{s}{o}{s}'a'='b", "x'{s}{o}{s}'a'='a",
            "x'{s}{o}{s}tenant{s}in{s}('{other}'){s}--")  # fmt: skip
"""A collection that is more than text where it is put into SQL: `o` is OR, `s` is what parts words."""
SMALL, IN_COLLECTION, TRIES = 0.7, 0.35, 60
AGAIN = 0.6
"""How many searches of a new edition were asked before it came, in these words: who keeps answers, or a search's
vector, by words alone is found out."""

OVER, GOOD = (1_500_000_000, 1_740_000_000), (2_000_000_000, 4_000_000_000)


@dataclass(frozen=True)
class Asked(Request):
    """What is asked: by which firm's people, for what, where, and which files are no longer there."""

    phase: str = ""
    tenant: str = ""
    query: str = ""
    collection: str = ""
    file: str = ""


def kinds(model: str, moves: bool, dimensions: int, before: int, after: int) -> list[list[object]]:
    """The two editions of a trial, as a plan has them: the second is larger, or of the other model."""
    other = MODELS[1 - MODELS.index(model)] if moves else model
    return [[model, 192, int(before), 0.1], [other, int(dimensions), int(after), 0.25 if moves else 0.2]]


class Traffic:
    """Parameters: `seed_of` is what firms, files and words are drawn from, `model` and `before` say what the first
    edition is of and how many files it has, `moves`, `dimensions` and `after` what the second is."""

    target = "http://archive:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._phases = seed, parameters["timeline"]
        self._judges = "seed_of" in parameters
        if self._judges:
            names = ("model", "moves", "dimensions", "before", "after")
            two = [kind_of(each) for each in kinds(*(parameters[name] for name in names))]
            self.files = Files(int(parameters["seed_of"]), two)
            self.gone = frozenset(taken_out(self.files, 0 if parameters["moves"] else 1, TAKEN_OUT))
        else:
            self.files, self.gone = Files(SEED, KINDS), frozenset[str]()

    def request(self, n: int) -> Asked:
        """The n-th arrival."""
        phase = next((each for each in reversed(self._phases) if each["first"] <= n), self._phases[0])
        name, rng = str(phase["phase"]) if self._judges else "", generator(self._seed, "asked", n)
        mix = list(MIX.get(name, ORDINARY))
        turn, place = divmod(n - int(phase["first"]), len(mix))
        generator(self._seed, name, turn).shuffle(mix)
        what = mix[place]
        firm = rng.choice(self.files.small if rng.random() < SMALL else self.files.large)
        if what == "unknown":
            return self._search(rng, name, "unknown", firm, self._nowhere(rng, firm))
        if what in ("removed", "by-id"):
            return self._removed(rng, name, what == "by-id")
        if isinstance(what, int):
            ways = list(WAYS)
            generator(self._seed, name, "ways", turn // 2).shuffle(ways)
            return self._pass(rng, name, firm, ways[len(ways) // 2 * (turn % 2) + what])
        if name in NEW and rng.random() < AGAIN:
            before = self._before(rng)
            return self._search(rng, name, "search", before.tenant, before.query, before.collection)
        query, collection = self._known(rng, name, firm)
        return self._search(rng, name, "search", firm, query, collection)

    def _before(self, rng: random.Random) -> Asked:
        """A search that was asked while a new edition had only begun to come."""
        coming = next(each for each in self._phases if each["phase"] in COMING)
        first, many = int(coming["first"]), int(coming["count"]) // 4
        while True:
            asked = self.request(first + rng.randrange(many))
            if asked.name == "search":
                return asked

    def _due(self, phase: str) -> tuple[int, ...]:
        return DUE.get(phase, tuple(range(len(self.files.editions))))

    def _known(self, rng: random.Random, phase: str, firm: str) -> tuple[str, str]:
        """Words of a file that all editions have which are due, and its collection, or none."""
        editions = [self.files.editions[at] for at in self._due(phase)]
        there = [
            each
            for each in (editions[-1].files[at] for at in editions[-1].rows(firm))
            if all(each.id in edition.place for edition in editions) and each.id not in self.gone
        ]
        for _ in range(TRIES):
            source = rng.choice(there)
            collection = source.collection if rng.random() < IN_COLLECTION else ""
            query = _asking(rng, source.title)
            if all(best(edition, query, firm, collection) >= KNOWN for edition in editions):
                break
        return query, collection

    def _nowhere(self, rng: random.Random, firm: str) -> str:
        for _ in range(TRIES):
            query = nowhere(rng)
            if all(best(edition, query, firm) <= UNKNOWN for edition in self.files.editions):
                break
        return query

    def _search(
        self, rng: random.Random, phase: str, name: str, firm: str, query: str, collection: str = "", file: str = ""
    ) -> Asked:
        json_ = {"query": query} | ({"collection": collection} if collection else {})
        segment = "small" if firm in self.files.small else "large"
        return Asked(
            "POST", "/search", name, json=json_, headers=_bearing(made(firm, rng.randint(*GOOD))), segment=segment,
            timeout_s=GIVEN_UP_S, phase=phase, tenant=firm, query=query, collection=collection, file=file,
        )  # fmt: skip

    def _removed(self, rng: random.Random, phase: str, by_id: bool) -> Asked:
        """A file that was taken out: by its id, or by its title."""
        file = rng.choice(sorted(self.gone))
        firm = self.files.owner[file]
        if by_id:
            return self._file(made(firm, rng.randint(*GOOD)), phase, "removed", firm, file, "by-id")
        title = next(
            edition.files[edition.place[file]].title for edition in self.files.editions if file in edition.place
        )
        return self._search(rng, phase, "removed", firm, " ".join(words_of(title)), file=file)

    def _file(self, pass_: str, phase: str, name: str, firm: str, file: str, way: str) -> Asked:
        return Asked(
            "GET", f"/files/{file}", name, headers=_bearing(pass_), segment=way,
            timeout_s=GIVEN_UP_S, phase=phase, tenant=firm, file=file,
        )  # fmt: skip

    def _pass(self, rng: random.Random, phase: str, firm: str, way: str) -> Asked:
        """Somebody of one firm, or of none, who asks for what is another's."""
        other = rng.choice([each for each in self.files.firms if each != firm])
        if way in ("own", *FILES):
            owner = other if way == "file" else firm
            until = OVER if way == "over-file" else GOOD
            editions = [self.files.editions[at] for at in self._due(phase)]
            there = [editions[0].files[at].id for at in editions[0].rows(owner)]
            there = [each for each in there if each not in self.gone and all(each in one.place for one in editions)]
            return self._file(made(firm, rng.randint(*until)), phase, "pass", firm, rng.choice(there), way)
        query, _ = self._known(rng, phase, other)
        body: dict[str, str] = {"query": query}
        bearing = made(firm, rng.randint(*GOOD))
        if way == "body":
            body["tenant"] = other
        elif way == "collection":
            said = {"o": rng.choice(("OR", "or", "oR")), "s": rng.choice((" ", "/**/", "\t")), "other": other}
            body["collection"] = rng.choice(OPENINGS).format(**said)
        elif way == "forged":
            bearing = rng.choice(
                (
                    made(other, rng.randint(*GOOD), key=f"{rng.getrandbits(64):x}"),
                    swapped(firm, rng.randint(*GOOD), other),
                )
            )
        elif way == "over":
            bearing = made(other, rng.randint(*OVER))
        headers = {} if way == "none" else _bearing(bearing)
        return Asked(
            "POST", "/search", "pass", json=body, headers=headers, segment=way,
            timeout_s=GIVEN_UP_S, phase=phase, tenant=firm, query=query,
        )  # fmt: skip

    def check(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Of a search as `truth.word`; of one for unknown words `told` or `invented`; of what was removed `gone` or
        `there`; of those who may not `kept-out` or `shown`, of those who may `let-in` or `shut-out`; or `none`."""
        assert isinstance(request, Asked)
        if request.name == "pass":
            return self._passed(request, status, body)
        if request.name == "removed" and request.segment == "by-id":
            return {200: "there", 404: "gone"}.get(status, "none")
        if status != 200:
            return "none"
        said = json.loads(body)
        if request.name == "unknown":
            return "told" if said["known"] is False and said["files"] == [] else "invented"
        if request.name == "removed":
            return "there" if request.file in said["files"] else "gone"
        asked = self.files, self._due(request.phase), request.query, request.tenant, request.collection, said
        found = word(*asked, self.gone)
        return found if found in ("found", "foreign") or request.phase in MIX else word(*asked)

    def _passed(self, request: Asked, status: int, body: bytes) -> str:
        """Whether somebody was shown what is not theirs, or not shown what is."""
        if request.segment == "own":
            if status in (401, 403, 404):
                return "shut-out"
            return "none" if status != 200 else "let-in" if json.loads(body)["id"] == request.file else "shut-out"
        if status != 200:
            return "none" if status == 0 or status >= 500 else "kept-out"
        if request.segment in FILES:
            return "shown"
        ids = json.loads(body)["files"]
        allowed = request.tenant if request.segment in ("body", "collection") else ""
        return "shown" if any(self.files.owner.get(each) != allowed for each in ids) else "kept-out"


def _asking(rng: random.Random, title: str) -> str:
    """Three words of a title."""
    one, _, other, *matters = words_of(title)
    picked = [rng.choice((one, other)), *rng.sample(matters, 2)] if rng.random() < 0.5 else rng.sample(matters, 3)
    return " ".join(picked)


def _bearing(pass_: str) -> dict[str, str]:
    return {"authorization": f"Bearer {pass_}"}
