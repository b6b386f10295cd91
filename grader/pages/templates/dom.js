// How elements are made, and how lengths and times are said. Everything from outside becomes text, never markup.
"use strict";

export function length(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  const minutes = Math.floor((s % 3600) / 60);
  return minutes ? `${Math.floor(s / 3600)} h ${minutes} min` : `${Math.floor(s / 3600)} h`;
}

export const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

export const ordinal = (n) => {
  const last = n % 100 >= 11 && n % 100 <= 13 ? 0 : n % 10;
  return `${n}${["th", "st", "nd", "rd"][last] ?? "th"}`;
};

export const time = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

// make("td.state", {role: "cell"}, child, "text", ...)
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

// Changes a text only where it is another one, so that nothing is read out or selected away for nothing.
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// A sentence with commands between backticks, as nodes.
export const prose = (text) => text.split("`").map((part, n) => (n % 2 ? make("code", {}, part) : part));

const SIGNS = {
  pass: "M3 8.5l3.2 3.2L13 4.6",
  fail: "M4 4l8 8M12 4l-8 8",
  invalid: "M8 3v6M8 12v.8",
  undecided: "M3 8h10",
  queued: "M8 3v5l3 2M8 1.5a6.5 6.5 0 1 0 .01 0",
  exam: "M4 3l9 5-9 5z",
  working: "M3 13l1-3.5L11 2.5l2.5 2.5-7 7L3 13z",
  new: "M8 2a6 6 0 1 0 .01 0",
};

export function sign(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "sign");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SIGNS[name] ?? SIGNS.undecided);
  svg.append(path);
  return svg;
}

// A verdict's word without "close", which says that it is not proven.
export const bare = (word) => String(word).replace(/^close (?=pass$|fail$)/, "");

export const verdict = (word) => {
  const known = ["pass", "fail", "invalid", "undecided"].includes(bare(word)) ? bare(word) : "undecided";
  return make(`span.verdict.${known}`, {}, sign(known), word);
};
