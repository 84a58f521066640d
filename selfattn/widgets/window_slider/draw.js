// Chapter 03's picture: the words with the window over them, and under each
// place of the cue how often the net was right.

import { make, onPress } from "../shared.js";
import { REACH, cueOf, measuredAt } from "./sums.js";

const ROOF = 22, ROW = 24, TOP = 64, FLOOR = 264; // heights in the picture
const PLACES = 2 * REACH + 1;
const X = (place) => place + REACH + 0.5;
const Y = (rate) => FLOOR - (FLOOR - TOP) * rate;
const line = (x1, y1, x2, y2, name) =>
  make("line", { x1, y1, x2, y2, class: name });

function bars(s) {
  const group = make("g");
  for (let row = 0; row < 2 * REACH; row++) {
    const place = cueOf(row), { mean, low, high, inside } =
      measuredAt(s, place);
    const here = place === s.cue ? " is-here" : "";
    group.append(make("rect", { x: X(place) - 0.38, width: 0.76,
      y: Y(mean), height: FLOOR - Y(mean),
      class: `live-rate ${inside ? "is-in" : "is-out"}${here}` }));
    if (high > low) {
      group.append(line(X(place), Y(low), X(place), Y(high), "live-range"));
    }
  }
  return group;
}

// What one word alone allows, place by place.
function ceiling(s) {
  const steps = s.ceiling.map((x, row) => {
    const at = X(cueOf(row)), y = Y(x / 10000);
    return `${row % REACH ? "L" : "M"}${at - 0.5} ${y}H${at + 0.5}`;
  });
  return make("path", { class: "live-ceiling", d: steps.join("") });
}

// The window's ground and its bracket.
function windowOf(net) {
  const reach = Math.min(net.radius ?? REACH, REACH) + 0.5;
  const [from, to] = [X(-reach), X(reach)];
  return [make("rect", { class: "live-cover", x: from, width: to - from,
    y: 4, height: FLOOR - 4 }),
  make("path", { class: "live-bracket",
    d: `M${from} ${ROOF}V4H${to}V${ROOF}` })];
}

function strip(s, words) {
  return words.filter(({ off }) => Math.abs(off) <= REACH)
    .map(({ off, seen }) => make("rect", { x: X(off) - 0.42, y: ROOF + 4,
      width: 0.84, height: ROW - 8, class: `live-word ` +
        (off === 0 ? "is-target" : off === s.cue ? "is-cue"
          : seen ? "is-in" : "is-out") }));
}

const along = (...children) => make("div", { class: "live-along",
  "aria-hidden": "true" }, ...children);

// Letters stand in HTML beside the drawing, which is stretched.
function makeLabels() {
  const cue = make("span", { class: "live-cue" }), target = make("b");
  const under = along(
    ...[[-20, "20"], [-10, "10"], [10, "10"], [20, "20"]].map(([at, text]) =>
      make("span", { style: `left: ${100 * X(at) / PLACES}%` }, text)),
    make("span", { style: "left: 50%" }, target));
  const marks = [[0, TOP], [50, (TOP + FLOOR) / 2], [100, FLOOR]].map(
    ([at, y]) => make("span", { style: `top: ${y}px` }, String(100 - at)));

  function show(s, told) {
    const at = 100 * X(s.cue) / PLACES;
    cue.textContent = told.cues.join(" / ");
    cue.style.left = `${at}%`;
    cue.style.transform = `translateX(-${at}%)`;
    target.textContent = told.target;
  }
  return { over: along(cue), under, show, side: make("div",
    { class: "live-marks", "aria-hidden": "true" }, ...marks) };
}

export function makePicture(state) {
  const svg = make("svg", { preserveAspectRatio: "none",
    viewBox: `0 0 ${PLACES} ${FLOOR + 1}`, "aria-hidden": "true" });
  const labels = makeLabels();
  const box = make("div", { class: "live-stage" }, labels.side,
    make("div", {}, labels.over, svg, labels.under));
  // Pointing at a place puts the cue there; the slider does the same.
  onPress(svg, (x) => {
    const at = Math.floor(x * PLACES) - REACH;
    const place = Math.max(-REACH, Math.min(REACH, at));
    if (place && place !== state.get().cue) state.set({ cue: place });
  });

  function show(s, { net, high }, told) {
    svg.replaceChildren(...windowOf(net),
      ...[0, 0.5, 1].map((x) => line(0, Y(x), PLACES, Y(x), "live-line")),
      bars(s), ceiling(s),
      line(X(s.cue), ROOF + ROW, X(s.cue), Y(high) - 3, "live-drop"),
      ...strip(s, told.words));
    labels.show(s, told);
  }
  return { box, show };
}

// What the marks mean.
export function makeKey() {
  const entry = (name, text) =>
    make("span", {}, make("i", { class: name }), text);
  return make("p", { class: "live-key", "aria-hidden": "true" },
    entry("is-in", "cue seen"), entry("is-out", "cue not seen"),
    entry("is-line", "one word allows"), entry("is-range", "range of seeds"));
}
