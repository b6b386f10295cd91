"""A signed word about one grading: what was judged, by what, and what came out.

A receipt is a DSSE envelope (github.com/secure-systems-lab/dsse, v1) around JSON, signed with Ed25519 (RFC 8032). It
names the SHA-256 of every file of the run folder, so that a changed byte there is noticed as well as one in the
receipt.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from grader.course.files import shown
from grader.errors import BadInput
from grader.result import Result

NAME = "receipt.json"
FORM = "brownout/receipt/1"
PAYLOAD_TYPE = "application/vnd.brownout.receipt+json"
ODD = "no plain file"
_MOST = 4 << 20


def make_keys(private: Path) -> Path:
    """Write a new pair of keys, PEM: `private` for who signs (mode 600), and `private`.pub for who verifies.

    Returns:
        The public key's file.

    Raises:
        BadInput: one of the files is there already, or cannot be written.
    """
    key, public = Ed25519PrivateKey.generate(), Path(f"{private}.pub")
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write_new(private, secret, 0o600)
    _write_new(public, key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo), 0o644)
    return public


def write(run_dir: Path, result: Result, key_file: Path, about: dict[str, str]) -> Path:
    """Sign a run that is written whole, and put the receipt beside it.

    Args:
        run_dir: the run folder.
        result: what it ended with.
        key_file: the private key of `make_keys`.
        about: what else the receipt says: `version` of the lab, digest of the `submission`, the `candidate`, and the
            `commitment` to the seed where there is one; else the seed itself is in the receipt.

    Raises:
        BadInput: the key cannot be read or is none, or the receipt cannot be written.
    """
    seed = {} if about.get("commitment") else {"seed": result.seed}
    said = {
        "form": FORM,
        "lab": result.lab,
        "verdict": result.verdict.value,
        "close": result.close,
        "objectives": {one.id: one.verdict.value for one in result.objectives},
        "runtime": result.runtime,
        "versions": dict(result.versions),
        "graded_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "duration_s": result.duration_s,
        "files": digests(run_dir),
        **{name: word for name, word in about.items() if word},
        **seed,
    }
    envelope = Envelope(json.dumps(said, sort_keys=True).encode(), PAYLOAD_TYPE, {})
    envelope.sign(signer(key_file))
    path = run_dir / NAME
    try:
        path.write_text(json.dumps(envelope.to_dict(), indent=2) + "\n", "utf-8")
    except OSError as error:
        raise BadInput(f"{shown(path)}: cannot be written ({error.strerror})") from error
    return path


def read(receipt: Path, public_key: Path) -> dict[str, Any]:
    """What a receipt says, once its signature is seen to be good.

    Raises:
        BadInput: it cannot be read, is no receipt, or is not signed by this key as it is.
    """
    try:
        key = SSlibKey.from_crypto(serialization.load_pem_public_key(_read(public_key)))
    except ValueError as error:
        raise BadInput(f"{shown(public_key)}: is no public key in PEM; name the file that ends in .pub") from error
    try:
        envelope = Envelope.from_dict(json.loads(_read(receipt)))
        envelope.verify([key], 1)
        said = json.loads(envelope.payload)
    except VerificationError as error:
        raise BadInput(f"{shown(receipt)}: is not what was signed, or was signed by another key") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(f"{shown(receipt)}: is no receipt") from error
    if envelope.payload_type != PAYLOAD_TYPE or not isinstance(said, dict) or said.get("form") != FORM:
        raise BadInput(f"{shown(receipt)}: is no receipt of this version")
    return said


def differences(said: dict[str, Any], run_dir: Path) -> Iterator[str]:
    """What of a run folder is not as the receipt has it, a phrase each: changed, missing, added, or no plain file."""
    there, signed = digests(run_dir), said["files"]
    for name in sorted(there.keys() | signed.keys()):
        if there.get(name) == ODD:
            yield f"{shown(name)} is a link or another thing that is no plain file"
        elif there.get(name) != signed.get(name):
            what = "is missing" if name not in there else "was added" if name not in signed else "was changed"
            yield f"{shown(name)} {what}"


def digests(run_dir: Path) -> dict[str, str]:
    """SHA-256 of each file of a run folder but the receipt, by path; `ODD` of what is neither file nor folder. No link
    is followed."""
    found = {}
    for path in sorted(run_dir.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode) and path != run_dir / NAME:
            found[str(path.relative_to(run_dir))] = _digest(path)
        elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            found[str(path.relative_to(run_dir))] = ODD
    return found


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"{shown(path)}: cannot be read ({error.strerror})") from error


def signer(file: Path) -> CryptoSigner:
    """Who signs with a private key of `make_keys`; raises BadInput where the file is none."""
    try:
        key = serialization.load_pem_private_key(_read(file), None)
    except (ValueError, TypeError) as error:
        raise BadInput(f"{shown(file)}: is no private key in PEM; make one with `lab receipt key FILE`") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(f"{shown(file)}: is no Ed25519 key; make one with `lab receipt key FILE`")
    return CryptoSigner(key)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_MOST)
    except OSError as error:
        raise BadInput(f"{shown(file)}: cannot be read ({error.strerror})") from error


def _write_new(file: Path, data: bytes, mode: int) -> None:
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.write(data)
    except OSError as error:
        raise BadInput(f"{shown(file)}: cannot be written ({error.strerror}); nothing is written over") from error
