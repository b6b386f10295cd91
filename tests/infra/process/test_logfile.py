"""The capped log."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.process.logfile import CappedLog, read_tail


def test_nothing_written_is_empty(tmp_path: Path) -> None:
    CappedLog(tmp_path / "log").close()
    assert read_tail(tmp_path / "log", 100) == ""


def test_the_end_is_kept_and_the_size_is_capped(tmp_path: Path) -> None:
    log = CappedLog(tmp_path / "log", half=100)
    for number in range(1000):
        log.write(b"%09d\n" % number)
    log.close()

    text = read_tail(tmp_path / "log", 10_000)
    assert text.endswith("000000998\n000000999\n")
    assert 100 <= len(text) <= 200
    assert sum(half.stat().st_size for half in (tmp_path / "log").iterdir()) <= 200


def test_one_huge_write_is_cut(tmp_path: Path) -> None:
    log = CappedLog(tmp_path / "log", half=100)
    log.write(b"x" * 1000 + b"end")
    log.close()
    assert len(read_tail(tmp_path / "log", 10_000)) == 100


def test_undecodable_bytes_are_replaced(tmp_path: Path) -> None:
    log = CappedLog(tmp_path / "log")
    log.write(b"a\xffb")
    log.close()
    assert read_tail(tmp_path / "log", 100) == "a\ufffdb"
    assert read_tail(tmp_path / "log", 0) == ""


def test_a_log_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_tail(tmp_path / "nowhere", 100)
