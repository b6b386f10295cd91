"""What `alert-fatigue` reckons itself, held to the real programs: promtool for when alerts fire, amtool for routes."""

from __future__ import annotations

import importlib
import json
import os
import random
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from plainyaml import NotPlain

from grader.course.catalog import find_lab, find_scenario, root
from infra.errors import RuntimeUnavailable
from infra.images.venvs import environment
from tests.labs.modules import importable

WORLD_FOLDER = find_lab("alert-fatigue").folder / "world"
with importable(WORLD_FOLDER):
    WORLD = SimpleNamespace(**{name: importlib.import_module(name) for name in ("pager", "routes", "spans")})
Alert, Spans = WORLD.spans.Alert, WORLD.spans.Spans


@pytest.fixture(scope="module")
def programs() -> Path:
    """The folder of the real programs."""
    try:
        return environment("prom") / "bin"
    except RuntimeUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def on_path(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")


# When alerts fire


def test_alerts_fire_when_promtool_says_so(tmp_path: Path) -> None:
    """Random series of 60 steps, under three rules."""
    rng = random.Random(5)
    holds = [(0, 0), (240, 0), (300, 420), (0, 360)]
    group = {"name": "a", "rules": [
        {"alert": f"A{n}", "expr": f"x{{n='{n}'}} == 1", "for": f"{hold}s", "keep_firing_for": f"{keep}s"}
        for n, (hold, keep) in enumerate(holds)]}  # fmt: skip
    series = [[int(rng.random() < 0.6) for _ in range(60)] for _ in holds]
    inputs = [{"series": f"x{{n='{n}'}}", "values": " ".join(map(str, each))} for n, each in enumerate(series)]
    asked = []
    for n, (each, (hold, keep)) in enumerate(zip(series, holds, strict=True)):
        spans = Spans(WORLD.spans.firing([step for step, value in enumerate(each) if value], hold, keep))
        assert spans.begins
        for step in range(60):
            fires = [{"exp_labels": {"n": str(n)}}] if spans.at(step * 120) else []
            asked.append({"eval_time": f"{step * 2}m", "alertname": f"A{n}", "exp_alerts": fires})
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [group]}))
    tests = [{"interval": "2m", "input_series": inputs, "alert_rule_test": asked}]
    (tmp_path / "test.yaml").write_text(
        yaml.safe_dump({"rule_files": ["rules.yaml"], "evaluation_interval": "2m", "tests": tests})
    )
    done = subprocess.run(["promtool", "test", "rules", "test.yaml"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# Whom alerts go to

LABELS = {"severity": ["page", "ticket", "P1", ""], "region": ["nord-1", "see-2"], "service": ["asr", "ingest", ""]}


def some_matchers(rng: random.Random) -> list[str]:
    texts = []
    for label in rng.sample(sorted(LABELS), rng.randint(1, 2)):
        operator, value = rng.choice(["=", "!=", "=~", "!~"]), rng.choice(LABELS[label])
        value = (
            rng.choice([value, f"{value}|{rng.choice(LABELS[label])}", ".+", "[a-p].*"]) if "~" in operator else value
        )
        texts.append(f'{label}{rng.choice(["", " "])}{operator}{rng.choice(["", " "])}"{value}"')
    return texts


def some_route(rng: random.Random, depth: int) -> dict[str, Any]:
    route: dict[str, Any] = {"receiver": rng.choice(WORLD.routes.RECEIVERS)}
    if depth < 3:
        route |= {"matchers": some_matchers(rng), "continue": rng.random() < 0.4}
    if depth:
        route["routes"] = [some_route(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    return route


@pytest.mark.parametrize("seed", range(8))
def test_alerts_go_where_amtool_says(seed: int) -> None:
    rng = random.Random(seed)
    receivers = [{"name": name} for name in WORLD.routes.RECEIVERS]
    routing = WORLD.routes.read(yaml.safe_dump({"route": some_route(rng, 3), "receivers": receivers}))
    for _ in range(8):
        labels = {"alertname": "A"} | {label: text for label in LABELS if (text := rng.choice(LABELS[label]))}
        assert routing.agrees(labels), labels


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"global": {"slack_api_url_file": "/etc/passwd"}}, "'slack_api_url_file' is not understood here"),
        ({"templates": ["/etc/x.tmpl"]}, "'templates' is not understood here"),
        ({"receivers": [{"name": "none", "webhook_configs": [{"url_file": "/etc/passwd"}]}]}, "by their name alone"),
        ({"receivers": [{"name": "none"}, {"name": "noor"}]}, "receivers are page, ticket and none"),
        ({"route": {"receiver": "nobody"}}, "undefined receiver"),
        ({"route": {"receiver": "none", "group_by": "region"}}, "cannot unmarshal"),
        ({"inhibit_rules": [{"source_matchers": ['a=~"(x+)+"'], "target_matchers": ["b=c"]}]}, "repeated group"),
        ({"time_intervals": [{"name": "a", "time_intervals": [{"months": ["may"]}]}]}, "'months' is not understood"),
    ],
)
def test_routes_that_cannot_be_played_are_refused_in_a_sentence(change: dict[str, Any], why: str) -> None:
    config = {"route": {"receiver": "none"}, "receivers": [{"name": "none"}], **change}
    with pytest.raises(NotPlain) as refused:
        WORLD.routes.read(yaml.safe_dump(config))
    assert why in str(refused.value) and "\n" not in str(refused.value)


