// The tabs: log, traces, brief, hints, changes, past runs.
"use strict";
import { bare, make, say, sign, time, verdict } from "/dom.js";
import { outcome } from "/run.js";
import { percent, seconds, svg } from "/svg.js";
import { waterfall } from "/waterfall.js";

const WAIT_MS = 300;
const TRACES_MS = 3000;
const TAGS = new Set(["h3", "h4", "h5", "p", "ul", "ol", "li", "strong", "em", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "a", "s", "code", "pre", "br", "hr", "span"]);

// Nodes of a tree that the server made of Markdown; what has no known tag is text.
export function prose(tree) {
  return tree.map((node) => {
    if (typeof node === "string") return node;
    const [tag, address, ...children] = node;
    if (!TAGS.has(tag)) return children.join("");
    const link = tag === "a" && /^https?:/.test(address);
    return make(link || tag !== "a" ? tag : "span", link ? { href: address, target: "_blank", rel: "noopener noreferrer" } : tag === "pre" ? { tabindex: "0" } : {}, ...prose(children));
  });
}

// Whether somebody is about to choose something in a list: it stays as it is then.
const held = (node) => node.contains(document.activeElement) || node.matches(":hover");

export class Tabs {
  constructor(list, panels, chosen) {
    this.list = list;
    this.panels = panels;
    this.chosen = chosen;
    this.all = [];
    list.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const shown = this.all.filter((tab) => !tab.button.hidden);
      const at = shown.findIndex((tab) => tab.name === this.now);
      this.choose(shown[(at + step + shown.length) % shown.length].name, true);
    });
  }

  add(name, title, panel) {
    const button = make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}` }, `${title} `, make("i"));
    const node = make("div.panel", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}` }, panel);
    button.addEventListener("click", () => this.choose(name));
    this.list.append(button);
    this.panels.append(node);
    this.all.push({ name, button, node });
  }

  hide(name, hidden) {
    this.all.find((tab) => tab.name === name).button.hidden = hidden;
  }

  count(name, text) {
    say(this.all.find((tab) => tab.name === name).button.querySelector("i"), text);
  }

  choose(name, focus = false) {
    this.now = name;
    for (const tab of this.all) {
      const mine = tab.name === name;
      tab.button.setAttribute("aria-selected", String(mine));
      tab.button.tabIndex = mine ? 0 : -1;
      tab.node.hidden = !mine;
      if (mine && focus) tab.button.focus();
    }
    this.chosen(name);
  }
}

