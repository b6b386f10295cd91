// One trace, as a picture: each span below its parent, on one scale of time.
"use strict";
import { make } from "/dom.js";
import { nice, seconds, svg } from "/svg.js";

const [ROW, NARROW_ROW, BAR, HEAD] = [22, 36, 12, 18];
const NARROW = 620;

export function waterfall(spans) {
  const known = make("p.muted", { "aria-live": "polite" }, "Choose a span to see what is known of it.");
  const box = make("div", {});
  const services = [...new Set(spans.map((span) => span.service))];
  const draw = () => box.replaceChildren(picture(spans, services, box.clientWidth || 800, (span) => known.replaceChildren(...told(span))));
  new ResizeObserver(draw).observe(box);
  return make("div", {}, box, known);
}

function told(span) {
  const events = span.events.map(([at, name]) => `${seconds(at / 1000)}: ${name}`).join(", ");
  return [make("b", {}, `${span.name} (${span.service})`), `: from ${seconds(span.from / 1000)}, ${seconds(span.ms / 1000)}${span.failed ? ", failed" : ""}. ${span.known}${events ? `. Events: ${events}` : ""}`];
}

function picture(spans, services, wide, chosen) {
  const narrow = wide < NARROW;
  const row = narrow ? NARROW_ROW : ROW;
  const left = narrow ? 0 : Math.min(320, wide * 0.36);
  const room = wide - left - 58;
  const whole = Math.max(0.001, ...spans.map((span) => span.from + span.ms));
  const x = (ms) => left + (room * ms) / whole;
  const step = nice(whole / (narrow ? 3 : 6));
  const high = HEAD + row * spans.length;
  const ticks = Array.from({ length: Math.floor(whole / step) + 1 }, (_, n) => n * step);
  const grid = ticks.flatMap((at) => [
    svg("line.grid", { x1: x(at), x2: x(at), y1: HEAD - 4, y2: high }),
    svg("text.muted", { x: x(at), y: 11, "text-anchor": at ? "middle" : "start" }, at ? seconds(at / 1000) : "0"),
  ]);
  const all = svg("svg.waterfall", { width: wide, height: high, viewBox: `0 0 ${wide} ${high}`, role: "list", "aria-label": `${spans.length} spans` }, ...grid);
  spans.forEach((span, n) => all.append(drawn(span, n, { x, row, left, narrow, wide, kind: `k${services.indexOf(span.service) % 10}`, chosen, all })));
  return all;
}

function drawn(span, n, { x, row, left, narrow, wide, kind, chosen, all }) {
  const top = HEAD + n * row;
  const bar = top + row - BAR - 4;
  const from = x(span.from);
  const width = Math.max(1.5, x(span.from + span.ms) - from);
  const indent = Math.min(span.depth, 12) * (narrow ? 8 : 12);
  const most = Math.floor(((narrow ? wide - 60 : left) - indent) / 6.6);
  const label = `${span.name} · ${span.service}`;
  const text = label.length > most ? `${label.slice(0, Math.max(1, most - 1))}…` : label;
  const node = svg(
    "g.span",
    { tabindex: 0, role: "listitem", "aria-label": `${label}, from ${seconds(span.from / 1000)}, ${seconds(span.ms / 1000)}${span.failed ? ", failed" : ""}` },
    svg("title", {}, label),
    svg("rect.hit", { x: 0, y: top, width: wide, height: row }),
    svg("text", { x: indent + 2, y: narrow ? top + 13 : top + row - 6 }, text),
    svg(`rect.${span.failed ? "failed" : kind}`, { x: from, y: bar, width, height: BAR, rx: 2 }),
    ...span.events.map(([at]) => svg("line.event", { x1: x(span.from + at), x2: x(span.from + at), y1: bar - 1, y2: bar + BAR + 1 })),
    svg("text.muted", { x: Math.min(wide - 54, from + width + 4), y: bar + BAR - 2 }, `${seconds(span.ms / 1000)}${span.failed ? " ✗" : ""}`),
  );
  const choose = () => {
    for (const other of all.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    node.setAttribute("aria-current", "true");
    chosen(span);
  };
  node.addEventListener("click", choose);
  node.addEventListener("focus", choose);
  return node;
}
