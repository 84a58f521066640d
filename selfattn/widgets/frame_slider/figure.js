// Chapter 01: a window slides over the waveform; each stop is one frame, and
// one frame is one vector.

import { announcer, choice, figureBox, follow, make, slider, stateOf }
  from "../shared.js";
import { makeWhole, makeZoom } from "./draw.js";
import { counting, describe, framing } from "./sums.js";

function makeControls(state) {
  const width = slider("window", [5, 100, 5],
    (x) => state.set({ window_ms: x }));
  const hop = slider("hop", [2, 100, 1], (x) => state.set({ hop_ms: x }));
  const frame = slider("frame", [0, 1, 1], (x) => state.set({ frame: x }));
  const padding = choice("At the ends", { none: "no padding",
    end: "end padded", centre: "centred" }, (x) => state.set({ padding: x }));

  function show(s, { count }) {
    width.show(s.window_ms, `${s.window_ms} ms`);
    hop.show(s.hop_ms, `${s.hop_ms} ms`);
    frame.input.max = Math.max(0, count - 1);
    frame.show(s.frame, `${s.frame + 1} of ${count}`);
    padding.show(s.padding);
  }
  return { show, boxes: [
    make("div", { class: "live-sliders" }, width.box, hop.box, frame.box),
    make("div", { class: "live-switches" }, padding.box)] };
}

// How many frames there are, and how one counts them.
function makeSums() {
  const big = make("b", { class: "live-count" });
  const box = make("div", { class: "live-sums" });

  function show(s, { first, hop, width, count }) {
    const start = first + s.frame * hop;
    big.textContent = `${count} frames`;
    box.replaceChildren(make("div", {}, big), make("div", {}, counting(s)),
      make("div", {}, `frame ${s.frame + 1}: samples ${start} to ` +
        `${start + width - 1}, ${width} numbers, one vector`));
  }
  return { box, show };
}

function render({ model, el }) {
  const state = stateOf(model);
  const controls = makeControls(state), sums = makeSums();
  const whole = makeWhole(state), zoom = makeZoom();
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  const line = (text) => make("p", { class: "live-title" }, text);
  el.append(figureBox("frame_slider", "frames of a recording",
    ...controls.boxes,
    line("The whole recording, and below it every frame"), ...whole.boxes,
    line("Around the chosen frame"), ...zoom.boxes, sums.box, summary));

  return follow(model, () => {
    const s = state.get(), f = framing(s);
    s.frame = Math.min(s.frame, Math.max(0, f.count - 1));
    for (const part of [controls, whole, zoom, sums]) part.show(s, f);
    say(describe(s));
  }).stop;
}

export default { render };
