// The teacher's page: takes the feed, and shows who is where.
"use strict";
import { clock, follow, secret, take } from "/stream.js";
import { length, make, prose, remaining, say, time } from "/words.js";
import { COLUMNS, FILTERS, labOf, Row, summary } from "/rows.js";
import { details, signature } from "/details.js";
import { axis, mark } from "/timeline.js";

const STALE_S = 8;
const REST_MS = 3000;
const $ = (id) => document.getElementById(id);

const parts = new Map();
const rows = new Map();
const view = { filter: "all", sort: "stuck", turned: false, find: "", lab: "", chosen: null, open: null };
const link = { state: "opening", since: 0, read: 0 };
let touched = 0;
let late = 0;

const people = () => [...parts].filter(([name]) => name.startsWith("person/")).map(([, part]) => part);
const about = () => parts.get("about");
const lab = (person) => ({ ...labOf(person, view.lab), name: view.lab || person.current });

// ---- the list

function matches(person) {
  const words = `${person.name} ${person.nick} ${person.id}`.toLocaleLowerCase();
  return FILTERS.find((f) => f.id === view.filter).test(lab(person)) && words.includes(view.find);
}

function ordered(everybody) {
  const { key } = COLUMNS.find((column) => column.id === view.sort);
  const keys = new Map(everybody.map((person) => [person, key(person, lab(person))]));
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = everybody.sort((a, b) => compare(keys.get(a), keys.get(b)) || compare(a.name, b.name) || compare(a.id, b.id));
  return view.turned ? sorted.reverse() : sorted;
}

function list(names = null) {
  if (!about()) return;
  const everybody = people().filter((person) => person.labs[person.current]);
  for (const id of [...rows.keys()]) if (!parts.has(`person/${id}`)) rows.delete(id);
  for (const person of everybody) {
    if (!rows.has(person.id)) rows.set(person.id, new Row(person.id, show));
    else if (names && !names.has(`person/${person.id}`)) continue;
    rows.get(person.id).show(person, lab(person), about());
  }
  place(everybody);
  tiles(everybody);
}

// Puts rows into order, but leaves them where they are while somebody points at them or moves in them.
function place(everybody) {
  const wanted = ordered(everybody.filter(matches)).map((person) => rows.get(person.id).node);
  const there = [...$("rows").children];
  clearTimeout(late);
  const same = wanted.length === there.length && wanted.every((node, n) => node === there[n]);
  const only = new Set(wanted);
  const rests = Date.now() - touched < REST_MS && wanted.length === there.length && there.every((node) => only.has(node));
  if (rests && !same) late = setTimeout(list, REST_MS);
  if (!same && !rests) {
    const focused = document.activeElement;
    $("rows").replaceChildren(...wanted);
    if (focused?.isConnected && focused.classList.contains("person")) focused.focus({ preventScroll: true });
  }
  $("none").hidden = wanted.length > 0 || everybody.length === 0;
  const filter = view.filter === "all" ? "" : FILTERS.find((f) => f.id === view.filter).title(2);
  say($("count"), summary(everybody.length, wanted.length, filter));
  stops(wanted);
}

// Tab reaches the list once; the arrows move in it.
function stops(nodes) {
  const now = nodes.find((node) => node.dataset.id === view.chosen) ?? nodes[0];
  for (const node of nodes) node.querySelector(".person").tabIndex = node === now ? 0 : -1;
}

function tiles(everybody) {
  const labs = everybody.map(lab);
  for (const [n, filter] of FILTERS.entries()) {
    const found = filter.id === "all" ? labs.filter((l) => l.where !== "new").length : labs.filter(filter.test).length;
    const tile = $("tiles").children[n];
    say(tile.querySelector("b"), found.toLocaleString("en"));
    say(tile.querySelector("span"), filter.title(found, labs.length));
    tile.setAttribute("aria-pressed", String(view.filter === filter.id));
    tile.classList.toggle("some", found > 0);
  }
}

