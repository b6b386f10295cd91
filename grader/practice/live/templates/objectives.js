// Each objective's last minute against its promise.
"use strict";
import { make, say, sign, time } from "/dom.js";
import { judged } from "/run.js";
import { percent, svg } from "/svg.js";

const SPARK = 60;
const cards = new Map();

function state(one) {
  if (!one.judged || one.good + one.bad === 0) return "none";
  return one.good / (one.good + one.bad) >= one.target ? "kept" : "missed";
}

const WORDS = { kept: "kept", missed: "missed", none: "" };
const SIGNS = { kept: "pass", missed: "fail" };

function budget(one, last) {
  if (!one.judged) return `Judged in the rehearsal.${last && ` ${last}`}`;
  if (one.budget === null) return "Nothing of it in the last minute.";
  return one.budget >= 0 ? `Budget left: ${percent(one.budget, 0)}.` : `${(1 - one.budget).toFixed(1)} times what may be bad.`;
}

// What the newest rehearsal or exam measured of an objective, in a sentence.
function measured(id, attempts) {
  for (const run of attempts) {
    const found = run.objectives.find((each) => each.id === id && each.valid);
    if (found) return `The ${run.what} at ${time(run.at)}: ${percent(found.good / found.valid)} of ${found.valid}.`;
  }
  return "";
}

class Card {
  constructor() {
    this.title = make("h3");
    this.word = make("span.state");
    this.figure = make("p.figure");
    this.target = make("p.target");
    this.bar = svg("svg.bar", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.spark = svg("svg.spark", { viewBox: `0 0 ${SPARK} 20`, preserveAspectRatio: "none", role: "img" });
    this.budget = make("p.budget");
    this.run = make("p.run-line", { hidden: "" });
    const line = make("div.word", {}, this.target, this.word);
    this.node = make("li.card", {}, this.title, this.figure, line, this.bar, this.spark, this.budget, this.run);
  }

  show(one, run, attempts) {
    const is = state(one);
    this.node.className = `card ${is}`;
    say(this.title, one.title);
    this.title.title = one.promise;
    if (this.word.dataset.is !== is) this.word.replaceChildren(is === "none" ? "" : make(`span.verdict.${SIGNS[is]}`, {}, sign(SIGNS[is]), WORDS[is]));
    this.word.dataset.is = is;
    for (const part of [this.figure, this.bar, this.spark]) part.toggleAttribute("hidden", !one.judged);
    const valid = one.good + one.bad;
    const ratio = valid ? one.good / valid : 0;
    const said = valid ? `${percent(ratio)} of ${valid}` : "none";
    if (this.figure.dataset.said !== said) this.figure.replaceChildren(make("b", {}, valid ? percent(ratio) : "–"), valid ? ` of ${valid}` : "");
    this.figure.dataset.said = said;
    say(this.target, `promised ${percent(one.target)}`);
    this.bar.replaceChildren(
      svg("rect.whole", { width: 100, height: 8 }),
      svg("rect.good", { width: 100 * ratio, height: 8 }),
      svg("rect.tick", { x: Math.min(99, 100 * one.target), width: 1, height: 8 }),
    );
    this.sparkline(one);
    say(this.budget, budget(one, one.judged ? "" : measured(one.id, attempts)));
    this.inRun(one, run);
  }

  sparkline(one) {
    const most = Math.max(1, ...one.seconds.map(([good, bad]) => good + bad));
    const bars = [svg("rect.floor", { y: 19.5, width: SPARK, height: 0.5 })];
    one.seconds.forEach(([good, bad], n) => {
      const [up, down] = [(19 * good) / most, (19 * bad) / most];
      if (good) bars.push(svg("rect.good", { x: n, width: 0.8, y: 19.5 - up, height: up }));
      if (bad) bars.push(svg("rect.bad", { x: n, width: 0.8, y: 19.5 - up - down, height: Math.max(down, 2) }));
    });
    this.spark.replaceChildren(...bars);
    const worst = one.seconds.reduce((sum, [, bad]) => sum + (bad > 0), 0);
    this.spark.setAttribute("aria-label", `The last minute, second by second: ${one.bad} bad of ${one.good + one.bad}, in ${worst} seconds`);
  }

  inRun(one, run) {
    const found = run?.objectives.find((each) => each.id === one.id);
    this.run.hidden = !found;
    if (!found) return;
    const measured = found.valid ? `${percent(found.good / found.valid)} of ${found.valid}` : "nothing yet";
    const word = found.verdict === "undecided" ? "measuring" : "";
    this.run.replaceChildren(`${run.what}: ${measured} `, word || judged(found.verdict));
  }
}

export function objectives(list, every, run, attempts) {
  for (const one of every) {
    if (!cards.has(one.id)) {
      cards.set(one.id, new Card());
      list.append(cards.get(one.id).node);
    }
    cards.get(one.id).show(one, run?.running ? run : null, attempts);
  }
  for (const [id, card] of cards) {
    if (every.some((one) => one.id === id)) continue;
    card.node.remove();
    cards.delete(id);
  }
}
