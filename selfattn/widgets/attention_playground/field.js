// The ground of the plane of query and keys: the score that a key would get
// there.

import { make, put } from "../shared.js";
import { SIZE } from "./plane.js";
import { scoreOf } from "./sums.js";

export const REACH = 2.5; // the plane goes from -2.5 to 2.5
export const UNIT = 60, MIDDLE = SIZE / 2;
export const X = (x) => MIDDLE + UNIT * x, Y = (y) => MIDDLE - UNIT * y;

export function makeAxes() {
  return make("g", { class: "live-axes" },
    make("line", { x1: X(-REACH), x2: X(REACH), y1: MIDDLE, y2: MIDDLE }),
    make("line", { x1: MIDDLE, x2: MIDDLE, y1: Y(-REACH), y2: Y(REACH) }));
}

export function makeField() {
  const group = make("g", { class: "live-field" }), cells = [];
  for (let x = -REACH + 0.25; x < REACH; x += 0.5) {
    for (let y = -REACH + 0.25; y < REACH; y += 0.5) {
      const cell = make("rect", { x: X(x - 0.25) + 0.5, y: Y(y + 0.25) + 0.5,
        width: UNIT / 2 - 1, height: UNIT / 2 - 1 });
      cells.push({ cell, at: [x, y] });
      group.append(cell);
    }
  }

  function show(s, { q }) {
    const found = cells.map(({ at }) => scoreOf(q, at, s.score, s.scaled));
    const strength = Math.max(2, ...found.map(Math.abs));
    cells.forEach(({ cell }, i) => put(cell, {
      class: found[i] < 0 ? "negative" : "positive",
      "fill-opacity": (0.6 * Math.abs(found[i]) / strength).toFixed(2) }));
  }
  return { group, show };
}