# Groups


def heard(alerts: list[Any], route: dict[str, Any], **more: Any) -> list[tuple[str, int, int]]:
    receivers = [{"name": name} for name in WORLD.routes.RECEIVERS]
    config = {
        "route": {"receiver": "page", "group_wait": "30s", "group_interval": "5m", **route},
        "receivers": receivers,
    }
    told = WORLD.pager.told(alerts, WORLD.routes.read(yaml.safe_dump(config | more)))
    return [(each.receiver, each.opened, each.closed) for each in told]


def alert(*spans: tuple[int, int], **labels: str) -> Any:
    return Alert(tuple(sorted(labels.items())), Spans(spans))


def test_a_group_opens_once_it_has_waited_and_closes_when_all_is_over() -> None:
    two = [alert((600, 1200), region="a", service="x"), alert((900, 2400), region="a", service="y")]
    assert heard(two, {"group_by": ["region"]}) == [("page", 630, 2430)]
    assert heard(two, {"group_by": ["region", "service"]}) == [("page", 630, 1230), ("page", 930, 2430)]
    assert heard(two, {"group_by": ["..."]}) == [("page", 630, 1230), ("page", 930, 2430)]
    assert heard(two, {"group_by": ["region"], "group_wait": "20m"}) == [("page", 1800, 2400)]


def test_what_is_over_before_its_group_has_waited_tells_nobody() -> None:
    assert heard([alert((600, 720), region="a")], {"group_wait": "10m"}) == []


def test_a_group_opens_again_for_what_begins_after_it_closed() -> None:
    assert heard([alert((600, 1200), (6000, 6120), region="a")], {}) == [("page", 630, 1230), ("page", 6030, 6330)]


def test_an_inhibited_alert_tells_nobody_until_its_source_is_over() -> None:
    both = [alert((600, 1800), severity="page", region="a"), alert((600, 3000), severity="ticket", region="a")]
    routes = {"group_by": ["region"], "routes": [{"receiver": "ticket", "matchers": ['severity="ticket"']}]}
    rule = {"source_matchers": ['severity="page"'], "target_matchers": ['severity="ticket"']}
    assert heard(both, routes, inhibit_rules=[rule | {"equal": ["region"]}]) == [
        ("page", 630, 1830),
        ("ticket", 1830, 3030),
    ]
    assert ("ticket", 630, 3030) in heard(both, routes, inhibit_rules=[rule | {"equal": ["severity"]}])
    # A label that neither has is equal in both.
    assert heard(both, routes, inhibit_rules=[rule | {"equal": ["regoin"]}])[1] == ("ticket", 1830, 3030)


def test_what_matches_both_sides_does_not_silence_itself() -> None:
    both = [alert((600, 1800), region="a", n="1"), alert((900, 3000), region="a", n="2")]
    rule = {"source_matchers": ['region="a"'], "target_matchers": ['region=~".+"'], "equal": ["region"]}
    assert len(heard(both, {"group_by": ["n"]}, inhibit_rules=[rule])) == 2


def test_a_muted_route_tells_nobody_until_its_hours_are_over() -> None:
    hours = [{"name": "night", "time_intervals": [{"times": [{"start_time": "00:00", "end_time": "06:00"}]}]}]
    found = heard(
        [alert((3600, 30_000), region="a")], {"routes": [{"mute_time_intervals": ["night"]}]}, time_intervals=hours
    )
    assert found == [("page", 21_630, 30_030)]


# Rules


def rule(expression: str, **more: Any) -> str:
    return yaml.safe_dump({"groups": [{"name": "a", "rules": [{"alert": "A", "expr": expression} | more]}]})


def said(programs: Path, texts: list[str]) -> list[Any]:
    """What rules become."""
    return by_image(programs, ["rules_of.py"], texts)


def by_image(programs: Path, command: list[str], asked: Any) -> list[Any]:
    """What a script beside this says, by the image's Python, which has the parser of expressions."""
    paths = os.pathsep.join([str(WORLD_FOLDER), str(root() / "labs" / "cast" / "lib")])
    whole = [programs / "python", Path(__file__).with_name(command[0]), *command[1:]]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": paths}
    done = subprocess.run(whole, input=json.dumps(asked), capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


REFUSED = {
    rule("up @ end() == 0"): "@ is not understood",
    rule("rate(up[5m] offset -1h) > 0"): "a negative offset sees what is still to come",
    rule("max_over_time(up[1h:2m] offset -1h) > 0"): "a negative offset sees what is still to come",
    rule('{__name__=~".+"} > 0'): "a selector names its metric",
    rule("ALERTS > 0"): "ALERTS is not there",
    rule("up", labels={"severity": "{{ $labels.region }}"}): "templates in labels",
    rule("sum by"): "promtool",
    rule("up", **{"for": "soon"}): "'soon' is no duration",
    "groups: 7": "no groups",
    "a: &a 1\nb: *a": "aliases",
    yaml.safe_dump({"groups": [{"name": "a", "rules": [{"record": "a", "expr": "b"}, {"record": "b", "expr": "a"},
                                                        {"alert": "A", "expr": "a > 0"}]}]}): "in a circle",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "seconds"), [("5m", 300), ("1h30m", 5400), ("1w", 604_800), ("1w2d", 777_600), ("1y", 31 * 86_400)]
)
def test_durations_are_read_as_prometheus_writes_them(text: str, seconds: int) -> None:
    assert WORLD.spans.seconds(text, "for") == seconds


