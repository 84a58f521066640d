// Chapter 06's heads: where they look, and what is said without some.

import { list, number } from "../shared.js";

const KINDS = {
  ADJ: "an adjective", ADP: "a preposition", ADV: "an adverb",
  AUX: "an auxiliary", CCONJ: "a conjunction", DET: "a determiner",
  NOUN: "a noun", NUM: "a number", PRON: "a pronoun",
  PUNCT: "a punctuation mark", VERB: "a verb",
};

// Sets of heads are numbers, as in the study: bit h stands for head h.
export function setOf(heads) {
  return heads.reduce((n, h) => n | (1 << h), 0);
}

export function headsOf(n) {
  return [...Array(31).keys()].filter((h) => n >> h & 1);
}

// One row per word: what each head of the asking word gives it, and its tag.
export function rows(s) {
  const { words, truth, weights, said, sure } = s.sentences[s.sentence];
  const n = setOf(s.gone);
  return words.map((word, j) => ({
    word,
    weights: weights.map((head) => head[s.asks][j]),
    tag: s.tags[said[n][j]],
    was: s.tags[said[0][j]],
    sure: sure[n][j],
    right: said[n][j] === truth[j],
    changed: said[n][j] !== said[0][j],
  }));
}

// The smallest sets of heads whose silence changes the tag of word j.
export function carriers(sentence, j) {
  const changing = sentence.said.map((_, n) => n)
    .filter((n) => sentence.said[n][j] !== sentence.said[0][j])
    .map(headsOf);
  const least = Math.min(...changing.map((heads) => heads.length));
  return changing.filter((heads) => heads.length === least);
}

// The word that a head gives most, the first of equals.
export function looksAt(weights) {
  return weights.indexOf(Math.max(...weights));
}

function named(which) {
  return `head${which.length > 1 ? "s" : ""} ${list(which)}`;
}

// Heads 0 and 2, or heads 1 and 3.
function either(sets) {
  return sets.map((set) => named(set.map(String))).join(" or ");
}

function called(word, j, row) {
  return `“${word}” (${j + 1}) is called ${KINDS[row.tag] ?? row.tag}, ` +
    `${row.right ? "rightly" : "which is wrong"}`;
}

export function whoIsSilent(s) {
  const gone = headsOf(setOf(s.gone)).map(String);
  const all = s.sentences[s.sentence].weights.length;
  if (!gone.length) return `With all ${all} heads`;
  return gone.length === all ? "Without any head" : `Without ${named(gone)}`;
}

export function describe(s) {
  const sentence = s.sentences[s.sentence], found = rows(s);
  const name = (j) => `“${sentence.words[j]}” (${j + 1})`;
  const right = found.filter((row) => row.right).length;
  const changes = found.flatMap((row, j) =>
    (row.changed ? [called(row.word, j, row)] : []));
  const count = right === found.length ? `all ${right} tags are right`
    : `${right} of ${found.length} tags are right`;
  const said = [`${whoIsSilent(s)}, ` + (changes.length
    ? `${changes.join("; ")}; ${count}.`
    : s.gone.length ? `no tag changes: ${count}.` : `${count}.`)];

  const sets = carriers(sentence, s.asks);
  const whole = s.tags[sentence.said[0][s.asks]];
  if (!sets.length) {
    said.push(`${name(s.asks)} is ${KINDS[whole] ?? whole} whichever heads ` +
      "are silent: 0 heads carry it.");
  } else if (sets[0].length > 1) {
    said.push(`No head carries ${name(s.asks)} alone: ${sets[0].length} ` +
      `must be silenced before its tag changes, ${either(sets)}.`);
  } else {
    said.push(`${name(s.asks)} hangs on a single head: silence ` +
      `${either(sets)}, and its tag changes.`);
  }

  const shown = s.shown < 0 ? sentence.weights.map((_, h) => h) : [s.shown];
  const looks = shown.map((h) => {
    const weights = sentence.weights[h][s.asks], j = looksAt(weights);
    return `head ${h} at ${name(j)}, ${number(weights[j], 2, true)}`;
  });
  said.push(`It looks most: ${looks.join("; ")}.`);
  return said.join(" ");
}

export function overall(s) {
  const share = (n) => `${number(100 * s.accuracy[n], 1, true)}\u00a0%`;
  const n = setOf(s.gone);
  return `${whoIsSilent(s)}, ${share(n)} of the ambiguous words of the ` +
    `whole test set are right${n ? `; with all, ${share(0)}` : ""}.`;
}
