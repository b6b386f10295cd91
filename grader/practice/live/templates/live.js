// The page of one running lab: takes the feed, shows it, and gives orders.
"use strict";
import { clock, follow, secret, take } from "/stream.js";
import { bare, count, length, make, prose as sentence, say, time } from "/dom.js";
import { objectives } from "/objectives.js";
import { Charts, Figures } from "/charts.js";
import { band, key } from "/run.js";
import { attempts, changes, debrief, Hints, Log, prose, Tabs, Traces } from "/panels.js";
import { Season } from "/season.js";

const STALE_S = 10;
const EVERYDAY = "chart/everyday/";
const TABS = ["log", "traces", "brief", "hints", "diff", "past", "debrief"];
const KEY = secret("live");
const $ = (id) => document.getElementById(id);

const parts = new Map();
const link = { state: "opening", since: 0, read: 0 };
const view = { source: null, window: sessionStorage.getItem("window") ?? "1 min", dismissed: null, trouble: "", placed: false };
const about = () => parts.get("about");
const state = () => parts.get("state");
const run = () => (parts.get("run")?.what ? parts.get("run") : null);

// ---- asking the server

async function ask(path, order = null) {
  const headers = { Authorization: `Bearer ${KEY}` };
  try {
    const answer = await fetch(path, order ? { method: "POST", headers, body: JSON.stringify(order) } : { headers });
    return answer.ok ? [await answer.json(), ""] : [null, (await answer.text()).trim()];
  } catch {
    return [null, "the page's server does not answer"];
  }
}

async function order(what) {
  const [, trouble] = await ask("/do", { what });
  view.trouble = trouble;
  if (!trouble) view.dismissed = null;
  banner();
}

// ---- what is asked before it is done

function confirm(title, text, yes, done) {
  say($("ask-title"), title);
  $("ask-text").replaceChildren(...text);
  say($("ask-yes"), yes);
  $("ask-yes").onclick = () => {
    $("ask").close();
    done();
  };
  $("ask").showModal();
  $("ask-yes").focus();
}

function exam() {
  const theirs = about().exam === "submit";
  const text = theirs
    ? "Your files are sent to the workshop as they are now, and the verdict comes back here."
    : "The exam runs on systems of its own, as your files are now, and its verdict is remembered. It may be taken as often as you like.";
  confirm(theirs ? "Ask for a verdict?" : "Take the exam?", [make("p", {}, text)], theirs ? "Submit" : "Take the exam", () => order(about().exam));
}

function reset() {
  const files = parts.get("diff")?.files ?? [];
  if (!files.length) return confirm("Reset", [make("p", {}, "Nothing differs from what shipped.")], "All right", () => {});
  const list = make("ul", {}, ...files.map((file) => make("li", {}, make("code", {}, file.path), ` (${file.what})`)));
  confirm("Put these back as shipped?", [list, make("p.muted", {}, "Your version is kept in work/.backup first.")], "Reset", () => order("reset"));
}

function takeHint(hints) {
  const which = hints.asked ? "the next hint" : `hint ${hints.taken + 1} of ${hints.of}`;
  confirm(`Show ${which}?`, [make("p", {}, hints.price)], "Show it", () => order("hint"));
}

// ---- parts of the page

const charts = new Charts($("charts"));
const figures = new Figures($("watches"));
const season = new Season();
const log = new Log(ask);
const traces = new Traces(ask);
const hints = new Hints(takeHint);
const brief = make("div.prose");
const diff = make("div");
const past = make("div");
const after = make("div");
const tabs = new Tabs($("tabs"), $("panels"), (name) => traces.open(name === "traces"));
tabs.add("log", "Log", log.node);
tabs.add("traces", "Traces", traces.node);
tabs.add("brief", "Brief", brief);
tabs.add("hints", "Hints", hints.node);
tabs.add("diff", "Changes", diff);
tabs.add("past", "Past runs", past);
tabs.add("debrief", "Debrief", after);
tabs.choose("log");
tabs.hide("traces", true);
tabs.hide("debrief", true);

// As the user calls it, so that every command can be pasted.
const called = () => about()?.called ?? "lab";

