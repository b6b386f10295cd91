"""The world of `point-in-time`, and what is drawn of it."""

from __future__ import annotations

import random
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.catalog import find_lab, find_scenario
from grader.load.traffic import import_file
from tests.labs import virtual
from tests.labs.modules import importable

LAB = find_lab("point-in-time")
draw = import_file(find_scenario(LAB).folder / "draw.py")
TABLES = {
    "courier_days": ("courier", ("late_share", "stops_per_hour"), timedelta(days=2)),
    "district_hours": ("district", ("wait_minutes", "open_orders"), timedelta(hours=6)),
}
Line = dict[str, Any]
Choose = Callable[[list[Line], str, timedelta], Line | None]


@pytest.fixture(scope="module")
def world() -> Iterator[SimpleNamespace]:
    """The world's modules."""
    with importable(LAB.folder / "world"):
        import history
        import judge
        import world

        yield SimpleNamespace(history=history, judge=judge, world=world)


@pytest.fixture(scope="module")
def plan() -> Any:
    return draw.draw(7, share=0.2)


def right(lines: list[Line], moment: str, ttl: timedelta) -> Line | None:
    """The brief's own words, as slowly as they are read."""
    out = [line for line in lines if line["published"] <= moment]
    best = max(out, key=lambda line: (line["ends"], line["published"]), default=None)
    if best is None or datetime.fromisoformat(moment) - datetime.fromisoformat(best["ends"]) > ttl:
        return None
    return best


def by_arrival(lines: list[Line], moment: str, ttl: timedelta) -> Line | None:
    """Its age is counted from its publication."""
    line = right(lines, moment, timedelta(days=99))
    return line if line and datetime.fromisoformat(moment) - datetime.fromisoformat(line["published"]) <= ttl else None


class Store:
    """A store that keeps every line, and chooses one by a rule for training and one for the street."""

    def __init__(self, training: Choose = right, online: Choose = right) -> None:
        self.training, self.online = training, online

    def __call__(self, path: str, body: Any) -> Any:
        if path == "/begin":
            self.lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
        elif path == "/publish":
            for name, (key, _, _) in TABLES.items():
                for line in body[name]:
                    self.lines[name, line[key]].append(line)
        elif path == "/online":
            return {"rows": [self.row(row, body["now"], self.online) for row in body["rows"]]}
        else:
            return {"rows": [self.row(row, row["moment"], self.training) for row in body["rows"]]}
        return {}

    def row(self, row: Line, moment: str, choose: Choose) -> Line:
        found = {"id": row["id"]}
        for name, (key, columns, ttl) in TABLES.items():
            line = choose(self.lines[name, row[key]], moment, ttl)
            found |= {column: line[column] if line else None for column in columns}
        return found


def begun(lines: list[Line], moment: str, ttl: timedelta) -> Line | None:
    """The leak: the day that has begun."""
    return max((line for line in lines if line["begins"] <= moment), key=lambda line: line["begins"], default=None)


def ended(lines: list[Line], moment: str, ttl: timedelta) -> Line | None:
    """The newest that is about an earlier time, whenever it was published."""
    past = [line for line in lines if line["ends"] <= moment]
    best = max(past, key=lambda line: (line["ends"], line["published"]), default=None)
    return best if best and datetime.fromisoformat(moment) - datetime.fromisoformat(best["ends"]) <= ttl else None


def told(world: SimpleNamespace, plan: Any, answer: virtual.Answer) -> dict[str, Counter[str]]:
    return virtual.play(world.world.World(plan), answer).words


def bad(words: dict[str, Counter[str]]) -> dict[str, float]:
    """The share that is not right, by what was asked."""
    return {aspect: 1 - counts["right"] / counts.total() for aspect, counts in words.items()}


def test_a_seed_gives_the_same_season_and_another_seed_another(world):
    one, same, other = (world.history.Season(seed) for seed in (5, 5, 6))

    assert one.couriers.published == same.couriers.published and one.pushes == same.pushes
    assert not set(one.couriers.keys) & set(other.couriers.keys)


def test_what_is_known_is_what_the_brief_says_at_any_moment(world):
    season, rng = world.history.Season(11), random.Random(1)
    for feed in season.feeds:
        for _ in range(400):
            key, moment = rng.choice(feed.keys), rng.randrange(world.history.END)
            lines = [n for n in feed.numbers[key] if n.published <= moment]
            best = max(lines, key=lambda n: (n.ends, n.published), default=None)
            if best and moment - best.ends > feed.table.ttl:
                best = None

            assert feed.known(key, moment) == best


def test_a_season_has_late_corrected_and_missing_numbers_and_no_moment_or_value_twice(world):
    for feed in world.history.Season(3).feeds:
        for lines in feed.numbers.values():
            assert len({n.published for n in lines}) == len(lines)
            assert len({value for n in lines for value in n.values}) == 2 * len(lines)
        everything, table = feed.published, feed.table

        assert all(n.ends < n.published <= world.history.END for n in everything)
        assert 0.15 < sum(not n.first for n in everything) / len(everything) < 0.45
        assert 0.2 < sum(n.first and n.published - n.ends > table.prompt[1] for n in everything) / len(everything) < 0.4


