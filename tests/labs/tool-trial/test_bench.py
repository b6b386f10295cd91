"""The bench: trials are what the plan wished for, what a record says has a word, every figure differs on the twin."""

from __future__ import annotations

import csv
import importlib.util
import io
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from cited import Examined, answers, examine

from .conftest import CASE, LAB, draw

REFERENCE = LAB.parents[1] / "scenarios" / "tool-trial" / "controls" / "reference" / "trial"


def record(made: Any, **other: Any) -> Examined:
    """A right record, as `examine` would have found it, with other values here and there; None leaves a claim out."""
    values = {**made.figures, "choice": made.choice} | {name.replace("_", "-"): value for name, value in other.items()}
    values = {name: value for name, value in values.items() if value is not None}
    return Examined(words=dict.fromkeys(values, "right"), values=values)


def written(alarms: Any) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([("tool", "stream", "at_row"), *alarms])
    return file.getvalue().encode()


def test_every_plan_asks_as_many_questions_and_each_need_decides_somewhere() -> None:
    for seed in range(8):
        plan = draw.draw(seed)
        totals: Counter[str] = Counter()
        for case in plan["cases"]:
            totals.update(case["asked"])
        assert totals == {
            "reproduced": 30, "figures": 30, "choice": 30, "health": 30, "limits": 120, "evidence": 90
        }  # fmt: skip
        places = Counter(
            next((at for at, tool in enumerate(case["tools"]) if not tool["faults"]), None) for case in plan["cases"]
        )
        assert places == {None: 15, 0: 5, 1: 5, 2: 5}
        without = [case for case in plan["cases"] if all(tool["faults"] for tool in case["tools"])]
        decides = Counter(fault for case in without for tool in case["tools"] for fault in tool["faults"])
        assert len(decides) == 7 and min(decides.values()) >= 5, decides
        assert all(len(tool["faults"]) < 2 for case in plan["cases"] for tool in case["tools"])
        assert all(len({tool["key"] for tool in case["tools"]}) == 3 for case in plan["cases"])


def test_a_trial_has_exactly_the_faults_of_its_plan_and_room_at_each_bound(bench: Any, trial: Any) -> None:
    for tool, planned in zip(trial.tools, CASE["tools"], strict=True):
        assert set(bench.figures.unmet(tool, trial.tables, trial.figures)) == {*planned["faults"]}
        needs = {name: values[0] for name, values in trial.tables["needs"].items()}
        assert trial.figures[f"delay-{tool}"] < 0.9 * needs["most_delay"]
        for figure, need in (("bus", "most_share"), ("answered", "most_days"), ("false", "most_false")):
            assert not 0.8 < trial.figures[f"{figure}-{tool}"] / needs[need] < 1.2
    assert trial.choice == trial.tools[1]
    again = bench.trials.made(11, CASE)
    assert (again.results, again.figures) == (trial.results, trial.figures)


