// Chapter 07: waves drawn as stripes, one of them picked, and the product of
// one place with all others. Places run to the right in all three pictures.

import { announcer, choice, figureBox, follow, make, slider, stateOf,
  thousands } from "../shared.js";
import { makeScores, makeStripes, makeWave } from "./draw.js";
import { BASES, describe, scores } from "./sums.js";

function makeSliders(state) {
  const base = slider("base", [0, BASES.length - 1, 1],
    (x) => state.set({ base: BASES[x] }));
  const width = slider("entries", [4, 64, 4], (x) => state.set({ d_model: x,
    pair: Math.min(state.get().pair, x / 2 - 1) }));
  const pair = slider("pair m", [0, 1, 1], (x) => state.set({ pair: x }));
  const place = slider("place i", [0, 1, 1], (x) => state.set({ place: x }));

  function show(s) {
    const pairs = s.d_model / 2;
    pair.input.max = pairs - 1;
    place.input.max = s.n - 1;
    base.show(BASES.indexOf(s.base), thousands(s.base));
    width.show(s.d_model, `${s.d_model}`);
    pair.show(s.pair, `${s.pair} of ${pairs - 1}`);
    place.show(s.place, `${s.place} of ${s.n - 1}`);
  }
  return { show, box: make("div", { class: "live-sliders" }, base.box,
    width.box, pair.box, place.box) };
}

function makeSwitches(state) {
  const between = choice("Between", { nothing: "nothing",
    random: "random WqWkᵀ", shift: "shift by −3" },
  (x) => state.set({ between: x }));
  const again = make("button", { type: "button", onclick: () =>
    state.set({ draw: state.get().draw + 1, between: "random" }) },
  "Draw other matrices");
  const over = choice("Dashed", { mirror: "mirror image",
    other: "another place" }, (x) => state.set({ over: x }));

  function show(s) {
    between.show(s.between);
    over.show(s.over);
    again.disabled = s.between !== "random";
  }
  return { show, box: make("div", { class: "live-switches" }, between.box,
    again, over.box) };
}

function render({ model, el }) {
  const state = stateOf(model);
  const sliders = makeSliders(state), switches = makeSwitches(state);
  const stripes = makeStripes(state), wave = makeWave(state);
  const profile = makeScores(state);
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("position_stripes",
    "sinusoidal positions and their product", sliders.box, ...stripes.boxes,
    ...wave.boxes, switches.box, ...profile.boxes, summary));

  return follow(model, () => {
    const s = state.get();
    s.pair = Math.min(s.pair, s.d_model / 2 - 1);
    const all = scores(s);
    for (const part of [sliders, switches, stripes, wave]) part.show(s);
    profile.show(s, all);
    say(describe(s, all));
  }).stop;
}

export default { render };
