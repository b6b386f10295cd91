"""The report page: one file that needs nothing else, opens anywhere and asks no network for anything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from grader.report import summary
from grader.report.cases import Cases, cases, decides
from grader.report.chart import IntervalBar, interval_bar
from grader.report.data import Request, RunData, hotspots, tallies, told_words, worst_requests
from grader.report.exhibits import Exhibit, exhibits
from grader.report.logs import Budget, Tail, TrialLogs
from grader.report.series import all_series
from grader.report.summary import Hotspot
from grader.report.timeline import Objective, Timeline, timeline
from grader.result import ObjectiveResult, Result, TrialResult, Verdict
from grader.safe import visible

_TEMPLATES = Path(__file__).with_name("templates")
_LOG_BYTES = 600_000
_TAIL_BYTES = 6_000
_MOST_CHARTS = 32
"""Trials that are drawn: those that went wrong first. All are in the table of trials."""


@dataclass(frozen=True)
class ObjectiveView:
    """An objective as the page shows it: the result, its bar, where to look next, the trial to link to, and where most
    of its bad events lie."""

    result: ObjectiveResult
    bar: IntervalBar | None
    look: str
    anchor: str
    spot: Hotspot | None


@dataclass(frozen=True)
class RequestView:
    """A request with safe text, the titles of the objectives it was bad for, and its (service, line) log lines."""

    due: str
    latency: str
    outcome: tuple[tuple[str, str], ...]
    id: str
    missed: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TrialView:
    """A trial as the page shows it. `cells` holds (bad, valid) for each objective, None where it is not judged. A
    trial of a decision lab has `cases`, and neither timeline nor requests: nobody waits for an answer there."""

    anchor: str
    title: str
    result: TrialResult
    reasons: tuple[str, ...]
    cells: tuple[tuple[int, int] | None, ...]
    bad: int
    timeline: Timeline | None
    cases: Cases | None
    requests: tuple[RequestView, ...]
    tails: tuple[Tail, ...]

    @property
    def logged(self) -> bool:
        """Whether a log line was found for one of the requests."""
        return any(request.lines for request in self.requests)


def write_html(run_dir: Path, result: Result, *, whole: bool = True) -> Path:
    """Write report.html into the run folder, from its events, logs and descriptions; returns its path.

    A run that got no further than its result has a page all the same. One that is not `whole` is a candidate's copy:
    seed, charts and commands are not missing there but left out.

    Raises:
        BadRun: events.parquet or slo.yaml are there and cannot be used.
        BadInput: scenario.yaml is malformed.
    """
    objectives, trials = views(run_dir, result)
    columns = sorted(range(len(objectives)), key=lambda n: objectives[n].result.verdict is not Verdict.FAIL)
    shown = {"objectives": objectives, "trials": trials, "columns": columns, "held": _held(run_dir)}
    shown |= {"opened": _opened(objectives, trials), "whole": whole}
    shown["exhibits"] = _exhibits(run_dir, result, {t.result.id: t.title for t in trials}) if whole else []
    text = page("report.html.j2", result=result, reasons=reasons(result), **shown)
    path = run_dir / "report.html"
    path.write_text(text, "utf-8", errors="replace")
    return path


def _exhibits(run_dir: Path, result: Result, titles: Mapping[str, str]) -> list[tuple[Exhibit, str]]:
    """Documents that were kept, each with its trial's title, and a page of its own for each beside the report."""
    found = [(one, titles[trial]) for trial in titles if _plain(trial) for one in exhibits(run_dir, trial)]
    for exhibit, title in found:
        if exhibit.file:
            text = page("exhibit.html.j2", exhibit=exhibit, title=title, lab=result.lab)
            (run_dir / exhibit.file).write_text(text, "utf-8", errors="replace")
    return found


def _held(run_dir: Path) -> datetime | None:
    """When the run ended, by what was recorded last; a copy is as old as the run."""
    try:
        return datetime.fromtimestamp((run_dir / "events.parquet").stat().st_mtime, UTC)
    except OSError:
        return None


def page(template: str, **words: object) -> str:
    """A page of the reports' style, whole: what the template makes of `words`, with style, script and policy in it."""
    return _environment().get_template(template).render(**_inlined(), **words)


def views(run_dir: Path, result: Result) -> tuple[list[ObjectiveView], list[TrialView]]:
    """The objectives and the trials of a run as a page shows them; raises as `write_html` does."""
    with RunData(run_dir) as data:
        return _objectives(data, result), _Trials(run_dir, data, result).views()


def _opened(objectives: Iterable[ObjectiveView], trials: Iterable[TrialView]) -> set[str]:
    """Anchors of the trials that are shown open: those to look at, and those that do not count."""
    looked_at = {view.anchor for view in objectives if view.look and view.result.verdict is not Verdict.PASS}
    return looked_at | {view.anchor for view in trials if view.result.verdict is not Verdict.PASS}


def reasons(result: Result) -> list[tuple[str, str]]:
    """Why a run ended as it did: sentences, each with what to do about it."""
    all_of_it = (*result.reasons, *summary.in_the_way(result))
    told = [(summary.reason_text(reason, result), summary.remedy(reason)) for reason in all_of_it]
    return told or [(text, "") for text in summary.reason_texts(result)]


