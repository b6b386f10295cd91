// A rehearsal or an exam while it runs, as the terminal shows it, and what it came to.
"use strict";
import { bare, make, sign } from "/dom.js";
import { percent } from "/svg.js";

const TITLES = { rehearsal: "Rehearsal", exam: "Exam" };
const VERDICTS = { pass: "Passed", "close pass": "Close pass", fail: "Failed", "close fail": "Close fail", invalid: "Invalid: it proves nothing", undecided: "Too close to tell" };

const JUDGED = { pass: "kept", fail: "missed", undecided: "too close to tell", "close pass": "close pass", "close fail": "close fail" };

// An objective's verdict, in the terminal's words.
export function judged(word) {
  const known = word in JUDGED ? word : "undecided";
  return make(`span.verdict.${bare(known)}`, {}, sign(bare(known)), JUDGED[known]);
}

export const key = (run, said) => JSON.stringify([run, said, run?.result?.report]);

// The band, or nothing where there is nothing to be told. `cancel` is null where the run is somebody else's.
export function band(run, cancel, dismiss) {
  const over = !run.running;
  const word = over ? run.result?.verdict ?? "invalid" : "";
  const title = over
    ? [sign(bare(word)), `${TITLES[run.what]}: ${run.result ? `${VERDICTS[word]}. ${run.result.kept} of ${run.result.objectives.length} promises kept` : "ended without a verdict"}`]
    : [`${TITLES[run.what]}: ${run.stage}`];
  const clock = over ? "" : `${Math.round(run.elapsed)} s of about ${Math.round(Math.max(run.planned, run.elapsed))} s`;
  const buttons = over ? make("button", { type: "button" }, "Dismiss") : cancel ? make("button", { type: "button" }, "Cancel") : null;
  buttons?.addEventListener("click", over ? dismiss : cancel);
  return [
    make("div.row", {}, make("h2", { id: "run-title" }, ...title), make("span.n", {}, clock), buttons),
    over ? null : progress(run),
    over ? null : make("div.two", {}, trials(run), settling(run.objectives)),
    over && run.result ? outcome(run.result) : null,
  ].filter(Boolean);
}

function progress(run) {
  const node = make("progress", { max: Math.max(1, run.planned), "aria-label": "How far the run is" });
  node.value = Math.min(run.elapsed, run.planned);
  return node;
}

const head = (...names) => make("thead", {}, make("tr", {}, ...names.map(([name, kind]) => make(`th${kind ? `.${kind}` : ""}`, { scope: "col" }, name))));

function trials(run) {
  if (!run.trials.length) return make("p.muted", {}, "No trial runs yet.");
  const rows = run.trials.map((one) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, one.title),
      make(`td.hide-small.state-${one.state === "running" ? "running" : "over"}`, {}, one.state),
      make("td", {}, one.phase),
      make("td.n.hide-small", {}, `${one.rate}/s`),
      make("td.n", {}, one.done.toLocaleString("en")),
      make(`td.n${one.bad ? ".some" : ""}`, {}, one.bad.toLocaleString("en")),
    ),
  );
  return make("div.wide", {}, make("table", { "aria-label": "Trials" }, head(["trial"], ["state", "hide-small"], ["phase"], ["rate", "n.hide-small"], ["answered", "n"], ["not fine", "n"]), make("tbody", {}, ...rows)));
}

const measured = (one) => (one.valid ? `${percent(one.good / one.valid)} of ${one.valid.toLocaleString("en")}` : "–");

function settling(objectives) {
  if (!objectives.length) return null;
  const rows = objectives.map((one) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, one.title),
      make("td.n", {}, measured(one)),
      make("td.n", {}, percent(one.target)),
      make("td", {}, one.verdict === "undecided" ? make("span.muted", {}, "measuring") : judged(one.verdict)),
    ),
  );
  return make("div.wide", {}, make("table", { "aria-label": "Objectives" }, head(["objective"], ["so far", "n"], ["promised", "n"], [""]), make("tbody", {}, ...rows)));
}

export function outcome(result) {
  const rows = result.objectives.map((one) =>
    make("tr", {}, make("th", { scope: "row" }, one.title), make("td.n", {}, measured(one)), make("td.n", {}, percent(one.target)), make("td", {}, judged(one.verdict))),
  );
  return make(
    "div",
    {},
    result.reasons.length ? make("ul.reasons", {}, ...result.reasons.map((text) => make("li", {}, text))) : null,
    make("div.wide", {}, make("table", { "aria-label": "Objectives, judged" }, head(["objective"], ["measured", "n"], ["promised", "n"], ["verdict"]), make("tbody", {}, ...rows))),
    result.report ? make("p", {}, make("a", { href: result.report, target: "_blank", rel: "noopener noreferrer" }, "Report, with the worst seconds and their logs")) : null,
  );
}
