// Chapter 05's stepper: the matrices of each step, and what is said of them.

import { MARKS, bracketed, list, matmul, number, percent, softmax,
  transpose, vector } from "../shared.js";

export const ORDER = ["X", "Q", "K", "V", "A", "A′", "O"];
const SAYS = {
  X: "Four words, four vectors: one word is one LINE.",
  Q: "Every word’s vector times one learned matrix: its query, what it " +
    "looks for.",
  K: "The same words times a second matrix: their keys, what they can be " +
    "found by.",
  V: "And times a third: their values, what they hand over when found.",
  A: "Every query meets every key, all 16 scores in one product. The LINE " +
    "tells who asks.",
  "A′": "Softmax along each LINE: scores become shares that add up to 1.",
  O: "Each word’s shares mix the values: all four outputs at once.",
};

// What to try at each step.
export const TRY = [
  "Change a number if you like, then press Next and follow one word.",
  "Point at a cell, or walk to it with the arrow keys, for its sum.",
  "A word is found by its key. Compare it with what it looks for itself.",
  "Follow one saw, then the other. Does anything differ?",
  "Press a number in the sum to see where it comes from.",
  "Follow another word. Whom does it look at most?",
  "Now go back to X, change a number of saw⁴, and see whether the two saws " +
    "still agree.",
];

// Every matrix with rows as vectors.
export function matrices(s) {
  const [Q, K, V] = [s.w_q, s.w_k, s.w_v].map((w) => matmul(s.inputs, w));
  const A = matmul(Q, transpose(K));
  const shares = A.map(softmax);
  return { X: s.inputs, Q, K, V, A, "A′": shares, O: matmul(shares, V) };
}

const names = (letter) => [1, 2, 3, 4].map((i) => letter + MARKS[i - 1]);

// One matrix on the page: its name, its numbers, what its rows and columns
// are called.
function called(name, m, rows = [], columns = []) {
  return { name, m, rows, columns };
}

function turned(x, name = x.name) {
  return called(name, transpose(x.m), x.columns, x.rows);
}

// Step n as {name, kind, left, top, out} in the code's rows or the lecture's
// columns. The second is the first, transposed: (L R)ᵀ = Rᵀ Lᵀ.
export function stepOf(s, n) {
  const all = matrices(s), name = ORDER[n], rows = s.convention === "rows";
  const words = s.words.map((word, i) => word + MARKS[i]);
  let left, top, kind = "product", out = called(name, all[name]);
  const w = { Q: "w_q", K: "w_k", V: "w_v" }[name];
  if (name === "X") {
    kind = "input";
    out.rows = words;
  } else if (w) {
    left = called("X", s.inputs, names("a"));
    top = called(`W${name.toLowerCase()}`, s[w]);
    out.rows = names(name.toLowerCase());
  } else if (name === "A") {
    left = called("Q", all.Q, names("q"));
    top = called(rows ? "Kᵀ" : "K", transpose(all.K), [], names("k"));
    out.rows = names("q");
  } else if (name === "A′") {
    kind = "softmax";
    left = called("A", all.A, words, names("k"));
    out.columns = words;
  } else {
    left = called("A′", all["A′"], words);
    top = called("V", all.V, names("v"));
    out.rows = names("b");
  }
  if (!rows) {
    const other = { K: "Kᵀ" };
    [left, top] = [top && turned(top, other[top.name]), left && turned(left)];
    out = turned(out);
  }
  let formula = name;
  if (kind === "softmax") formula = "A′ = softmax(A)";
  else if (kind === "product") formula = `${name} = ${left.name} ${top.name}`;
  const says = SAYS[name].replace("LINE", rows ? "row" : "column");
  return { name, kind, left, top, out, formula, says };
}

// Where a factor comes from: cell (i, j) of the result of an earlier step.
// What was learned comes from none.
export function source(s, n, side, a, b) {
  const matrix = stepOf(s, n)[side], flip = matrix.name.endsWith("ᵀ");
  const step = ORDER.indexOf(matrix.name.replace("ᵀ", ""));
  if (step < 0) return null;
  return { step, name: ORDER[step], i: flip ? b : a, j: flip ? a : b };
}

