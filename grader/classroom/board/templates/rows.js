// The list of people: its columns, its order, and rows that change only where something is new.
"use strict";
import { ago, bare, count, make, reason, say, sign, verdict, where } from "/words.js";
import { timeline } from "/timeline.js";

const RULES = ["same-objective", "guessing", "untested", "not-seen", "no-save", "invalid", "not-started"];
const WHERE = ["exam", "queued", "working", "new", "passed"];
const LATE = 1e12;

const asked = (lab) => lab.submissions.at(-1)?.created ?? 0;

// `key` gives what is compared; small comes first. Times that never were come last.
export const COLUMNS = [
  { id: "name", title: "Who", key: (p) => p.name.toLocaleLowerCase() },
  { id: "where", title: "State", key: (p, l) => WHERE.indexOf(l.where) * 1000 + l.position },
  { id: "met", title: "Objectives met", key: (p, l) => -(l.of ? l.met / l.of : -1) },
  { id: "stuck", title: "Stuck on", label: "who needs help", key: (p, l) => attention(l) },
  { id: "hints", title: "Hints", key: (p, l) => -l.hints },
  { id: "saves", title: "Saves", key: (p, l) => -l.saves },
  { id: "saved", title: "Last save", key: (p, l) => -(l.saved ?? -LATE) },
  { id: "seen", title: "Last seen", key: (p, l) => -(l.seen ?? -LATE) },
  { id: "asked", title: "Submissions", label: "last submission", key: (p, l) => -asked(l) },
  { id: "line", title: "Timeline" },
];

// Stuck ones first, by the rule that tells most; then those who work, from the least to the most met; then the rest.
function attention(lab) {
  const first = lab.stuck[0];
  if (first) return RULES.indexOf(first.rule) * 1e3 + 1e3 - Math.min(999, (Date.now() / 1000 - (first.since ?? 0)) / 60);
  const state = { working: 1, queued: 2, exam: 2, new: 3, passed: 4 }[lab.where] ?? 5;
  return 1e6 * state + (lab.of ? (100 * lab.met) / lab.of : 0);
}

export const FILTERS = [
  { id: "all", title: (n, all) => `of ${all} started`, test: () => true },
  { id: "stuck", title: () => "stuck", test: (l) => l.stuck.length > 0 },
  { id: "new", title: () => "not started", test: (l) => l.where === "new" },
  { id: "working", title: () => "working", test: (l) => l.where === "working" },
  { id: "queued", title: () => "in the queue", test: (l) => l.where === "queued" },
  { id: "exam", title: (n) => (n === 1 ? "exam running" : "exams running"), test: (l) => l.where === "exam" },
  { id: "passed", title: () => "passed", test: (l) => l.passed },
];

export const labOf = (person, chosen) => person.labs[chosen] ?? person.labs[person.current];

