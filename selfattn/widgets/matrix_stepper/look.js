// How names and numbers look in all parts of the stepper.

import { make } from "../shared.js";

// Wq with its q raised.
export function rich(text) {
  return text.split(/(?<=W)([qkv])/)
    .map((part, i) => (i % 2 ? make("sup", {}, part) : part));
}

// A ground as strong as the number, of the largest.
export function tint(element, x, most) {
  element.classList.toggle("positive", x > 0);
  element.classList.toggle("negative", x < 0);
  element.style.setProperty("--share",
    `${Math.round(75 * Math.min(1, Math.abs(x) / most))}%`);
}

// The largest size of a number of the matrix; shares go up to 1.
export function largest(name, m) {
  return name === "A′" ? 1 : Math.max(1, ...m.flat().map(Math.abs));
}
