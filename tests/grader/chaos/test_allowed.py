"""A candidate's experiment is a stranger's data: what it may hold, and what is refused in one sentence."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from grader.chaos.allowed import MAX_BYTES, MOST_STEPS, read_drill
from grader.chaos.experiment import ensure_experiment_is_valid
from grader.errors import BadInput
from tests.grader.chaos.drill_helpers import MODULE, RULES, SOUND, asks, does, handed_in, python, spoilt


def probe(provider: Any, tolerance: Any = True) -> dict[str, Any]:
    return {"type": "probe", "name": "p", "tolerance": tolerance, "provider": provider}


def hypothesis(*probes: Any) -> dict[str, Any]:
    return spoilt(lambda e: e["steady-state-hypothesis"].update(probes=list(probes)))


def method(*steps: Any) -> dict[str, Any]:
    return spoilt(lambda e: e["method"].extend(steps))


def more(**keys: Any) -> dict[str, Any]:
    return {**SOUND, **keys}


LOOK = {"url": "http://desk:8080/", "json": {}, "name": "n"}
SHELL = {"type": "process", "path": "/bin/sh", "arguments": "-c 'touch /tmp/harm'"}
OS = {"type": "python", "module": "os", "func": "system", "arguments": {"command": "true"}}
FAULTS = {"type": "python", "module": "grader.faults", "func": "kill_service", "arguments": {"service": "desk"}}
TOKEN = {"url": "http://desk:8080/", "headers": {"Authorization": "Bearer secret"}}

HOSTILE = {
    "a process": hypothesis(probe(SHELL)),
    "a process in the method": method({"type": "action", "name": "a", "provider": SHELL}),
    "a process as tolerance": hypothesis({**asks(), "tolerance": {"type": "probe", "name": "t", "provider": SHELL}}),
    "a regular expression that never ends": hypothesis(
        {**asks(), "tolerance": {"type": "regex", "pattern": "(a+)+$", "target": "body"}}
    ),
    "Python of elsewhere": hypothesis(probe(OS)),
    "the exam's own activities": method({"type": "action", "name": "a", "provider": FAULTS}),
    "an unknown function": method({"type": "action", "name": "a", "provider": python("use", rules={})}),
    "an argument too many": method(does("fault", name="error", payload={"mode": "x"})),
    "a fault that there is not": method(does("fault", name="kill")),
    "a URL elsewhere": hypothesis(asks("http://example.org/")),
    "a URL that begins alike": hypothesis(asks("http://desk:8080@example.org/")),
    "a control port": hypothesis(asks("http://model:9000/mode")),
    "a control port by field": hypothesis(probe(python("field", **{**LOOK, "url": "http://model:9000/mode"}))),
    "the token as a header": hypothesis(asks(**TOKEN)),
    "a file": hypothesis(asks("file:///etc/passwd")),
    "TLS": hypothesis(asks("https://desk:8080/")),
    "a line break in a URL": hypothesis(asks("http://desk:8080/\r\nx: y")),
    "a method of HTTP that changes": hypothesis(asks(method="DELETE")),
    "a redirect's options": hypothesis(asks(verify_tls=False)),
    "hours of waiting": method(does("wait", seconds=7200)),
    "many short waits": method(*[does("wait", seconds=0.3)] * 8),
    "hours of pauses": spoilt(lambda e: e["method"][0].update(pauses={"after": 7200})),
    "pauses before the start": spoilt(lambda e: e["method"][0].update(pauses={"before": -1})),
    "waiting NaN": json.dumps(SOUND).replace("0.05", "NaN"),
    "waiting for ever": json.dumps(SOUND).replace("0.05", "1e999"),
    "in the background": spoilt(lambda e: e["method"][0].update(background=True)),
    "the environment": more(configuration={"home": {"type": "env", "key": "HOME"}}),
    "a file as configuration": more(configuration={"key": {"type": "file", "path": "/etc/passwd"}}),
    "a dynamic configuration": more(configuration={"key": {"type": "probe", "provider": SHELL}}),
    "secrets": more(secrets={"vault": {"token": {"type": "env", "key": "BROWNOUT_TOKEN"}}}),
    "controls": more(controls=[{"name": "c", "provider": {"type": "python", "module": "os"}}]),
    "controls of a step": spoilt(lambda e: e["method"][0].update(controls=[])),
    "a strategy of its own": more(runtime={"rollbacks": {"strategy": "never"}}),
    "extensions": more(extensions=[{"name": "x"}]),
    "rollbacks that harm": more(rollbacks=[does("fault", name="error")]),
    "rollbacks that wait": more(rollbacks=[does("wait", seconds=1)]),
    "rollbacks of a process": more(rollbacks=[{"type": "action", "name": "a", "provider": SHELL}]),
    "no fault": more(method=[does("wait", seconds=0.1)]),
    "no method": {key: value for key, value in SOUND.items() if key != "method"},
    "no hypothesis": {key: value for key, value in SOUND.items() if key != "steady-state-hypothesis"},
    "a hypothesis of nothing": hypothesis(),
    "too many steps": method(*[does("fault", name="error")] * MOST_STEPS),
    "a fault in the hypothesis": hypothesis(probe(python("fault", name="error"))),
    "a POST without arguments": hypothesis(asks(method="POST")),
    "a form": hypothesis(asks(method="POST", arguments={"a": 1})),
    "a list": [SOUND],
    "a number": 7,
    "a long number": "9" * 5000,
    "deep": "[" * 20_000,
    "deep inside": '{"title": ' + '{"a":' * 4000 + "1" + "}" * 4001,
    "empty": "",
    "YAML": "title: t\nmethod: &a [*a]\n",
    "binary": bytes(range(256)),
    "not UTF-8": '{"title": "naïve"}'.encode("latin-1"),
    "a pickle": pickle.dumps(SOUND),
    "huge": json.dumps(SOUND) + " " * MAX_BYTES,
}


@pytest.mark.parametrize("experiment", HOSTILE.values(), ids=HOSTILE.keys())
def test_is_refused_in_one_sentence_that_names_the_file(tmp_path: Path, experiment: Any) -> None:
    folder = handed_in(tmp_path, experiment)

    with pytest.raises(BadInput) as refusal:
        read_drill(folder, RULES)

    message = str(refusal.value)
    assert message.startswith(f"{RULES.file}: ")
    assert message.isprintable() and len(message) < 500


@pytest.mark.parametrize(
    ("experiment", "says"),
    [
        (HOSTILE["a process"], "steady-state-hypothesis.probes.0.provider"),
        (HOSTILE["a fault that there is not"], "there is no fault 'kill'; there are error"),
        (HOSTILE["a URL elsewhere"], "http://example.org/ must not be asked; what begins with http://desk:8080/ may"),
        (HOSTILE["hours of waiting"], "waits 7200.05 s, and a run may take 2 s"),
        (HOSTILE["no fault"], "sets no fault; there are error"),
        (HOSTILE["secrets"], "secrets"),
        (hypothesis({**asks(), "tolerance": [True, False]}), "probes.0.tolerance: a tolerance is true, false, a whole"),
        (HOSTILE["huge"], "larger than 32 KiB"),
        (HOSTILE["binary"], "is no JSON"),
    ],
    ids=["process", "fault", "URL", "waits", "no fault", "secrets", "tolerance", "huge", "binary"],
)
def test_the_sentence_says_what_to_mend(tmp_path: Path, experiment: Any, says: str) -> None:
    with pytest.raises(BadInput, match=says.replace("(", r"\(")):
        read_drill(handed_in(tmp_path, experiment), RULES)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"chaos/experiment.json: cannot be read: No such file"):
        read_drill(tmp_path, RULES)


def test_a_key_that_is_no_text_for_a_terminal_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        read_drill(handed_in(tmp_path, more(**{"\x1b[2J" * 500: 1})), RULES)

    assert "\x1b" not in str(refusal.value) and len(str(refusal.value)) < 500


TOLERANCES = [True, 200, "text", [200, 503], [0, 0.5], {"type": "range", "range": [0, 1]}]


@pytest.mark.parametrize("tolerance", TOLERANCES, ids=str)
def test_what_is_allowed_is_an_experiment_that_chaos_toolkit_takes(tmp_path: Path, tolerance: Any) -> None:
    post = asks(method="POST", arguments={"question": "q"}, headers={"Content-Type": "application/json"})
    steps = [post, {**probe(python("field", **LOOK)), "tolerance": tolerance}]

    experiment = read_drill(handed_in(tmp_path, hypothesis(*steps)), RULES)

    ensure_experiment_is_valid(experiment)
    assert experiment["steady-state-hypothesis"]["probes"][1]["tolerance"] == tolerance
    assert {step["provider"]["module"] for step in experiment["method"]} == {MODULE}


def test_what_looks_like_a_variable_is_text(tmp_path: Path) -> None:
    experiment = read_drill(handed_in(tmp_path, hypothesis(asks("http://desk:8080/${HOME}"))), RULES)

    assert experiment["configuration"] == experiment["secrets"] == {}
    assert experiment["steady-state-hypothesis"]["probes"][0]["provider"]["arguments"]["url"].endswith("${HOME}")