export class Log {
  constructor(ask) {
    this.ask = ask;
    this.find = make("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: "request id, or any words" });
    this.service = make("select");
    this.follow = make("input", { type: "checkbox" });
    this.follow.checked = true;
    this.status = make("span.muted", { role: "status" });
    this.list = make("ol.log", { tabindex: "0", "aria-label": "Log of the services that run your code" });
    this.bad = make("tbody");
    this.none = make("p.muted", {}, "None: all is fine.");
    const table = make("table", { "aria-labelledby": "bad-title" }, make("thead", {}, make("tr", {}, ...["when", "request", "tenant", "took", "said"].map((name) => make("th", { scope: "col" }, name)))), this.bad);
    this.services = make("label", {}, make("span", {}, "Service"), this.service);
    this.node = make(
      "div",
      {},
      make("form.tools", { role: "search" }, make("label.find", {}, make("span", {}, "Find"), this.find), this.services, make("label", {}, this.follow, "follow"), this.status),
      make("div.beside", {}, this.list, make("div.small-table", {}, make("h3", { id: "bad-title" }, "Requests that were not fine, newest first"), this.none, table)),
    );
    this.table = table;
    this.lines = [];
    this.node.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    this.find.addEventListener("input", () => this.later());
    this.service.addEventListener("change", () => this.draw(true));
    this.follow.addEventListener("change", () => this.draw(true));
  }

  about(services, requests) {
    this.node.querySelector(".beside").classList.toggle("alone", !requests);
    this.node.querySelector(".small-table").hidden = !requests;
    this.services.hidden = services.length < 2;
    this.service.replaceChildren(make("option", { value: "" }, "all of yours"), ...services.map((name) => make("option", { value: name }, name)));
    this.draw(true);
  }

  take(chunks) {
    this.lines = chunks.flat().sort((a, b) => a[0] - b[0]);
    if (!this.find.value.trim()) this.draw();
  }

  // Adds what is new; makes all anew only where something else is to be shown.
  draw(anew = false) {
    if (!this.follow.checked && !anew) return;
    const wanted = this.lines.filter(([, service]) => !this.service.value || service === this.service.value);
    const first = wanted[0]?.[0] ?? 0;
    if (anew || this.searched) this.list.replaceChildren();
    this.searched = false;
    while (this.list.firstChild && Number(this.list.firstChild.dataset.n) < first) this.list.firstChild.remove();
    const last = Number(this.list.lastChild?.dataset.n ?? -1);
    const several = this.service.length > 2 && !this.service.value;
    this.list.append(...wanted.filter(([n]) => n > last).map(([n, service, text]) => make("li", { "data-n": n }, several ? make("b", {}, `${service} `) : null, text || " ")));
    if (this.follow.checked) this.list.scrollTop = this.list.scrollHeight;
    say(this.status, wanted.length ? "" : "Nothing was written yet.");
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), WAIT_MS);
  }

  look(words) {
    this.find.value = words;
    this.search();
  }

  async search() {
    const words = this.find.value.trim();
    if (!words) return this.draw(true);
    const [found, trouble] = await this.ask(`/find?q=${encodeURIComponent(words)}`);
    if (words !== this.find.value.trim()) return;
    this.searched = true;
    this.list.replaceChildren(...(found ?? []).map(([service, text]) => make("li", {}, make("b", {}, `${service} `), ...marked(text, words))));
    say(this.status, trouble || (found.length ? `${found.length} ${found.length === 1 ? "line" : "lines"} in the logs of all services` : "in no log; services keep their last megabyte or two"));
  }

  requests(bad) {
    this.none.hidden = bad.length > 0;
    this.table.hidden = !bad.length;
    const said = JSON.stringify(bad);
    if (this.bad.dataset.said === said || held(this.bad)) return;
    this.bad.dataset.said = said;
    this.bad.replaceChildren(
      ...bad.map((one) => {
        const id = make("button.link.code", { type: "button", title: "find it in the logs" }, one.id || "–");
        id.addEventListener("click", () => this.look(one.id));
        const at = new Date(one.at * 1000).toLocaleTimeString([], { hourCycle: "h23" });
        return make("tr", {}, make("td", {}, at), make("td", {}, id), make("td", {}, one.segment), make("td", {}, one.latency === null ? "–" : seconds(one.latency)), make("td", {}, one.said));
      }),
    );
  }
}

function marked(text, words) {
  const found = words.split(/\s+/).map((word) => word.toLowerCase()).filter(Boolean);
  const parts = [];
  for (let rest = text; rest; ) {
    const hits = found.map((word) => [rest.toLowerCase().indexOf(word), word.length]).filter(([at]) => at >= 0);
    if (!hits.length) return [...parts, rest];
    const [at, size] = hits.sort((a, b) => a[0] - b[0])[0];
    parts.push(rest.slice(0, at), make("mark", {}, rest.slice(at, at + size)));
    rest = rest.slice(at + size);
  }
  return parts;
}

export class Traces {
  constructor(ask) {
    this.ask = ask;
    this.order = "slowest";
    this.find = make("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: "words in name or attributes" });
    this.turn = make("button", { type: "button" });
    this.status = make("span.muted", { role: "status" });
    this.list = make("div");
    this.one = make("div", { "aria-live": "polite" });
    this.node = make("div", {}, make("form.tools", { role: "search" }, make("label.find", {}, make("span", {}, "Find"), this.find), this.turn, this.status), this.one, this.list);
    this.node.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    this.find.addEventListener("input", () => this.look());
    this.turn.addEventListener("click", () => {
      this.order = this.order === "slowest" ? "newest" : "slowest";
      this.look();
    });
  }

  open(shown) {
    clearInterval(this.timer);
    if (!shown) return;
    this.look();
    this.timer = setInterval(() => !document.hidden && !this.one.hasChildNodes() && !held(this.list) && this.look(), TRACES_MS);
  }

  async look() {
    say(this.turn, this.order === "slowest" ? "Newest first" : "Slowest first");
    const asked = new URLSearchParams({ order: this.order, q: this.find.value }).toString();
    const [found, trouble] = await this.ask(`/traces?${asked}`);
    say(this.status, trouble || (found.length ? `${this.order} first` : "None has arrived yet."));
    const most = Math.max(1, ...(found ?? []).map((one) => one.ms));
    const rows = (found ?? []).map((one) => {
      const name = make("button.link", { type: "button" }, one.name || one.id);
      name.addEventListener("click", () => this.show(one));
      const lane = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { width: Math.max(0.5, (100 * one.ms) / most), height: 10, rx: 1 }));
      return make("tr", {}, make("td", {}, one.began), make("td", {}, name), make("td.n", {}, seconds(one.ms / 1000)), make("td.lane", {}, lane), make("td.hide-small", { title: one.known }, one.known));
    });
    if (!rows.length) return this.list.replaceChildren();
    const names = [["began"], ["trace"], ["took", "n"], [""], ["what is known", "hide-small"]];
    this.list.replaceChildren(make("div.traces", { tabindex: "0" }, make("table.trace-list", { "aria-label": "Traces" }, make("thead", {}, make("tr", {}, ...names.map(([name, kind]) => make(`th${kind ? `.${kind}` : ""}`, { scope: "col" }, name)))), make("tbody", {}, ...rows))));
  }

  async show(one) {
    const [spans, trouble] = await this.ask(`/trace?id=${encodeURIComponent(one.id)}`);
    const close = make("button", { type: "button" }, "Close trace");
    close.addEventListener("click", () => this.one.replaceChildren());
    const title = make("h3", { tabindex: "-1" }, spans?.length ? `${spans[0].name}, ${seconds(Math.max(...spans.map((span) => span.from + span.ms)) / 1000)}` : "No trace");
    this.one.replaceChildren(make("div.row", {}, title, close), trouble || !spans.length ? make("p.muted", {}, trouble || "It has no spans.") : waterfall(spans));
    title.focus();
  }
}

