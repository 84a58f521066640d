// Chapter 07's three pictures, one under the other: the stripes, one pair's
// wave, and the scores of the chosen place.

import { make, number, onPress, put, stretched, transpose }
  from "../shared.js";
import { encoding, overlay, turning, waving } from "./sums.js";

const LEVELS = 12; // steps of colour on either side of 0

// A picture with its title, and left of it, at heights in per cent, texts.
function makePicture(name, height, texts, ...below) {
  const rest = make("span");
  const svg = stretched("live-waves", height);
  const side = make("div", { class: "live-side", "aria-hidden": "true" },
    ...texts.map(([top, text]) =>
      make("span", { style: `top: ${top}%` }, text)));
  return { rest, svg, side, boxes: [
    make("p", { class: "live-title" }, make("b", {}, name), " ", rest),
    make("div", { class: "live-rows" }, side, svg, ...below)] };
}

// Pointing chooses a place, as a slider does.
function choosePlace(state, svg, more = () => ({})) {
  onPress(svg, (x, y) => {
    const s = state.get();
    state.set({ place: step(x, s.n), ...more(s, y) });
  });
}

// A share of the way as one of `count` steps.
function step(share, count) {
  return Math.max(0, Math.min(count - 1, Math.floor(share * count)));
}

const upright = (s, y, height) => make("rect", { class: "live-here",
  x: s.place, width: 1, y, height });
const zero = (s) =>
  make("line", { class: "live-zero", x1: 0, x2: s.n, y1: 0, y2: 0 });

// A curve through the middle of every place; null leaves a gap.
function curve(values, scale, name) {
  const d = values.map((y, j) => (y === null ? ""
    : `${j && values[j - 1] !== null ? "L" : "M"}${j + 0.5} ${-y / scale}`));
  return make("path", { class: name, d: d.join("") });
}

// Cells of one colour are one path; equal neighbours are one cell.
function cells(s) {
  const rows = transpose(encoding(s.n, s.d_model, s.base));
  const paths = {};
  rows.forEach((row, y) => {
    let start = 0;
    const level = row.map((x) => Math.round(x * LEVELS));
    for (let x = 1; x <= s.n; x++) {
      if (level[x] === level[start]) continue;
      paths[level[start]] = (paths[level[start]] ?? "") +
        `M${start} ${y}H${x}v1H${start}z`;
      start = x;
    }
  });
  return Object.entries(paths).map(([level, d]) => make("path", { d,
    class: level < 0 ? "negative" : "positive",
    "fill-opacity": Math.abs(level) / LEVELS }));
}

export function makeStripes(state) {
  const { svg, rest, boxes } =
    makePicture("Stripes.", 220, [[6, "fast"], [94, "slow"]]);
  choosePlace(state, svg, (s, y) => ({ pair: step(y, s.d_model / 2) }));
  rest.textContent = "Each column is a place, each row an entry: blue above " +
    "0, orange below.";

  function show(s) {
    put(svg, { viewBox: `0 0 ${s.n} ${s.d_model}` });
    svg.replaceChildren(...cells(s), upright(s, 0, s.d_model),
      make("rect", { class: "live-pick", x: 0, width: s.n, y: 2 * s.pair,
        height: 2 }));
  }
  return { boxes, show };
}

export function makeWave(state) {
  const { svg, rest, boxes } =
    makePicture("One pair.", 66, [[4.5, "1"], [95.5, "−1"]]);
  choosePlace(state, svg);

  function show(s) {
    const { omega } = turning(s);
    const around = Array.from({ length: s.n }, (_, j) =>
      Math.cos(omega * (s.place - j)));
    rest.textContent = `cos ω(i − j): ${waving(s)}`;
    put(svg, { viewBox: `0 -1.1 ${s.n} 2.2` });
    svg.replaceChildren(upright(s, -1.1, 2.2), zero(s),
      curve(around, 1, "live-pair-curve"));
  }
  return { boxes, show };
}

export function makeScores(state) {
  const ruler = make("div", { class: "live-along", "aria-hidden": "true" });
  const { svg, rest, side, boxes } = makePicture("Scores.", 180,
    [[4.5, ""], [50, "0"], [95.5, ""]], make("span"), ruler);
  const [high, , low] = side.children;
  choosePlace(state, svg);

  function show(s, all) {
    const own = all[s.place], other = overlay(s, all);
    const most = Math.max(...own.map(Math.abs),
      ...other.map((x) => Math.abs(x ?? 0)));
    rest.textContent = { nothing: `PE(i)·PE(j), the sum of all ${
      s.d_model / 2} cosines`, random: "PE(i) Wq Wkᵀ PE(j)ᵀ, matrices drawn " +
      "at random", shift: "PE(i) M PE(j)ᵀ, where M moves a place by −3",
    }[s.between];
    put(svg, { viewBox: `0 -1.1 ${s.n} 2.2` });
    svg.replaceChildren(upright(s, -1.1, 2.2), zero(s),
      curve(own, most, "live-curve"), curve(other, most, "live-other"));
    high.textContent = number(most, 1);
    low.textContent = number(-most, 1);
    const ticks = own.map((_, j) => j).filter((j) => j % 10 === 0);
    ruler.replaceChildren(...ticks.map((j) => make("span", {
      style: `left: ${100 * (j + 0.5) / s.n}%` }, `${j}`)));
  }
  return { boxes, show };
}
