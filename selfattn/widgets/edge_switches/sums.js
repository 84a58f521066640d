// Chapter 10: attention over the edges that are on. Each node sees itself.

import { dot, list, number, percent, softmax, vector } from "../shared.js";

const LEAK = 0.2;

// Whom a node may look at, by number: itself and those it is joined to.
export function keysOf(s, i) {
  const joined = s.on.flatMap((e) => {
    const [a, b] = s.edges[e];
    return a === i ? [b] : b === i ? [a] : [];
  });
  return [...new Set([i, ...joined])].sort((a, b) => a - b);
}

// As reference.attention with scale 1, additive with LeakyReLU, or equal.
export function scoreOf(s, i, j) {
  if (s.score === "equal") return 0;
  if (s.score === "dot") return dot(s.q[i], s.k[j]);
  const sums = s.q[i].map((x, d) => x + s.k[j][d]);
  return dot(s.w, sums.map((x) => (x > 0 ? x : LEAK * x)));
}

// The row of weights (n): 0 where there is no edge.
export function weightsOf(s, i) {
  const keys = keysOf(s, i);
  const shares = softmax(keys.map((j) => scoreOf(s, i, j)));
  const row = s.names.map(() => 0);
  keys.forEach((j, place) => { row[j] = shares[place]; });
  return row;
}

export function outputOf(s, i) {
  const row = weightsOf(s, i);
  return s.v[0].map((_, d) => row.reduce((sum, x, j) =>
    sum + x * s.v[j][d], 0));
}

export function attend(s) {
  return { out: s.names.map((_, i) => outputOf(s, i)),
    weights: s.names.map((_, i) => weightsOf(s, i)) };
}

// A name that stands for several nodes is told apart by its number.
export function nameOf(s, i) {
  const name = s.names[i];
  const several = s.names.indexOf(name) !== s.names.lastIndexOf(name);
  return several ? `${name} (${i + 1})` : name;
}

export function edgeName(s, e) {
  return list(s.edges[e].map((i) => nameOf(s, i)));
}

export function toggled(s, e) {
  return s.on.includes(e) ? s.on.filter((x) => x !== e)
    : [...s.on, e].sort((a, b) => a - b);
}

export function counted(s) {
  const n = s.names.length, pairs = n + 2 * s.on.length;
  return `${s.on.length} of ${s.edges.length} edges are on: ` +
    `${pairs} scores, and ${n * n} without a graph`;
}

export function describe(s) {
  const i = s.node, row = weightsOf(s, i), keys = keysOf(s, i);
  const shares = keys.map((j) =>
    `${j === i ? "itself" : nameOf(s, j)} ${percent(row[j])}`);
  const lonely = keys.length === 1
    ? "It has no edge, so its new vector is its own value. " : "";
  const twins = s.names.flatMap((name, j) =>
    (j !== i && name === s.names[i] ? [j] : []));
  const mine = vector(outputOf(s, i));
  const same = twins.map((j) => (vector(outputOf(s, j)) === mine
    ? ` ${nameOf(s, j)} has the same.`
    : ` ${nameOf(s, j)} has ${vector(outputOf(s, j))}.`)).join("");
  return `${nameOf(s, i)} looks at ${list(shares)}. ${lonely}` +
    `New vector: ${mine}.${same}`;
}

// A line of the table: what node j is to the node that asks.
export function lineOf(s, j) {
  const joined = keysOf(s, s.node).includes(j);
  const weight = weightsOf(s, s.node)[j];
  return { name: nameOf(s, j), weight,
    score: joined ? number(scoreOf(s, s.node, j)) : "–",
    share: joined ? number(weight, 2, true) : "0",
    value: vector(s.v[j]), out: vector(outputOf(s, j), 2, true) };
}
