// Chapter 11: a head that looks at a place. Its weights are a product of one
// softmax along rows and one along columns.

import { number, percent, softmax } from "../shared.js";

// The kernel is shown up to this offset, and summed up to that one.
export const REACH = 3;
const FAR = 60;

export function sharpnessOf(s) {
  return 1 / (2 * s.spread ** 2);
}

// The weights along one axis of n pixels, for a query at `from`.
function along(s, n, from, centre) {
  const sharp = sharpnessOf(s);
  return softmax(Array.from({ length: n }, (_, at) =>
    -sharp * (at - from - centre) ** 2));
}

const outer = (rows, columns) => rows.map((x) => columns.map((y) => x * y));

// The chosen pixel's weights on the image.
export function weightsOf(s) {
  return outer(along(s, s.image.length, s.row, s.down),
    along(s, s.image[0].length, s.column, s.right));
}

// The weights by offset, from -3 to 3, where no border is near.
export function kernelOf(s) {
  const axis = (centre) =>
    along(s, 2 * FAR + 1, FAR, centre).slice(FAR - REACH, FAR + REACH + 1);
  return outer(axis(s.down), axis(s.right));
}

// What the head gives for every pixel.
export function outputOf(s) {
  const { image } = s, n = image[0].length;
  const columns = image[0].map((_, j) => along(s, n, j, s.right));
  const mixed = image.map((row) => columns.map((weights) =>
    weights.reduce((sum, w, q) => sum + w * row[q], 0)));
  return image.map((_, i) => {
    const weights = along(s, image.length, i, s.down);
    return columns.map((_c, j) =>
      weights.reduce((sum, w, p) => sum + w * mixed[p][j], 0));
  });
}

const steps = (x, word) => (x === 1 ? word : `${word}s`);

function placeOf(s) {
  const parts = [];
  const say = (x, word, more, less) => {
    if (x) {
      parts.push(`${number(Math.abs(x))} ${steps(Math.abs(x), word)} ` +
        (x > 0 ? more : less));
    }
  };
  say(s.down, "row", "down", "up");
  say(s.right, "column", "to the right", "to the left");
  return parts.join(" and ") || "at itself";
}

export function isOutside(s) {
  const row = s.row + s.down, column = s.column + s.right;
  return row < -0.5 || column < -0.5 || row > s.image.length - 0.5 ||
    column > s.image[0].length - 0.5;
}

export function describe(s) {
  const kernel = kernelOf(s).flat(), top = Math.max(...kernel);
  const mine = Math.max(...weightsOf(s).flat());
  const sense = top > 0.99
    ? "It is one entry of a kernel: it moves the image, and nothing else."
    : top > 0.5
      ? "It moves the image and blurs it a little."
      : `Its largest entry is ${percent(top)}: it is a blur.`;
  const outside = isOutside(s)
    ? " That place is outside of the image: the nearest pixels share the " +
      "weight, as in replicate padding."
    : "";
  return `Every pixel looks ${placeOf(s)}. ${sense} The chosen pixel gives ` +
    `${percent(mine)} of its weight to one pixel.${outside}`;
}
