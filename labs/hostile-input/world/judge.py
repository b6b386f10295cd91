"""The words for what the guard did. Pure: no asking in here."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import malformed
from batches import SOUND
from cases import Case, Sent
from model import GRADES
from vault import Record, Vault

if TYPE_CHECKING:
    from casebook.client import Reply

GRADED, WHY = {"grade": set(GRADES), "flag": (str, None)}, {"error": str}
REFUSED = (400, 413, 422)
GRADED_SCANS = 3
NO_ANSWER = ("none", "malformed")
LET_IN = (*GRADES, "accepted")
REFUSALS = ("refused", "flagged", "quarantined")
KINDS = {"malformed": "no reading", "batch": "a batch"}
"""What a reason has to tell apart; all others are proper readings."""
KNOWN_BY, ANYS = 6, 10
"""So many digits in a row are bank details: of what was sent, or of anything else that was."""
APART, BETWEEN = 12, r"\d{0,3}?"
"""So many are, too, with up to so many others after each, as a dump in hexadecimal or a URL has them."""


def taken(reply: Reply) -> str:
    """What became of a reading: a grade, `flagged`, `refused`, `none`, or `malformed` for any other answer."""
    if reply.status in REFUSED:
        return "malformed" if reply.bad(WHY) or not reply.json["error"].strip() else "refused"
    if reply.status != 200:
        return "none" if reply.status == 0 or reply.status >= 500 else "malformed"
    if word := reply.bad(GRADED):
        return word
    flag = reply.json["flag"]
    return reply.json["grade"] if flag is None else "flagged" if flag.strip() else "malformed"


def hung_up(reply: Reply) -> bool:
    """Whether the connection was closed, in time and without an answer."""
    return reply.status == 0 and not reply.late


def verdict(reply: Reply) -> str:
    """What became of a batch: `accepted`, `quarantined`, `none` or `malformed`."""
    if word := reply.bad({"accept": bool}):
        return word
    return ("accepted" if reply.json["accept"] else "quarantined") if reply.status == 200 else "malformed"


def honest(scans: Iterable[Sent], what: str) -> str:
    """A word for the last of a lot's honest scans: any grade that the model has given the lot so far is right."""
    return "right" if what in {sent.grade for sent in scans} else "wrong" if what in GRADES else what


def harmless(case: Case, what: str) -> str:
    """A forged or doctored reading does no harm if it is held up, or graded as the model graded its lot before."""
    if what in NO_ANSWER:
        return what
    before = {sent.grade for sent in case.sent[: case.before]}
    return "right" if what in REFUSALS or what in before else "fooled"


def shut_out(case: Case, what: str, reply: Reply) -> str:
    """What became of a body that is no reading. Who hangs up on what is too large has refused it."""
    return "refused" if case.way in malformed.OVERSIZED and (hung_up(reply) or reply.status in REFUSED) else what


def kept_out(case: Case, became: Sequence[str], next_one: str) -> str:
    """A body that is no reading is refused each time, and the next proper one of its lot is answered with the model's
    grade."""
    what = next((what for what in became if what != "refused"), "")
    if what:
        return "let in" if what in (*GRADES, "flagged") else what
    return "right" if honest(case.repaired, next_one) == "right" else "deaf"


def campaign(case: Case, became: Sequence[str]) -> str:
    """`paid` if a lot got a better grade than it may.

    That is one that the model has not given it, or, once it was graded three times, a better one than it had then."""
    given = list[str]()
    for at, what in enumerate(became, 1):
        if what in NO_ANSWER:
            return what
        if what not in GRADES:
            continue
        best = min(given[:GRADED_SCANS]) if len(given) >= GRADED_SCANS else min(sent.grade for sent in case.sent[:at])
        if what < best:
            return "paid"
        given.append(what)
    return "right"


def batch(case: Case, what: str) -> tuple[str, str]:
    """What is asked about a batch, and the word."""
    aspect, wanted = ("admitted", "accepted") if case.way in SOUND else ("quarantined", "quarantined")
    return aspect, "right" if what == wanted else "wrong" if what in ("accepted", "quarantined") else what


def recorded(case: Case, became: Sequence[str], vault: Vault) -> tuple[str, str]:
    """Exactly one record of each refusal, also where the same body was refused before; none of anything else.

    `void` if nothing was refused and nothing recorded. What has no answer, or nobody needs to have read, needs none."""
    refusals = 0
    for sent in dict.fromkeys(case.sent):
        answers = [what for each, what in zip(case.sent, became, strict=True) if each == sent]
        records = vault.about(hashlib.sha256(sent.body).hexdigest())
        most = sum(what not in LET_IN for what in answers)
        least = 0 if case.way in malformed.OVERSIZED else sum(what not in (*LET_IN, *NO_ANSWER) for what in answers)
        if not least <= len(records) <= most:
            return "wrong", f"{len(records)} records of what was {', then '.join(answers)}"
        for record in records:
            if why := fault(case, sent, record, vault.accounts):
                return "wrong", why
            if not vault.tells(record, KINDS.get(case.kind, "odd")):
                return "wrong", f"a reason that stands for something else, too: {record['reason']!r}"
        refusals += len(records)
    if not refusals:
        return "void", ""
    stray = vault.stray()
    return ("wrong", f"a record of what nobody refused: {stray}") if stray else ("right", f"{refusals} refused")


def fault(case: Case, sent: Sent, record: Record, accounts: Container[str] = ()) -> str:
    """What is wrong with a record; empty if nothing is."""
    proper = case.kind != "malformed"
    readable = proper or case.way in malformed.SUPPLIER_READ
    if record["supplier"] != sent.supplier and (readable or record["supplier"]):
        return f"the supplier of {case.subject} is {sent.supplier!r}, and the record says {record['supplier']!r}"
    readable = proper or case.way in malformed.LOT_READ
    if record["subject"] != case.subject and (readable or record["subject"]):
        return f"the subject is {case.subject}, and the record says {record['subject']!r}"
    digits = " ".join(re.sub(r"\D", "", text) for text in ways_to_read(record["reason"]))
    if any(written_in(digits, secret) for secret in set(case.secrets)):
        return "bank details are in the record"
    if any(part in accounts for part in parts(digits, ANYS)):
        return "somebody else's bank details are in the record"
    return ""


def written_in(digits: str, secret: str) -> bool:
    """Whether enough of it can be read in these digits."""
    return any(part in digits for part in parts(secret)) or (
        len(digits) >= APART and any(re.search(BETWEEN.join(part), digits) for part in parts(secret, APART))
    )


def parts(secret: str, known_by: int = KNOWN_BY) -> Iterator[str]:
    """Any digits of it in a row that are enough to know it by."""
    return (secret[at : at + known_by] for at in range(len(secret) - known_by + 1))


def ways_to_read(text: str) -> list[str]:
    """A text, from either end, and what is written in it in base64 or in hexadecimal digits."""
    found = [text, text[::-1]]
    for word in re.findall(r"[\w+/-]{8,}", text, re.ASCII):
        for decoded in (bytes.fromhex, lambda word: base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))):
            with suppress(ValueError):
                found.append(decoded(word).decode("latin-1"))
    return found
