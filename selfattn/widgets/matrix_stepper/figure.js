// Chapter 05: X, then Q, K, V, then A, A′ and O, one product at a time, and
// one word to follow through all of them.

import { announcer, figureBox, follow, make, put, stateOf, unique }
  from "../shared.js";
import { makeButtons, makeSwitches } from "./controls.js";
import { rich } from "./look.js";
import { makeStage } from "./stage.js";
import { makeSum } from "./sum.js";
import { TRY, describe, stepOf, story } from "./sums.js";
import { makeTabs } from "./tabs.js";
import { makeWalk } from "./walk.js";

// A number of the input, changed by the reader.
function edit(state, word, entry, x) {
  if (!Number.isFinite(x) || Math.abs(x) > 9) return;
  const inputs = state.get().inputs.map((row) => [...row]);
  inputs[word][entry] = x;
  state.set({ inputs });
}

// What stands under the tabs: the step in words, its matrices, one sum.
function makePanel(id, stage, sum) {
  const title = make("p", { class: "live-title" });
  const told = make("p", { class: "live-story", role: "status" });
  const hint = make("p", { class: "live-hint" });
  const box = make("div", { id, class: "live-panel", role: "tabpanel" },
    title, told, stage.box,
    make("div", { class: "live-cell" }, sum.heading, sum.box, hint));

  function show(s, step, word) {
    put(box, { "aria-labelledby": `${id}-${s.step}` });
    title.replaceChildren(make("b", {}, ...rich(step.formula)),
      ` ${step.says}`);
    const news = story(s, s.step, word);
    if (told.textContent !== news) told.textContent = news;
    hint.textContent = TRY[s.step];
  }
  return { box, show };
}

function render({ model, el }) {
  const state = stateOf(model), id = unique("stepper");
  let view = { changed() {} };
  const walk = makeWalk(state, () => view.changed());
  const tabs = makeTabs(id, state, walk);
  const stage = makeStage({
    here: walk.point,
    edit: (word, entry, x) => edit(state, word, entry, x),
    trace,
  });
  const sum = makeSum(state, stage, trace);
  const panel = makePanel(id, stage, sum);
  const buttons = makeButtons(state, walk);
  const switches = makeSwitches(state, walk);
  const summary = make("p", { class: "live-hidden" });
  const say = announcer(summary);
  el.append(figureBox("matrix_stepper", "self-attention as matrices",
    tabs.box, buttons.box, switches.box, panel.box, summary));

  // Back to the step where a factor was the result. The focus goes along.
  function trace(side, a, b) {
    if (!walk.trace(side, a, b)) return;
    draw();
    if (state.get().step) stage.focus(walk.at());
    else tabs.focus(0, { preventScroll: true });
  }

  function draw() {
    const s = state.get(), step = stepOf(s, s.step), at = walk.at();
    tabs.show(s, walk.word());
    switches.show(s, walk.word());
    panel.show(s, step, walk.word());
    stage.show(step, at, s.convention);
    sum.show(s, at);
    buttons.show(s);
    say(describe(s, s.step, ...at));
  }
  view = follow(model, draw);
  return view.stop;
}

export default { render };
