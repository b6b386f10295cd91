"""A receipt is good as it was signed and beside what was signed, and in no other case."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from grader.errors import BadInput
from grader.hiring import receipts
from grader.result import ObjectiveResult, Result, Verdict
from tests.grader.course import Course

KEPT = ObjectiveResult("fair", "Fair", "", 0.9, 95, 100, 0.95, 0.9, 0.98, Verdict.PASS)
RESULT = Result("toy", Verdict.PASS, (), (KEPT,), (), 7, "compose", 12.5, {"brownout": "0.1.0"})
ABOUT = {"version": "v1", "submission": "abc", "candidate": "Ada", "commitment": ""}


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "team.pem", receipts.make_keys(tmp_path / "team.pem")


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    (folder / "logs").mkdir(parents=True)
    (folder / "result.json").write_text("{}")
    (folder / "logs" / "desk.log").write_text("hello\n")
    return folder


def test_a_receipt_says_what_was_signed(keys: tuple[Path, Path], run_dir: Path) -> None:
    receipt = receipts.write(run_dir, RESULT, keys[0], ABOUT)

    said = receipts.read(receipt, keys[1])

    assert said["verdict"] == "pass" and said["objectives"] == {"fair": "pass"} and said["seed"] == 7
    assert said["version"] == "v1" and said["candidate"] == "Ada" and "commitment" not in said
    assert list(receipts.differences(said, run_dir)) == []


def test_with_a_commitment_the_seed_is_not_in_it(keys: tuple[Path, Path], run_dir: Path) -> None:
    receipt = receipts.write(run_dir, RESULT, keys[0], {**ABOUT, "commitment": "c0ffee"})

    said = receipts.read(receipt, keys[1])

    assert said["commitment"] == "c0ffee" and "seed" not in said


def test_any_changed_byte_of_the_payload_or_the_signature_is_noticed(keys: tuple[Path, Path], run_dir: Path) -> None:
    receipt = receipts.write(run_dir, RESULT, keys[0], ABOUT)
    whole = json.loads(receipt.read_text())
    payload, signature = (base64.b64decode(text) for text in (whole["payload"], whole["signatures"][0]["sig"]))

    for place, data in (("payload", payload), ("sig", signature)):
        for at in range(len(data)):
            changed = base64.b64encode(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]).decode()
            one = {**whole["signatures"][0], "sig": changed} if place == "sig" else whole["signatures"][0]
            receipt.write_text(json.dumps({**whole, place: changed, "signatures": [one]}))
            with pytest.raises(BadInput, match="not what was signed"):
                receipts.read(receipt, keys[1])


def test_another_type_or_key_is_noticed(keys: tuple[Path, Path], run_dir: Path, tmp_path: Path) -> None:
    receipt = receipts.write(run_dir, RESULT, keys[0], ABOUT)
    with pytest.raises(BadInput, match="another key"):
        receipts.read(receipt, receipts.make_keys(tmp_path / "other.pem"))

    receipt.write_text(receipt.read_text().replace("brownout", "brownie"))
    with pytest.raises(BadInput, match="not what was signed"):
        receipts.read(receipt, keys[1])


def test_files_of_the_run_that_are_not_as_they_were_are_named(keys: tuple[Path, Path], run_dir: Path) -> None:
    said = receipts.read(receipts.write(run_dir, RESULT, keys[0], ABOUT), keys[1])
    (run_dir / "result.json").write_text("[]")
    (run_dir / "logs" / "desk.log").unlink()
    (run_dir / "new.txt").write_text("")

    assert list(receipts.differences(said, run_dir)) == [
        "logs/desk.log is missing",
        "new.txt was added",
        "result.json was changed",
    ]


def unsound(run_dir: Path, how: str) -> str:
    """Change a run; returns what is said of it."""
    if how == "run.json gone, result changed":
        (run_dir / "run.json").unlink()
        (run_dir / "result.json").write_text('{"verdict": "pass"}')
        return "result.json was changed"
    kept = run_dir.parent / "kept"
    (run_dir / "logs").rename(kept) if how == "a folder is a link" else (run_dir / "result.json").rename(kept)
    (run_dir / ("logs" if how == "a folder is a link" else "result.json")).symlink_to(kept)
    return "is a link or another thing that is no plain file"


@pytest.mark.parametrize("how", ["run.json gone, result changed", "a file is a link", "a folder is a link"])
@pytest.mark.parametrize("named", ["the folder", "the receipt"])
def test_a_run_that_was_changed_verifies_in_no_way(
    desk: Course, keys: tuple[Path, Path], run_dir: Path, how: str, named: str
) -> None:
    (run_dir / "run.json").write_text("{}")
    receipt = receipts.write(run_dir, RESULT, keys[0], ABOUT)
    words = ["receipt", "verify", str(run_dir if named == "the folder" else receipt), "--public", str(keys[1])]
    good = desk.lab(*words)
    said = unsound(run_dir, how)

    bad = desk.lab(*words)

    assert good.returncode == 0 and "Signed: toy pass for Ada" in good.stdout
    assert bad.returncode == 1 and bad.stdout == "" and said in " ".join(bad.stderr.split())


def test_a_receipt_alone_says_that_it_is_alone(
    desk: Course, keys: tuple[Path, Path], run_dir: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone.json"
    receipts.write(run_dir, RESULT, keys[0], ABOUT).rename(alone)

    done = desk.lab("receipt", "verify", str(alone), "--public", str(keys[1]))

    assert done.returncode == 0 and "only the receipt was checked" in done.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"payload": 7}', "[" * 100_000])
def test_what_is_no_receipt_is_refused(keys: tuple[Path, Path], tmp_path: Path, text: str) -> None:
    (tmp_path / "receipt.json").write_text(text)

    with pytest.raises(BadInput, match="is no receipt|not what was signed"):
        receipts.read(tmp_path / "receipt.json", keys[1])


def test_keys_are_never_written_over_and_only_ours_to_read(keys: tuple[Path, Path]) -> None:
    assert keys[0].stat().st_mode & 0o777 == 0o600
    before = keys[0].read_bytes()

    with pytest.raises(BadInput, match="nothing is written over"):
        receipts.make_keys(keys[0])

    assert keys[0].read_bytes() == before


@pytest.mark.parametrize("swap", [False, True], ids=["no key", "the public one"])
def test_what_does_not_sign_is_refused(keys: tuple[Path, Path], run_dir: Path, tmp_path: Path, swap: bool) -> None:
    (tmp_path / "junk").write_text("hello")

    with pytest.raises(BadInput, match="no private key"):
        receipts.write(run_dir, RESULT, keys[1] if swap else tmp_path / "junk", ABOUT)