def _objectives(data: RunData, result: Result) -> list[ObjectiveView]:
    spots, close = hotspots(data, summary.counting(result)), summary.too_close(result)
    titles = summary.trial_titles(result.trials)
    anchors = _anchors(result)
    found = []
    for o in result.objectives:
        spot = spots.get(o.id)
        told = spot and spot.trial in titles and (o.verdict is not Verdict.UNDECIDED or close)
        look = summary.look_next(spot, titles) if spot and told else ""
        bar = None if o.estimate is None else interval_bar(o.low, o.high, o.estimate, o.target)
        found.append(ObjectiveView(o, bar, look, anchors.get(spot.trial, "") if spot else "", spot))
    return found


def _anchors(result: Result) -> dict[str, str]:
    return {trial.id: f"trial-{number}" for number, trial in enumerate(result.trials, start=1)}


class _Trials:
    """Everything the trials' views are made from."""

    def __init__(self, run_dir: Path, data: RunData, result: Result) -> None:
        self.run_dir, self.data, self.result = run_dir, data, result
        self.titles, self.anchors = summary.trial_titles(result.trials), _anchors(result)
        self.tallies, self.series, self.worst = tallies(data), all_series(data), worst_requests(data)
        self.names = {o.id: visible(o.title, 60) for o in result.objectives}
        self.budget = Budget(_LOG_BYTES)
        self.decides, self.words = decides(data.slos), told_words(data)
        self.drawn = self._drawn()

    def views(self) -> list[TrialView]:
        logs = {trial: TrialLogs(self.run_dir / "logs" / trial) for trial in self.titles if _plain(trial)}
        tail = min(_TAIL_BYTES, _LOG_BYTES // 2 // max(1, sum(map(len, logs.values()))))
        return [self._view(trial, logs.get(trial.id), tail) for trial in self.result.trials]

    def _drawn(self) -> set[str]:
        def order(trial: TrialResult) -> tuple[bool, int]:
            return trial.verdict is Verdict.PASS, -self._bad(trial.id)

        return {trial.id for trial in sorted(self.result.trials, key=order)[:_MOST_CHARTS]}

    def _bad(self, trial: str) -> int:
        return sum(self.tallies.get((objective, trial), (0, 0))[0] for objective in self.names)

    def _view(self, trial: TrialResult, logs: TrialLogs | None, tail: int) -> TrialView:
        drawn = trial.id in self.drawn
        series = self.series.get(trial.id) if drawn and not self.decides else None
        requests = self.worst.get(trial.id, []) if drawn and not self.decides else []
        return TrialView(
            self.anchors[trial.id],
            self.titles[trial.id],
            trial,
            tuple(summary.reason_text(reason, self.result) for reason in trial.reasons),
            tuple(self.tallies.get((objective, trial.id)) for objective in self.names),
            self._bad(trial.id),
            timeline(series, self._judging()) if series else None,
            self._cases(trial.id) if drawn and self.decides and _plain(trial.id) else None,
            tuple(self._request(request, logs) for request in requests),
            tuple(logs.tails(self.budget, tail)) if logs and drawn else (),
        )

    def _cases(self, trial: str) -> Cases:
        return cases(self.run_dir, trial, self.words.get(trial, {}), self.data.slos)

    def _judging(self) -> Mapping[str, Objective]:
        windows = self.data.spec.objectives if self.data.spec else {}
        return {o.id: Objective(o.title, o.target, windows[o.id].phases) for o in self.result.objectives
                if o.id in windows}  # fmt: skip

    def _request(self, request: Request, logs: TrialLogs | None) -> RequestView:
        outcome = {
            "route": request.name,
            "status": str(request.status) if request.status else "",
            "answer": request.answer,
            "error": request.error,
            "segment": request.segment,
            "served by": request.served_by,
            "phase": request.phase,
        }
        return RequestView(
            f"{request.due:.3f} s",
            summary.seconds(request.latency),
            tuple((name, visible(text, 100)) for name, text in outcome.items() if text),
            visible(request.id, 60),
            tuple(self.names[key] for key in request.missed if key in self.names),
            tuple(logs.with_id(request.id, self.budget)) if logs else (),
        )


def _plain(trial: str) -> bool:
    """Whether a trial id is a folder's name and no path."""
    return trial not in ("", ".", "..") and "/" not in trial and "\\" not in trial


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"safe_text": visible, "nb": _unbroken, "commas": "{:,}".format}
    environment.globals |= {"summary": summary, "V": Verdict}
    return environment


def _unbroken(text: str) -> Markup:
    """Escaped, with numbers kept beside their units."""
    whole = str(escape(text))
    for unit in ("%", "ms", "µs", "s", "min"):
        whole = whole.replace(f" {unit} ", f"\u00a0{unit} ").replace(f" {unit},", f"\u00a0{unit},")
        whole = whole.replace(f" {unit}:", f"\u00a0{unit}:").replace(f" {unit};", f"\u00a0{unit};")
        whole = whole.removesuffix(f" {unit}") + (f"\u00a0{unit}" if whole.endswith(f" {unit}") else "")
    return Markup(whole)


def _inlined() -> dict[str, object]:
    """Style and script, and the hashes by which the page's policy allows these and no others."""
    style, script = _source("palette.css") + _source("report.css"), _source("report.js")
    return {
        "style": Markup(style),
        "script": Markup(script),
        "policy": "; ".join(_policy(style, script)),
    }


def _source(name: str) -> str:
    return "\n" + (_TEMPLATES / name).read_text("utf-8")


def _policy(style: str, script: str) -> Iterable[str]:
    yield "default-src 'none'"
    for kind, source in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        yield f"{kind}-src 'sha256-{digest}'"
    yield from ("img-src data:", "base-uri 'none'", "form-action 'none'")