function surroundings() {
  const known = about();
  for (const code of document.querySelectorAll("footer code")) say(code, code.textContent.replace(/^lab(?= )/, known.called));
  document.title = `${known.lab} · Brownout`;
  say($("lab"), `${known.lab} · ${known.title}`);
  say($("where"), known.workshop ? "runs in the workshop" : `runs on ${known.runtime}`);
  $("pages").replaceChildren(...known.pages.map(([name, url]) => make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, name)));
  $("exam").firstChild.textContent = known.exam === "submit" ? "Submit " : "Exam ";
  $("exam").hidden = !known.exam;
  $("check").hidden = !known.rehearses;
  tabs.hide("traces", !known.traces);
  log.about(known.services, !known.decides);
  $("season").hidden = !known.decides;
  $("figures").hidden = !known.watches;
  $("promised").hidden = $("seen").hidden = known.decides;
  actions(known.actions);
  keys();
}

// What can be done to the system, as the lab says.
function actions(every) {
  $("actions").hidden = !every.length;
  $("actions").replaceChildren(
    make("span.muted", {}, "Do to your system:"),
    ...every.map((one) => {
      const button = make("button", { type: "button", title: one.does }, one.title);
      button.addEventListener("click", () => act(one, button));
      return button;
    }),
    make("span.muted", { id: "acted", role: "status" }),
  );
}

async function act(one, button) {
  button.disabled = true;
  const [done, trouble] = await ask("/act", { id: one.id });
  button.disabled = false;
  view.trouble = trouble;
  say($("acted"), done?.done ?? "");
  banner();
}

// The keys of tabs are those that this lab has.
function shownTabs() {
  return TABS.filter((name) => !tabs.all.find((one) => one.name === name).button.hidden);
}

function keys() {
  const names = { log: "log", traces: "traces", brief: "brief", hints: "hints", diff: "changes", past: "past runs", debrief: "debrief" };
  const shown = shownTabs();
  say($("last-tab"), String(shown.length));
  say($("tab-names"), shown.map((name) => names[name]).join(", "));
  $("key-check").hidden = $("check").hidden;
  $("key-exam").hidden = $("exam").hidden;
}

// Who has not begun reads the brief first; decided once, so that nothing moves under anybody's eyes.
function place() {
  if (view.placed || !parts.has("diff") || !parts.has("attempts")) return;
  view.placed = true;
  if (parts.get("diff").files.length || parts.get("attempts").length) return;
  $("more").classList.add("first");
  $("run").after($("more"));
  tabs.choose("brief");
}

function services() {
  const rows = (parts.get("services") ?? []).map((one) =>
    make(
      "tr",
      { role: "row" },
      make("th", { role: "rowheader", scope: "row" }, one.name, one.open ? make("span.muted", {}, " · yours") : null),
      make("td", { role: "cell" }, one.state === "exited" ? make("span.verdict.fail", {}, `ended${one.code === null ? "" : ` (${one.code})`}`) : one.state),
      make("td.n", { role: "cell" }, one.memory === null ? "–" : `${one.memory} MB`),
      make(`td.n${one.restarts ? ".many" : ""}`, { role: "cell" }, count(one.restarts, "restart")),
    ),
  );
  $("services").tBodies[0].replaceChildren(...rows);
}

