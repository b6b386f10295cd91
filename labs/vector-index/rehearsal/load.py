"""The firms' people, who search, some for what is nowhere, and strangers, who want to see what is not theirs."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.names import generator

from grader.labkit import Request, world

with world(__file__):
    from everyday import KINDS, SEED, taken_out
    from files import Files, kind_of, words_of
    from passes import made, swapped
    from truth import KNOWN, UNKNOWN, best, word
    from words import COLLECTIONS, nowhere

GIVEN_UP_S = 1.4
MODELS = ("parley-embed", "parley-embed-2")
DUE = {
    "baseline": (0,), "growing": (0, 1), "moving": (0, 1), "after": (1,), "cleaned": (1,),
}  # fmt: skip
COMING, NEW = ("growing", "moving"), ("after", "cleaned")
TAKEN_OUT = 8
"""Of firms large and small; on the day on which the store grows half while it is loaded, and half after it."""
ORDINARY: tuple[str | int, ...] = (*["search"] * 15, *["unknown"] * 5, *range(10))
MIX: dict[str, tuple[str | int, ...]] = {  # a removed file is of the first half, or of the second
    "cleaned": (
        *["search"] * 7, *["unknown"] * 3, *range(4),
        *["removed-0"] * 4, *["removed-1"] * 6, *["by-id-0"] * 4, *["by-id-1"] * 2,
    ),
}  # fmt: skip
"""Thirty arrivals in a row. A number is somebody's who may not, or may: the so manieth of these rounds' `WAYS`."""
WAYS = ("over", "body", "file", "over-file") * 3 + ("collection",) * 4 + ("forged", "none", "own", "own")
"""How people ask who may not, and one way in which they may."""
FILES = ("file", "over-file")
"""A file by its id: another firm's, or with a pass that is over."""
OPENINGS = ("x'{s}{o}{s}tenant{s}={s}'{other}", "'{s}{o}{s}tenant='{other}'{s}{o}{s}'a'='b", "x'{s}{o}{s}'a'='a",
            "x'{s}{o}{s}tenant{s}in{s}('{other}'){s}--")  # fmt: skip
"""A collection that is more than text where it is put into SQL: `o` is OR, `s` is what parts words."""
SMALL, IN_COLLECTION, NARROWS, TRIES = 0.7, 0.1, 0.3, 60
"""How many searches name a collection in new words, or in the words of a search of just before: who keeps answers by
words alone is found out."""
AGAIN = 0.6
"""How many searches of a new edition were asked before it came, in these words: who keeps answers, or a search's
vector, by words alone is found out."""
ELSEWHERE = 0.7
"""How many searches for unknown words have names of another firm's file: who asks whether anybody's files have them, or
knows what made-up words look like, is found out."""
STILL_THERE = 24
"""So many arrivals before files are taken out from the edition that grew, some search for them by their titles: who
keeps answers until the next edition is found out."""
LOOKS_BACK = 90
"""Arrivals in which one was shown a file of their own that another firm then asks for: who keeps files by their ids,
whoever asks, is found out."""
OVER, GOOD = (1_500_000_000, 1_740_000_000), (2_000_000_000, 4_000_000_000)


@dataclass(frozen=True)
class Asked(Request):
    """What is asked: by which firm's people, for what, where, and which files are no longer there."""

    phase: str = ""
    tenant: str = ""
    query: str = ""
    collection: str = ""
    file: str = ""


def kinds(model: str, moves: bool, dimensions: str, before: int, after: int) -> list[list[object]]:
    """The two editions of a trial, as a plan has them: the second is larger, or of the other model. `dimensions` has
    those of both, as in `192 256`."""
    had, has = map(int, dimensions.split())
    other = MODELS[1 - MODELS.index(model)] if moves else model
    return [[model, had, int(before), 0.1], [other, has, int(after), 0.25 if moves else 0.2]]


