// Chapter 08: one frame of a spectrogram, and the band of frames that it may
// attend to.

import { announcer, figureBox, follow, make, slider, stateOf }
  from "../shared.js";
import { makeLabels, makePicture } from "./draw.js";
import { counting, describe, reach } from "./sums.js";

function makeControls(state) {
  const radius = slider("radius", [0, 1, 1], (x) => state.set({ radius: x }));
  const frame = slider("frame", [0, 1, 1], (x) => state.set({ frame: x }));
  function show(s) {
    const n = s.shades.length, [first, after] = reach(s);
    radius.input.max = frame.input.max = n - 1;
    radius.show(s.radius, `${s.radius}`,
      `radius ${s.radius}, ${after - first} frames seen`);
    frame.show(s.frame, `${s.frame + 1} of ${n}`);
  }
  return { show, box: make("div", { class: "live-sliders" }, radius.box,
    frame.box) };
}

function render({ model, el }) {
  const state = stateOf(model);
  const controls = makeControls(state), picture = makePicture(state);
  const labels = makeLabels();
  const sums = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  const line = (text) => make("p", { class: "live-title" }, text);
  el.append(figureBox("attention_band", "the attention band of a recording",
    controls.box, line("The spectrogram; frames outside the band are veiled"),
    picture.strip, line("The chosen frame’s weights, the largest one full " +
      "height"), picture.bars, ...labels.boxes, sums, summary));

  return follow(model, () => {
    const s = state.get();
    for (const part of [controls, picture, labels]) part.show(s);
    sums.textContent = counting(s);
    say(describe(s));
  }).stop;
}

export default { render };
