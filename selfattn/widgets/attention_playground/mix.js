// The values and their mix: every value a dot as large as its weight, tied
// to b by a line as thick.

import { MARKS, make, number, put, vector } from "../shared.js";
import { SIZE, label, pixel, plane, same } from "./plane.js";

// Where numbers lie in the plane: far enough for all values and for b.
function makeScale(s, r, px) {
  const far = Math.max(...s.v.flat(), ...r.out.map(Math.abs)) * 1.05;
  const span = 4 * 2 ** Math.max(0, Math.ceil(Math.log2(far / 4)));
  const low = Math.min(0, ...r.out, ...s.v.flat()) < 0 ? -span : 0;
  const edge = 24 * px, unit = (SIZE - edge - 14 * px) / (span - low);
  const x = (v) => edge + unit * (v - low);
  return { low, span, edge, x, y: (v) => SIZE - x(v) };
}

// Lines with their numbers; every second number where it is narrow.
function makeLines({ low, span, edge, x, y }, px, narrow) {
  const lines = make("g", { class: "live-axes" });
  for (let i = 0; i <= 4; i++) {
    const at = low + i * (span - low) / 4;
    lines.append(
      make("line", { x1: x(at), x2: x(at), y1: y(span), y2: y(low) }),
      make("line", { y1: y(at), y2: y(at), x1: x(span), x2: x(low) }));
    if (narrow && i % 2) continue;
    lines.append(
      make("text", { x: x(at), y: SIZE - 5 * px }, number(at)),
      make("text", { x: edge / 2 - px, y: y(at) + 5 * px }, number(at)));
  }
  return lines;
}

// Every value tied to every other: b lies in between.
function makeHull(values, { x, y }) {
  return values.flatMap((v, i) => values.slice(i + 1).map((u) =>
    make("line", { class: "live-hull", x1: x(v[0]), y1: y(v[1]),
      x2: x(u[0]), y2: y(u[1]) })));
}

// The values with their weights; those in one place are one dot.
function makeDots(s, r, picked, { x, y }, { px, grow }) {
  const ties = [], dots = [], texts = [];
  s.v.forEach((v, i) => {
    if (s.v.findIndex((u) => same(u, v)) < i) return; // drawn already
    const w = s.v.reduce(
      (sum, u, j) => sum + (same(u, v) ? r.weights[j] : 0), 0);
    ties.push(make("line", { class: "live-tie", x1: x(v[0]), y1: y(v[1]),
      x2: x(r.out[0]), y2: y(r.out[1]), "stroke-width":
        grow * Math.min(10, 0.5 + 12 * w) }));
    const radius = grow * (4 + 18 * Math.sqrt(Math.min(w, 1)));
    dots.push(make("circle", { cx: x(v[0]), cy: y(v[1]), r: radius,
      class: "live-value" + (same(v, s.v[picked]) ? " is-picked" : "") }));
    texts.push(make("text", { x: x(v[0]), y: y(v[1]) - radius - 5 * px },
      label("v", s.v, i)));
  });
  return [...ties, ...dots, ...texts];
}

function makeB(s, r, { x, y }, { px, grow }) {
  const [bx, by] = [x(r.out[0]), y(r.out[1])], d = 9 * grow;
  return [make("path", { class: "live-diamond",
    d: `M${bx} ${by - d}l${d} ${d}l${-d} ${d}l${-d} ${-d}z` }),
  make("text", { class: "live-b", x: bx + 14 * px, y: by + 20 * px },
    `b${MARKS[s.asks]}`)];
}

export function makeMix() {
  const svg = plane("mix");
  put(svg, { role: "img" });

  function show(s, r, picked) {
    const { px, width } = pixel(svg), size = { px, grow: Math.min(1.5, px) };
    const scale = makeScale(s, r, px);
    const lines = makeLines(scale, px, width < 220);
    lines.append(...makeHull(s.v, scale));
    svg.replaceChildren(lines, ...makeDots(s, r, picked, scale, size),
      ...makeB(s, r, scale, size));
    put(svg, { "aria-label": "Values and their mix, b at " +
      vector(r.out, 2, true) });
  }
  return { svg, show };
}