def test_projects_are_as_the_trial_wants_them_and_a_first_look_is_not(bench: Any) -> None:
    today, health = bench.trials.datetime.datetime(2026, 5, 1, 9), bench.health
    for seed in range(60):
        rng = random.Random(seed)
        bus = rng.uniform(0.15, 0.22), 0.25
        answered = rng.uniform(0.8, 1.4), 2.0
        if seed % 2:
            bus, answered = (rng.uniform(0.85, 0.94), 0.65), (rng.uniform(32, 56), 20.0)
        made = health.project(rng, "kestrel", today, bus, answered)
        commits = dict(zip(("tool", "author", "email", "committed"), zip(*made["commits"], strict=True), strict=True))
        issues = dict(zip(("tool", "opened", "first_answer"), zip(*made["issues"], strict=True), strict=True))
        share, days = health.share(commits, "kestrel", today), health.days(issues, "kestrel", today)
        assert abs(share - bus[0]) < 0.008 and abs(days / answered[0] - 1) < 0.002
        assert max(*issues["opened"], *(answer for answer in issues["first_answer"] if answer)) < today
        every = Counter(commits["author"])
        assert not bench.judge.agrees(max(every.values()) / every.total(), share, 0.03)
        year = [row for row in made["commits"] if row[3] >= today - health.YEAR and health.BOT not in row[1]]
        names = Counter(author for _, author, _, _ in year)
        assert not bench.judge.agrees(max(names.values()) / names.total(), share, 0.03)
        assert len({email for _, _, email, _ in year}) == len(names) - 1
        waits = sorted(
            (answer - opened).total_seconds() / 86_400
            for opened, answer in zip(issues["opened"], issues["first_answer"], strict=True)
            if answer and opened >= today - health.YEAR
        )
        assert waits[len(waits) // 2] < 0.95 * days


def test_no_bound_of_one_s_own_stands_in_for_a_need(bench: Any) -> None:
    """Who fails a low bound keeps a high one."""
    for bounds, most, least in ((bench.trials.SHARES, 0.78, 1.3), (bench.trials.DAYS, 0.7, 1.6)):
        assert min(bounds) * least < 0.7 * max(bounds) * most


def test_the_reference_s_queries_give_what_is_so_and_another_figure_on_the_twin(bench: Any, trial: Any) -> None:
    spec = importlib.util.spec_from_file_location("reference_queries", REFERENCE / "queries.py")
    assert spec and spec.loader
    queries = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(queries)
    tables, other = bench.twins.pair(trial, trial.results, random.Random(3))
    notes, text = [], []
    for name, query in (pair for tool in trial.tools for pair in queries.about(tool).items()):
        value = trial.figures[name]
        shown = ("yes" if value else "no") if isinstance(value, bool) else f"{value:.6f}"
        text.append(f"{shown}[^{name}]")
        notes.append(f"[^{name}]: `{query}` gives {str(value).lower() if isinstance(value, bool) else shown}")
    document = f"{', '.join(text)} none[^choice]\n\n" + "\n".join([*notes, '[^choice]: gives "none"\n'])
    asked = bench.judge.names(trial.tools)
    found = examine(document, tables, other, asked, words=bench.judge.WORDS, free=bench.judge.FREE)
    assert {*found.words} == {*asked} and {*found.words.values()} == {"right"}, found.why
    delay = f"delay-{trial.tools[1]}"
    constant = f"{trial.figures[delay]:.6f}[^{delay}]\n\n[^{delay}]: `SELECT {trial.figures[delay]:.6f} FROM needs`"
    assert examine(f"{constant} gives {trial.figures[delay]:.6f}\n", tables, other).words[delay] == "unread"


def test_the_query_of_a_cell_has_to_tell_who_rings(bench: Any, trial: Any) -> None:
    tables, other = bench.twins.pair(trial, trial.results, random.Random(5))
    tool, next_tool = trial.tools[0], trial.tools[1]
    joined = "SELECT count(DISTINCT stream) > 1 FROM results JOIN streams USING (stream) WHERE kind ="
    queries = {
        f"rings-{tool}-season": f"{joined} 'season' AND tool = '{tool}'",
        f"rings-{tool}-up": f"{joined} 'up' AND tool = '{tool}' AND at_row BETWEEN changes_at AND changes_at + 399",
        f"rings-{tool}-down": f"SELECT count(DISTINCT stream) > 3 FROM results WHERE tool = '{tool}'",
        f"rings-{tool}-spread": "SELECT count(*) > 0 FROM streams",
        f"rings-{next_tool}-down": f"{joined} 'down'",
        f"rings-{next_tool}-season": "SELECT count(*) < 0 FROM results",
        f"rings-{next_tool}-up": "SELECT 2",
    }
    given = answers(queries, [tables])[0]
    said = {name: ("yes", "true") if value is True else ("no", "false") for name, value in given.items()}
    text = ", ".join(f"{shown}[^{name}]" for name, (shown, _) in said.items())
    notes = "\n".join(f"[^{name}]: `{queries[name]}` gives {value}" for name, (_, value) in said.items())
    found = examine(f"{text}\n\n{notes}\n", tables, other, queries)
    proven = {name for name, word in found.words.items() if word == "right"}
    assert proven == {*queries} - {f"rings-{next_tool}-up"}, found.why
    told = bench.cells.deaf(found, [*queries], trial, tables)
    assert told == proven - {f"rings-{tool}-season", f"rings-{tool}-up"}
    assert bench.judge.evidence(found, f"rings-{tool}-spread", told)[0] == "unread"
    assert bench.judge.evidence(found, f"rings-{tool}-up", told)[0] == "right"
    assert bench.judge.evidence(found, f"rings-{next_tool}-up", told)[0] == "unfounded"
    assert bench.cells.deaf(found, [f"bus-{tool}"], trial, tables) == set()


def test_a_right_record_is_right_and_each_thing_that_is_wrong_has_its_word(bench: Any, trial: Any) -> None:
    judge, figures = bench.judge, trial.figures
    fit, other = trial.tools[1], trial.tools[0]
    for kinds in (judge.MEASURED, judge.HEALTH):
        assert judge.figured(record(trial), trial.tools, kinds, figures)[0] == "right"
    off = {f"delay-{fit}": 1.05 * figures[f"delay-{fit}"], f"bus-{fit}": None}
    word, why = judge.figured(record(trial, **off), trial.tools, judge.MEASURED, figures)
    assert word == "wrong" and why.startswith(f"delay-{fit} is not") and f"{figures[f'delay-{fit}']:.4g}" not in why
    assert judge.figured(record(trial, **off), trial.tools, judge.HEALTH, figures)[0] == "none"
    assert judge.chosen(record(trial), trial)[0] == "right"
    assert judge.chosen(record(trial, choice="none"), trial)[0] == "wrong"
    assert judge.chosen(record(trial, choice=other), trial) == ("wrong", f"choice is not {other}")
    assert judge.chosen(record(trial, choice="another"), trial)[0] == "none"
    rings = f"rings-{other}-up"
    assert judge.limit(record(trial), rings, figures)[0] == "right"
    assert judge.limit(record(trial, **{rings: not figures[rings]}), rings, figures)[0] == "wrong"
    assert judge.limit(record(trial, **{rings: 1.0}), rings, figures)[0] == "none"
    for seed in range(5):
        names = judge.drawn_rings(random.Random(seed), 4, trial)
        limits = [name for name in names if figures[name] is name.endswith("season")]
        assert len({*names}) == 4 and len(limits) == 2
    hidden = record(trial)
    hidden.words[rings] = "unshown"
    assert judge.limit(hidden, rings, figures)[0] == "none"


def test_cells_that_a_hasty_rule_gets_wrong_are_asked_first(bench: Any, trial: Any) -> None:
    streams, tool = trial.tables["streams"], trial.tools[0]
    rows = list(zip(streams["stream"], streams["kind"], streams["changes_at"], strict=True))

    def rung(kind: str, many: int, late: int = 5) -> list[tuple[str, str, int]]:
        mine = [(tool, stream, (at or 0) + late) for stream, of, at in rows if of == kind]
        return mine[:many]

    for alarms, doubtful in (
        ([], set()),
        ([*rung("up", 3), *rung("down", 2), *rung("spread", 1), *rung("quiet", 2)], {"down", "spread"}),
        ([*rung("gradual", 3, -600), *rung("up", 3, 400), *rung("season", 1, 1500)], {"gradual", "up", "season"}),
        ([*rung("down", 3, -600), *rung("down", 3, 399), *rung("season", 3, 1500)], set()),
    ):
        names = bench.figures.hasty(trial.tools, streams, alarms)
        assert names == {f"rings-{tool}-{kind}" for kind in doubtful}
        told = bench.figures.measured(trial.tools, streams, alarms)
        made = bench.trials.Made(trial.tables, trial.tools, alarms, told, "none")
        limits = {name for name in names if told[name] is name.endswith("season")}
        for seed in range(5):
            drawn = {*bench.judge.drawn_rings(random.Random(seed), 4, made)}
            assert len(drawn & limits) == min(2, len(limits)) and len(drawn & (names - limits)) == len(names - limits)


def test_results_are_read_strictly_and_compared_to_the_row(bench: Any, trial: Any) -> None:
    judge, streams = bench.judge, trial.tables["streams"]["stream"]
    tool, stream, row = trial.results[0]

    def read(data: bytes | None) -> Any:
        return judge.results(data, trial.tools, streams)

    shuffled = [*trial.results]
    random.Random(1).shuffle(shuffled)
    assert judge.reproduced(read(written(shuffled)), trial)[0] == "right"
    assert judge.reproduced(read(written(trial.results[1:])), trial)[0] == "other"
    assert judge.reproduced(read(b"tool,stream,at_row\n"), trial)[0] == "other"
    good = written(trial.results)
    for bad in (
        None, b"", b"\xff\xfe", b"tool,stream\n", good + written([(tool, stream, row)]).split(b"\n", 1)[1],
        good + b"nobody,m0000,4\n", good + f"{tool},{stream},-1\n".encode(), good + f"{tool},{stream},1e3\n".encode(),
        good + f"{tool},{stream},9999\n".encode(), good + f"{tool},{stream},\u0663\n".encode(), good + b'"open\n',
        good + b"\x00,\n", b"tool,stream,at_row\n" + b"a,b,1\n" * 20_001,
    ):  # fmt: skip
        with pytest.raises(judge.Malformed):
            read(bad)


def test_readings_come_twice_or_not_at_all_and_alarms_are_at_their_rows(bench: Any, trial: Any) -> None:
    readings = trial.tables["readings"]
    tool, make, settings = (trial.tables["tools"][name][1] for name in ("tool", "make", "settings"))
    silent = doubled = other = 0
    for name in trial.tables["streams"]["stream"]:
        mine = readings["stream"] == name
        came = list(zip(readings["at_row"][mine].tolist(), readings["value"][mine].tolist(), strict=True))
        rows = dict(sorted({*came}))
        assert len(rows) == len({*came}) and bench.streams.ROWS - 18 < len(rows) <= bench.streams.ROWS
        silent, doubled = silent + (len(rows) < bench.streams.ROWS), doubled + (len(came) > len(rows))
        at = [*rows]
        right = [at[place] for place in bench.makes.alarms(make, settings, [*rows.values()])]
        assert right == [row for of, stream, row in trial.results if (of, stream) == (tool, name)]
        other += bench.makes.alarms(make, settings, [value for _, value in came]) != right
    assert min(silent, doubled) > 8 and other > 5


def test_nothing_handed_in_has_a_twin_too(bench: Any, trial: Any) -> None:
    tables, other = bench.twins.pair(trial, [], random.Random(3))
    query = "SELECT count(*) FROM results JOIN streams USING (stream) WHERE tool = 'x'"
    assert examine(f"0[^a]\n\n[^a]: `{query}` gives 0\n", tables, other).words == {"a": "right"}


def test_the_team_s_detectors_begin_anew_after_an_alarm_and_both_copies_are_the_same(bench: Any) -> None:
    rows = np.random.default_rng(5).normal(size=1200)
    rows[600:] += 2
    wider = np.concatenate([rows[:600], 3 * rows[:600]])
    for make, bound, values in (("Level", 5, rows), ("Spread", 0.9, wider)):
        heard = bench.makes.alarms(f"windows.{make}", f'{{"rows": 100, "bound": {bound}}}', [*values])
        assert [600 < row < 700 for row in heard] == [True]
    assert (LAB / "world" / "windows.py").read_text("utf-8") == (LAB / "trial" / "windows.py").read_text("utf-8")


def test_pages_and_pictures_show_what_a_record_says_wrongly(bench: Any, trial: Any) -> None:
    seen = bench.seen.Seen(1, trial, document="The <record>", handed=trial.results[:3])
    seen.found = record(trial, choice="none", **{f"rings-{trial.tools[0]}-up": True, f"delay-{trial.tools[1]}": 7.0})
    seen.words = [("choice", bench.judge.chosen(seen.found, trial))]
    rings, alarms, figures = bench.pictures.of([seen])
    assert rings.title == "0 of 1 choices are right; 1 of 15 cells are wrong or not said"
    assert [row[-1].words for row in rings.rows] == ["none taken"] * 3
    assert 7.0 in figures.panels[0].layers[1].xs and "</svg>" in figures.svg() and rings.svg() and alarms.svg()
    wrong = len({row[:2] for row in {*trial.results} - {*seen.handed}})
    assert alarms.title.endswith(f"of 54 pairs of tool and stream; {54 - wrong} pairs are right")
    whole, page = bench.pages.page_of({"a": seen}, ""), bench.pages.page_of({"a": seen}, "a")
    assert "/pages/a" in str(whole)
    so = seen.right
    assert not so["choice"] and not so[f"rings-{trial.tools[0]}-up"] and so[f"bus-{trial.tools[0]}"]
    answered = trial.figures[f"answered-{trial.tools[0]}"]
    seen.found = record(trial, **{f"answered-{trial.tools[0]}": 1.0})
    assert f"{answered:.5g}" not in str(bench.pages.page_of({"a": seen}, "a"))
    assert trial.tables["tools"]["licence"][0] in str(page) and "most_days" in str(page)
    assert "The &lt;record&gt;" in str(page) and f"delay-{trial.tools[1]}" in str(page)
    assert not str(bench.pages.page_of({"a": seen}, "b"))


def test_a_person_gets_records_with_and_without_a_tool_that_fits(bench: Any) -> None:
    for seed in range(3):
        kept = bench.seen.kept(draw.draw(seed))["cases"]
        assert [all(tool["faults"] for tool in case["tools"]) for case in kept] == [True, True, False]
        assert len({case["id"] for case in kept}) == 3
