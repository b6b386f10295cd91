"""Slots, queues and replicas, by virtual arrivals."""

from __future__ import annotations

import asyncio
import random

import pytest
from model_pool.slots import Full, Replicas, Slots

from tests.labs.cast.one_loop import played


class Calls:
    """Calls of `seconds` each on slots; `ended`: when each was through, `waited`: for how long it had no slot."""

    def __init__(self, slots: Slots, seconds: float) -> None:
        self.slots, self.seconds = slots, seconds
        self.ended: dict[int, float] = {}
        self.waited: dict[int, float] = {}
        self.full: dict[int, Full] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def come(self, *at: float) -> None:
        """One at each of these times, in order; returns when all are through."""
        loop = asyncio.get_running_loop()
        for due in at:
            await asyncio.sleep(due - loop.time())
            self.call()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def call(self) -> asyncio.Task[None]:
        self._tasks.append(asyncio.create_task(self._call(len(self._tasks))))
        return self._tasks[-1]

    async def _call(self, n: int) -> None:
        try:
            held = await self.slots.take(self.seconds)
        except Full as error:
            self.full[n] = error
            return
        self.waited[n] = held.waited
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.slots.give(held)
        self.ended[n] = asyncio.get_running_loop().time()


def test_who_finds_no_slot_waits_in_the_order_of_coming() -> None:
    async def main() -> Calls:
        calls = Calls(Slots(2, 10, refuse=False), 1.0)
        await calls.come(0.0, 0.1, 0.2, 0.3, 0.4)
        return calls

    calls = played(main())
    assert calls.ended == pytest.approx({0: 1.0, 1: 1.1, 2: 2.0, 3: 2.1, 4: 3.0})
    assert calls.waited == pytest.approx({0: 0.0, 1: 0.0, 2: 0.8, 3: 0.8, 4: 1.6})


def test_a_queue_is_as_long_as_a_queue_of_its_load_is() -> None:
    """Against the plain recursion: each call begins when it has come and one of the slots is free."""
    draw = random.Random(1)
    due = [0.0]
    while len(due) < 2000:
        due.append(due[-1] + draw.expovariate(45))
    free, waits = [0.0] * 4, []
    for at in due:
        begins = max(at, min(free))
        free[free.index(min(free))] = begins + 0.08
        waits.append(begins - at)

    async def main() -> Calls:
        calls = Calls(Slots(4, 10_000, refuse=False), 0.08)
        await calls.come(*due)
        return calls

    found = played(main()).waited
    assert max(waits) > 0.3
    assert [found[n] for n in range(2000)] == pytest.approx(waits, abs=1e-6)


def test_a_full_queue_is_503_and_a_refusing_one_429_with_the_time_until_a_slot_is_free() -> None:
    async def main(slots: Slots) -> Calls:
        calls = Calls(slots, 1.0)
        await calls.come(0.0, 0.25, 0.5)
        return calls

    queued = played(main(Slots(1, 1, refuse=False)))
    assert {n: error.status for n, error in queued.full.items()} == {2: 503}
    refused = played(main(Slots(1, 1, refuse=True)))
    assert {n: error.status for n, error in refused.full.items()} == {1: 429, 2: 429}
    assert [refused.full[n].retry_s for n in (1, 2)] == pytest.approx([0.75, 0.5])


def test_any_number_of_slots_never_refuses() -> None:
    async def main() -> Calls:
        calls = Calls(Slots(None, 0, refuse=True), 1.0)
        await calls.come(*[0.0] * 500)
        return calls

    assert set(played(main()).ended.values()) == {1.0}


def test_who_is_cancelled_leaves_neither_a_gap_nor_a_slot_behind() -> None:
    async def main() -> tuple[Calls, int, int]:
        slots = Slots(1, 10, refuse=False)
        calls = Calls(slots, 1.0)
        tasks = [calls.call() for _ in range(4)]
        await asyncio.sleep(0.5)
        tasks[1].cancel()  # while it waits
        await asyncio.sleep(0.5)  # the first has ended just now, and the third was given its slot
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return calls, slots.busy, slots.waiting

    calls, busy, waiting = played(main())
    assert calls.ended.keys() == {0, 3} and calls.ended[3] <= 2.0
    assert (busy, waiting) == (0, 0)


def test_a_slot_that_was_given_to_a_call_cancelled_at_that_moment_goes_to_the_next() -> None:
    async def main() -> Calls:
        slots = Slots(1, 10, refuse=False)
        held = await slots.take(1.0)
        calls = Calls(slots, 1.0)
        first, second = calls.call(), calls.call()
        await asyncio.sleep(0)
        slots.give(held)  # the first has it, and does not know yet
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        return calls

    assert played(main()).ended == {1: 1.0}


def test_a_replica_works_after_its_start_and_is_billed_from_when_it_was_asked_for() -> None:
    async def main() -> tuple[Calls, Replicas]:
        slots = Slots(None, 10, refuse=False)
        replicas = Replicas(slots, 1, start_s=1.5)
        calls = Calls(slots, 1.0)
        done = asyncio.create_task(calls.come(0.0, 0.0, 0.0, 0.0))
        await asyncio.sleep(0.2)
        replicas.scale(3)
        assert (replicas.wanted, replicas.there, replicas.starting) == (3, 1, 2)
        await done
        return calls, replicas

    calls, replicas = played(main())
    assert calls.ended == pytest.approx({0: 1.0, 1: 2.0, 2: 2.7, 3: 2.7})
    assert (replicas.there, replicas.starting) == (3, 0)


def test_fewer_replicas_are_fewer_at_once_and_a_call_at_work_ends() -> None:
    async def main() -> tuple[Calls, list[tuple[int, int, int]], float]:
        slots = Slots(None, 10, refuse=False)
        replicas, seen = Replicas(slots, 2, start_s=5.0), []
        calls = Calls(slots, 1.0)
        done = asyncio.create_task(calls.come(0.0, 0.0, 0.0, 0.0))
        await asyncio.sleep(0.5)
        for wanted in (4, 3, 1):  # first those that have not begun, then those that work
            replicas.scale(wanted)
            seen.append((replicas.wanted, replicas.there, replicas.starting))
        await done
        return calls, seen, replicas.seconds

    calls, seen, seconds = played(main())
    assert seen == [(4, 2, 2), (3, 2, 1), (1, 1, 0)]
    assert calls.ended == pytest.approx({0: 1.0, 1: 1.0, 2: 2.0, 3: 3.0})
    assert seconds == pytest.approx(2 * 0.5 + 1 * 2.5)


def test_no_replica_at_all_and_then_one() -> None:
    async def main() -> Calls:
        slots = Slots(None, 10, refuse=False)
        replicas = Replicas(slots, 0, start_s=0.5)
        calls = Calls(slots, 1.0)
        done = asyncio.create_task(calls.come(0.0))
        await asyncio.sleep(2.0)
        replicas.scale(1)
        await done
        return calls

    assert played(main()).ended == pytest.approx({0: 3.5})
