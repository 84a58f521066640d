// Chapter 03: a window over a test sentence, and under it what nets with such
// a window got right. A bar stands below the place of the cue that it counts.

import { announcer, choice, figureBox, follow, make, put, slider, stateOf }
  from "../shared.js";
import { makeKey, makePicture } from "./draw.js";
import { REACH, cueOf, describe, measuredAt, rowOf, seeing, sentence, where }
  from "./sums.js";

function makeControls(state) {
  const windows = state.get().nets.map(({ name }) => name)
    .filter((name) => /^window_\d/.test(name));
  let last = "window_4"; // the window to come back to
  const kind = choice("The net", { window: "a window", window_whole:
    "whole sentence", attention_rotary: "attention", attention_none:
    "without positions" },
  (x) => state.set({ net: x === "window" ? last : x }));
  const radius = slider("radius", [0, windows.length - 1, 1],
    (i) => state.set({ net: windows[i] }));
  const cue = slider("cue", [0, 2 * REACH - 1, 1],
    (i) => state.set({ cue: cueOf(i) }));

  function show(s, { net }) {
    const isWindow = windows.includes(s.net);
    if (isWindow) last = s.net;
    kind.show(isWindow ? "window" : s.net);
    radius.input.disabled = !isWindow;
    radius.show(windows.indexOf(last), isWindow ? `${net.radius}` : "all",
      isWindow ? `radius ${net.radius}` : "the whole sentence");
    cue.show(rowOf(s.cue), `${Math.abs(s.cue)} ${s.cue < 0 ? "left"
      : "right"}`, where(s.cue));
  }
  return { show, boxes: [
    make("div", { class: "live-switches" }, kind.box),
    make("div", { class: "live-sliders" }, radius.box, cue.box)] };
}

// The two sentences, and what the net gets of them.
function makeText() {
  const text = make("p", { class: "live-sentence" });
  const facts = make("p", { class: "live-facts" });
  const look = (s, { off, seen }) => (seen ? "is-in" : "is-out") +
    (off === s.cue ? " is-cue" : off === 0 ? " is-target" : "");

  function show(s, { inside }, { words }) {
    text.replaceChildren(...words.flatMap((word) => [
      make(word.off === 0 || word.off === s.cue ? "b" : "span",
        { class: look(s, word) }, word.word), " "]));
    put(facts, { class: `live-facts ${inside ? "is-in" : "is-out"}` });
    facts.textContent = seeing(s);
  }
  return { show, box: make("div", { class: "live-sums" }, text, facts) };
}

function render({ model, el }) {
  const state = stateOf(model);
  const controls = makeControls(state), picture = makePicture(state);
  const text = makeText(), summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("window_slider", "a window and its cue",
    ...controls.boxes,
    make("p", { class: "live-title" }, make("b", {}, "Right, %,"),
      " by the place of the cue"),
    picture.box, makeKey(), text.box, summary));

  return follow(model, () => {
    const s = state.get(), measured = measuredAt(s), told = sentence(s);
    for (const part of [controls, picture, text]) {
      part.show(s, measured, told);
    }
    say(describe(s));
  }).stop;
}

export default { render };
