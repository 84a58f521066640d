// Chapter 08's pictures: the spectrogram with its band, the weights, and the
// labels below them.

import { make, onPress, put, stretched } from "../shared.js";
import { netOf, reach, weightsOf } from "./sums.js";

const LEVELS = 12; // shades that are drawn

// One path per shade: every cell of the spectrogram is in one of them.
function cells(s) {
  const paths = Array.from({ length: LEVELS + 1 }, () => []);
  const bands = s.shades[0].length;
  s.shades.forEach((row, x) => [...row].forEach((sign, band) => {
    const level = Math.round(LEVELS * parseInt(sign, 36) / 35);
    paths[level].push(`M${x} ${bands - 1 - band}h1v1h-1z`);
  }));
  return paths.map((d, level) => make("path", { d: d.join(""),
    class: "live-cell", "fill-opacity": level / LEVELS })).slice(1);
}

function column(name, x, width, height) {
  return make("rect", { class: name, x, width, y: 0, height });
}

export function makePicture(state) {
  const strip = stretched("live-strip", 160);
  const bars = stretched("live-strip", 70);
  const veil = make("g");
  for (const box of [strip, bars]) {
    onPress(box, (x) => {
      const n = state.get().shades.length;
      state.set({ frame: Math.max(0, Math.min(n - 1, Math.floor(x * n))) });
    });
  }

  function show(s) {
    const n = s.shades.length, bands = s.shades[0].length;
    const [first, after] = reach(s);
    if (!strip.childNodes.length) {
      put(strip, { viewBox: `0 0 ${n} ${bands}` });
      strip.append(...cells(s), veil);
    }
    veil.replaceChildren(column("live-far", 0, first, bands),
      column("live-far", after, n - after, bands),
      column("live-edge", first, after - first, bands),
      column("live-here", s.frame, 1, bands));
    const weights = weightsOf(s), top = Math.max(...weights);
    put(bars, { viewBox: `0 0 ${n} 100` });
    bars.replaceChildren(...weights.map((w, i) => make("rect", {
      class: "live-bar", x: first + i, width: 1, y: 100 - 96 * w / top,
      height: 96 * w / top })), make("line", { class: "live-floor", x1: 0,
      x2: n, y1: 99.5, y2: 99.5 }));
  }
  return { strip, bars, show };
}

// Labels over as many frames as they last; short ones only as a stroke.
function makeRow(title) {
  const along = make("div", { class: "live-along" });
  const box = make("div", {}, make("p", { class: "live-title" }, title),
    along);
  function show(n, runs, right) {
    along.replaceChildren(...runs.map(([label, first, after]) =>
      make("span", { class: right(label, first, after) ? "live-right" : "",
        style: `left: ${100 * first / n}%; ` +
          `width: ${100 * (after - first) / n}%` },
      after - first > 0.06 * n ? label : "")));
  }
  return { box, title: box.firstChild, show };
}

export function makeLabels() {
  const spoken = makeRow("what is spoken"), heard = makeRow("");
  function show(s) {
    const n = s.shades.length, [, name, runs] = netOf(s);
    heard.title.textContent = name === "all"
      ? "what a net hears that was trained without a window"
      : `what a net hears that was trained with radius ${name}`;
    spoken.show(n, s.phonemes, () => true);
    heard.show(n, runs, (label, first, after) =>
      s.phonemes.some(([same, from, to]) =>
        same === label && from < after && first < to));
  }
  return { boxes: [spoken.box, heard.box], show };
}
