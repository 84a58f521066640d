// Chapter 12: the tick in which each piece of work is done.

import { list } from "../shared.js";

const range = (n) => Array.from({ length: n }, (_, i) => i);
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

// As TwoSchedules.schedule in Python.
export function schedule(s) {
  const n = s.length, atOnce = s.workers || n * n;
  const stage = (pieces, after) =>
    range(pieces).map((i) => after + 1 + Math.floor(i / atOnce));
  const project = stage(n, 0);
  const scores = stage(n * (n + 1) / 2, project.at(-1));
  const pairs = range(n).map((i) => range(n).map((j) =>
    (j > i ? 0 : scores[i * (i + 1) / 2 + j])));
  return { rnn: range(n).map((i) => i + 1), project, pairs,
    out: stage(n, scores.at(-1)) };
}

export function ticks(s) {
  const done = schedule(s);
  return { rnn: done.rnn.at(-1), attention: done.out.at(-1) };
}

export function last(s) {
  const { rnn, attention } = ticks(s);
  return Math.max(rnn, attention);
}

// Waiting, done in this very tick, or done before it.
export function phase(done, tick) {
  if (done === tick) return "now";
  return done && done < tick ? "done" : "";
}

// The time between two ticks: short ones where there are many.
export function pause(s) {
  return Math.round(Math.min(700, Math.max(90, 9000 / last(s))));
}

function attentionAt(s, done) {
  const finished = done.out.filter((t) => t <= s.tick).length;
  if (finished === s.length) return "Attention has all its outputs.";
  if (finished) return `Attention has ${finished} of ${s.length} outputs.`;
  const pairs = done.pairs.flat().filter((t) => t && t <= s.tick).length;
  if (pairs) {
    return `Attention has ${plural(pairs, "score")}, and no output yet.`;
  }
  const ready = done.project.filter((t) => t <= s.tick).length;
  return ready ? `Attention has ${ready} of ${s.length} queries, keys and ` +
    "values, and no output yet." : "Attention has not begun.";
}

export function describe(s) {
  const done = schedule(s), at = Math.min(s.tick, s.length);
  const rnn = !s.tick ? "The RNN has not begun."
    : at < s.length ? `The RNN has ${at} of ${s.length} states.`
      : "The RNN has all its states.";
  const when = s.tick ? `After ${plural(s.tick, "tick")}: ` : "";
  return `${when}${rnn} ${attentionAt(s, done)}`;
}

// What the whole of it takes.
export function counted(s) {
  const { rnn, attention } = ticks(s), n = s.length;
  const pairs = n * (n + 1) / 2;
  const parts = [`${n} projections`, `${pairs} scores`, `${n} outputs`];
  return `RNN: ${n} pieces of work in ${rnn} ticks. Attention: ` +
    `${list(parts)} in ${plural(attention, "tick")}.`;
}