// The chart that is shown: the one that was chosen, else a rehearsal's first trial of the latest try while it runs, else
// everyday.
function source() {
  const everyday = EVERYDAY + view.window;
  const names = [...parts.keys()].filter((name) => name.startsWith("chart/") && (!name.startsWith(EVERYDAY) || name === everyday)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const rehearses = run()?.running && run().what === "rehearsal" && parts.has("chart/0");
  const latest = Math.max(0, ...names.map((name) => parts.get(name).tries ?? 0));
  const first = names.find((name) => name !== everyday && parts.get(name).tries === latest);
  const shown = view.source && parts.has(view.source) ? view.source : rehearses && !view.everyday ? first : everyday;
  const order = [everyday, ...names.filter((name) => name !== everyday)];
  windows(shown === everyday);
  const said = JSON.stringify([order.map((name) => parts.get(name)?.title), shown]);
  if ($("sources").dataset.said !== said) {
    $("sources").dataset.said = said;
    $("sources").hidden = order.length < 2;
    $("sources").replaceChildren(
      ...order.map((name) => {
        const title = name === everyday ? "Everyday traffic" : `Rehearsal: ${parts.get(name)?.title}`;
        const button = make("button", { type: "button", "aria-pressed": String(name === shown) }, title);
        button.addEventListener("click", () => {
          view.source = name === everyday ? null : name;
          view.everyday = name === everyday;
          source();
          $("sources").querySelector('[aria-pressed="true"]')?.focus();
        });
        return button;
      }),
    );
  }
  if (parts.has(shown)) charts.show(parts.get(shown), parts.get("marks") ?? []);
}

function watched() {
  const chart = parts.get(`watch/${view.window}`);
  if (chart) figures.show(chart, parts.get("marks") ?? []);
  say($("figures-trouble"), (parts.get("watched")?.trouble ?? []).join("; "));
}

function windows(there) {
  const every = about()?.windows ?? [];
  $("windows").hidden = !there;
  const said = JSON.stringify([every, view.window]);
  if ($("windows").dataset.said === said) return;
  $("windows").dataset.said = said;
  $("windows").replaceChildren(
    ...every.map((name) => {
      const button = make("button", { type: "button", "aria-pressed": String(name === view.window) }, name);
      button.addEventListener("click", () => {
        view.window = name;
        sessionStorage.setItem("window", name);
        source();
        watched();
        $("windows").querySelector('[aria-pressed="true"]')?.focus();
      });
      return button;
    }),
  );
}

function old() {
  const at = state()?.old;
  $("old").hidden = !at;
  const said = at ? `Saved at ${time(at)}, and the old code still runs.` : "";
  if ($("old").dataset.said === said) return;
  $("old").dataset.said = said;
  const button = make("button", { type: "button" }, "Restart it");
  button.addEventListener("click", () => order("restart"));
  $("old").replaceChildren(...(at ? [said, " ", button] : []));
}

function legend() {
  const marks = parts.get("marks") ?? [];
  const last = (what) => marks.filter((mark) => mark.what === what).at(-1);
  const told = [["save", "you saved"], ["restart", "a service started again"], ...(about()?.actions.length ? [["act", "you did"]] : [])].map(([what, words]) => {
    const mark = last(what);
    return make("span", {}, make(`i.${what}`, { "aria-hidden": "true" }), mark ? `${words}, last at ${time(mark.at)}: ${mark.text}` : `${words}: not in the last ten minutes`);
  });
  $("marks").replaceChildren(...told);
}

function running() {
  const now = run();
  const said = parts.get("said");
  const mine = state()?.busy && ["check", "grade", "submit"].includes(said?.what);
  const over = said?.what && said.code !== null && !state()?.busy;
  const told = now && (now.running || view.dismissed !== now.began);
  const other = over && said.code !== 0 && !(["check", "grade"].includes(said.what) && now?.result) && view.dismissed !== said.began;
  const dismissed = now && !told && now.began >= said?.began; // its command may end a moment later than its verdict is known
  const waits = state()?.busy && !told && !dismissed;
  $("run").hidden = !(told || other || waits);
  const signature = key(told ? now : null, [other, waits, mine, said?.lines.length, said?.code]);
  if ($("run").hidden || $("run").dataset.said === signature) return;
  $("run").dataset.said = signature;
  const opened = $("run").querySelector("details")?.open;
  const focused = $("run").contains(document.activeElement);
  const word = told && !now.running ? bare(now.result?.verdict ?? "invalid") : other ? "fail" : "";
  $("run").className = `run ${word}`;
  const dismiss = (began) => () => {
    view.dismissed = began;
    running();
  };
  const nodes = told ? band(now, mine ? () => ask("/cancel", { now: "1" }) : null, dismiss(now.began)) : [spoken(said, waits, dismiss(said.began))];
  const lines = said?.lines.length && (state()?.busy || other || (told && !now.running && said.began >= now.began - 5)) ? [words(said, opened ?? other)] : [];
  $("run").replaceChildren(...nodes, ...lines);
  if (focused) $("run").querySelector("button")?.focus();
}

function spoken(said, waits, dismiss) {
  const button = make("button", { type: "button" }, waits ? "Cancel" : "Dismiss");
  button.addEventListener("click", waits ? () => ask("/cancel", { now: "1" }) : dismiss);
  return make("div.row", {}, make("h2", { id: "run-title" }, waits ? `${called()} ${said.what} runs` : `${called()} ${said.what} ended with ${said.code}`), button);
}

function words(said, open) {
  const box = make("details.said", {}, make("summary", {}, `What ${called()} ${said.what} says`), make("pre", { tabindex: "0" }, said.lines.join("\n")));
  box.open = Boolean(open);
  return box;
}

function buttons() {
  const busy = Boolean(state()?.busy || run()?.running);
  for (const name of ["check", "exam", "reset"]) $(name).disabled = busy;
  $("restart").disabled = Boolean(state()?.busy);
  for (const button of $("old").querySelectorAll("button")) button.disabled = Boolean(state()?.busy);
}

// What is wrong between the lab and this page; the page goes on with what it knows.
function banner() {
  const [text, word] = trouble();
  $("banner").hidden = !text;
  if ($("banner").dataset.said !== text) $("banner").replaceChildren(...sentence(text));
  $("banner").dataset.said = text;
  $("live").dataset.state = word;
  say($("live").querySelector("b"), word);
  document.body.classList.toggle("lost", word === "lost" || word === "refused");
}

function trouble() {
  const health = parts.get("health");
  const old = link.read ? ` What you see is from ${time(link.read)}, ${length(clock.now() - link.read)} ago.` : "";
  if (link.state === "refused") return ["This link is not valid. Open the one that `lab live` prints.", "refused"];
  if (link.state === "lost") return [`The page's server does not answer: was the lab stopped? \`${called()} start ${about()?.lab ?? "ID"}\` starts it again, and this page goes on by itself.${old}`, "lost"];
  if (health?.trouble) return [`${health.trouble}.${old}`, "stale"];
  if (link.state === "live" && link.read && clock.now() - link.read > STALE_S) return [`Your system is slow to answer.${old}`, "stale"];
  if (view.trouble) return [`${view.trouble}.`, "live"];
  if (state() && about()?.rehearses && !state().traffic) return [`Nobody asks anything: the everyday traffic has ended. \`${called()} start ${about().lab}\` lets it go on.`, "live"];
  return ["", link.state === "live" ? "live" : "connecting"];
}

// ---- the feed

function shown(names) {
  const any = (...wanted) => names.some((name) => wanted.some((start) => name.startsWith(start)));
  if (any("about")) surroundings();
  if (any("brief")) brief.replaceChildren(...prose(parts.get("brief") ?? []));
  if (any("season")) season.show(parts);
  if (any("objectives", "run", "attempts")) objectives($("objectives"), parts.get("objectives") ?? [], run(), parts.get("attempts") ?? []);
  $("no-objectives").hidden = !parts.has("objectives") || parts.get("objectives").length > 0;
  if (any("chart/", "marks", "run")) source();
  if (any("watch", "marks")) watched();
  if (any("marks")) legend();
  if (any("services")) services();
  if (any("log/")) log.take([...parts].filter(([name]) => name.startsWith("log/")).map(([, lines]) => lines));
  if (any("bad")) log.requests(parts.get("bad") ?? []);
  if (any("diff")) diff.replaceChildren(...changes(parts.get("diff")));
  if (any("diff")) tabs.count("diff", parts.get("diff").files.length || "");
  if (any("attempts")) past.replaceChildren(...attempts(parts.get("attempts") ?? []));
  if (any("attempts")) tabs.count("past", parts.get("attempts").length || "");
  place();
  if (any("debrief", "diff") && parts.has("debrief")) {
    after.replaceChildren(...debrief(parts.get("debrief"), parts.get("diff")));
    tabs.hide("debrief", false);
    keys();
  }
  if (any("state") && state()) {
    old();
    hints.show(state().hints, Boolean(state().busy));
    tabs.count("hints", state().hints.of ? `${state().hints.taken}/${state().hints.of}` : "");
  }
  if (any("run", "said", "state")) running();
  buttons();
}

function listen() {
  follow(
    "/events",
    KEY,
    (message) => {
      link.read = message.read;
      shown(take(parts, message));
    },
    (word, since) => {
      link.state = word;
      link.since = since;
      banner();
    },
  );
  setInterval(banner, 1000);
}

// ---- keys and buttons

$("check").addEventListener("click", () => order("check"));
$("restart").addEventListener("click", () => order("restart"));
$("exam").addEventListener("click", exam);
$("reset").addEventListener("click", reset);
$("help-button").addEventListener("click", () => $("help").showModal());
for (const button of document.querySelectorAll(".close")) button.addEventListener("click", () => button.closest("dialog").close());

const KEYS = {
  c: () => !$("check").disabled && !$("check").hidden && order("check"),
  e: () => !$("exam").disabled && !$("exam").hidden && exam(),
  r: () => !$("restart").disabled && order("restart"),
  "?": () => $("help").showModal(),
  "/": () => {
    tabs.choose("log");
    log.find.focus();
  },
};
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea"); // a button of a dialog that was just closed has the focus for a moment more
  if (event.key === "Escape" && log.find.value && !document.querySelector("dialog[open]")) log.look("");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const tab = shownTabs()[Number(event.key) - 1];
  const does = KEYS[event.key] ?? (tab ? () => tabs.choose(tab, true) : null);
  if (!does || !about()) return;
  event.preventDefault();
  does();
});

listen();
