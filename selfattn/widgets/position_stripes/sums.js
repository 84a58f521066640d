// Chapter 07's waves: positions, what is put between them, and what is said.

import { matmul, number, percent, thousands, transpose } from "../shared.js";

export const BASES = [1, 2, 5, 10, 30, 100, 300, 1000, 3000, 10000, 30000,
  100000];
const SHIFT = -3; // as in the chapter

// Radians per place of each pair of entries, falling.
export function frequencies(d, base) {
  return Array.from({ length: d / 2 }, (_, m) => base ** (-2 * m / d));
}

// As selfattn.positions.sinusoidal, of the places from `first` on.
export function encoding(n, d, base, first = 0) {
  const omega = frequencies(d, base);
  return Array.from({ length: n }, (_, i) => omega.flatMap((w) =>
    [Math.sin(w * (first + i)), Math.cos(w * (first + i))]));
}

// Normal numbers: mulberry32 (public domain) gives uniform ones, and two of
// them make a normal one. Python draws the same.
export function normals(seed, count) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}

// Wq and Wk, drawn once per seed and size.
const drawn = {};
function matrices(d, seed) {
  const name = `${d} ${seed}`;
  if (drawn.name !== name) {
    const all = normals(seed, 2 * d * d).map((x) => x / Math.sqrt(d));
    const rows = (from) => Array.from({ length: d }, (_, i) =>
      all.slice(from + i * d, from + (i + 1) * d));
    Object.assign(drawn, { name, made: [rows(0), rows(d * d)] });
  }
  return drawn.made;
}

// The score of every place (row) for every place.
export function scores(s) {
  const pe = encoding(s.n, s.d_model, s.base);
  if (s.between === "random") {
    const [wq, wk] = matrices(s.d_model, s.draw);
    return matmul(matmul(pe, wq), transpose(matmul(pe, wk)));
  }
  // Every position times the shift matrix is the position three before it.
  const q = s.between === "shift"
    ? encoding(s.n, s.d_model, s.base, SHIFT) : pe;
  return matmul(q, transpose(pe));
}

// Share of the variance of the scores that i - j accounts for.
export function explained(all) {
  const n = all.length, sums = Array.from({ length: 2 * n }, () => 0);
  let total = 0;
  all.forEach((row, i) => row.forEach((x, j) => {
    sums[n + i - j] += x;
    total += x;
  }));
  let rest = 0, whole = 0;
  all.forEach((row, i) => row.forEach((x, j) => {
    rest += (x - sums[n + i - j] / (n - Math.abs(i - j))) ** 2;
    whole += (x - total / n / n) ** 2;
  }));
  return 1 - rest / whole;
}

// The place that another curve is taken from.
export function otherPlace(s) {
  return s.place + 16 < s.n ? s.place + 16 : s.place - 16;
}

// The curve laid over that of the chosen place: its mirror image, or the
// curve of another place moved here. Null where there is none.
export function overlay(s, all) {
  const i = s.place, o = otherPlace(s);
  return all[i].map((_, j) => (s.over === "mirror"
    ? all[i][2 * i - j] : all[o][j + o - i]) ?? null);
}

// The largest difference between the two curves.
export function apart(s, all) {
  const other = overlay(s, all);
  return Math.max(...all[s.place].map((x, j) =>
    (other[j] === null ? 0 : Math.abs(x - other[j]))));
}

// The first distance from which the product grows again; 0 if none does.
export function firstRise(s) {
  const omega = frequencies(s.d_model, s.base);
  const profile = Array.from({ length: s.n }, (_, j) =>
    omega.reduce((sum, w) => sum + Math.cos(w * j), 0));
  const at = profile.findIndex((x, j) => x > profile[j - 1] + 1e-6);
  return at < 1 ? 0 : at - 1;
}

export function turning(s) {
  const omega = frequencies(s.d_model, s.base)[s.pair];
  const round = 2 * Math.PI / omega;
  return { omega, round };
}

// Two decimals for fast waves, more for slow ones.
const fine = (x) => (x >= 0.1 ? number(x) : String(Number(x.toPrecision(2))));

export function waving(s) {
  const { omega, round } = turning(s);
  return `ω = ${thousands(s.base)} to the −${2 * s.pair}/` +
    `${s.d_model} = ${fine(omega)} radian${omega === 1 ? "" : "s"} a place, ` +
    `once round in ${number(round, round < 100 ? 1 : 0)} places`;
}

export function describe(s, all = scores(s)) {
  const row = all[s.place], i = s.place;
  const top = row.indexOf(Math.max(...row)), said = [];
  const off = top - i;
  const site = off === 0 ? "itself"
    : `place ${top}, ${Math.abs(off)} to the ${off < 0 ? "left" : "right"}`;
  said.push(`Place ${i} scores highest with ${site}: ${number(row[top])}.`);
  if (s.between === "nothing") {
    const rise = firstRise(s);
    said.push(rise ? `The product grows again from ${rise} to ${rise + 1} ` +
      "places away." : "The product falls with every place.");
  }
  const far = apart(s, all), what = s.over === "mirror" ? "its mirror image"
    : `that of place ${otherPlace(s)}, moved here,`;
  said.push(far < 5e-7 ? `The curve and ${what} are the same.`
    : `The curve and ${what} differ by up to ${number(far)}.`);
  said.push(`The distance i − j explains ${percent(explained(all))} of the ` +
    `variance of all ${s.n * s.n} scores.`);
  return said.join(" ");
}
