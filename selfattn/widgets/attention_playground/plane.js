// Chapter 04's two planes: what they share.

import { MARKS, make } from "../shared.js";

export const SIZE = 320;

export const same = (a, b) => a[0] === b[0] && a[1] === b[1];

// k², or k²,⁴ where two lie in one place.
export function label(letter, vectors, i) {
  const marks = vectors.map((v, j) => (same(v, vectors[i]) ? MARKS[j] : ""));
  return letter + marks.filter(Boolean).join(",");
}

// A drawing is 320 wide, whatever it measures on the page. What must not
// shrink with it, letters and handles, is told how long a pixel is.
export function pixel(svg) {
  const width = svg.getBoundingClientRect().width || SIZE, px = SIZE / width;
  svg.style.setProperty("--letter",
    px * Math.max(14.2, Math.min(16.5, 0.055 * width)));
  return { px, width };
}

export function plane(name) {
  return make("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`,
    class: `live-plane live-${name}` });
}
