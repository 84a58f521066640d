// Arcs from one word to every word, as wide as its share of attention.

import { make, put } from "../shared.js";

const HEIGHT = 76; // in pixels

const arc = (a, b, top) =>
  `M${a} ${HEIGHT}C${a} ${top} ${b} ${top} ${b} ${HEIGHT}`;

export function makeArcs(count) {
  const box = make("svg", { class: "live-arcs", "aria-hidden": "true" });
  const paths = Array.from({ length: count }, () => make("path"));
  box.append(...paths);

  // `items` are the places of words; there may be fewer words.
  function show(items, i, weights) {
    const flat = items.slice(0, weights.length).every((item) =>
      item.offsetTop === items[0].offsetTop);
    box.style.display = flat ? "" : "none";
    const x = items.map((item) => item.offsetLeft + item.offsetWidth / 2);
    const widest = Math.max(1, x[weights.length - 1] - x[0]);
    paths.forEach((path, j) => {
      const w = weights[j] ?? 0, gap = Math.abs(x[j] - x[i]) / widest;
      put(path, { class: j === i ? "is-own" : "", "stroke-width": 1 + 9 * w,
        visibility: flat && w >= 0.01 ? "visible" : "hidden",
        d: j === i ? arc(x[i] - 12, x[i] + 12, HEIGHT - 44)
          : arc(x[i], x[j], HEIGHT - 24 - 55 * Math.sqrt(gap)) });
    });
  }
  return { box, show };
}
