// Chapter 11: a head that looks at a place, on an image, beside the kernel
// that it amounts to and the image that it gives.

import { announcer, figureBox, follow, make, number, onPress, put, slider,
  stateOf } from "../shared.js";
import { describe, kernelOf, outputOf, REACH, sharpnessOf, weightsOf }
  from "./sums.js";

const INK = 16;

// A grid of squares whose darkness can be set.
function makeGrid(rows, columns, label) {
  const svg = make("svg", { class: "live-grid", "aria-hidden": "true",
    viewBox: `0 0 ${columns} ${rows}` });
  const cells = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_c, j) => {
      const cell = make("rect", { x: j, y: i, width: 1, height: 1,
        class: "live-cell" });
      svg.append(cell);
      return cell;
    }));
  const paint = (shades) => cells.forEach((line, i) => line.forEach(
    (cell, j) => put(cell, { style:
      `fill-opacity: ${shades[i][j].toFixed(3)}` })));
  const box = make("div", { class: "live-part" },
    make("p", { class: "live-title" }, label), svg);
  return { svg, box, paint };
}

function makeImage(state) {
  const { image } = state.get();
  const rows = image.length, columns = image[0].length;
  const grid = makeGrid(rows, columns, "image, query and weights");
  const dots = image.map((line, i) => line.map((_, j) => {
    const dot = make("circle", { cx: j + 0.5, cy: i + 0.5,
      class: "live-weight" });
    grid.svg.append(dot);
    return dot;
  }));
  const query = make("rect", { width: 1, height: 1, class: "live-query" });
  grid.svg.append(query);
  const hit = (share, n) => Math.max(0, Math.min(n - 1,
    Math.floor(share * n)));
  onPress(grid.svg, (x, y) => state.set({ row: hit(y, rows),
    column: hit(x, columns) }));
  function show(s) {
    grid.paint(s.image.map((line) => line.map((x) => x / INK)));
    weightsOf(s).forEach((line, i) => line.forEach((w, j) =>
      put(dots[i][j], { r: (0.5 * Math.sqrt(w)).toFixed(3) })));
    put(query, { x: s.column, y: s.row });
  }
  return { show, box: grid.box };
}

function makeKernel(state) {
  const n = 2 * REACH + 1;
  const grid = makeGrid(n, n, "the kernel it amounts to");
  grid.svg.append(make("rect", { x: REACH, y: REACH, width: 1, height: 1,
    class: "live-query" }));
  const offset = (share) => Math.max(-REACH, Math.min(REACH,
    Math.floor(share * n) - REACH));
  onPress(grid.svg, (x, y) => state.set({ down: offset(y),
    right: offset(x) }));
  return { box: grid.box, show: (s) => grid.paint(kernelOf(s).map((line) =>
    line.map((w) => Math.sqrt(w)))) };
}

function makeOutput(state) {
  const { image } = state.get();
  const grid = makeGrid(image.length, image[0].length,
    "what the head gives");
  return { box: grid.box, show: (s) => grid.paint(outputOf(s).map((line) =>
    line.map((x) => x / INK))) };
}

function makeControls(state) {
  const { image } = state.get();
  const part = (text, range, name) => slider(text, range, (x) =>
    state.set({ [name]: x }));
  const sliders = {
    down: part("centre, rows", [-REACH, REACH, 0.25], "down"),
    right: part("centre, columns", [-REACH, REACH, 0.25], "right"),
    spread: part("spread", [0.1, 3, 0.05], "spread"),
    row: part("query, row", [0, image.length - 1, 1], "row"),
    column: part("query, column", [0, image[0].length - 1, 1], "column"),
  };
  function show(s) {
    const signed = (x) => (x > 0 ? `+${number(x)}` : number(x));
    sliders.down.show(s.down, signed(s.down), `${number(s.down)} rows down`);
    sliders.right.show(s.right, signed(s.right),
      `${number(s.right)} columns to the right`);
    sliders.spread.show(s.spread, number(s.spread),
      `standard deviation ${number(s.spread)} pixels, sharpness ` +
      number(sharpnessOf(s)));
    sliders.row.show(s.row, `${s.row + 1}`);
    sliders.column.show(s.column, `${s.column + 1}`);
  }
  return { show, box: make("div", { class: "live-sliders" },
    ...Object.values(sliders).map((x) => x.box)) };
}

function render({ model, el }) {
  const state = stateOf(model);
  const parts = [makeControls, makeImage, makeKernel, makeOutput].map(
    (build) => build(state));
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("head_kernel", "a head over an image and its kernel",
    parts[0].box, make("div", { class: "live-board" },
      ...parts.slice(1).map((p) => p.box)), summary));

  return follow(model, () => {
    const s = state.get();
    for (const part of parts) part.show(s);
    say(describe(s));
  }).stop;
}

export default { render };
