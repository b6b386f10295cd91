// How pictures are made, by hand: no library, and colours that are the style's.
"use strict";

export function svg(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

export const swatch = (kind) => svg(`svg.swatch`, { viewBox: "0 0 9 9", "aria-hidden": "true" }, svg(`rect.${kind}`, { width: 9, height: 9, rx: 2 }));

// The next round number that is no less.
export function nice(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 10].map((n) => n * power).find((n) => n >= value - 1e-12);
}

export const percent = (ratio, digits = 1) => `${(100 * ratio).toFixed(digits).replace(/\.0+$/, "")} %`;

export function seconds(s) {
  if (s < 0) return "no answer";
  return s < 0.9995 ? `${Math.round(1000 * s)} ms` : `${+s.toFixed(s < 10 ? 2 : 1)} s`;
}
