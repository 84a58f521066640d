// What can be done to the sentence. Every change goes through `write`, and
// the chosen word stays chosen.

import { moved } from "./sums.js";

export function makeEdits(state, view) {
  function write(words, asks) {
    view.over = null;
    state.set({ words, asks: Math.max(0, Math.min(words.length - 1, asks)) });
  }
  function choose(i) {
    const { words, asks } = state.get();
    if (i !== asks && i < words.length) state.set({ asks: i });
  }
  function move(from, to) {
    const { words } = state.get();
    if (to < 0 || to >= words.length || to === from) return;
    write(moved(words, from, to), to);
  }
  function remove() {
    const { words, asks } = state.get();
    if (words.length > 1) write(words.filter((_, i) => i !== asks), asks);
  }
  function replace(word) {
    const { words, asks } = state.get();
    write(words.map((old, i) => (i === asks ? word : old)), asks);
  }
  // One more word after the chosen one, the same at first.
  function add() {
    const { words, asks, longest } = state.get();
    if (words.length === longest) return;
    write([...words.slice(0, asks + 1), ...words.slice(asks)], asks + 1);
  }
  function shuffle() {
    const { words, asks } = state.get(), mixed = [...words];
    for (let i = mixed.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
    }
    write(mixed, asks);
  }
  return { write, choose, move, remove, replace, add, shuffle };
}