// Cell (i, j) of the result: a heading in words, then its arithmetic. A piece
// is a text, or a factor: its text, its place, and which term it is in. A
// product of two factors is a list, which stays on one line.
export function cell(s, n, i, j) {
  const { name, kind, left, top, out } = stepOf(s, n);
  const rows = s.convention === "rows";
  const [word, other] = rows ? [i, j] : [j, i];
  const who = (k) => `“${s.words[k]}” (${k + 1})`;
  const whom = word === other ? "itself" : who(other);
  const value = out.m[i][j];
  const small = name.toLowerCase() + MARKS[word];
  const alpha = `${name === "A" ? "α" : "α′"}${"₁₂₃₄"[word]},` +
    "₁₂₃₄"[other];
  if (kind === "input") {
    return { heading: `entry ${other + 1} of the vector of ${who(word)}`,
      start: [`a${MARKS[word]}, entry ${other + 1} = `],
      sum: [number(value)] };
  }
  if (kind === "softmax") {
    const line = rows ? left.m[i] : top.m.map((row) => row[j]);
    const e = line.map(Math.exp);
    return {
      heading: `the share of its attention that ${who(word)} gives to ` +
        whom,
      start: [`${alpha} = e to the `, { text: number(line[other]),
        side: rows ? "left" : "top", at: [i, j] }, ", over the sum: "],
      sum: [`${number(e[other])} / (${e.map((x) => number(x)).join(" + ")})` +
        ` = ${number(value, 2, true)}`],
    };
  }
  const fixed = name === "O";
  const sum = left.m[i].flatMap((x, t) => [t ? " + " : "", [
    { text: factor(x, left.name), side: "left", at: [i, t], term: t }, "·",
    { text: factor(top.m[t][j], top.name), side: "top", at: [t, j],
      term: t }]]);
  const heading = {
    Q: `entry ${other + 1} of what ${who(word)} looks for`,
    K: `entry ${other + 1} of what ${who(word)} can be found by`,
    V: `entry ${other + 1} of what ${who(word)} hands over`,
    A: `${who(word)} asks, ${whom} is asked`.replace(
      "itself is asked", "and is asked itself"),
    O: `entry ${other + 1} of the output of ${who(word)}`,
  }[name];
  const pair = rows ? `q${MARKS[word]}·k${MARKS[other]}`
    : `k${MARKS[other]}·q${MARKS[word]}`;
  return { heading, start: [name === "A" ? `${alpha} = ${pair} = `
    : `${fixed ? `b${MARKS[word]}` : small}, entry ${other + 1} = `],
  sum: [...sum, ` = ${number(value, 2, fixed)}`] };
}

// Shares keep their two decimals, as in their matrix.
function factor(x, name) {
  return name === "A′" ? number(x, 2, true) : bracketed(x);
}

// What step n does for one word, with its numbers.
export function story(s, n, word) {
  const all = matrices(s), name = ORDER[n], line = all[name][word];
  const who = (k) => `“${s.words[k]}” (${k + 1})`, mark = MARKS[word];
  const top = Math.max(...all.A[word]);
  const best = all.A[word].map((_, k) => k)
    .filter((k) => all.A[word][k] > top - 1e-9);
  const bests = list(best.map(who)), one = best.length === 1;
  const twins = s.words.map((_, k) => k).filter((k) => k !== word &&
    all.O[k].every((x, d) => Math.abs(x - all.O[word][d]) < 1e-9));
  const gets = twins.length > 1 ? "get" : "gets";
  const same = twins.length ? ` ${list(twins.map(who))} ${gets} the same.`
    : "";
  return {
    X: `${who(word)} comes in as a${mark} = ${vector(line)}.`,
    Q: `${who(word)} looks for q${mark} = ${vector(line)}.`,
    K: `${who(word)} can be found by k${mark} = ${vector(line)}.`,
    V: `${who(word)} hands over v${mark} = ${vector(line)}.`,
    A: `${who(word)} holds its q${mark} against all four keys: scores ` +
      `${list(line.map((x) => number(x)))}. ${bests} ` +
      `${one ? "fits" : "fit"} best.`,
    "A′": `${who(word)} shares out its attention: ` +
      `${list(line.map(percent))}.`,
    O: `b${mark} mixes the values: ${list(all["A′"][word].map((x, k) =>
      `${percent(x)} of v${MARKS[k]}`))}. That is ` +
      `${vector(line, 2, true)}.${same}`,
  }[name];
}

export function describe(s, n, i, j) {
  const { formula } = stepOf(s, n), c = cell(s, n, i, j);
  const sum = c.sum.flat().map((piece) => piece.text ?? piece).join("");
  return `Step ${n + 1} of 7, ${formula}. Row ${i + 1}, column ${j + 1}, ` +
    `${c.heading}: ${sum}.`;
}
