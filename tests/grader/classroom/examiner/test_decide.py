"""What is decided, at hand-made moments and over random lives of a workshop whose examiner dies at any step."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom.cluster.model import Desk, State, Submission
from grader.classroom.examiner import exams
from grader.classroom.examiner.decide import (
    MOST_TRIES,
    Action,
    Begin,
    Clean,
    Give,
    Publish,
    Seen,
    Settle,
    Space,
    Sweep,
    decide,
)
from grader.classroom.examiner.exams import Exam, Job, Outcome
from tests.grader.classroom.examiner.made import at, sent, snapshot, uid

PASS, AGAIN = Outcome("pass"), Outcome("invalid", ("busy",), again=True)


def seen(*submissions: Submission, **more: object) -> Seen:
    fields: dict[str, object] = {"exams": (), "outcomes": {}, "at_once": 1, "now": at(600), **more}
    return Seen(snapshot=snapshot(submissions), **fields)  # type: ignore[arg-type]


def running(number: int, tries: int = 1) -> Submission:
    return sent(number, "a", 0, State.RUNNING, tries=tries, started=at(5))


def exam(number: int, tries: int = 1, state: Job = Job.ACTIVE, why: str = "") -> Exam:
    return Exam(uid(number), tries, state, why)


def settled(plan: list[tuple[Action, ...]]) -> list[Submission]:
    return [action.submission for steps in plan for action in steps if isinstance(action, Settle)]


def test_the_first_begins_and_the_others_learn_their_places() -> None:
    plan = decide(seen(sent(0, "a", 0), sent(1, "b", 1), sent(2, "c", 2)))
    begun = replace(sent(0, "a", 0), state=State.RUNNING, tries=1, started=at(600))
    assert plan[0] == (Begin(begun), Settle(begun))
    assert [one.position for one in settled(plan)] == [0, 1, 2]


def test_nothing_is_written_twice() -> None:
    there = [running(0), sent(1, "b", 1, position=1)]
    assert decide(seen(*there, exams=(exam(0),))) == []


def test_none_begins_while_the_cluster_is_busy() -> None:
    (steps,) = decide(seen(sent(0, "a"), held="busy"))
    assert steps == (Settle(sent(0, "a", position=1)),)


def test_a_lab_that_the_workshop_has_not_is_a_fail_in_one_sentence() -> None:
    (one,) = settled(decide(seen(sent(0, "a", lab="other"))))
    assert (one.state, one.verdict) == (State.DONE, "fail")
    assert one.reasons == ("There is no lab 'other' in this workshop; it has desk.",)


def test_a_result_is_put_beside_before_it_is_told() -> None:
    name = exams.name(uid(0), 1)
    (steps,) = decide(seen(running(0), exams=(exam(0),), outcomes={name: PASS}))
    assert [type(action) for action in steps] == [Publish, Settle]
    assert settled([steps])[0].verdict == "pass"


def test_an_exam_begun_by_an_examiner_that_died_is_not_begun_again() -> None:
    (one,) = settled(decide(seen(sent(0, "a"), exams=(exam(0),))))
    assert (one.state, one.tries) == (State.RUNNING, 1)


def test_a_job_that_died_is_tried_again_twice_and_then_told() -> None:
    dead = (exam(0, 1, Job.FAILED, "DeadlineExceeded"),)
    (again,) = settled(decide(seen(running(0), exams=dead)))
    assert (again.state, again.tries) == (State.RUNNING, 2)
    last = exam(0, MOST_TRIES, Job.FAILED, "DeadlineExceeded")
    (told,) = settled(decide(seen(running(0, MOST_TRIES), exams=(last,))))
    assert (told.state, told.verdict) == (State.DONE, "invalid") and "DeadlineExceeded" in told.reasons[0]


def test_a_job_that_is_gone_has_died() -> None:
    (again,) = settled(decide(seen(running(0), held="busy")))
    assert (again.state, again.tries, again.started) == (State.QUEUED, 1, "")


def test_a_busy_clusters_verdict_is_told_after_three_exams() -> None:
    name = exams.name(uid(0), MOST_TRIES)
    there = exam(0, MOST_TRIES, Job.SUCCEEDED)
    (told,) = settled(decide(seen(running(0, MOST_TRIES), exams=(there,), outcomes={name: AGAIN})))
    assert (told.verdict, told.reasons) == ("invalid", ("busy",))


def test_jobs_that_serve_nobody_are_removed() -> None:
    done = sent(0, "a", 0, State.DONE, tries=2)
    there = (exam(0, 2, Job.SUCCEEDED), exam(7), exam(0, 1, Job.FAILED))
    assert {
        action.exam for steps in decide(seen(done, exams=there)) for action in steps if isinstance(action, Clean)
    } == {one.name for one in there}


def test_a_namespace_whose_exam_is_over_is_removed() -> None:
    mine, lost = Space("lab-1", exam(0).name), Space("lab-2", exam(9).name)
    assert decide(seen(running(0), exams=(exam(0),), spaces=(mine, lost))) == [(Sweep(lost),)]


def test_hints_are_given_as_asked_for_and_no_more_than_there_are() -> None:
    desk = Desk("ws-e--a", "desk", hints_wanted=5, hints=("one",))
    there = Seen(snapshot((), (desk,)), (), {}, 1, at(0), hints={"desk": ("one", "two", "three")})
    assert decide(there) == [(Give(desk, ("one", "two", "three")),)]
    had = replace(desk, hints=("one", "two", "three"))
    assert decide(replace(there, snapshot=snapshot((), (had,)))) == []


class Cluster:
    """What the API server would keep. Acts as `Hands` does, and keeps count."""

    def __init__(self) -> None:
        self.submissions: dict[str, Submission] = {}
        self.jobs: dict[str, Exam] = {}
        self.said: dict[str, Outcome] = {}
        self.beside: dict[str, Outcome] = {}
        self.begun: Counter[str] = Counter()
        self.truth: dict[str, Outcome] = {}

    def seen(self, at_once: int, held: str = "") -> Seen:
        there = tuple(self.submissions.values())
        return Seen(
            snapshot(there), tuple(self.jobs.values()), dict(self.said), at_once, at(len(self.begun)), held=held
        )

    def do(self, action: Action) -> None:
        match action:
            case Begin(one):
                name = exams.of(one)
                if name not in self.jobs:
                    self.begun[name] += 1
                    self.jobs[name] = Exam(one.uid, one.tries, Job.ACTIVE)
            case Settle(one):
                before = self.submissions[one.uid]
                assert before.state is not State.DONE, "a verdict was written over"
                self.submissions[one.uid] = one
            case Publish(one):
                self.beside[one.uid] = self.said[exams.of(one)]
            case Clean(name):
                self.jobs.pop(name, None)
                self.said.pop(name, None)

    def end(self, name: str, what: Outcome | None) -> None:
        """An exam ends, having said something or not."""
        job = self.jobs[name]
        if what is not None:
            self.said[name] = what
            if not what.again:
                self.truth[job.uid] = what
        self.jobs[name] = replace(job, state=Job.FAILED if what is None else Job.SUCCEEDED)

    @property
    def active(self) -> list[str]:
        return [name for name, job in self.jobs.items() if job.state is Job.ACTIVE]


ENDS = st.sampled_from([PASS, Outcome("fail"), AGAIN, None])


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_no_verdict_is_lost_or_doubled_whenever_the_examiner_dies(data: st.DataObject, at_once: int) -> None:
    cluster = Cluster()
    for number in range(data.draw(st.integers(0, 6))):
        one = sent(number, data.draw(st.sampled_from("abc")), number)
        cluster.submissions[one.uid] = one
    for turn in range(120):
        plan = decide(cluster.seen(at_once))
        for steps in plan:
            dies_after = data.draw(st.sampled_from([None, None, 0, 1])) if turn < 20 else None
            for action in steps[:dies_after]:
                cluster.do(action)
        assert len(cluster.active) <= at_once
        if not plan and not cluster.active:
            break
        if cluster.active and (turn >= 20 or data.draw(st.booleans())):
            cluster.end(data.draw(st.sampled_from(cluster.active)), data.draw(ENDS))
    for one in cluster.submissions.values():
        assert one.state is State.DONE and 1 <= one.tries <= MOST_TRIES
        expected = cluster.truth.get(one.uid)
        assert one.verdict == (expected.verdict if expected else "invalid")
        assert expected is None or cluster.beside[one.uid] == expected
    assert not cluster.jobs and not cluster.said
    assert all(count == 1 for count in cluster.begun.values())


def test_thirty_at_once_and_one_with_twenty_are_all_examined_in_turn() -> None:
    cluster = Cluster()
    crowd = [sent(n, "greedy", 0) for n in range(20)] + [sent(100 + n, f"p{n}", 1) for n in range(30)]
    cluster.submissions = {one.uid: one for one in crowd}
    began: list[str] = []
    while any(one.state is not State.DONE for one in cluster.submissions.values()):
        for action in (action for steps in decide(cluster.seen(2)) for action in steps):
            cluster.do(action)
            began += [action.submission.namespace] if isinstance(action, Begin) else []
        for name in cluster.active:
            cluster.end(name, PASS)
    assert len(set(began[:32])) == 31 and set(began[32:]) == {"ws-e--greedy"}  # two begin at once, in any order
    assert all(count == 1 for count in cluster.begun.values()) and len(cluster.begun) == 50
