"""Whose turn it is: nobody is pushed aside, nobody waits for ever."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.cluster.model import State, Submission
from grader.classroom.examiner.queue import order
from tests.grader.classroom.examiner.made import at, sent

PEOPLE = "abcdef"
crowds = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 50)), max_size=40).map(
    lambda found: [sent(number, person, second) for number, (person, second) in enumerate(found)]
)


def who(one: Submission) -> str:
    return one.namespace[-1]


def drained(crowd: list[Submission], seconds_an_exam: int = 60) -> list[Submission]:
    """The order in which a crowd is examined, one at a time, from second 100 on."""
    done: list[Submission] = []
    waiting = {one.uid: one for one in crowd}
    while waiting:
        first = order([*waiting.values(), *done])[0]
        del waiting[first.uid]
        done.append(replace(first, state=State.DONE, started=at(100 + len(done) * seconds_an_exam)))
    return done


def test_a_persons_second_waits_behind_all_others_first() -> None:
    crowd = [sent(0, "a", 0), sent(1, "a", 0), sent(2, "b", 5), sent(3, "c", 9)]
    assert "".join(map(who, order(crowd))) == "abca"


def test_twenty_of_one_delay_nobody_by_more_than_one() -> None:
    crowd = [sent(n, "a", 0) for n in range(20)] + [sent(20 + n, person, 3) for n, person in enumerate("bcd")]
    assert "".join(map(who, drained(crowd))) == "abcd" + 19 * "a"


def test_an_exam_that_runs_is_a_turn() -> None:
    crowd = [sent(0, "a", 0, State.RUNNING, started=at(1)), sent(1, "a", 2), sent(2, "b", 8)]
    assert "".join(map(who, order(crowd))) == "ba"


def test_exams_of_before_are_not_held_against_anybody() -> None:
    crowd = [sent(0, "a", 0, State.DONE, started=at(1)), sent(1, "a", 200), sent(2, "b", 201)]
    assert "".join(map(who, order(crowd))) == "ab"


def test_one_that_waits_again_keeps_its_place() -> None:
    crowd = [sent(0, "a", 0, tries=1), sent(1, "b", 1), sent(2, "c", 2)]
    assert "".join(map(who, order(crowd))) == "abc"


@settings(deadline=None, max_examples=60)
@given(crowds, st.randoms())
def test_the_order_is_of_what_waits_however_it_is_listed(crowd: list[Submission], random: st.random.Random) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)
    assert order(shuffled) == order(crowd)
    assert sorted(one.uid for one in order(crowd)) == sorted(one.uid for one in crowd)


@settings(deadline=None, max_examples=60)
@given(crowds)
def test_a_person_is_served_in_the_order_of_sending(crowd: list[Submission]) -> None:
    for person in PEOPLE:
        mine = [(one.created, one.uid) for one in drained(crowd) if who(one) == person]
        assert mine == sorted(mine)


@settings(deadline=None, max_examples=60)
@given(crowds)
def test_while_two_wait_they_take_turns(crowd: list[Submission]) -> None:
    left = Counter(map(who, crowd))
    had: Counter[str] = Counter()
    for one in drained(crowd):
        had[who(one)] += 1
        left[who(one)] -= 1
        waiting = [person for person, count in left.items() if count]
        assert all(had[who(one)] <= had[other] + 1 for other in waiting)


@settings(deadline=None, max_examples=60)
@given(crowds.filter(bool), st.lists(st.sampled_from(PEOPLE), min_size=200, max_size=200))
def test_nobody_starves_while_others_submit_again_and_again(crowd: list[Submission], again: list[str]) -> None:
    """After each exam somebody else submits; whoever waited from the start is examined within a bounded number."""
    every = {one.uid: one for one in crowd}
    awaited = {one.uid for one in crowd}
    most = Counter(map(who, crowd)).most_common(1)[0][1]
    for exam, person in enumerate(again):
        if not awaited:
            return
        first = order(every.values())[0]
        second = 100 + 60 * exam
        every[first.uid] = replace(first, state=State.DONE, started=at(second))
        awaited.discard(first.uid)
        late = sent(1000 + exam, person, second + 1)
        every[late.uid] = late
        assert exam <= len(PEOPLE) * (most + 1), "somebody from the start still waits"
