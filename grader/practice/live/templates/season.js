// The middle of a decision lab's page: what the lap told, what the last edit changed, the lab's pictures.
"use strict";
import { make, say, sign, time } from "/dom.js";
import { percent, svg } from "/svg.js";

const $ = (id) => document.getElementById(id);
const held = (node) => node.contains(document.activeElement) || node.matches(":hover");
const kind = (good) => (good === null ? "void" : good ? "good" : "bad");

// What a part is made anew for only where it says something else.
function changed(node, value) {
  const said = JSON.stringify(value);
  if (node.dataset.said === said) return false;
  node.dataset.said = said;
  return true;
}

export class Season {
  constructor() {
    this.onlyWrong = true;
    $("only-wrong").addEventListener("click", () => {
      this.onlyWrong = !this.onlyWrong;
      $("only-wrong").setAttribute("aria-pressed", String(this.onlyWrong));
      this.rows(true);
    });
  }

  show(parts) {
    this.parts = parts;
    const now = parts.get("season");
    say($("season-trouble"), now?.trouble || now?.broken ? `${now.trouble || `The lab itself broke: ${now.broken}`}.` : "");
    $("season-trouble").hidden = !$("season-trouble").textContent;
    if (!now || now.lap === undefined) return;
    const when = now.began ? `, begun at ${time(now.began)}` : ", not begun";
    say($("season-facts"), `Lap ${now.lap + 1}${when}: ${now.closed} of ${now.cases} cases, ${now.told} of ${now.asked} questions${now.over ? ", over" : ""}`);
    $("season-progress").max = Math.max(1, now.asked);
    $("season-progress").value = now.told;
    this.titles = Object.fromEntries((parts.get("season/objectives") ?? []).map((one) => [one.id, one.title]));
    this.objectives(parts.get("season/objectives") ?? [], now.over);
    this.change(parts.get("season/change"));
    this.pictures();
    this.rows();
  }

  objectives(every, over) {
    const list = $("season-objectives");
    if (!changed(list, [every, over])) return;
    list.replaceChildren(...every.map((one) => card(one, over)));
  }

  change(now) {
    const box = $("season-change");
    if (!changed(box, now)) return;
    box.hidden = !now;
    if (!now) return;
    const since = time(now.since);
    if (!now.ready) return box.replaceChildren(make("p.muted", {}, `Changed at ${since}: the next lap shows what it did.`));
    const text = [`Since ${since}: `, make("b.better", {}, `${now.better} more right`), ", ", make(now.worse ? "b.worse" : "b", {}, `${now.worse} no longer`), make("span.muted", {}, `, of ${now.of} asked again so far`)];
    const open = box.querySelector("details")?.open;
    const rows = now.rows.map(([name, about, was, is, why, good]) =>
      make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, this.titles[about] ?? about), make("td", {}, `${was} → `, make(`b.${kind(good)}`, {}, is)), make("td", {}, why)),
    );
    const table = make("table", { "aria-label": "What changed" }, make("thead", {}, make("tr", {}, ...["case", "about", "word", "why"].map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, ...rows));
    const details = make("details", {}, make("summary", {}, ...text), rows.length ? make("div.wide.cases", {}, table) : make("p.muted", {}, "Each question was told as before."));
    details.open = Boolean(open);
    box.replaceChildren(details);
  }

  rows(anew = false) {
    const every = this.parts?.get("season/rows");
    const body = $("season-rows").tBodies[0];
    if (!every || (!anew && held(body))) return;
    const shown = this.onlyWrong ? every.wrong : every.all;
    $("season-rows").hidden = !shown.length;
    $("season-none").hidden = shown.length > 0;
    say($("season-none"), every.all.length ? "Nothing was wrong in this lap so far." : "Nothing was told in this lap yet.");
    if (!changed(body, [shown, this.titles])) return;
    body.replaceChildren(
      ...shown.map(([name, about, word, why, , good]) =>
        make(`tr.${kind(good)}`, {}, make("th", { scope: "row" }, name), make("td", {}, this.titles[about] ?? about), make("td", {}, good === false ? sign("fail") : null, make(`b.${kind(good)}`, {}, word)), make("td", {}, why)),
      ),
    );
  }

  // A picture is an image of its own, so that nothing in it can do anything here.
  pictures() {
    const every = this.parts.get("season/pictures") ?? [];
    const box = $("season-pictures");
    box.hidden = !every.length;
    if (!changed(box, every)) return;
    const lap = this.parts.get("season").lap;
    box.replaceChildren(
      ...every.map((one) => {
        const title = one.lap < lap ? [one.title, make("span.muted", {}, ` (lap ${one.lap + 1})`)] : [one.title];
        return make("figure.picture", {}, make("figcaption", {}, ...title), make("img", { alt: "", src: `data:image/svg+xml,${encodeURIComponent(one.svg)}` }));
      }),
    );
  }
}

function card(one, over) {
  const ratio = one.valid ? one.good / one.valid : 0;
  const is = !one.valid ? "none" : ratio >= one.target ? "kept" : "missed";
  const word = { none: "", kept: over ? "kept" : "kept so far", missed: over ? "missed" : "missed so far" }[is];
  const bar = svg(
    "svg.bar",
    { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect.whole", { width: 100, height: 8 }),
    svg("rect.good", { width: 100 * ratio, height: 8 }),
    svg("rect.tick", { x: Math.min(99, 100 * one.target), width: 1, height: 8 }),
  );
  const words = one.words.map(([name, n, good, means]) =>
    make("li", {}, make("span.n", {}, String(n)), make(`b.${kind(good)}`, {}, name), means ? make("span.muted", {}, means) : null),
  );
  const verdict = is === "none" ? null : make(`span.verdict.${is === "kept" ? "pass" : "fail"}`, {}, sign(is === "kept" ? "pass" : "fail"), word);
  return make(
    `li.card.${is}`,
    {},
    make("h3", { title: one.promise }, one.title),
    make("p.figure", {}, make("b", {}, one.valid ? percent(ratio) : "–"), one.valid ? ` of ${one.valid}` : " nothing yet"),
    make("div.word", {}, make("p.target", {}, `promised ${percent(one.target)}`), make("span.state", {}, verdict)),
    bar,
    make("ul.words", {}, ...words),
  );
}
