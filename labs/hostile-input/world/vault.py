"""The vault: records of what was refused. What is in it stays in it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from casebook.shapes import fits

SHAPE = {"subject": (str, None), "supplier": (str, None), "sha256": str, "reason": str}
MOST = 20_000


class Vault:
    """Records by the digest of what they are about, and parts of all bank details that were sent."""

    def __init__(self):
        self.records = []
        self.accounts = set()
        self._by_digest = defaultdict(list)
        self._graded = {}
        self._blamed = 0
        self._reasons = {}
        self._often = Counter()

    def take(self, call):
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

    def about(self, digest):
        """All records with that digest."""
        return self._by_digest.get(digest, [])

    def tells(self, record, what):
        """Whether its reason stands for this, and for nothing else before. What is in no other record is no word."""
        reason = " ".join(word for word in words(record) if self._often[word] > 1)
        return self._reasons.setdefault(reason, what) == what

    def answered(self, digest, graded):
        """What has that digest was sent; once it is `graded` there must be no record of it."""
        self._graded[digest] = graded

    def stray(self):
        """Each time another record of what was graded, was never sent, or has one; None if there are no more."""
        strays = [
            record
            for record in self.records
            if self._graded.get(record["sha256"], True) or self.about(record["sha256"])[0] is not record
        ]
        if len(strays) == self._blamed:
            return None
        self._blamed += 1
        return strays[self._blamed - 1]


def words(record):
    """What its reason has apart from the lot or batch, and from the supplier."""
    reason = record["reason"]
    for name in filter(str.strip, filter(None, (record["subject"], record["supplier"]))):
        reason = reason.replace(name, "")
    return re.findall(r"[^\s=:,;()\[\]]+", reason)