function head() {
  for (const cell of $("head").children) {
    const mine = cell.dataset.id === view.sort;
    if (mine) cell.setAttribute("aria-sort", view.turned ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
  }
  $("sort").value = view.sort;
  $("turn").setAttribute("aria-pressed", String(view.turned));
}

// ---- what is around it

function surroundings() {
  const known = about();
  if (!known) return;
  say($("workshop"), known.workshop);
  document.title = `${known.workshop} · Brownout`;
  say($("left"), remaining(known));
  const [from, to] = axis(known);
  say($("span"), `${time(from)} to ${time(to)}`);
  const alarms = known.alarms.map((one) => [one.since === null ? one.text : `${one.text} for ${length(clock.now() - one.since)}`, one.remedy]);
  if ($("alarms").dataset.said !== JSON.stringify(alarms)) {
    $("alarms").dataset.said = JSON.stringify(alarms);
    $("alarms").hidden = !alarms.length;
    $("alarms").replaceChildren(...alarms.map(([text, remedy]) => make("li", {}, make("b", {}, `${text}.`), " ", ...prose(remedy))));
  }
  if ($("lab").children.length !== known.labs.length + 1) {
    $("lab").replaceChildren(make("option", { value: "" }, "where each is"), ...known.labs.map((name) => make("option", { value: name }, name)));
    $("lab-choice").hidden = known.labs.length < 2;
  }
}

// What is wrong between the cluster and this page; the page goes on with what it knows.
function banner() {
  const [text, word] = trouble();
  $("banner").hidden = !text;
  if ($("banner").dataset.said !== text) $("banner").replaceChildren(...prose(text));
  $("banner").dataset.said = text;
  $("live").dataset.state = word;
  say($("live").querySelector("b"), word);
  document.body.classList.toggle("stale", Boolean(text));
}

function trouble() {
  const health = parts.get("health");
  const old = (since) => (since ? `What you see is from ${time(since)}, ${length(clock.now() - since)} ago.` : "Nothing was read yet.");
  if (link.state === "refused") return ["This link is not valid. Open the one that `lab workshop board` printed.", "refused"];
  if (link.state === "lost") return [`The board's server does not answer: is \`lab workshop board\` still running? ${old(link.read)} It goes on by itself when the server is back.`, "lost"];
  if (health?.trouble) return [`The cluster cannot be read: ${health.trouble}. ${old(health.since)}`, "stale"];
  if (link.state === "live" && link.read && clock.now() - link.read > STALE_S) return [`The cluster is slow to answer. ${old(link.read)}`, "stale"];
  return ["", link.state === "live" ? "live" : "connecting"];
}

// ---- one person

function show(id) {
  const person = parts.get(`person/${id}`);
  if (!person) return;
  view.open = id;
  choose(id, false);
  fill();
  if (!$("details").open) $("details").showModal();
  $("details").scrollTop = 0;
  $("who").focus();
}

function fill() {
  const person = parts.get(`person/${view.open}`);
  if (!person || !about()) return;
  const said = signature(person) + JSON.stringify(about());
  if ($("about").dataset.said === said) return;
  $("about").dataset.said = said;
  const opened = $("about").querySelector("details")?.open;
  say($("who"), person.name);
  $("about").replaceChildren(...details(person, about()));
  if (opened) $("about").querySelector("details").open = true;
}

function choose(id, focus = true) {
  view.chosen = id;
  const nodes = [...$("rows").children];
  stops(nodes);
  for (const node of nodes) node.classList.toggle("chosen", node.dataset.id === id);
  if (focus) nodes.find((node) => node.dataset.id === id)?.querySelector(".person").focus();
}

// ---- keyboard and pointer

function move(step) {
  touched = Date.now();
  const ids = [...$("rows").children].map((node) => node.dataset.id);
  if (!ids.length) return;
  const inside = document.activeElement.closest?.("#rows") || $("details").open;
  const at = ids.indexOf(view.chosen);
  const to = Math.abs(step) > 1 ? (step < 0 ? 0 : ids.length - 1) : inside && at >= 0 ? Math.min(ids.length - 1, Math.max(0, at + step)) : Math.max(0, at);
  if ($("details").open) show(ids[to]);
  else choose(ids[to]);
}

function filter(id) {
  view.filter = view.filter === id ? "all" : id;
  touched = 0;
  list();
}

function sort(id, turn = false) {
  view.turned = turn && view.sort === id ? !view.turned : false;
  view.sort = id;
  touched = 0;
  head();
  list();
}

const sortable = COLUMNS.filter((column) => column.key);
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Home: () => move(-9),
  End: () => move(9),
  "/": () => $("find").focus(),
  "?": () => $("help").showModal(),
  o: () => sort(sortable[(sortable.findIndex((c) => c.id === view.sort) + 1) % sortable.length].id),
  r: () => sort(view.sort, true),
};
for (const [n, one] of FILTERS.entries()) KEYS[n + 1] = () => filter(one.id);

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, select");
  if (event.key === "Escape" && event.target === $("find")) {
    $("find").value = "";
    search();
    $("find").blur();
    return;
  }
  const moves = ["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key);
  const away = moves && !event.target.closest("#rows"); // the page scrolls as it always does
  if (typing || away || !KEYS[event.key] || $("help").open) return;
  if ($("details").open && !["j", "k"].includes(event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

function search() {
  view.find = $("find").value.trim().toLocaleLowerCase();
  touched = 0;
  list();
}

function wire() {
  $("head").append(
    ...COLUMNS.map((column) =>
      make(`th.${column.id}`, { role: "columnheader", scope: "col", "data-id": column.id }, column.key ? make("button", { type: "button" }, column.title) : column.title, column.id === "line" ? make("span.small", { id: "span" }) : null),
    ),
  );
  $("head").addEventListener("click", (event) => {
    const id = event.target.closest("button")?.parentElement.dataset.id;
    if (id) sort(id, true);
  });
  $("sort").append(...sortable.map((column) => make("option", { value: column.id }, column.label ?? column.title.toLowerCase())));
  $("tiles").append(...FILTERS.map((one, n) => make(`button.tile.${one.id}`, { type: "button", "aria-pressed": "false", "aria-keyshortcuts": String(n + 1), "data-id": one.id }, make("b"), make("span"))));
  $("tiles").addEventListener("click", (event) => {
    const tile = event.target.closest("button");
    if (tile) filter(tile.dataset.id);
  });
  $("sort").addEventListener("change", () => sort($("sort").value));
  $("turn").addEventListener("click", () => sort(view.sort, true));
  $("find").addEventListener("input", search);
  $("tools").addEventListener("submit", (event) => event.preventDefault());
  $("lab").addEventListener("change", () => {
    view.lab = $("lab").value;
    list();
  });
  $("all").addEventListener("click", () => {
    view.filter = "all";
    $("find").value = "";
    search();
    $("people").focus();
  });
  $("help-button").addEventListener("click", () => $("help").showModal());
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
  $("details").addEventListener("close", () => {
    const last = view.open; // not the one from which the dialog was opened, to which the browser has just gone back
    view.open = null;
    if (last) choose(last);
  });
  for (const kind of ["pointermove", "focusin"]) $("rows").addEventListener(kind, () => (touched = Date.now()));
  $("rows").addEventListener("focusin", (event) => choose(event.target.closest("tr").dataset.id, false));
  for (const item of document.querySelectorAll("[data-mark]")) item.prepend(mark(item.dataset.mark));
  head();
}

wire();
setInterval(() => {
  list();
  fill();
  surroundings();
}, 5000);
setInterval(banner, 1000);
follow(
  "/events",
  secret("teacher"),
  (message) => {
    link.read = message.read;
    const names = new Set(take(parts, message));
    if (!names.size) return;
    list(names.has("about") || message.whole ? null : names);
    surroundings();
    fill();
  },
  (state, since) => {
    link.state = state;
    banner();
  },
);
