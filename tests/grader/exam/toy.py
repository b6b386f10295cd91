"""The tiny lab that `lab new` makes, in a course of its own, with an exam of two seconds; and what may befall it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.cli import author
from grader.course.spec import Lab, Scenario
from grader.exam import Ends, grade
from grader.intake.submission import stage
from grader.result import Progress, Result
from infra.runtime import Runtime, runtime
from tests.calm import BOUNDS
from tests.grader.course import Course

LAB_ID = "desk"
RATE = 125
SECONDS = 1.6  # 200 requests: enough to tell, with one or two to spare

VAULT = '''
"""A sealed service: takes whatever it is told on its control port, and answers as if it had not heard."""
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 503)
        self.send_header("content-length", "0")
        self.end_headers()
    do_POST = do_GET
    def log_message(self, *_):
        pass

host, _, port = sys.argv[1].partition(":")
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
'''


class Toy:
    """The lab; edit it with `edit` and `scenario`, answer it with `candidate`, and take the exam."""

    def __init__(self, root: Path) -> None:
        self.course = Course(root / "course")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BROWNOUT_COURSE", str(self.course.root))
            author.new(LAB_ID)
        self.lab = self.course.root / "labs" / LAB_ID
        self.folder = self.course.root / "scenarios" / LAB_ID
        self.submission = root / "reference"
        (self.submission / "desk").mkdir(parents=True)
        (self.submission / "desk" / "routing.py").write_text(self.course.routing("reference"))
        self.out = root / "run"
        promised = self.lab / "rehearsal" / "slo.yaml"
        text = promised.read_text()
        assert "status = 200 and latency <= 1.0" in text  # a busy machine is no fault either
        promised.write_text(text.replace("status = 200 and latency <= 1.0", "status = 200"))
        self.scenario(timeline=[{"phase": "steady", "seconds": SECONDS, "rate": RATE}], evidence=BOUNDS)

    def scenario(self, **changes: Any) -> None:
        """Change keys of scenario.yaml."""
        path = self.folder / "scenario.yaml"
        path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}))

    def edit(self, name: str, old: str, new: str) -> Path:
        """Replace a text of a file of the scenario; returns the file."""
        path = self.folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        return path

    def experiment(self, name: str, method: list[Any], hypothesis: list[Any] | None = None) -> str:
        """Write an experiment; returns its file's name."""
        steady = {"title": "the vault is well", "probes": hypothesis or []}
        document = {"title": name, "description": name, "steady-state-hypothesis": steady, "method": method}
        (self.folder / f"{name}.yaml").write_text(yaml.safe_dump({**document, "rollbacks": []}))
        return f"{name}.yaml"

    def seal(self, code: str = VAULT) -> None:
        """Add a sealed service, `vault`, with a control port that is published."""
        (self.lab / "vault").mkdir()
        (self.lab / "vault" / "main.py").write_text(code)
        compose = yaml.safe_load((self.lab / "compose.yaml").read_text())
        compose["services"]["vault"] = {
            "image": "brownout/core",
            "command": ["python", "/app/main.py", "0.0.0.0:9000"],
            "volumes": ["./vault:/app:ro"],
            "ports": ["127.0.0.1::9000"],
            "mem_limit": "128m",
            "x-ready": "http://vault:9000/healthz",
        }
        (self.lab / "compose.yaml").write_text(yaml.safe_dump(compose))

    def candidate(self, before: str = "", at_each: str = "pass") -> None:
        """Hand in the reference with code of its own before all else, and for each customer."""
        text = (self.submission / "desk" / "routing.py").read_text()
        self.submission = self.folder.parent.parent / "answer"
        (self.submission / "desk").mkdir(parents=True)
        wrapped = f"\n\n_plain = team_for\n\n\ndef team_for(customer):\n    {at_each}\n    return _plain(customer)\n"
        (self.submission / "desk" / "routing.py").write_text(f"{before}\n{text}{wrapped}")

    def grade(
        self,
        seed: int = 1,
        out: Path | None = None,
        on_progress: Callable[[Progress], None] = lambda _: None,
        place: Runtime | None = None,
        until: str | None = None,
        apart: bool = False,
        quote: bool = True,
        ends: Ends = Ends.VERDICT,
    ) -> Result:
        """Take the exam in this process, on processes unless told otherwise."""
        lab = Lab(self.lab)
        staged = stage(lab, self.submission, (out or self.out).with_suffix(".staged"))
        where = place or runtime("process")
        return grade(
            Scenario(self.folder, lab),
            staged,
            where,
            seed=seed,
            out=out or self.out,
            on_progress=on_progress,
            until=until,
            apart=apart,
            quote=quote,
            ends=ends,
        )

    def command(self, *more: str, out: Path | None = None, place: str = "process") -> list[str]:
        """Words of `lab grade`."""
        where = ["--submission", str(self.submission), "--runtime", place, "--out", str(out or self.out)]
        return ["grade", LAB_ID, *where, "--seed", "1", *more]

    def log(self, trial: str, service: str = "desk") -> str:
        """The log kept of a service."""
        return (self.out / "logs" / trial / f"{service}.log").read_text()

    def written(self, name: str = "result.json") -> Any:
        """A JSON file of the run folder."""
        return json.loads((self.out / name).read_text())


class Processes:
    """The runtime of processes, for what differs in one thing."""

    def __init__(self) -> None:
        self._place: Any = runtime("process")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)


def codes(result: Result) -> list[str]:
    """Codes of a result's reasons."""
    return [reason.code for reason in result.reasons]


def action(func: str, **arguments: Any) -> dict[str, Any]:
    """A step that does something."""
    provider = {"type": "python", "module": "grader.faults", "func": func, "arguments": arguments}
    return {"type": "action", "name": func, "provider": provider}


def probe(url: str, tolerance: bool) -> dict[str, Any]:
    """A step that looks whether a URL answers."""
    provider = {"type": "python", "module": "grader.faults", "func": "answers", "arguments": {"url": url}}
    return {"type": "probe", "name": f"{url} answers", "tolerance": tolerance, "provider": provider}


def one_sentence(text: str) -> bool:
    """Whether the trouble on stderr, after the progress, is one line of ours and no traceback."""
    said = [line for line in text.splitlines() if line.startswith("lab: ")]
    return len(said) == 1 and text.rstrip().endswith(said[0]) and "Traceback" not in text