@pytest.mark.parametrize("seed", range(3))
def test_each_exam_asks_as_much_of_each_kind_and_its_rows_lie_clear_of_what_is_published(world, seed):
    plan = draw.draw(seed)
    asked = Counter(aspect for row in plan["cases"] for aspect in row["asked"])
    kinds = Counter((row["online"], row["kind"]) for row in plan["cases"])
    season = world.history.Season(seed)

    assert asked == {
        "training": 100,
        "hindsight": 100,
        "online": 102,
        "late": 102,
        "stale": 90,
        "whole": 260,
        "agree": 234,
    }
    assert (kinds[False, "courier never"], kinds[False, "district never"]) == (14, 10)
    assert kinds[True, "courier late"] == 24
    for row in plan["cases"]:
        for feed, key in zip(season.feeds, (row["courier"], row["district"]), strict=True):
            assert all(abs(n.published - row["moment"]) > draw.CLEAR for n in feed.numbers[key])
        assert not row["online"] or row["moment"] in season.pushes


def test_a_store_that_does_what_the_brief_says_is_right_everywhere(world, plan):
    assert set(bad(told(world, plan, Store())).values()) == {0}


def test_each_hasty_rule_fails_where_it_should_and_nowhere_else(world, plan):
    leaks = bad(told(world, plan, Store(training=begun)))
    assert leaks["training"] > 0.6 and leaks["hindsight"] > 0.8 and leaks["agree"] > 0.6
    assert leaks["online"] == leaks["late"] == leaks["whole"] == 0

    hindsight = bad(told(world, plan, Store(training=ended)))
    assert hindsight["hindsight"] > 0.9 and hindsight["training"] == 0

    ageless = bad(told(world, plan, Store(*[lambda lines, moment, ttl: right(lines, moment, timedelta(days=99))] * 2)))
    assert ageless["stale"] > 0.5 and set(ageless.values()) == {0, ageless["stale"]}

    arrived = bad(told(world, plan, Store(*[by_arrival] * 2)))
    assert arrived["stale"] > 0.3 and set(arrived.values()) == {0, arrived["stale"]}

    nothing = bad(told(world, plan, Store(*[lambda lines, moment, ttl: None] * 2)))
    assert {aspect for aspect, share in nothing.items() if share == 1} >= {"training", "hindsight", "online", "late"}


def test_words_say_what_kind_of_wrong_it_is(world, plan):
    words = told(world, plan, Store(training=begun))
    assert words["training"]["future"] > words["training"]["old"] and not words["training"]["made-up"]

    half = Store()
    twice = told(world, plan, lambda path, body: doubled(half(path, body)))
    assert set(twice["whole"]) == {"twice"} and set(twice["training"]) == {"right"}

    lost = told(world, plan, lambda path, body: {"rows": []})
    assert set(lost["whole"]) == set(lost["stale"]) == {"lost"} and set(lost["agree"]) == {"none"}

    assert set(told(world, plan, lambda path, body: guess(body, 0.5))["training"]) == {"made-up"}
    assert set(told(world, plan, lambda path, body: guess(body, "0.5"))["training"]) == {"malformed"}
    assert set(told(world, plan, lambda path, body: guess(body, True))["agree"]) == {"differs"}
    assert set(told(world, plan, lambda path, body: {"rows": [{"id": 3}]})["late"]) == {"malformed"}


def doubled(said: Any) -> Any:
    return {"rows": said["rows"] * 2} if "rows" in said else said


def guess(body: Any, value: Any) -> Any:
    names = [column for _, columns, _ in TABLES.values() for column in columns]
    return {"rows": [{"id": row["id"], **dict.fromkeys(names, value)} for row in body.get("rows", [])]}


def test_a_store_that_hangs_is_left_alone_after_three_answers_and_everything_is_told(world, plan):
    calls: list[str] = []

    def hangs(path: str, body: Any) -> Any:
        calls.append(path)
        return virtual.LATE

    words = told(world, plan, hangs)

    assert len(calls) == world.world.PATIENCE
    assert {word for counts in words.values() for word in counts} == {"none"}
    assert sum(counts.total() for counts in words.values()) == sum(sum(row["asked"].values()) for row in plan["cases"])


def test_pages_and_pictures_show_the_leak_and_each_row_before_and_after(world, plan):
    made = world.world.World(plan)
    leak, seasons = made.pictures()
    assert leak.title.startswith("Training has not asked yet") and "in 0 of 0 reads" in seasons.title
    assert "What training got" in made.page("")

    virtual.play(made, Store(training=begun))
    leak, seasons = made.pictures()
    rows = sum(not row["online"] for row in plan["cases"])
    count = int(leak.title.split()[0])

    assert rows / 3 < count < rows and "from their future" in leak.title
    assert seasons.title.startswith("The street is given a number in 0 of ")
    assert all(chart.svg().startswith("<svg") for chart in (leak, seasons))
    for row in plan["cases"]:
        page = made.page(row["id"])
        assert "<svg" in page and ("this is right" in page or "null is right" in page)
    assert made.page("nobody") == ""


def test_in_mid_lap_the_picture_counts_what_was_asked_and_no_more(world, plan):
    made, store, asked = world.world.World(plan), Store(training=begun), []

    def answer(path: str, body: Any) -> Any:
        if path == "/training" and not asked:
            asked.append(next(made.pictures()).title)
        return store(path, body)

    virtual.play(made, answer)

    assert asked[0].startswith("Training has not asked yet")


def test_a_store_in_single_precision_is_right(world, plan):
    single, store = struct.Struct("f"), Store()

    def short(row: Line) -> Line:
        return {k: single.unpack(single.pack(v))[0] if isinstance(v, float) else v for k, v in row.items()}

    words = told(world, plan, lambda path, body: {k: [short(row) for row in v] for k, v in store(path, body).items()})

    assert set(bad(words).values()) == {0}


def test_what_a_store_says_is_escaped_on_pages(world, plan):
    made = world.world.World(plan)
    virtual.play(made, lambda path, body: guess(body, "<script>"))

    assert "<script>" not in made.page("") + "".join(made.page(row["id"]) for row in plan["cases"][:5])
