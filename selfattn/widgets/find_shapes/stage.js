// The scene: pixels, where a patch or an answer looks, the boxes that were
// found, and the shapes to drag.

import { make, number, onPress, percent, put } from "../shared.js";
import { KINDS, answers, paint, shown } from "./sums.js";

const WIDE = 320, CELL = WIDE / 8;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1],
  ArrowDown: [0, 1] };

// Ink on paper: the brighter the shape, the darker it is drawn.
function pixels(canvas, picture) {
  const context = canvas.getContext("2d");
  const data = context.createImageData(32, 32);
  picture.flat().forEach((grey, i) => {
    data.data.fill(255 - Math.round(190 * grey), 4 * i, 4 * i + 3);
    data.data[4 * i + 3] = 255;
  });
  context.putImageData(data, 0, 0);
}

function clamped(shape, x, y) {
  const [, , , w, h] = shape, inside = (at, side) =>
    Math.round(100 * Math.max(side / 2, Math.min(1 - side / 2, at))) / 100;
  return [inside(x, w), inside(y, h)];
}

function makeKnob(i, state, move) {
  return make("g", { tabindex: 0, role: "slider", class: "live-knob",
    "aria-valuemin": 0, "aria-valuemax": 1,
    onkeydown(event) {
      const by = STEPS[event.key];
      if (!by) return;
      event.preventDefault();
      const far = event.shiftKey ? 0.1 : 0.02;
      const [, x, y] = state.get().shapes[i];
      move(i, x + by[0] * far, y + by[1] * far);
    } }, make("circle", { r: 17 }), make("path", { class: "live-cross",
    d: "M-7 0H7M0 -7V7" }));
}

// A shape is dragged from anywhere inside its box; elsewhere a press picks
// the patch.
function dragging(box, state, knobs, move) {
  let held;
  const at = (event) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  };
  put(box, {
    onpointerdown(event) {
      const [x, y] = at(event), { shapes } = state.get();
      const i = shapes.findLastIndex(([, cx, cy, w, h]) =>
        Math.abs(x - cx) < w / 2 && Math.abs(y - cy) < h / 2);
      if (i < 0) return;
      event.preventDefault();
      held = { i, by: [shapes[i][1] - x, shapes[i][2] - y] };
      box.setPointerCapture(event.pointerId);
      knobs[i].focus({ preventScroll: true });
    },
    onpointermove(event) {
      if (!held) return;
      const [x, y] = at(event);
      move(held.i, x + held.by[0], y + held.by[1]);
    },
    onlostpointercapture() { held = undefined; },
  });
  onPress(box, (x, y) => {
    if (held) return;
    const cell = (share) => Math.max(0, Math.min(7, Math.floor(8 * share)));
    state.set({ patch: 8 * cell(y) + cell(x), shows: "patch" });
  });
}

const rect = ([x, y, w, h], name) => make("rect", { class: name,
  x: WIDE * (x - w / 2), y: WIDE * (y - h / 2), width: WIDE * w,
  height: WIDE * h });

function heat(s, weights) {
  const most = Math.max(...weights);
  const cells = weights.map((weight, n) => make("rect", { class: "live-heat",
    x: CELL * (n % 8), y: CELL * Math.floor(n / 8), width: CELL, height: CELL,
    "fill-opacity": number(0.75 * weight / most, 3).replace("−", "-") }));
  if (s.shows === "patch") {
    cells.push(make("rect", { class: "live-patch", x: CELL * (s.patch % 8),
      y: CELL * Math.floor(s.patch / 8), width: CELL, height: CELL }));
  }
  return cells;
}

export function makeStage(state) {
  const canvas = make("canvas", { width: 32, height: 32,
    "aria-hidden": "true" });
  const looks = make("g"), found = make("g");
  function move(i, x, y) {
    const { shapes } = state.get();
    state.set({ shapes: shapes.map((shape, j) => (j === i
      ? [shape[0], ...clamped(shape, x, y), ...shape.slice(3)] : shape)) });
  }
  const knobs = state.get().shapes.map((_, i) => makeKnob(i, state, move));
  const svg = make("svg", { viewBox: `0 0 ${WIDE} ${WIDE}` }, looks, found,
    ...knobs);
  const box = make("div", { class: "live-scene" }, canvas, svg);
  dragging(box, state, knobs, move);

  function show(s, result) {
    pixels(canvas, paint(s.shapes));
    looks.replaceChildren(...heat(s, shown(s, result)));
    found.replaceChildren(...answers(s, result).flatMap((a, i) =>
      (a.there ? [rect(a.box, "live-under"), rect(a.box, "live-found" +
        (s.shows === "answer" && s.answer === i ? " is-picked" : ""))]
        : [])));
    s.shapes.forEach(([kind, x, y], i) => put(knobs[i], {
      transform: `translate(${WIDE * x} ${WIDE * y})`,
      "aria-label": `shape ${i + 1}: ${KINDS[kind]}`, "aria-valuenow": x,
      "aria-valuetext": `${percent(x)} from the left, ${percent(y)} from ` +
        "the top" }));
  }
  return { box, show };
}
