// Chapter 13: the online softmax over tiles of one query's scores.

import { list, number } from "../shared.js";

// After each tile, as OnlineTiles.steps: largest, factor, sum and output.
export function steps(s) {
  const kept = [];
  let top = -Infinity, sum = 0, mixed = 0;
  for (let start = 0; start < s.scores.length; start += s.tile) {
    const part = s.scores.slice(start, start + s.tile);
    const next = Math.max(top, ...part);
    const shrink = s.rescale || !kept.length ? Math.exp(top - next) : 1;
    const e = part.map((x) => Math.exp(x - next));
    sum = sum * shrink + e.reduce((a, b) => a + b, 0);
    mixed = mixed * shrink +
      e.reduce((a, x, c) => a + x * s.values[start + c], 0);
    top = next;
    kept.push({ top, shrink, sum, out: mixed / sum });
  }
  return kept;
}

// What all scores at once give.
export function exact(s) {
  return steps({ ...s, tile: s.scores.length, rescale: true })[0];
}

// How many tiles there are, and how many of them are read: never too many.
export function tiles(s) {
  const n = Math.ceil(s.scores.length / s.tile);
  return { n, read: Math.min(s.step, n) };
}

// Which tile a score stands in, and whether it has been read.
export function placeOf(s, j) {
  const mine = Math.floor(j / s.tile), { read } = tiles(s);
  return { first: j % s.tile === 0 && j > 0, now: mine === read - 1,
    read: mine < read };
}

export const two = (x) => number(x, 2, true);

// A line of the table; a tile that is still to come has none of the numbers.
export function lineOf(s, i) {
  const first = i * s.tile + 1;
  const last = Math.min(s.scores.length, first + s.tile - 1);
  const name = first === last ? `${first}` : `${first} to ${last}`;
  if (i >= tiles(s).read) return [name, "", "", "", ""];
  const { top, shrink, sum, out } = steps(s)[i];
  return [name, number(top), i ? two(shrink) : "–", two(sum), two(out)];
}

export function describe(s) {
  const { n, read } = tiles(s);
  if (!read) {
    return "No score has been read. The query keeps three numbers: its " +
      "largest score so far, a sum and an output.";
  }
  const kept = steps(s)[read - 1], goal = exact(s);
  const older = kept.shrink === 1 ? "No larger score came, so nothing shrinks"
    : `A larger score came: the old sum is multiplied by ${two(kept.shrink)}`;
  const how = read === 1 ? "The first tile starts the sum" : older;
  const lost = read > 1 && !s.rescale
    ? "The old sum stays as it was" : how;
  const told = `${lost}. Kept: ${list([`largest ${number(kept.top)}`,
    `sum ${two(kept.sum)}`, `output ${two(kept.out)}`])}.`;
  if (read < n) return `After ${read} of ${n} tiles. ${told}`;
  const same = Math.abs(kept.out - goal.out) < 1e-9;
  return `All ${n} tiles are read. ${told} All scores at once give ` +
    `${two(goal.out)}: ${same ? "the same" : "not the same"}.`;
}
