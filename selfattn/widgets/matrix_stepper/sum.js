// The sum behind one cell. Its numbers light their cells and lead to where
// they are from.

import { make } from "../shared.js";
import { cell, source } from "./sums.js";

export function makeSum(state, stage, trace) {
  const heading = make("div", { class: "live-heading" });
  const box = make("div", { class: "live-sums" });

  // A piece is a text, a factor, or a product: a list on one line.
  function piece(p) {
    if (Array.isArray(p)) {
      return make("span", { class: "live-product" }, ...p.map(piece));
    }
    return p.text ? factor(p) : p;
  }

  function factor(p) {
    const s = state.get(), from = source(s, s.step, p.side, ...p.at);
    const light = (on) => () => stage.light(p.side, p.at, on);
    const hears = { onpointerenter: light(true), onfocus: light(true),
      onpointerleave: light(false), onblur: light(false) };
    const term = { class: "live-factor", "data-term": p.term, ...hears };
    if (!from) return make("span", term, p.text);
    return make("button", { ...term, type: "button",
      "aria-label": `${p.text}, from ${from.name}: show where it comes from`,
      onclick: () => trace(p.side, ...p.at) }, p.text);
  }

  let written = "";
  function show(s, [i, j]) {
    const c = cell(s, s.step, i, j);
    const now = JSON.stringify([s.step, s.convention, i, j, c]);
    if (now === written) return; // not under the reader's finger
    written = now;
    heading.textContent = c.heading[0].toUpperCase() + c.heading.slice(1);
    box.replaceChildren(...[...c.start, ...c.sum].map(piece));
  }
  return { heading, box, show };
}
