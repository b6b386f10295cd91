// Charts on one axis of time, with one cursor: rate, latency, who answered, and whose requests were not fine; and the
// lab's own figures.
"use strict";
import { make, time } from "/dom.js";
import { nice, seconds, svg, swatch } from "/svg.js";

const [LEFT, RIGHT, TOP, BOTTOM, HEIGHT] = [34, 4, 6, 16, 112];
const LOST = -1; // a latency without an end

const KINDS = { "no answer": "k-none", others: "k-others", "": "k-others" };
const clockTime = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hourCycle: "h23" });
const perSecond = (count, chart) => `${(count / chart.width).toFixed(1).replace(/\.0$/, "")}/s`;

// Names that are none have colours of their own, so that others keep theirs when one comes.
function stacks(groups) {
  const names = Object.keys(groups).filter((name) => !(name in KINDS));
  return Object.entries(groups).map(([name, values]) => ({ name: name || "unnamed", kind: KINDS[name] ?? `k${names.indexOf(name) % 10}`, values }));
}

const CHARTS = [
  {
    title: "Requests",
    unit: "a second",
    layers: (c) => [
      { name: "fine", kind: "k-good", values: c.n.map((n, i) => n - c.bad[i]) },
      { name: "not fine", kind: "k-bad", values: c.bad },
    ],
    scale: (c) => (v) => v / c.width,
    value: perSecond,
  },
  {
    title: "Latency",
    unit: "p50 and p99",
    lines: (c) => ["p50", "p99"].map((name) => ({ name, kind: `k-${name}`, style: name, values: c[name] })),
    scale: () => (v) => v,
    value: (v) => seconds(v),
    label: (v) => (v === 0 ? "0" : seconds(v)),
    least: 0.01,
  },
  { title: "Who answered", unit: "a second", layers: (c) => stacks(c.who), scale: (c) => (v) => v / c.width, value: perSecond },
  { title: "Not fine, by tenant", unit: "requests", layers: (c) => stacks(c.tenants), scale: () => (v) => v, value: (v) => `${v}` },
];

// What a chart of the lab's own figures is: the n-th of those that came.
function own(chart, n) {
  const { title, unit, draw } = chart.charts[n];
  const series = (c) => Object.entries(c.charts[n]?.series ?? {}).map(([name, values], i) => ({ name, kind: name === "others" ? "k-others" : draw === "lines" ? `k${i % 5}` : `k${i % 10}`, style: `l${i % 5}`, values }));
  const value = (v) => `${+v.toFixed(v < 10 ? 2 : 1)}${draw === "share" ? " %" : ""}`;
  return { title, unit: unit || (draw === "share" ? "share" : ""), [draw === "lines" ? "lines" : "layers"]: series, scale: () => (v) => v, value, every: true };
}

