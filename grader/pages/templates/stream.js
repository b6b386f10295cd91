// Follows a feed of server-sent events: fetch and not EventSource, which cannot send the secret as a header.
"use strict";

const SILENT_MS = 10_000; // more than two heartbeats
const WAITS_MS = [300, 600, 1000, 2000, 3000];

// The secret comes after the # of a link. It is taken out of the address bar (somebody may look on), and kept for this
// tab and this port alone, so that reloading works.
export function secret(name) {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem(name, given);
    history.replaceState(null, "", location.pathname);
  }
  addEventListener("hashchange", () => {
    if (/^#[\w-]{30,}$/.test(location.hash)) location.reload();
  });
  return sessionStorage.getItem(name) ?? "";
}

// A clock that is the server's: `skew` is what it is ahead of this machine's, in seconds.
export const clock = { skew: 0, now: () => Date.now() / 1000 + clock.skew };

// Calls told(message) for each event, and state(word, since) with "live", "lost" (since when, seconds) or "refused".
export async function follow(path, key, told, state) {
  let heard = 0;
  for (let tries = 0; ; tries++) {
    try {
      const lived = await listen(path, key, (message) => {
        tries = 0;
        heard = clock.now();
        clock.skew = message.now - Date.now() / 1000;
        told(message);
        state("live");
      });
      if (lived === "refused") return state("refused");
    } catch {
      // the server is away, or was silent for too long
    }
    state("lost", heard);
    await new Promise((resolve) => setTimeout(resolve, WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]));
  }
}

async function listen(path, key, told) {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), SILENT_MS);
  try {
    const answer = await fetch(path, { headers: { Authorization: `Bearer ${key}` }, signal: abort.signal });
    if (answer.status === 403) return "refused";
    if (!answer.ok) throw new Error(answer.statusText);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return "ended";
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), SILENT_MS);
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        const data = event.split("\n").find((line) => line.startsWith("data: "));
        if (data) told(JSON.parse(data.slice(6)));
      }
    }
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

// Takes a message into a map of parts; returns the names of those that changed.
export function take(parts, message) {
  if (!message.parts) return [];
  const gone = message.whole ? [...parts.keys()].filter((name) => !(name in message.parts)) : message.gone;
  for (const name of gone) parts.delete(name);
  for (const [name, part] of Object.entries(message.parts)) parts.set(name, part);
  return [...gone, ...Object.keys(message.parts)];
}
