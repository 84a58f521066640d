// A tiny trained tagger: one layer of attention, then a net per vector. And
// the grammar that it was trained on, to tell right from wrong.

import { list, matmul, percent, softmax, transpose } from "../shared.js";

const TAG_NAMES = { PRON: "pronoun", DET: "article", NOUN: "noun",
  VERB: "verb", ADJ: "adjective", ADV: "adverb", ADP: "preposition" };
const TAG_LETTERS = { PRON: "P", DET: "D", NOUN: "N", VERB: "V", ADJ: "A",
  ADV: "R", ADP: "T" };

// Who (with whom), perhaps how often, does, whom, with whom.
const THING = "DA{0,2}N", WITH = `(T${THING})?`;
const SENTENCE = new RegExp(
  `^(P|${THING})${WITH}R?V(P|${THING})?${WITH}$`);

export const nameOf = (tag) => TAG_NAMES[tag] ?? tag;
const aName = (tag) =>
  `${/^[aeiou]/.test(nameOf(tag)) ? "an" : "a"} ${nameOf(tag)}`;

function readingsOf(s, word) {
  return s.vocabulary.find(([known]) => known === word).slice(1);
}

// Rows times a matrix; where it has a row more than x columns, that row is
// added to each.
function apply(x, m) {
  const d = x[0].length, bias = m[d];
  return matmul(x, m.slice(0, d)).map((row) =>
    (bias ? row.map((y, j) => y + bias[j]) : row));
}

// What the net makes of the words: `weights` (L, L), row i is where word i
// looks, and `chances` (L, tags).
export function answer(s) {
  const net = s.nets[s.net], real = (m) => m.map((row) =>
    row.map((n) => n * s.unit));
  const at = s.words.map((word) =>
    s.vocabulary.findIndex(([known]) => known === word));
  const table = real(net.words);
  const place = net.places ? real(net.places) : null;
  const x = at.map((row, i) =>
    table[row].map((y, j) => y + (place ? place[i][j] : 0)));
  const [q, k, v, fc, out] =
    ["w_q", "w_k", "w_v", "fc", "out"].map((name) => real(net[name]));
  const scale = 1 / Math.sqrt(q[0].length);
  const weights = matmul(apply(x, q), transpose(apply(x, k))).map((row) =>
    softmax(row.map((score) => score * scale)));
  const b = matmul(weights, apply(x, v));
  const hidden = apply(x.map((row, i) => row.map((y, j) => y + b[i][j])), fc)
    .map((row) => row.map((y) => Math.max(0, y)));
  return { weights, chances: apply(hidden, out).map(softmax) };
}

export function best(chances) {
  return chances.indexOf(Math.max(...chances));
}

// The tags of a sentence of the grammar; null for other rows of words.
export function parse(s) {
  let ways = [[]];
  for (const word of s.words) {
    const tags = readingsOf(s, word);
    ways = ways.flatMap((way) => tags.map((tag) => [...way, tag]));
  }
  return ways.find((way) =>
    SENTENCE.test(way.map((tag) => TAG_LETTERS[tag]).join(""))) ?? null;
}

// Word `from` goes to place `to`; the words between close up.
export function moved(words, from, to) {
  const rest = words.filter((_, i) => i !== from);
  return [...rest.slice(0, to), words[from], ...rest.slice(to)];
}

// saw², as over a formula.
export function marked(s, i) {
  return s.words[i] + ("¹²³⁴⁵⁶⁷⁸"[i] ?? ` (${i + 1})`);
}

// “saw” (4), but “I” alone where there is one only.
function called(words, i) {
  const one = words.filter((word) => word === words[i]).length === 1;
  return `“${words[i]}”${one ? "" : ` (${i + 1})`}`;
}

// Whether the net is right, as far as its grammar knows.
function verdict(s, tags) {
  const right = parse(s), n = tags.length;
  if (!right) return "No sentence of its grammar: the net guesses.";
  const wrong = tags.map((_, i) => i).filter((i) => tags[i] !== right[i]);
  if (!wrong.length) return `All ${n} tags are right.`;
  const which = wrong.map((i) =>
    `${called(s.words, i)} should be ${aName(right[i])}`);
  return `${n - wrong.length} of ${n} right: ${list(which)}.`;
}

// Words that occur more than once, said for the net without order.
function twins(s, tags) {
  const twice = s.words.find((word, i) => s.words.indexOf(word) < i);
  if (!twice) return "";
  const at = s.words.map((_, i) => i).filter((i) => s.words[i] === twice);
  const all = at.length === 2 ? "both" : `all ${at.length}`;
  return ` Without the order ${all} “${twice}” are one vector: ` +
    `${all} ${nameOf(tags[at[0]])}.`;
}

export function describe(s, i, { weights, chances } = answer(s)) {
  const tags = chances.map((row) => s.tags[best(row)]);
  const top = best(weights[i]), sure = Math.max(...chances[i]);
  const where = top === i ? "itself" : called(s.words, top);
  return `${called(s.words, i)}: ${nameOf(tags[i])}, ${percent(sure)} sure. ` +
    `It looks most at ${where}, ${percent(weights[i][top])}. ` +
    verdict(s, tags) + (s.net === "bag" ? twins(s, tags) : "");
}