class Chart {
  constructor(what, moved) {
    this.what = what;
    this.svg = svg("svg", { role: "img", tabindex: 0 });
    this.values = make("div.values");
    this.unit = make("span", {}, what.unit);
    this.node = make("figure.chart", {}, make("h3", {}, what.title, this.unit), this.svg, make("figcaption", {}, this.values));
    this.svg.addEventListener("pointermove", (event) => moved(this.at(event.offsetX)));
    this.svg.addEventListener("pointerleave", () => moved(null));
    this.svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step && event.key !== "Escape") return;
      event.preventDefault();
      moved(step ? (now) => Math.min(this.bins - 1, Math.max(0, (now ?? this.bins - (step > 0 ? 2 : 1)) + step)) : null);
    });
    this.svg.addEventListener("blur", () => moved(null));
  }

  get width() {
    return this.svg.clientWidth || 300;
  }

  at(x) {
    if (!this.bins) return null;
    const n = Math.floor(((x - LEFT) / (this.width - LEFT - RIGHT)) * this.bins);
    return n >= 0 && n < this.bins ? n : null;
  }

  draw(chart, marks, cursor) {
    this.bins = chart.n.length;
    const [wide, high] = [this.width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];
    const x = (n) => LEFT + (wide * n) / this.bins;
    const layers = this.what.layers?.(chart) ?? [];
    const scale = this.what.scale(chart);
    const lines = this.what.lines?.(chart) ?? [];
    const tops = layers.length ? chart.n.map((_, i) => layers.reduce((sum, layer) => sum + scale(layer.values[i]), 0)) : lines.flatMap((l) => l.values.filter((v) => v !== null && v !== LOST));
    const top = nice(Math.max(this.what.least ?? 1, ...tops));
    const y = (v) => TOP + high * (1 - Math.min(1, v / top));
    const nodes = [...this.ground(chart, x, high), ...this.grid(top, y, wide)];
    nodes.push(...(lines.length ? lines.flatMap((line) => this.line(line, x, y)) : this.bars(layers, scale, x, y)));
    nodes.push(...this.axis(chart, x, wide), ...this.marked(marks, chart, wide, high));
    if (cursor !== null && cursor < this.bins) nodes.push(svg("line.cursor", { x1: x(cursor + 0.5), x2: x(cursor + 0.5), y1: TOP, y2: TOP + high }));
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
    this.svg.replaceChildren(...nodes);
    this.say(chart, layers.length ? layers : lines, cursor);
  }

  ground(chart, x, high) {
    return chart.phases.flatMap(([name, from, to], n) => {
      const [a, b] = [x(from / chart.width), x(Math.min(this.bins, to / chart.width))];
      const room = b - a > 6.2 * name.length;
      return [
        n % 2 ? svg("rect.phase", { x: a, width: Math.max(0, b - a), y: TOP, height: high }) : null,
        room ? svg("text", { x: a + 2, y: TOP + 9 }, name) : null,
      ].filter(Boolean);
    });
  }

  grid(top, y, wide) {
    const label = this.what.label ?? ((v) => `${+v.toFixed(2)}`);
    return [0, top / 2, top].flatMap((v) => [
      svg("line.grid", { x1: LEFT, x2: LEFT + wide, y1: y(v), y2: y(v) }),
      svg("text", { x: LEFT - 4, y: y(v) + 3.5, "text-anchor": "end" }, label(v)),
    ]);
  }

  bars(layers, scale, x, y) {
    const below = new Array(this.bins).fill(0);
    return layers.map((layer) => {
      const path = layer.values.map((value, n) => {
        if (!value) return "";
        const [from, to] = [below[n], below[n] + scale(value)];
        below[n] = to;
        return `M${x(n).toFixed(1)} ${y(from).toFixed(1)}V${y(to).toFixed(1)}H${(x(n + 1) - 0.6).toFixed(1)}V${y(from).toFixed(1)}Z`;
      });
      return svg(`path.${layer.kind}`, { d: path.join("") });
    });
  }

  // A line with gaps where nothing was due; what has no end stands at the top, crossed.
  line(line, x, y) {
    let open = false;
    const crosses = [];
    const path = line.values.map((value, n) => {
      if (value === null) {
        open = false;
        return "";
      }
      const [px, py] = [x(n + 0.5), value === LOST ? TOP : y(value)];
      if (value === LOST) crosses.push(`M${px - 3} ${py - 3}l6 6m0 -6l-6 6`);
      const step = `${open ? "L" : "M"}${px.toFixed(1)} ${py.toFixed(1)}`;
      const alone = !open && (line.values[n + 1] ?? null) === null ? "h1" : "";
      open = true;
      return step + alone;
    });
    return [svg(`path.line.${line.style}`, { d: path.join("") }), crosses.length ? svg("path.lost", { d: crosses.join("") }) : null].filter(Boolean);
  }

  axis(chart, x) {
    const count = this.width < 240 ? 2 : 3;
    return Array.from({ length: count + 1 }, (_, i) => {
      const n = (this.bins * i) / count;
      const anchor = i === 0 ? "start" : i === count ? "end" : "middle";
      return svg("text", { x: x(n), y: HEIGHT - 3, "text-anchor": anchor }, this.moment(chart, n));
    });
  }

  moment(chart, n) {
    const at = chart.start + n * chart.width;
    return !chart.clock ? `${+at.toFixed(1)} s` : chart.width < 5 ? clockTime(at) : time(at);
  }

  marked(marks, chart, wide, high) {
    if (!chart.clock) return [];
    const whole = this.bins * chart.width;
    return marks
      .filter((mark) => mark.at >= chart.start && mark.at <= chart.start + whole)
      .map((mark) => {
        const px = LEFT + (wide * (mark.at - chart.start)) / whole;
        return svg(`line.mark.${mark.what}`, { x1: px, x2: px, y1: TOP, y2: TOP + high }, svg("title", {}, `${time(mark.at)}: ${mark.text}`));
      });
  }

  // The values at the cursor, else of the last whole bin.
  say(chart, layers, cursor) {
    const at = cursor !== null && cursor < this.bins ? cursor : this.last(chart);
    const when = cursor === null ? "last" : chart.clock ? clockTime(chart.start + at * chart.width) : `at ${+(at * chart.width).toFixed(2)} s`;
    const told = layers
      .map((layer) => ({ ...layer, value: layer.values[at] }))
      .filter((layer) => layer.value || this.what.every || this.what.lines || this.what.title === "Requests")
      .map((layer) => [layer, layer.value === null ? "–" : this.what.value(layer.value, chart)]);
    const text = `${when}: ${told.map(([layer, value]) => `${layer.name} ${value}`).join(", ") || "none"}`;
    if (this.values.dataset.said !== text) {
      const parts = told.map(([layer, value]) => make("span", {}, swatch(layer.kind), `${layer.name} `, make("b", {}, value)));
      this.values.replaceChildren(make("span.muted", {}, when), ...(parts.length ? parts : [make("span.muted", {}, "none")]));
    }
    this.values.dataset.said = text;
    this.svg.setAttribute("aria-label", `${this.what.title}, ${chart.title}. ${text}`);
  }

  last(chart) {
    const whole = chart.n.findLastIndex((n, i) => n > 0 && (i < this.bins - 1 || !chart.clock));
    return Math.max(0, whole);
  }
}

export class Charts {
  constructor(node, every = CHARTS) {
    this.cursor = null;
    this.shown = null;
    const moved = (to) => {
      this.keyed = typeof to === "function";
      this.cursor = this.keyed ? to(this.cursor) : to;
      this.draw();
    };
    this.all = every.map((what) => new Chart(what, moved));
    node.append(...this.all.map((chart) => chart.node));
    new ResizeObserver(() => this.draw()).observe(node);
  }

  // A cursor moved by keys stays with its moment while time goes on; one under the pointer stays there.
  show(chart, marks) {
    if (this.keyed && this.cursor !== null && chart.width === this.shown?.width) {
      this.cursor = Math.max(0, this.cursor - Math.round((chart.start - this.shown.start) / chart.width));
    }
    this.shown = chart;
    this.marks = marks;
    this.draw();
  }

  draw() {
    if (this.shown) for (const chart of this.all) chart.draw(this.shown, this.marks, this.cursor);
  }
}

// The lab's own figures; made when they first come.
export class Figures {
  constructor(node) {
    this.node = node;
  }

  show(chart, marks) {
    this.charts ??= new Charts(this.node, chart.charts.map((_, n) => own(chart, n)));
    this.charts.show(chart, marks);
  }
}