def test_rules_that_see_ahead_or_cannot_be_played_are_refused_in_a_sentence(programs: Path) -> None:
    for (_, why), answer in zip(REFUSED.items(), said(programs, list(REFUSED)), strict=True):
        assert isinstance(answer, str) and "\n" not in answer, answer
        assert why in answer or why == "promtool", answer


def test_what_is_recorded_is_written_out_where_it_is_named_plainly(programs: Path) -> None:
    records = [{"record": "r", "expr": "sum by (region) (rate(x[5m]))"}, {"record": "unused", "expr": "x"}]
    plain, looked_back = (
        yaml.safe_dump({"groups": [{"name": "a", "rules": [*records, {"alert": "A", "expr": expression}]}]})
        for expression in ("r > 1", "r < max_over_time(r[1d])")
    )
    first, second = said(programs, [plain, looked_back])
    assert first == [[["A", "(sum by (region)(rate(x{}[5m]))) > 1"]]]
    assert [[name for name, _ in level] for level in second] == [["r"], ["A"]]


@pytest.mark.slow  # a week of the real Prometheus, twice
@pytest.mark.parametrize("control", ["reference", "alternative"])
def test_what_is_written_out_fires_as_what_is_recorded(programs: Path, control: str) -> None:
    edited = find_scenario(find_lab("alert-fatigue")).edited(control)
    files = {str(path): file.data.decode() for path, file in edited.items() if "rules" in path.parts}
    written, recorded = by_image(programs, ["fires_of.py"], files)
    assert len(written) >= 30 and written == recorded


GOOD = json.dumps({"route": {"receiver": "none"}, "receivers": [{"name": "none"}]})
ODD = [
    "",
    "7",
    "[]",
    "null",
    "\x00",
    "a: [",
    "[" * 3000,
    "{}",
    "!!python/object:os.system {}",
    "x: 1e999",
    "--- 1\n--- 2",
]
ODD_ROUTES = [
    {"route": 7},
    {"receivers": {"a": 1}},
    {"receivers": [7]},
    {"receivers": [{"name": ["none"]}]},
    {"global": 7},
    {"inhibit_rules": [7]},
    {"inhibit_rules": 7},
    {"inhibit_rules": [{"source_matchers": [["a=b"]], "target_matchers": ["a=b"]}]},
    {"time_intervals": [{"name": "n", "time_intervals": [{"times": [{"start_time": "x", "end_time": "y"}]}]}]},
    {"time_intervals": [7]},
    {"route": {"receiver": "none", "routes": [7]}},
    {"route": {"receiver": "none", "group_by": [["a"]]}},
    {"route": {"receiver": "none", "group_wait": "9" * 400 + "s"}},
    {"route": {"receiver": "none", "routes": [{"matchers": ['a=~"("']}]}},
    {"route": {"receiver": "none", "routes": [{"matchers": "a=b"}]}},
]
ODD_RULES = [
    {"groups": [7]},
    {"groups": [{"name": "a", "rules": 7}]},
    {"groups": [{"name": "a", "rules": [7]}]},
    {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": ["up"]}]}]},
    {"groups": [{"name": "a", "rules": [{"alert": ["A"], "expr": "up"}]}]},
    {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up", "labels": 5}]}]},
    {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up", "for": {}}]}]},
    {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "(" * 5000}]}]},
    {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up"} for _ in range(61)]}]},
]


def test_files_that_cannot_be_carried_out_are_malformed_and_nothing_is_raised(programs: Path) -> None:
    odd: list[dict[str, str]] = [{}]
    odd += [{"alertmanager.yaml": text} for text in ODD]
    odd += [{"alertmanager.yaml": json.dumps(json.loads(GOOD) | change)} for change in ODD_ROUTES]
    odd += [{"alertmanager.yaml": GOOD, "rules/a.yaml": text} for text in ODD[1:] if text not in ("null",)]
    odd += [{"alertmanager.yaml": GOOD, "rules/a.yaml": json.dumps(rules)} for rules in ODD_RULES]
    for files, (word, why) in zip(odd, by_image(programs, ["carried_out_of.py"], odd), strict=True):
        assert word == "malformed" and why and "\n" not in why, (str(files)[:200], word, why)
