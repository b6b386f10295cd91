// One person at one lab, along the workshop's time.
"use strict";
import { clock } from "/stream.js";
import { bare, count, length, time } from "/words.js";

const NS = "http://www.w3.org/2000/svg";
const MARKS = {
  start: "M0-5V5",
  hint: "M0-4.5L4.5 0 0 4.5-4.5 0z",
  submit: "M0-3.2a3.2 3.2 0 1 0 .01 0z",
  pass: "M-4-4h8v8h-8z",
  fail: "M-3.5-3.5l7 7M3.5-3.5l-7 7",
  invalid: "M0-4.6L4.4 3.4h-8.8z",
};

// Two lanes, in pixels from the top: what came of it, and work.
const HIGH = 7;
const LOW = 20;

// Begin and end of the axis: the workshop's, or the next half hour where it has no end.
export function axis(about) {
  const now = clock.now();
  const open = about.began + 1800 * Math.max(1, Math.ceil((now - about.began) / 1800));
  return [about.began, Math.max(about.began + 60, about.ends ?? open)];
}

const svg = (tag, attributes) => {
  const node = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};

// A copy of a mark, for the legend.
export function mark(kind) {
  const node = svg("svg", { class: `mark ${kind}`, width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true" });
  node.append(svg("path", { d: MARKS[kind] ?? "M0-3V3" }));
  return node;
}

export function timeline(lab, about) {
  const [from, to] = axis(about);
  const along = (t) => Math.min(100, Math.max(0, (100 * (t - from)) / (to - from)));
  const picture = svg("svg", { class: "timeline", role: "img", "aria-label": words(lab) });
  const line = (a, b, kind) => {
    const at = { x1: `${along(a)}%`, x2: `${along(b)}%`, y1: LOW, y2: LOW, class: kind };
    picture.append(svg("line", at));
  };
  line(from, to, "whole");
  const last = Math.min(clock.now(), to);
  if (lab.started !== null) line(lab.started, Math.max(lab.started, Math.min(last, lab.seen ?? last)), "there");
  const saves = lab.events.filter(([, kind]) => kind === "save").map(([at]) => `M${(10 * along(at)).toFixed(1)} 0v10`);
  if (saves.length) {
    const box = { viewBox: "0 0 1000 10", preserveAspectRatio: "none", y: LOW - 5, width: "100%", height: 10 };
    const stretched = svg("svg", box);
    stretched.append(svg("path", { d: saves.join(""), class: "saves" }));
    picture.append(stretched);
  }
  const answered = Math.max(0, ...lab.events.filter(([, kind]) => kind === "verdict").map(([at]) => at));
  for (const [at, kind, word] of lab.events) {
    const name = kind === "verdict" ? bare(word) : kind;
    if (!MARKS[name] || (kind === "submit" && at < answered)) continue;
    const place = svg("svg", { x: `${along(at).toFixed(2)}%`, y: kind === "start" ? LOW : HIGH, overflow: "visible", class: `mark ${name}` });
    place.append(svg("path", { d: MARKS[name] }));
    picture.append(place);
  }
  return picture;
}

// The same in words, for those who cannot see it.
function words(lab) {
  if (lab.started === null) return "not started";
  const verdicts = lab.events.filter(([, kind]) => kind === "verdict").map(([, , word]) => word);
  return [
    `started at ${time(lab.started)}`,
    count(lab.saves, "save"),
    count(lab.hints, "hint"),
    `${count(lab.submissions.length, "submission")}${verdicts.length ? `: ${verdicts.join(", ")}` : ""}`,
  ].join(", ");
}

const NAMES = { start: "started", save: "saved", hint: "took hint", submit: "submitted", exam: "exam began" };

// What happened, newest first: [time, what, how long after the start].
export function story(lab) {
  const began = lab.started ?? lab.events[0]?.[0];
  const told = lab.events.map(([at, kind, word]) => {
    const number = kind === "save" ? ` (${count(Number(word), "time")} so far)` : kind === "hint" ? ` ${word}` : "";
    return [at, kind === "verdict" ? `verdict: ${word}` : (NAMES[kind] ?? kind) + number, length(at - began)];
  });
  return told.reverse();
}
