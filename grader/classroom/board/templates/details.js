// Everything that is known of one person.
"use strict";
import { ago, count, length, make, ordinal, prose, reason, time, verdict, where } from "/words.js";
import { story, timeline } from "/timeline.js";

const MOST_TOLD = 60;

export function details(person, about) {
  const order = about.labs.filter((lab) => person.labs[lab]).sort((a, b) => (b === person.current) - (a === person.current));
  return [
    make("p.muted", {}, `${person.nick} · ${person.id}`),
    ...order.map((name) => section(name, person.labs[name], about)),
  ];
}

// Changes when `details` would show something else.
export const signature = (person) =>
  JSON.stringify(person) + Object.values(person.labs).flatMap((lab) => [...lab.stuck.map(reason), ago(lab.seen), ago(lab.saved)]).join();

function section(name, lab, about) {
  const facts = [
    ["State", where(lab)],
    ["Started", lab.started === null ? "never" : time(lab.started)],
    ["Last save", `${ago(lab.saved)}${lab.saves ? `, ${count(lab.saves, "save")}` : ""}`],
    ["Last seen", ago(lab.seen)],
    ["Hints", lab.hints === lab.hintsGiven ? `${lab.hints}` : `${lab.hints} asked for, ${lab.hintsGiven} given out`],
  ];
  return make(
    "section.lab",
    { "aria-label": name },
    make("h3", {}, name),
    lab.stuck.length ? make("ul.reasons", {}, ...lab.stuck.map((one) => make("li", {}, make("b", {}, reason(one)), make("span", {}, ...prose(one.because))))) : null,
    make("dl.facts", {}, ...facts.map(([term, text]) => make("div", {}, make("dt", {}, term), make("dd", {}, text)))),
    timeline(lab, about),
    lab.objectives.length ? objectives(lab) : null,
    lab.submissions.length ? submissions(lab.submissions) : make("p.muted", {}, "Nothing submitted yet."),
    lab.changed.length ? paths(lab) : null,
    lab.events.length ? happened(lab) : null,
  );
}

function objectives(lab) {
  const rows = lab.objectives.map(([title, word]) => make("li", {}, make("span", {}, title), verdict(word)));
  return make("div", {}, make("h4", {}, `Objectives of the last verdict: ${lab.met} of ${lab.of} met`), make("ul.objectives", {}, ...rows));
}

function submissions(every) {
  const rows = [...every].reverse().map((one) =>
    make(
      "li",
      {},
      make("p", {}, make("b", {}, `${ordinal(one.n)} at ${one.created === null ? "?" : time(one.created)} `), state(one)),
      one.verdict ? make("p.small", {}, [one.of ? `${one.met} of ${one.of} met` : "", waited(one), one.tries > 1 ? `${one.tries} tries` : ""].filter(Boolean).join(" · ")) : null,
      ...one.reasons.map((text) => make("p.why", {}, text)),
    ),
  );
  return make("div", {}, make("h4", {}, "Submissions"), make("ol.submissions", {}, ...rows));
}

function state(one) {
  if (one.verdict) return verdict(one.verdict);
  if (one.state === "running") return "in the exam";
  return one.position ? `${ordinal(one.position)} in the queue` : "in the queue";
}

const waited = (one) =>
  one.started && one.created ? `waited ${length(one.started - one.created)}, exam ${length((one.finished ?? one.started) - one.started)}` : "";

function paths(lab) {
  const more = lab.changedMore ? [make("li.muted", {}, `and ${lab.changedMore} more`)] : [];
  return make("div", {}, make("h4", {}, "Changed files"), make("ul.paths", {}, ...lab.changed.map((path) => make("li", {}, make("code", {}, path))), ...more));
}

function happened(lab) {
  const told = story(lab);
  const rows = told.slice(0, MOST_TOLD).map(([at, what, after]) => make("li", {}, make("span.at", {}, time(at)), make("span", {}, what), make("span.muted", {}, `+${after}`)));
  return make("details", {}, make("summary", {}, `What happened (${told.length})`), make("ol.story", {}, ...rows));
}
