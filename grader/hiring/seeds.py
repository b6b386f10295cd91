"""The hidden draw of one candidate: the same for the same submission, another for the next person or version, known to
who holds the key."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

from grader.course.files import shown
from grader.errors import BadInput

LEAST_BYTES = 16
MOST_BYTES = 4096
SEEDS = 2**31
LONGEST_NAME = 64
MAKE_ONE = "make one with `(umask 077; head -c 32 /dev/urandom > FILE)`"


def read_key(path: Path) -> bytes:
    """The team's key: any file of 16 bytes or more, for example `head -c 32 /dev/urandom > team.key`.

    Raises:
        BadInput: it cannot be read, is too short or too long, or others on this machine can read it.
    """
    try:
        mode = path.stat().st_mode
        key = path.read_bytes()[: MOST_BYTES + 1] if stat.S_ISREG(mode) else b""
    except OSError as error:
        raise BadInput(f"{shown(path)}: the key cannot be read ({error.strerror}); {MAKE_ONE}") from error
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise BadInput(f"{shown(path)}: a key is a file of {LEAST_BYTES} to {MOST_BYTES} bytes; {MAKE_ONE}")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadInput(f"{shown(path)}: others can read this key; `chmod 600` it")
    return key


def check_name(candidate: str) -> str:
    """A candidate's name or pseudonym, as it was given.

    Raises:
        BadInput: it is empty, too long, or not to be printed.
    """
    if not candidate.strip() or len(candidate) > LONGEST_NAME or not candidate.isprintable():
        raise BadInput(f"a candidate's name has 1 to {LONGEST_NAME} characters that can be printed")
    return candidate


def _secret(key: bytes, candidate: str, lab: str, version: str) -> bytes:
    """HMAC-SHA256 (RFC 2104) over the three names, each behind its length, so that no two triples read the same."""
    said = b"".join(len(word.encode()).to_bytes(4, "big") + word.encode() for word in (candidate, lab, version))
    return hmac.digest(key, said, "sha256")


def seed(key: bytes, candidate: str, lab: str, version: str, submission: str) -> int:
    """The seed of a candidate's exam, 0 to 2^31 - 1.

    Args:
        key: the team's, from `read_key`.
        candidate: name or pseudonym.
        lab: its id.
        version: digest of the lab and its exam; another exam is another draw.
        submission: digest of the open files as they were handed in; whoever changes a byte is examined anew.
    """
    drawn = hashlib.sha256(b"seed" + _secret(key, candidate, lab, version) + submission.encode()).digest()
    return int.from_bytes(drawn[:8], "big") % SEEDS


def commitment(key: bytes, candidate: str, lab: str, version: str) -> str:
    """64 hexadecimal digits that bind the team to the draws before the candidate begins, and tell nobody which."""
    return hashlib.sha256(b"commitment" + _secret(key, candidate, lab, version)).hexdigest()