// What each cell shows: a text that is compared, the nodes that are made when it is another one, and, where a change is
// worth a glance, what has to change for that: never an age alone.
const CELLS = {
  where: (p, l, about) => {
    const labs = about.labs.length > 1 ? `${l.name}, passed ${passes(p)} of ${about.labs.length}` : "";
    const last = l.verdict && (l.where !== "passed" || bare(l.verdict) !== l.verdict) ? `${l.verdict} ${ago(l.verdictAt)}` : "";
    return [
      [where(l), labs, last].join(),
      () => [
        make(`span.where.${l.where}`, {}, sign(l.where === "passed" ? "pass" : l.where), where(l)),
        last ? make("span.last", {}, verdict(l.verdict), ` ${ago(l.verdictAt)}`) : null,
        labs ? make("span.small", {}, labs) : null,
      ],
      [l.where, l.verdict, l.verdictAt].join(),
    ];
  },
  met: (p, l) => [
    JSON.stringify([l.met, l.of, l.objectives]),
    () => {
      if (!l.of) return [make("span.muted", {}, "no verdict yet")];
      const missed = l.objectives.filter(([, word]) => bare(word) !== "pass").map(([title]) => title);
      const dots = l.objectives.map(([title, word]) => make(`i.dot.${["pass", "fail"].includes(bare(word)) ? bare(word) : "undecided"}`, { title: `${title}: ${word}` }));
      return [
        make("span.met", {}, make("b", {}, `${l.met} of ${l.of}`), make("span.dots", { "aria-hidden": "true" }, ...dots)),
        missed.length ? make("span.small", {}, `not: ${missed.join(", ")}`) : null,
      ];
    },
    JSON.stringify(l.objectives),
  ],
  stuck: (p, l) => {
    const texts = l.stuck.map(reason);
    return [
      texts.join("\n"),
      () => texts.slice(0, 1).map((text) => make("span.reason", { title: l.stuck[0].because }, text, texts.length > 1 ? make("span.small", {}, texts.slice(1).join("; ")) : null)),
      l.stuck.map((one) => one.rule).join(),
    ];
  },
  hints: (p, l) => [`${l.hints}/${l.hintsGiven}`, () => [quiet(l.hints), l.hints > l.hintsGiven && !l.hintsGiven ? make("span.small", {}, "asked") : null]],
  saves: (p, l) => [`${l.saves}`, () => [quiet(l.saves)]],
  saved: (p, l) => [ago(l.saved), () => [l.saved === null ? make("span.muted", {}, "never") : ago(l.saved)]],
  seen: (p, l) => [ago(l.seen), () => [l.seen === null ? make("span.muted", {}, "never") : ago(l.seen)]],
  asked: (p, l) => [
    `${l.submissions.length}/${ago(asked(l))}`,
    () => [quiet(l.submissions.length), l.submissions.length ? make("span.small", {}, ago(asked(l))) : null],
  ],
  line: (p, l, about) => [
    JSON.stringify([l.events, about.began, about.ends, Math.floor(Date.now() / 30000)]),
    () => [timeline(l, about)],
  ],
};

const quiet = (n) => (n ? n.toLocaleString("en") : make("span.muted", {}, "0"));
const passes = (person) => Object.values(person.labs).filter((lab) => lab.passed).length;

// A row that knows what it shows.
export class Row {
  constructor(id, open) {
    this.button = make("button.person", { type: "button", tabindex: "-1", "aria-haspopup": "dialog" });
    this.nick = make("span.small");
    const who = make("th.name", { role: "rowheader", scope: "row" }, this.button, this.nick);
    this.cells = Object.fromEntries(
      Object.keys(CELLS).map((name) => [name, make(`td.${name}`, { role: "cell", "data-name": COLUMNS.find((c) => c.id === name).title })]),
    );
    this.node = make("tr", { role: "row", "data-id": id }, who, ...Object.values(this.cells));
    this.node.addEventListener("click", (event) => {
      if (event.target.closest("button") || !getSelection().toString()) open(id);
    });
    this.said = {};
    this.news = {};
  }

  show(person, lab, about) {
    say(this.button, person.name);
    say(this.nick, person.nick === person.name ? "" : person.nick);
    this.node.classList.toggle("is-stuck", lab.stuck.length > 0);
    this.node.dataset.where = lab.where;
    for (const [name, cell] of Object.entries(CELLS)) {
      const [text, nodes, news] = cell(person, lab, about);
      if (this.said[name] === text) continue;
      if (this.said[name] !== undefined && this.news[name] !== news) flash(this.cells[name]);
      this.said[name] = text;
      this.news[name] = news;
      this.cells[name].replaceChildren(...nodes().filter((node) => node !== null));
      this.cells[name].classList.toggle("empty", !this.cells[name].hasChildNodes());
    }
  }
}

function flash(cell) {
  cell.classList.remove("fresh");
  void cell.offsetWidth; // lets the animation begin anew
  cell.classList.add("fresh");
}

export function summary(people, shown, filtered) {
  return shown === people ? count(people, "person", "people") : `${shown} of ${count(people, "person", "people")}${filtered ? `: ${filtered}` : ""}`;
}

