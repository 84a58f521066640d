// Chapter 04: one query, four keys, four values. Drag the query or a key and
// see what it does to the scores, to the weights, and to the output b.

import { MARKS, announcer, choice, figureBox, follow, make, stateOf }
  from "../shared.js";
import { makeGuide } from "./guide.js";
import { makeMatch } from "./match.js";
import { makeMix } from "./mix.js";
import { makeRules } from "./rules.js";
import { attend, describe } from "./sums.js";
import { makeArithmetic, makeTable } from "./table.js";

const INTO = "Each as hard as the weight of its word.";
const GROUND = "On blue ground a key scores above 0, on orange below.";

// Match, weigh, mix: one part of the flow.
function part(name, title, text, more, body) {
  return make("div", { class: `live-part is-${name}` },
    make("p", { class: "live-title" }, make("b", {}, title), ` ${text} `,
      make("span", { class: "live-wide" }, more)), body);
}

// Letters keep their size when the planes change theirs. A notebook may
// render before there is a place: only then is known whether it is wide.
function watchWidth(body, rules, changed) {
  let known = false;
  const sizes = new ResizeObserver(() => {
    if (!known) rules.open = body.clientWidth > 620;
    known ||= body.clientWidth > 0;
    changed();
  });
  sizes.observe(body);
  return sizes;
}

// Query and keys: where they are, and that one is moved.
function makePlaces(state, moved) {
  return {
    of: (i) => {
      const { q, k, asks } = state.get();
      return i < 0 ? q[asks] : k[i];
    },
    move(i, to) {
      const { asks, ...s } = state.get(), name = i < 0 ? "q" : "k";
      const all = s[name].map((v) => [...v]);
      all[i < 0 ? asks : i] = to;
      moved();
      state.set({ [name]: all });
    },
  };
}

function render({ model, el }) {
  const state = stateOf(model);
  let picked = 1, view = { changed() {} };
  const changed = () => view.changed();
  const pick = (i) => {
    if (i >= 0) picked = i;
    changed();
  };
  const guide = makeGuide(state, changed), rules = makeRules(state);
  const asks = choice("Who asks?", Object.fromEntries(
    state.get().words.map((word, i) => [i, word + MARKS[i]])),
  (i) => state.set({ asks: Number(i) }));
  asks.box.classList.add("live-words");
  const places = makePlaces(state, rules.forget);
  const match = makeMatch(places.of, places.move, pick), mix = makeMix();
  const table = makeTable(state.get().words, pick);
  const sums = makeArithmetic(), summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  const body = figureBox("attention_playground", "one output of attention",
    guide.box, asks.box,
    make("div", { class: "live-flow" },
      part("match", "Match.", "Drag q or a key k.", GROUND, match.svg),
      part("weigh", "Weigh.", "A higher score, a larger weight.", "",
        table.box),
      part("mix", "Mix.", "Values v pull b.", INTO, mix.svg)),
    summary, sums.box, rules.box);

  function draw() {
    const s = state.get(), r = attend(s), wanted = guide.show(s);
    asks.show(s.asks);
    rules.show(s);
    match.show(s, r, picked, wanted);
    mix.show(s, r, picked);
    table.show(s, r, picked);
    sums.show(s, r, picked);
    say(describe(s));
  }

  el.append(body);
  view = follow(model, draw);
  const sizes = watchWidth(body, rules.box, changed);
  return () => { sizes.disconnect(); view.stop(); };
}

export default { render };
