// How the board says what it shows.
"use strict";
import { clock } from "/stream.js";
import { length, ordinal, time } from "/dom.js";

export * from "/dom.js";

// Seconds are no news on this board: what is younger than ten is now, and up to a minute it goes by tens.
export function ago(time) {
  if (time === null || time === undefined) return "never";
  const s = clock.now() - time;
  if (s < 10) return "now";
  return s < 60 ? `${10 * Math.floor(s / 10)} s ago` : `${length(s)} ago`;
}

export const lasting = (time) => length(clock.now() - time);

export function remaining(about) {
  if (!about?.ends) return "";
  const left = about.ends - clock.now();
  return left > 0 ? `${length(left)} left, until ${time(about.ends)}` : `over since ${time(about.ends)}`;
}

export function where(lab) {
  if (lab.where === "queued") return lab.position ? `${ordinal(lab.position)} in the queue` : "in the queue";
  return { new: "not started", working: "working", exam: "in the exam", passed: "passed" }[lab.where] ?? lab.where;
}

export const reason = (one) => (one.since === null ? one.text : `${one.text} for ${lasting(one.since)}`);
