// Where the reader is: at a step, at a cell of its result, so at a word; and
// the way back from where a number was traced.

import { ORDER, matrices, source } from "./sums.js";

const square = (n) => n === 4 || n === 5; // the scores and their shares

export function makeWalk(state, changed) {
  let at = [0, 0]; // the cell that the arithmetic is about
  let trail = []; // the cells that the reader traced back from
  const isRows = () => state.get().convention === "rows";
  const word = () => (isRows() ? at[0] : at[1]);
  const other = () => (isRows() ? at[1] : at[0]);
  const cellOf = (w, o) => (isRows() ? [w, o] : [o, w]);

  function point(i, j) {
    at = [i, j];
    changed();
  }

  function show(n, to) {
    state.set({ step: n });
    point(...to);
  }

  // Among the scores the reader meets first the key that fits best.
  function otherAt(n) {
    const now = state.get().step;
    if (square(n) === square(now)) return other();
    if (!square(n)) return 0;
    const scores = matrices(state.get()).A[word()];
    return scores.indexOf(Math.max(...scores));
  }

  // To step n, with the same word.
  function go(n) {
    if (!(n in ORDER)) return;
    trail = [];
    show(n, cellOf(word(), otherAt(n)));
  }

  function back() {
    const { step, at: to } = trail.pop() ?? {};
    if (to) show(step, to);
    else go(state.get().step - 1);
  }

  // To where a factor was the result; false if it was given.
  function trace(side, a, b) {
    const s = state.get(), from = source(s, s.step, side, a, b);
    if (!from) return false;
    trail.push({ step: s.step, at });
    show(from.step, [from.i, from.j]);
    return true;
  }

  // Rows become columns.
  function turn() {
    at = [...at].reverse();
    trail = trail.map((cell) => ({ ...cell, at: [...cell.at].reverse() }));
  }

  return { point, go, back, trace, word, at: () => at,
    tracedFrom: () => trail.at(-1)?.step,
    follow(w) { point(...cellOf(w, other())); },
    turn };
}