export class Hints {
  constructor(take) {
    this.node = make("div");
    this.take = take;
  }

  show(hints, busy) {
    const said = JSON.stringify([hints, busy]);
    if (this.said === said) return;
    this.said = said;
    const more = hints.asked || (hints.of > hints.taken);
    const button = make("button", { type: "button" }, hints.asked ? "Ask for the next hint" : `Show hint ${hints.taken + 1} of ${hints.of}`);
    button.disabled = busy;
    button.addEventListener("click", () => this.take(hints));
    this.node.replaceChildren(
      ...hints.texts.map((tree, n) => make("article.hint.prose", { "aria-label": `Hint ${n + 1}` }, ...prose(tree))),
      more ? make("p", {}, button, " ", make("span.muted", {}, hints.price)) : make("p.muted", {}, hints.of ? `These are all ${hints.of} hints.` : hints.price),
    );
  }
}

const KINDS = { "+": "add", "-": "del", "@": "at" };

export function changes(diff) {
  if (!diff.files.length) return [make("p.muted", {}, "Nothing differs from what shipped yet.")];
  return [
    ...diff.files.map((file) =>
      make("div", {}, make("h3", {}, `${file.path}, ${file.what}`), file.lines.length ? make("div.diff", { tabindex: "0" }, ...file.lines.map((line) => make(KINDS[line[0]] ? `span.${KINDS[line[0]]}` : "span", {}, line || " "))) : make("p.muted", {}, "empty")),
    ),
    diff.cut ? make("p.muted", {}, `${diff.cut} more lines: \`lab diff\` shows all.`) : null,
  ].filter(Boolean);
}

// After a pass: the debrief, one's own change with the reference's beside it, and the next lab.
export function debrief(told, mine) {
  const side = (title, diff) => make("div", {}, make("h3", {}, title), ...changes(diff ?? { files: [], cut: 0 }));
  const next = told.next ? [make("h3", {}, "Next lab"), make("p", {}, `${told.next.question} `, make("code", {}, `lab start ${told.next.id}`))] : [];
  return [
    told.trouble ? make("p.muted", {}, told.trouble) : null,
    make("div.prose", {}, ...prose(told.text)),
    told.reference.files.length ? make("div.beside.halves", {}, side("What you changed", mine), side("What the reference changes", told.reference)) : null,
    ...next,
  ].filter(Boolean);
}

export function attempts(every) {
  if (!every.length) return [make("p.muted", {}, "No rehearsal and no exam yet.")];
  return every.map((one) => {
    const kept = `${one.kept} of ${one.objectives.length} kept`;
    const missed = one.objectives.filter((each) => bare(each.verdict) === "fail").map((each) => each.title);
    const at = new Date(one.at * 1000).toLocaleString([], { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return make("details", {}, make("summary", {}, verdict(one.verdict), ` ${one.what}, ${at}: ${kept}${missed.length ? `; not ${missed.join(", ")}` : ""}`), outcome(one));
  });
}
