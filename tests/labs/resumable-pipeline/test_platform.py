"""The platform's modules, and the lab's descriptions and traffic."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from grader.course.spec import Lab, Scenario
from grader.load.plan import PlannedPhase
from grader.load.schedule import planned
from grader.load.traffic import import_file
from infra.system import load_system
from tests.labs.resumable_helpers import EXAM, LAB, code_of

FOLDERS = pytest.mark.parametrize("folder", [EXAM, LAB / "rehearsal"], ids=["exam", "rehearsal"])


def test_only_the_pipeline_is_open():
    system = load_system(LAB / "compose.yaml", Lab(LAB).spec.open)

    assert [service.name for service in system.services.values() if service.open] == ["pipeline"]


@FOLDERS
def test_every_night_is_asked_for_in_every_respect_once(folder):
    scenario = Scenario(folder, Lab(LAB))
    traffic = import_file(scenario.load_file).Traffic({"nights_seed": 9} if folder == EXAM else {}, 1)
    total = sum(planned(PlannedPhase(start=0, **phase.model_dump())) for phase in scenario.spec.timeline)

    asked = Counter(traffic.request(n).path for n in range(total))

    assert total == len(asked) == 60 and set(asked.values()) == {1}
    assert Counter(traffic.request(n).name for n in range(total)) == dict.fromkeys(scenario.spec.objectives, 12)
    assert traffic.request(total) == traffic.request(0)


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [(200, b'{"answer": "right"}', "right"), (200, b'{"answer": "torn"}', "torn"), (504, b"", "none")],
)
def test_the_answer_is_the_platforms_word(status, body, answer):
    traffic = import_file(EXAM / "load.py").Traffic({"nights_seed": 9}, 1)

    assert traffic.check(traffic.request(0), status, {}, body) == answer


def test_nights_are_drawn_from_the_seed(modules):
    from plan import ASPECTS, LAST, draw, ticket

    first, again, other = draw(5), draw(5), draw(6)

    assert [night.tenant.name for night in first] == [night.tenant.name for night in again]
    assert len({night.tenant.name for night in first + other}) == 24
    assert {tuple(sorted(at_limit for _, at_limit in night.limits)) for night in first} == {("full", "kill")}
    assert Counter(night.limits[0][1] for night in first).keys() == {"full", "kill"}
    assert {tuple(sorted(night.announcements)) for night in first} == {("lost", "made")}
    assert Counter(night.announcements[0] for night in draw(5) + draw(6)).keys() == {"lost", "made"}
    assert all(2 <= night.kills[0] <= 7 < night.kills[1] < LAST for night in first)
    assert all(1 <= night.meets < night.kills[0] for night in first)
    assert all(sum(night.kills) % 2 for night in first)  # one in each half of what is two steps
    assert all(10 <= night.stops[0] < LAST for night in first)  # whatever notes grow has passed the byte by then
    for night in first:
        three = (*night.earlier, night.tenant)
        assert {each.name for each in three} == {night.tenant.name}
        assert len({text for each in three for text in each.texts}) == 3 * 240
    tickets = {ticket(seed, night.tenant.name, each) for seed in (5, 6) for night in draw(seed) for each in ASPECTS}
    assert len(tickets) == 120


def test_earlier_nights_share_whatever_comes_round_and_whatever_lasts(modules):
    from plan import draw

    nights = [night for seed in range(40) for night in draw(seed, 4)]
    for night in nights:
        far, near, tonight = (date.fromisoformat(each) for each in (*map(night.before, night.gaps), night.night))
        assert far < near < tonight and far.weekday() == tonight.weekday() and far.day == tonight.day
        assert all((tonight - far).days % turns == 0 for turns in (2, 3, 4, 6, 7))
        first = tonight.weekday() == 0 or tonight.day == 1
        assert first or (near.isocalendar()[:2], near.month) == (tonight.isocalendar()[:2], tonight.month)
    assert len({date.fromisoformat(night.night).month for night in nights}) > 9


def test_what_is_there_at_first_is_an_artefact_like_any_other(modules):
    from artefact import complaint, make
    from plan import draw
    from tenants import fit

    night = draw(5)[0]
    oldest = night.oldest()
    *weights, bias = fit(oldest)

    body = make(oldest, "2026-01-01", weights, bias, oldest.vectors).partition(b"\n")[2]

    assert complaint(body, oldest) == ""
    assert not oldest.texts.keys() & {text for each in (*night.earlier, night.tenant) for text in each.texts}


def test_documents_share_no_mark(modules):
    from plan import draw

    texts = {text: id for night in draw(5) for text, id in night.tenant.texts.items()}

    assert len({len(text.split()) for text in texts}) > 9
    assert not [text for text, id in texts.items() if id.lstrip("d0") in text]


def test_tenants_share_each_part_of_their_names_and_no_form_is_most_of_theirs(modules):
    from plan import draw

    for seed in range(20):
        names = [night.tenant.name for night in draw(seed)]
        parts = [re.split(r"[-._]", name) for name in names]
        forms = Counter(re.sub("[a-z0-9]+", "", name) for name in names)
        assert len(set(names)) == 12 and max(forms.values()) <= 3
        assert len({first for first, *_ in parts}) <= 3 and len({part for _, *rest in parts for part in rest}) == 2


def test_the_fake_that_learnt_the_rehearsal_knows_its_kills_and_none_of_the_exams(modules, tmp_path):
    from plan import LAST, draw

    known = import_file(code_of("public-nights", tmp_path) / "memory.py").GOES_AT
    public = import_file(LAB / "rehearsal" / "load.py").PUBLIC_SEED

    assert known == {night.tenant.name: (*night.kills, LAST) for night in draw(public)}
    assert Scenario(EXAM, Lab(LAB)).spec.trial("nights").parameters["nights_seed"].integer[0] > public


def test_steps_done_again_count_by_what_was_paid_for(modules):
    from ledger import Ledger

    ledger = Ledger()
    for things in (["page/0"], [f"text/{n}" for n in range(40)], [f"label/{n}" for n in range(240)]):
        ledger.pay(things)
    assert (ledger.redone, ledger.too_much) == (0, "")
    ledger.crashes = 1
    ledger.pay([f"text/{n}" for n in range(40)])
    assert (ledger.redone, ledger.too_much) == (1, "")

    ledger.pay(["page/0"])

    assert (ledger.redone, ledger.too_much) == (
        2,
        "2 steps were done again, where 1 may have been lost (call 5, for page/0)",
    )


def test_a_crash_that_comes_later_excuses_nothing(modules):
    from ledger import Ledger

    ledger = Ledger()
    ledger.pay(["page/0"])
    ledger.pay(["page/0"])
    ledger.crashes = 3

    assert ledger.too_much


def test_announcements_are_one_for_each_key(modules):
    from ledger import Ledger

    ledger = Ledger()

    news = [ledger.announce(key, "x") for key in ("a", "a", None, None, "b")]

    assert news == [True, False, True, True, True]
    assert len(ledger.announced) == 4


def test_a_key_of_another_tenant_or_night_is_used_up(modules):
    from ledger import Ledger

    sent = {}
    mine, theirs = Ledger(sent=sent, owner="aster, tonight"), Ledger(sent=sent, owner="aster, yesterday")

    assert [theirs.announce("ready", "x"), mine.announce("ready", "y"), mine.announce(None, "y")] == [True, False, True]
    assert [theirs.announce(None, "x"), theirs.announce("ready", "x")] == [True, False]
    assert (len(mine.announced), len(theirs.announced)) == (1, 2)


def test_what_is_paid_for_twice_is_no_progress(modules):
    from ledger import Ledger

    ledger = Ledger()
    for things in (
        ["page/0"],
        ["page/0"],
        [f"text/{n}" for n in range(20)],
        ["text/3"],
        [f"label/{n}" for n in range(240)],
    ):
        ledger.pay(things)

    assert ledger.progress == 1 + 0.5 + 1


@pytest.fixture
def shelf(modules, tmp_path):
    """A tenant, its folder, and what writes an artefact there."""
    from artefact import NAME, make
    from tenants import Tenant

    tenant = Tenant("aster", 5)
    (tmp_path / "aster").mkdir()

    def put(weights, vectors, night="2026-03-02", spoil=lambda raw: raw):
        raw = spoil(make(tenant, night, weights, 0.0, vectors))
        (tmp_path / "aster" / NAME).write_bytes(raw)
        return raw

    return tenant, tmp_path, put


def fitted(tenant):
    """Weights that work: the mean of the one side less that of the other."""
    rows = [(1 if tenant.labels[id] else -1, vector) for id, vector in tenant.vectors.items()]
    return [sum(sign * vector[n] for sign, vector in rows) for n in range(32)]


def test_a_whole_artefact_is_read_and_found_right(shelf):
    from artefact import complaint, read

    tenant, folder, put = shelf
    raw = put(fitted(tenant), tenant.vectors)

    found = read(folder, "aster")

    assert (found.sha256, found.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert complaint(found.body, tenant) == ""
    assert 65_000 < found.size < 100_000
    short = {id: [round(x, 3) for x in row] for id, row in tenant.vectors.items()}
    assert len(put(fitted(tenant), short)) > 45_000  # past every limit that is drawn, with as few digits as will do


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw + b"1",
        lambda raw: b"",
        lambda raw: raw.replace(b"aster", b"birch", 1),
        lambda raw: raw.replace(b'"night": "2026-03-02"', b'"night": 7', 1),
        lambda raw: json.dumps([1]).encode() + b"\n",
    ],
    ids=["a byte short", "half", "a byte more", "empty", "another tenant's", "no night", "no object"],
)
def test_what_is_not_whole_is_torn(shelf, spoil):
    from artefact import Torn, read

    tenant, folder, put = shelf
    put(fitted(tenant), tenant.vectors, spoil=spoil)

    with pytest.raises(Torn):
        read(folder, "aster")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda w, v: (w, dict(list(v.items())[1:])), "239 of 240"),
        (lambda w, v: (w, {**v, "d1": [0.0] * 32}), "241 of 240"),
        (lambda w, v: (w, dict.fromkeys(v, [0.0] * 32)), "not those of the embedder"),
        (lambda w, v: (w, dict.fromkeys(v, [0.0] * 31)), "32 finite numbers"),
        (lambda w, v: (w, dict.fromkeys(v, [float("nan")] * 32)), "finite"),
        (lambda w, v: ([float("inf")] * 32, v), "finite"),
        (lambda w, v: (w[:-1], v), "33 finite numbers"),
        (lambda w, v: (["a"] * 32, v), "form"),
        (lambda w, v: ([-x for x in w], v), "right on"),
    ],
    ids=["a row short", "a row more", "zeros", "short rows", "NaN", "infinite", "short model", "words", "wrong model"],
)
def test_content_that_is_not_as_agreed_is_named(shelf, change, says):
    from artefact import complaint, read

    tenant, folder, put = shelf
    put(*change(fitted(tenant), tenant.vectors))

    assert says in complaint(read(folder, "aster").body, tenant)


def replaced(path):
    """As it should be done."""
    draft = path.with_name("draft")
    draft.write_bytes(b"new")
    draft.replace(path)


def moved_in(path: Path) -> None:
    draft = path.parents[1] / "draft"
    draft.write_bytes(b"new")
    draft.replace(path)


def drafted_below(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / "draft"
        draft.write_bytes(b"new")
        draft.replace(path)


def linked(path: Path, then: Callable[[Path], object]) -> None:
    """Give the file a second name, and do something to it by that."""
    other = path.parent.parent / "second-name"
    os.link(path, other)
    then(other)


WRITES = [
    (lambda path: linked(path, lambda other: other.write_bytes(b"new")), "written in its place"),
    (lambda path: linked(path, lambda other: other.unlink()), ""),
    (lambda path: linked(path, lambda other: (replaced(path), other.write_bytes(b"new"))), ""),
    (replaced, ""),
    (lambda path: path.with_name("other").write_bytes(b"x"), ""),
    (lambda path: path.read_bytes(), ""),
    (drafted_below, ""),
    (lambda path: moved_in(path.with_name("other")), ""),
    (moved_in, "moved in from elsewhere"),
    (lambda path: path.write_bytes(b"new"), "written in its place"),
    (lambda path: path.open("ab").close(), ""),
    (lambda path: path.unlink(), "taken away"),
    (lambda path: path.rename(path.with_name("old")), "taken away"),
    (lambda path: path.parent.rename(path.parent.with_name("old")), "its folder was taken away"),
    (lambda path: (path.unlink(), path.write_bytes(b"new")), "taken away"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of it on Linux")
@pytest.mark.parametrize(("write", "says"), WRITES)
def test_the_kernel_tells_of_what_no_reader_happened_to_see(modules, tmp_path, write, says):
    from watch import Kernel

    kernel = Kernel()
    paths = [tmp_path / name / "model.csv" for name in ("aster", "birch")]
    for each in paths:
        each.parent.mkdir()
        each.write_bytes(b"old")
    mine, other = (kernel.watch(each.parent, each.name) for each in paths)
    assert kernel.look(mine) == ""

    write(paths[0])

    assert kernel.look(other) == ""
    assert says in (found := kernel.look(mine)) and bool(says) == bool(found)
    assert kernel.look(mine) == ""
    kernel.close()
    assert kernel.look(mine) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of it on Linux")
def test_a_folder_that_takes_the_place_of_the_first_is_watched_as_well(modules, tmp_path):
    from watch import Kernel

    kernel = Kernel()
    folder, other = tmp_path / "aster", tmp_path / "other"
    for each in (folder, other):
        each.mkdir()
        (each / "model.csv").write_bytes(b"old")
    watch = kernel.watch(folder, "model.csv")
    folder.rename(tmp_path / "gone")
    other.rename(folder)
    assert kernel.look(watch) == "its folder was taken away"

    (folder / "model.csv").write_bytes(b"new")

    assert kernel.look(watch)
    kernel.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of it on Linux")
def test_the_file_that_was_put_in_place_is_watched_by_its_other_names_too(modules, tmp_path):
    from watch import Kernel

    kernel, path = Kernel(), tmp_path / "aster" / "model.csv"
    path.parent.mkdir()
    path.write_bytes(b"old")
    watch = kernel.watch(path.parent, path.name)
    replaced(path)
    assert kernel.look(watch) == ""

    linked(path, lambda other: other.write_bytes(b"newer"))

    assert "written in its place" in kernel.look(watch)
    kernel.close()


def test_a_body_that_is_no_text_is_named(modules):
    from artefact import complaint
    from tenants import Tenant

    assert "form" in complaint(b"\xff\xfe\x00", Tenant("aster", 5))
    assert complaint(b"", Tenant("aster", 5))


def test_no_comment_of_the_open_code_gives_a_cause_away():
    said = " ".join(line for path in Path(LAB / "pipeline").glob("*.py") for line in path.read_text().splitlines())

    assert not [word for word in ("atomic", "rename", "lock", "crash", "resume") if word in said.lower()]
