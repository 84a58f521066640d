// Chapter 04's playground: what is computed, and what is said about it.

import { MARKS, bracketed, dot, list, number, percent, softmax, transpose,
  vector } from "../shared.js";

const W = [1, 1]; // of the additive score, as in the chapter
export const PRESETS = {
  sentence: {
    label: "The sentence",
    says: "The numbers worked out by hand in this chapter.",
    asks: 0, q: [[1, -1], [1, 2], [2, 1], [1, 2]],
    k: [[0, 1], [1, 0], [1, 1], [1, 0]],
  },
  equal: {
    label: "Two equal keys",
    says: "Keys 1 and 2 are in one place. Wherever you drag the query, " +
      "they get the same weight.",
    asks: 2, q: [[1, -1], [1, 2], [2, 0.5], [1, 2]],
    k: [[1.5, 1], [1.5, 1], [-1, 2], [0, -1.5]],
  },
  dominates: {
    label: "One dominates",
    says: "Key 3 lies far along the query. Softmax gives it almost " +
      "everything, and b is nearly its value.",
    asks: 0, q: [[2, 2], [1, 2], [2, 1], [1, 2]],
    k: [[-1, 0.5], [1, -1], [1.5, 1], [0, 0.5]],
  },
  nobody: {
    label: "No preference",
    says: "A query of length 0 scores every key 0: equal shares, and b is " +
      "the mean of the values. Drag q away from the centre.",
    asks: 0, q: [[0, 0], [1, 2], [2, 1], [1, 2]],
    k: [[0, 1], [1, 0], [1, 1], [1, 0]],
  },
};

export function scoreOf(q, k, score, scaled) {
  if (score === "additive") {
    return dot(W, q.map((x, i) => Math.tanh(x + k[i])));
  }
  return dot(q, k) / (scaled ? Math.sqrt(q.length) : 1);
}

export function attend(s) {
  const q = s.q[s.asks];
  const scores = s.k.map((k) => scoreOf(q, k, s.score, s.scaled));
  const seen = scores.map((x, i) => (s.own || i !== s.asks ? x : -Infinity));
  const weights = s.weight === "softmax"
    ? softmax(seen)
    : seen.map((x) => Math.max(x, 0));
  const out = transpose(s.v).map((column) => dot(weights, column));
  return { q, scores, weights, out };
}

// What the figure shows, in two or three sentences.
export function describe(s) {
  const { weights, out } = attend(s);
  const name = (i) => `“${s.words[i]}” (${i + 1})`;
  const top = Math.max(...weights);
  const seen = weights.map((_, i) => i).filter((i) => s.own || i !== s.asks);
  const lead = seen.filter((i) => weights[i] > top - 0.005);
  const total = weights.reduce((a, b) => a + b, 0);
  const b = `b${MARKS[s.asks]} = ${vector(out, 2, true)}`;
  const said = [];
  if (s.weight === "relu" && top === 0) {
    return `No key has a score above 0, so ReLU gives no weight: ${b}.`;
  }
  const share = s.weight === "softmax"
    ? percent(top) : `weight ${number(top)}`;
  if (lead.length === seen.length) {
    said.push(`All ${seen.length} keys count alike, ${share} each.`);
  } else if (lead.length > 1) {
    said.push(`${list(lead.map(name))} lead with ${share} each.`);
  } else if (s.weight === "softmax" && top >= 0.9) {
    said.push(`${name(lead[0])} dominates with ${share}.`);
  } else said.push(`${name(lead[0])} leads with ${share}.`);
  if (!s.own) said.push(`${name(s.asks)} may not look at itself.`);
  if (s.weight === "relu" && Math.abs(total - 1) > 0.005) {
    said.push(`The weights add up to ${number(total)}, not to 1.`);
  }
  const far = s.v.map((v) => Math.hypot(v[0] - out[0], v[1] - out[1]));
  const near = far.map((_, i) => i)
    .filter((i) => far[i] < Math.min(...far) + 1e-9);
  said.push(`${b}, nearest to the value of ${list(near.map(name))}.`);
  return said.join(" ");
}

// The way from key i to its weight, with its numbers.
export function arithmetic(s, i) {
  const { q, scores, weights } = attend(s);
  const k = s.k[i], at = `${MARKS[s.asks]}`;
  const alpha = `α${"₁₂₃₄"[s.asks]},${"₁₂₃₄"[i]}`;
  const products = q.map((x, j) => `${bracketed(x)}·${bracketed(k[j])}`);
  const sums = q.map((x, j) => `tanh(${number(x)} + ${bracketed(k[j])})`);
  let first = `${alpha} = q${at}·k${MARKS[i]} = ${products.join(" + ")}`;
  if (s.score === "additive") first = `${alpha} = ${sums.join(" + ")}`;
  else if (s.scaled) {
    first = `${alpha} = q${at}·k${MARKS[i]} / √2 = ` +
      `(${products.join(" + ")}) / 1.41`;
  }
  first += ` = ${number(scores[i])}`;
  const weight = alpha.replace("α", "α′");
  if (!s.own && i === s.asks) {
    return [first, `${weight} = 0, since the word itself is left out`];
  }
  if (s.weight === "relu") {
    return [first, `${weight} = max(0, ${number(scores[i])}) = ` +
      number(weights[i])];
  }
  const e = scores.map(Math.exp)
    .map((x) => number(x, x < 1000 ? 2 : 0, true));
  const seen = e.filter((_, j) => s.own || j !== s.asks);
  return [first, `e to the ${number(scores[i])} is ${e[i]}`,
    `${weight} = ${e[i]} / (${seen.join(" + ")}) = ` +
    number(weights[i], 2, true)];
}
