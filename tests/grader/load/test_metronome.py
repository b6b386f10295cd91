"""The metronome's work, on a machine with more work than cores."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from grader import metronome as metronome_module

SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(10000))"


@pytest.fixture
def metronome() -> Iterator[http.client.HTTPConnection]:
    process = subprocess.Popen([sys.executable, "-m", "grader.metronome"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    connection = http.client.HTTPConnection("127.0.0.1", json.loads(process.stdout.readline())["port"], timeout=20)
    yield connection
    connection.close()
    process.terminate()
    process.wait(10)
    process.stdout.close()


def stretch(metronome: http.client.HTTPConnection) -> float:
    metronome.request("GET", "/")
    return float(metronome.getresponse().read().split()[0])


@pytest.mark.slow
def test_work_takes_longer_where_others_want_the_cores_too(metronome: http.client.HTTPConnection) -> None:
    cores = len(os.sched_getaffinity(0))
    spinning = [subprocess.Popen([sys.executable, "-S", "-c", SPIN]) for _ in range(6 * cores)]
    try:
        end, seen = time.monotonic() + 30, 0.0
        while seen < 2.5 and time.monotonic() < end:
            time.sleep(0.1)
            seen = max(seen, stretch(metronome))
    finally:
        for process in spinning:
            process.kill()
        for process in spinning:
            process.wait()

    assert seen >= 2.5


@pytest.mark.slow
def test_the_room_is_what_others_leave() -> None:
    """With six who spin for each core there is a seventh of it, or a little more."""
    cores = len(os.sched_getaffinity(0))
    alone = max(_room() for _ in range(3))  # another test may be at work in one of them
    spinning = [subprocess.Popen([sys.executable, "-S", "-c", SPIN]) for _ in range(6 * cores)]
    try:
        beside = min(_room() for _ in range(3))
    finally:
        for process in spinning:
            process.kill()
        for process in spinning:
            process.wait()

    assert 0 < beside < 0.6 * alone


def _room() -> float:
    process = subprocess.Popen([sys.executable, "-m", "grader.metronome", "--sound"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    said = json.loads(process.stdout.readline())
    process.terminate()
    process.communicate()
    assert set(said) == {"port", "room"}
    return float(said["room"])


def test_room_is_counted_in_cores_of_the_measured_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metronome_module, "turn", lambda: metronome_module.Tempo(1.25, 1.6))

    assert metronome_module.sound(3) == pytest.approx(1.5)


def test_room_is_what_is_to_be_had_at_the_least(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([2.1, 1.3, 1.9])
    monkeypatch.setattr(metronome_module, "_look", lambda count: next(looks))

    assert metronome_module.sound(2) == 1.3


def test_an_echo_says_both_numbers(metronome: http.client.HTTPConnection) -> None:
    end = time.monotonic() + 20
    while (body := _asked(metronome)) == b"   1.000    1.000":
        assert time.monotonic() < end, "it has not worked yet"
        time.sleep(0.05)

    told = tuple(map(float, body.split()))
    assert len(told) == 2
    assert min(told) > 0


def test_the_pace_is_of_the_core_and_not_of_who_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces that are five times as much work, as on a core that is five times slower."""
    usual = _worked(monkeypatch)
    unpack = metronome_module.zlib.decompress
    monkeypatch.setattr(metronome_module.zlib, "decompress", lambda packed: [unpack(packed) for _ in range(5)])
    slow = _worked(monkeypatch)

    assert slow.pace > 2.5 * usual.pace


def test_the_work_is_the_same_everywhere() -> None:
    """Paces of two machines are compared: what is unpacked must not hang on an interpreter or its version."""
    text = metronome_module._text()

    assert (len(text), hashlib.sha256(text).hexdigest()[:16]) == (20_000, "ea0f74099cc6cd06")
    assert metronome_module.zlib.decompress(metronome_module._PACKED) == text


def _worked(monkeypatch: pytest.MonkeyPatch) -> metronome_module.Tempo:
    """What one turn of work said."""
    latest, parents = metronome_module.Latest(), iter((7, 1))
    monkeypatch.setattr(metronome_module.os, "getppid", lambda: next(parents))
    metronome_module.work(latest, 7)
    return latest.get()


def _asked(metronome: http.client.HTTPConnection) -> bytes:
    metronome.request("GET", "/")
    return metronome.getresponse().read()


def test_its_worker_ends_with_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "grader.metronome"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate()

    end = time.monotonic() + 20
    while _group(process.pid):
        assert time.monotonic() < end, "the worker is left"
        time.sleep(0.05)


def _group(leader: int) -> bool:
    """Whether a process group has members that run."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True
