// Chapter 08's band: who is seen, with what weight, and what is said of it.

import { dot, percent, softmax, thousands } from "../shared.js";

// The first frame that is seen, and the frame after the last one.
export function reach(s) {
  return [Math.max(0, s.frame - s.radius),
    Math.min(s.shades.length, s.frame + s.radius + 1)];
}

// The chosen frame's weights on the frames within reach.
export function weightsOf(s) {
  const [first, after] = reach(s), q = s.q[s.frame];
  const scale = 1 / (s.step * s.step * Math.sqrt(q.length));
  return softmax(s.k.slice(first, after).map((k) => scale * dot(q, k)));
}

// As selfattn.banded.pairs.
export function pairs(n, radius) {
  const r = Math.min(radius, n - 1);
  return n * (2 * r + 1) - r * (r + 1);
}

// The label of a frame out of [label, first, after] lists.
export function labelAt(runs, frame) {
  return runs.find(([, first, after]) => first <= frame && frame < after)?.[0];
}

// The net whose radius is nearest, the smaller one of two: [radius, name,
// runs].
export function netOf(s) {
  return s.heard.reduce((best, net) =>
    Math.abs(net[0] - s.radius) < Math.abs(best[0] - s.radius) ? net : best);
}

// How many frames a net labels as they are spoken, where anything is spoken.
export function rightOf(s, [, , runs]) {
  let right = 0, spoken = 0;
  for (const [label, first, after] of s.phonemes) {
    for (let i = first; i < after; i++) {
      spoken += 1;
      right += labelAt(runs, i) === label;
    }
  }
  return { right, spoken };
}

export function counting(s) {
  const n = s.shades.length, kept = pairs(n, s.radius);
  return `${thousands(kept)} of ${n} × ${n} = ${thousands(n * n)} weights, ` +
    percent(kept / (n * n));
}

export function netSays(s) {
  const net = netOf(s), { right, spoken } = rightOf(s, net);
  const how = net[1] === "all" ? "without a window" :
    `with radius ${net[1]}`;
  const heard = labelAt(net[2], s.frame);
  return `The net that was trained ${how} hears “${heard}” here, and is ` +
    `right in ${right} of ${spoken} frames.`;
}

export function describe(s) {
  const [first, after] = reach(s), w = weightsOf(s);
  const best = w.indexOf(Math.max(...w));
  const spoken = labelAt(s.phonemes, s.frame);
  const where = spoken ? `in “${spoken}”` : "in silence";
  const sees = after - first === 1 ? "sees itself alone" :
    `sees frames ${first + 1} to ${after}, most of all frame ` +
    `${first + best + 1} with ${percent(w[best])} of its weight`;
  return `Frame ${s.frame + 1}, ${where}, ${sees}. The band keeps ` +
    `${counting(s)}. ${netSays(s)}`;
}
