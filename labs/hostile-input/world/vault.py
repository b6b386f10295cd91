"""The vault: records of what was refused. What is in it stays in it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from casebook.shapes import fits

if TYPE_CHECKING:
    from casebook.calls import Call

Record = dict[str, Any]
"""As somebody posted it: what it is about, who sent that, its digest, and why it was refused."""

SHAPE = {"subject": (str, None), "supplier": (str, None), "sha256": str, "reason": str}
MOST = 20_000


class Vault:
    """Records by the digest of what they are about, and parts of all bank details that were sent."""

    def __init__(self) -> None:
        self.records = list[Record]()
        self.accounts = set[str]()
        self._by_digest: dict[str, list[Record]] = defaultdict(list)
        self._allowed = Counter[str]()
        self._blamed = 0
        self._reasons = dict[str, str]()
        self._often = Counter[str]()

    def take(self, call: Call) -> dict[str, int]:
        """`POST /records`; ValueError for what is no record."""
        record = call.json
        if not fits(record, SHAPE) or set(record) != set(SHAPE):
            raise ValueError(f"a record has {', '.join(SHAPE)} and nothing else; only subject and supplier may be null")
        if not re.fullmatch("[0-9a-f]{64}", record["sha256"]):
            raise ValueError("sha256: must be 64 hexadecimal digits, in small letters")
        if not 0 < len(record["reason"]) <= 200 or any(len(record[key] or "") > 200 for key in ("subject", "supplier")):
            raise ValueError("a reason has 1 to 200 characters; subject and supplier have at most 200")
        if len(self.records) >= MOST:
            raise ValueError(f"the vault is full: {MOST} records")
        self.records.append(record)
        self._by_digest[record["sha256"]].append(record)
        self._often.update(set(words(record)))
        return {"number": len(self.records)}

    def about(self, digest: str) -> list[Record]:
        """All records with that digest."""
        return self._by_digest.get(digest, [])

    def tells(self, record: Record, what: str) -> bool:
        """Whether its reason stands for this, and for nothing else before. What is in no other record is no word."""
        reason = " ".join(word for word in words(record) if self._often[word] > 1)
        return self._reasons.setdefault(reason, what) == what

    def sent(self, digest: str) -> None:
        """What has that digest was sent, once more: there may be one more record of it."""
        self._allowed[digest] += 1

    def graded(self, digest: str) -> None:
        """What was sent last of that digest was graded, so there must be no record of it."""
        self._allowed[digest] -= 1

    def stray(self) -> Record | None:
        """Each time another record of what was graded, was never sent, or has as many as refusals; None if there are
        no more."""
        strays = [record for digest, those in self._by_digest.items() for record in those[self._allowed[digest] :]]
        if len(strays) <= self._blamed:
            return None
        self._blamed += 1
        return strays[self._blamed - 1]


def words(record: Record) -> list[str]:
    """What its reason has apart from the lot or batch, from the supplier, and from numbers."""
    reason = record["reason"]
    for name in filter(str.strip, filter(None, (record["subject"], record["supplier"]))):
        reason = reason.replace(name, "")
    return [word for word in re.findall(r"[^\s=:,;()\[\]]+", reason) if any(map(str.isalpha, word))]