class Traffic:
    """Parameters: `seed_of` is what firms, files and words are drawn from, `model` and `before` say what the first
    edition is of and how many files it has, `moves`, `dimensions` and `after` what the second is."""

    target = "http://archive:8080"

    def __init__(self, parameters: Mapping[str, Any], seed: int) -> None:
        self._seed, self._phases = seed, parameters["timeline"]
        self._judges = "seed_of" in parameters
        self._words: dict[str, set[str]] = {}
        if self._judges:
            names = ("model", "moves", "dimensions", "before", "after")
            two = [kind_of(each) for each in kinds(*(parameters[name] for name in names))]
            self.files, self._grows = Files(int(parameters["seed_of"]), two), not parameters["moves"]
            self.halves = _in_halves(taken_out(self.files, 0 if parameters["moves"] else 1, TAKEN_OUT))
            self.gone = frozenset(each for half in self.halves for each in half)
        else:
            self.files, self.gone = Files(SEED, KINDS), frozenset[str]()

    def request(self, n: int) -> Asked:
        """The n-th arrival."""
        name, turn, what = self._dealt(n)
        rng = generator(self._seed, "asked", n)
        firm = rng.choice(self.files.small if rng.random() < SMALL else self.files.large)
        if what == "unknown":
            return self._unknown(rng, name, firm)
        if isinstance(what, int):
            return self._pass(rng, name, n, firm, self._way(name, turn, what))
        if what != "search":
            return self._removed(rng, name, what.startswith("by-id"), int(what[-1]))
        if name == "after" and self._grows and n - self._first(name) < STILL_THERE and rng.random() < AGAIN:
            return self._still_there(rng, name)
        if name in NEW and rng.random() < AGAIN:
            before = self._before(rng)
            return self._search(rng, name, "search", before.tenant, before.query, before.collection)
        if self._narrows(n) and (narrowed := self._narrowed(rng, n, name)):
            return narrowed
        query, collection = self._known(rng, name, firm)
        return self._search(rng, name, "search", firm, query, collection)

    def _dealt(self, n: int) -> tuple[str, int, str | int]:
        """The n-th arrival's phase, which round of its mix it is in, and what it is."""
        phase = next((each for each in reversed(self._phases) if each["first"] <= n), self._phases[0])
        name = str(phase["phase"]) if self._judges else ""
        mix = list(MIX.get(name, ORDINARY))
        turn, place = divmod(n - int(phase["first"]), len(mix))
        generator(self._seed, name, turn).shuffle(mix)
        return name, turn, mix[place]

    def _way(self, name: str, turn: int, what: int) -> str:
        """How somebody asks who may not, or may."""
        ways = list(WAYS)
        generator(self._seed, name, "ways", turn // 2).shuffle(ways)
        return ways[len(ways) // 2 * (turn % 2) + what]

    def _before(self, rng: random.Random) -> Asked:
        """A search that was asked while a new edition had only begun to come."""
        coming = next(each for each in self._phases if each["phase"] in COMING)
        first, many = int(coming["first"]), int(coming["count"]) // 4
        while True:
            asked = self.request(first + rng.randrange(many))
            if asked.name == "search":
                return asked

    def _lately(self, n: int, query: str, firm: str) -> tuple[str, str]:
        """Words that people of a firm searched for in all of its files just before; these, if there are none."""
        for before in range(n - 1, max(-1, n - 1 - len(ORDINARY)), -1):
            if self._dealt(before)[2] == "search" and not (asked := self.request(before)).collection:
                return asked.query, asked.tenant
        return query, firm

    def _first(self, phase: str) -> int:
        return next(int(each["first"]) for each in self._phases if each["phase"] == phase)

    def _still_there(self, rng: random.Random, phase: str) -> Asked:
        """A search for the title of a file that is taken out later."""
        file = rng.choice(self.halves[1])
        edition = self.files.editions[1]
        title = edition.files[edition.place[file]].title
        return self._search(rng, phase, "search", self.files.owner[file], " ".join(words_of(title)))

    def _narrows(self, n: int) -> bool:
        return generator(self._seed, "narrows", n).random() < NARROWS

    def _narrowed(self, rng: random.Random, n: int, phase: str) -> Asked | None:
        """The words of a search of just before in this phase, in a collection in which they are known."""
        for before in range(n - 1, max(-1, n - 1 - len(ORDINARY)), -1):
            name, _, what = self._dealt(before)
            if name != phase or what != "search" or self._narrows(before) or (asked := self.request(before)).collection:
                continue
            due = [self.files.editions[at] for at in self._due(phase)]
            there = [
                each for each in COLLECTIONS
                if all(best(edition, asked.query, asked.tenant, each) >= KNOWN for edition in due)
            ]  # fmt: skip
            if there:
                return self._search(rng, phase, "search", asked.tenant, asked.query, rng.choice(there))
        return None

    def _shown(self, n: int, phase: str) -> Asked | None:
        """How somebody asked just before for a file of their own, which all editions have that are due."""
        for before in range(n - 1, max(-1, n - 1 - LOOKS_BACK), -1):
            name, turn, what = self._dealt(before)
            if isinstance(what, int) and self._way(name, turn, what) == "own":
                asked = self.request(before)
                if all(asked.file in self.files.editions[at].place for at in self._due(phase)):
                    return asked
        return None

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

    def _unknown(self, rng: random.Random, phase: str, firm: str) -> Asked:
        """A search for words that are in no file of the firm; a small one may ask for what another has."""
        if rng.random() < ELSEWHERE:
            firm = rng.choice(self.files.small)
            newest = self.files.editions[-1]
            for _ in range(TRIES):
                file = rng.choice(newest.files)
                one, _, other, *_ = words_of(file.title)
                query = f"{one} {other}"
                if best(newest, query, file.tenant) >= KNOWN and self._is_new_to(firm, query):
                    return self._search(rng, phase, "unknown", firm, query)
        return self._search(rng, phase, "unknown", firm, self._nowhere(rng, firm))

    def _is_new_to(self, firm: str, query: str) -> bool:
        """Whether no word of it is in the firm's files, and no file is near."""
        if firm not in self._words:
            titles = [edition.files[at].title for edition in self.files.editions for at in edition.rows(firm)]
            self._words[firm] = {each for title in titles for each in words_of(title)}
        near = [best(edition, query, firm) for edition in self.files.editions]
        return self._words[firm].isdisjoint(words_of(query)) and max(near) <= UNKNOWN

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

    def _removed(self, rng: random.Random, phase: str, by_id: bool, half: int) -> Asked:
        """A file that was taken out, of the first half or the second: by its id, or by its title."""
        file = rng.choice(self.halves[half])
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

    def _pass(self, rng: random.Random, phase: str, n: int, firm: str, way: str) -> Asked:
        """Somebody of one firm, or of none, who asks for what is another's."""
        other = rng.choice([each for each in self.files.firms if each != firm])
        if way == "file" and (shown := self._shown(n, phase)):
            firm = rng.choice([each for each in self.files.firms if each != shown.tenant])
            return self._file(made(firm, rng.randint(*GOOD)), phase, "pass", firm, shown.file, way)
        if way in ("own", *FILES):
            owner = other if way == "file" else firm
            until = OVER if way == "over-file" else GOOD
            editions = [self.files.editions[at] for at in self._due(phase)]
            there = [editions[0].files[at].id for at in editions[0].rows(owner)]
            there = [each for each in there if each not in self.gone and all(each in one.place for one in editions)]
            return self._file(made(firm, rng.randint(*until)), phase, "pass", firm, rng.choice(there), way)
        query, _ = self._known(rng, phase, other)
        if way != "collection":
            query, other = self._lately(n, query, other)
            firm = rng.choice([each for each in self.files.firms if each != other])
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
        """Of a search as `truth.word`, but `neither` for `few` where two editions are due; of one for unknown words
        `told` or `invented`; of what was removed `gone`, `found` (by a search) or `shown` (by its id); of those who may
        not `kept-out` or `shown`, of those who may `let-in` or `shut-out`; or `none`."""
        assert isinstance(request, Asked)
        if request.name == "pass":
            return self._passed(request, status, body)
        if request.name == "removed" and request.segment == "by-id":
            return {200: "shown", 404: "gone"}.get(status, "none")
        if status != 200:
            return "none"
        said = json.loads(body)
        if request.name == "unknown":
            return "told" if said["known"] is False and said["files"] == [] else "invented"
        if request.name == "removed":
            return "found" if request.file in said["files"] else "gone"
        due = self._due(request.phase)
        asked = self.files, due, request.query, request.tenant, request.collection, said
        for gone in (self.gone,) if request.phase in MIX else (self.gone, self.halves[0], ()):
            found = word(*asked, gone)
            if found in ("found", "foreign"):
                break
        return "neither" if found == "few" and len(due) > 1 else found

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


def _in_halves(ids: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    return ids[: len(ids) // 2], ids[len(ids) // 2 :]


def _asking(rng: random.Random, title: str) -> str:
    """Three words of a title."""
    one, _, other, *matters = words_of(title)
    picked = [rng.choice((one, other)), *rng.sample(matters, 2)] if rng.random() < 0.5 else rng.sample(matters, 3)
    return " ".join(picked)


def _bearing(pass_: str) -> dict[str, str]:
    return {"authorization": f"Bearer {pass_}"}
