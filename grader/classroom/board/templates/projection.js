// The page for everybody's eyes: nicknames and progress, as large as the screen allows.
"use strict";
import { clock, follow, secret, take } from "/stream.js";
import { count, length, make, ordinal, remaining, say, sign } from "/words.js";

const STALE_S = 15;
const $ = (id) => document.getElementById(id);
const parts = new Map();
const seats = new Map();
const link = { state: "opening", read: 0 };

const words = (seat) => {
  if (seat.where === "queued" && seat.position) return `${ordinal(seat.position)} in the queue`;
  return { new: "not started", working: "working", queued: "in the queue", exam: "in the exam", passed: "passed" }[seat.where] ?? "";
};

function draw(name, seat) {
  const said = JSON.stringify([seat, parts.get("about")?.labs]);
  const node = seats.get(name) ?? make("li");
  if (node.dataset.said === said) return;
  if (node.dataset.said && node.dataset.where !== seat.where) node.classList.add("fresh");
  node.dataset.said = said;
  node.dataset.where = seat.where;
  const labs = parts.get("about")?.labs > 1 && seat.passes ? ` · ${count(seat.passes, "lab")} passed` : "";
  const pips = Array.from({ length: Math.min(seat.of, 20) }, (_, n) => make(n < seat.met ? "i.on" : "i"));
  node.replaceChildren(
    make("span.nick", {}, seat.nick),
    make("span.state", {}, sign(seat.where === "passed" ? "pass" : seat.where), make("span", {}, words(seat) + labs)),
    seat.of ? make("span.pips", { role: "img", "aria-label": `${seat.met} of ${seat.of} objectives met` }, ...pips) : make("span.pips"),
  );
  seats.set(name, node);
}

function show() {
  const about = parts.get("about");
  if (!about) return;
  const named = [...parts].filter(([name]) => name.startsWith("seat/"));
  for (const name of seats.keys()) if (!parts.has(name)) seats.delete(name);
  for (const [name, seat] of named) draw(name, seat);
  const order = named.sort(([, a], [, b]) => a.nick.localeCompare(b.nick)).map(([name]) => seats.get(name));
  if (order.some((node, n) => $("seats").children[n] !== node) || order.length !== $("seats").children.length) $("seats").replaceChildren(...order);
  const sums = [`${about.started} of ${about.people} started`, `${about.passed} passed`, `${about.queued} in the queue`, count(about.exam, "exam running", "exams running")];
  if ($("sums").dataset.said !== sums.join()) {
    $("sums").dataset.said = sums.join();
    $("sums").replaceChildren(...sums.map((text) => make("span", {}, text)));
  }
  say($("left"), remaining(about));
  fit(named.length);
}

// The largest letters with which everybody is seen at once; on a narrow screen the page scrolls.
function fit(n) {
  const wide = $("seats").clientWidth;
  const high = innerHeight - $("seats").getBoundingClientRect().top - scrollY - 16;
  const dense = n > 80;
  let best = { size: 0, columns: 1 };
  for (let columns = 1; columns <= Math.min(n, 14); columns++) {
    const lines = Math.ceil(n / columns);
    const size = Math.min((wide / columns - 8) / (dense ? 11.5 : 9.8), (high / lines - 8) / (dense ? 2.5 : 3.75));
    if (size > best.size) best = { size, columns };
  }
  const narrow = innerWidth < 700;
  if (narrow) best = { size: 18, columns: 2 };
  const root = document.documentElement.style;
  root.setProperty("--size", `${Math.max(11, Math.min(46, best.size)).toFixed(1)}px`);
  root.setProperty("--columns", best.columns);
  root.setProperty("--high", narrow ? "0" : `${Math.floor(high)}px`);
  document.body.classList.toggle("dense", dense && !narrow);
}

function banner() {
  const health = parts.get("health");
  const old = clock.now() - link.read;
  let text = "";
  if (link.state === "refused") text = "This link is not valid.";
  else if (link.state === "lost" || health?.trouble || (link.state === "live" && old > STALE_S)) text = link.read ? `As it was ${length(old)} ago; it goes on by itself.` : "Waiting for the workshop.";
  $("banner").hidden = !text;
  say($("banner"), text);
}

addEventListener("resize", show);
setInterval(show, 5000);
setInterval(banner, 1000);
follow(
  "/projection/events",
  secret("projection"),
  (message) => {
    link.read = message.read;
    if (take(parts, message).length) show();
  },
  (state) => {
    link.state = state;
    banner();
  },
);
