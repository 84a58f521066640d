// Chapter 01's waveform: all of it with every frame, and a part of it with
// the frames next to the chosen one.

import { make, number, onPress, put, stretched } from "../shared.js";
import { framing } from "./sums.js";

// The outline as one area: along its highest samples, back along its lowest.
function wave(s, from, to) {
  const first = Math.max(0, Math.floor(from / s.block));
  const part = s.outline.slice(first, Math.ceil(to / s.block));
  const point = (y, i) => `${(first + i + 0.5) * s.block} ${-y}`;
  const there = part.map(([, high], i) => point(high + 0.5, i));
  const back = part.map(([low], i) => point(low - 0.5, i)).reverse();
  return make("path", { class: "live-wave",
    d: `M${there.concat(back).join("L")}Z` });
}

// Frames `low` to `high` as bars, in rows so that neighbours do not cover
// each other.
function bars(s, f, [low, high], lanes, step) {
  const group = make("g");
  for (let i = Math.max(0, low); i <= Math.min(f.count - 1, high); i++) {
    group.append(make("rect", { x: f.first + i * f.hop, width: f.width,
      y: 108 + ((i - low) % lanes) * step, height: step * 0.7,
      class: i === s.frame ? "live-here" : "live-bar" }));
  }
  return group;
}

// The chosen frame over the whole height.
function shade(s, f, height) {
  return make("rect", { class: "live-window", x: f.first + s.frame * f.hop,
    width: f.width, y: -100, height });
}

export function makeWhole(state) {
  const strip = stretched("live-strip", 150);
  const words = make("div", { class: "live-along", "aria-hidden": "true" });
  // Choosing a frame by pointer; the slider does the same.
  onPress(strip, (x) => {
    const s = state.get(), f = framing(s);
    const i = Math.round((x * s.n_samples - f.first - f.width / 2) / f.hop);
    state.set({ frame: Math.max(0, Math.min(f.count - 1, i)) });
  });

  function show(s, f) {
    const lanes = Math.min(6, Math.ceil(f.width / f.hop) + 1);
    put(strip, { viewBox: `0 -100 ${s.n_samples} 300` });
    strip.replaceChildren(shade(s, f, 200), wave(s, 0, s.n_samples),
      bars(s, f, [0, f.count], lanes, 88 / lanes));
    words.replaceChildren(...s.words.map(([word, a, b]) => make("span", {
      style: `left: ${100 * (a + b) / 2 / s.n_samples}%` }, word)));
    words.hidden = !s.words.length;
  }
  return { boxes: [strip, words], show };
}

// Four hops and a window fit into it, wherever the frame is.
export function makeZoom() {
  const strip = stretched("live-strip", 170);
  const ruler = make("div", { class: "live-along live-ruler",
    "aria-hidden": "true" });

  function show(s, f) {
    const span = f.width + 4 * f.hop, start = f.first + s.frame * f.hop;
    const left = start - 2 * f.hop, ms = 1000 / s.rate_hz;
    put(strip, { viewBox: `${left} -100 ${span} 320` });
    strip.replaceChildren(shade(s, f, 320), wave(s, left, left + span),
      bars(s, f, [s.frame - 2, s.frame + 2], 5, 21));
    const marks = [start, start + f.width];
    ruler.replaceChildren(...marks.map((sample) => make("span", {
      style: `left: ${100 * (sample - left) / span}%` },
    `${number(sample * ms, 1)} ms`)));
  }
  return { boxes: [strip, ruler], show };
}
