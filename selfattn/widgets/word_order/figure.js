// Chapter 04 and the front page: move words; a small trained net tags them
// again, and arcs show where the chosen word looks.

import { announcer, choice, figureBox, follow, make, stateOf }
  from "../shared.js";
import { makeArcs } from "./arcs.js";
import { dragging } from "./drag.js";
import { makeEdits } from "./edits.js";
import { makeRow } from "./row.js";
import { answer, describe, marked } from "./sums.js";
import { makePresets, makeTools } from "./tools.js";

function render({ model, el }) {
  const state = stateOf(model);
  // What is no trait: the word under the pointer, the word that is dragged.
  const view = { over: null, held: null, changed() {} };
  const edits = makeEdits(state, view);
  const row = makeRow(state, edits, view);
  const arcs = makeArcs(row.chips.length);
  const stage = make("div", { class: "live-stage",
    onpointerleave: () => { view.over = null; view.changed(); } },
  arcs.box, row.box);
  dragging(stage, row, state, edits, view);
  const tools = makeTools(state, edits);
  const net = choice("The net", { order: "knows the order",
    bag: "does not" }, (x) => state.set({ net: x }));
  const title = make("p", { class: "live-title" });
  const summary = make("p", { class: "live-says" }), say = announcer(summary);
  el.append(figureBox("word_order", "a net that tags words",
    title, stage, summary, tools.box,
    make("div", { class: "live-more" }, makePresets(state, edits), net.box)));

  const draws = follow(model, () => {
    const s = state.get(), found = answer(s);
    s.asks = Math.min(s.asks, s.words.length - 1);
    const i = view.over !== null && view.over < s.words.length
      ? view.over : s.asks;
    title.replaceChildren("Where ", make("b", {}, marked(s, i)),
      " looks, and what the net calls each word");
    row.show(s, i, found);
    net.show(s.net);
    tools.show(s);
    arcs.show(row.chips.map(({ item }) => item), i, found.weights[i]);
    say(describe(s, i, found));
  });
  view.changed = draws.changed;
  const watcher = new ResizeObserver(draws.changed);
  watcher.observe(stage);
  return () => { watcher.disconnect(); draws.stop(); };
}

export default { render };
