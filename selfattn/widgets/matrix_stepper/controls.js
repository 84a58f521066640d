// What moves the stepper on, and what it is looked at with.

import { MARKS, choice, make, put } from "../shared.js";
import { rich } from "./look.js";
import { ORDER, stepOf } from "./sums.js";

export function makeButtons(state, walk) {
  const start = structuredClone(state.get().inputs);
  const back = make("button", { type: "button", onclick: walk.back });
  const next = make("button", { type: "button", class: "live-next",
    onclick: () => walk.go(state.get().step + 1) });
  const reset = make("button", { type: "button",
    onclick: () => state.set({ inputs: structuredClone(start) }) },
  "Numbers of the chapter");

  function show(s) {
    const from = walk.tracedFrom();
    put(back, { disabled: s.step === 0 && from === undefined });
    back.textContent = from === undefined ? "← Back"
      : `← Back to ${ORDER[from]}`;
    put(next, { disabled: s.step === 6 });
    next.replaceChildren(...(s.step === 6 ? ["Next →"]
      : rich(`Next: ${stepOf(s, s.step + 1).formula} →`)));
    reset.hidden = JSON.stringify(s.inputs) === JSON.stringify(start);
  }
  return { show, box: make("div", { class: "live-buttons" }, back, next,
    reset) };
}

// A word, and what there is room for only in a wide place.
function both(text, more) {
  const fragment = document.createDocumentFragment();
  fragment.append(text, make("small", { class: "live-wide" }, ` ${more}`));
  return fragment;
}

export function makeSwitches(state, walk) {
  const convention = choice("Words as", {
    columns: both("columns", "(lecture)"), rows: both("rows", "(code)"),
  }, (x) => {
    walk.turn();
    state.set({ convention: x });
  });
  const word = choice("Follow", Object.fromEntries(
    state.get().words.map((text, i) => [i, text + MARKS[i]])),
  (i) => walk.follow(Number(i)));

  function show(s, chosen) {
    convention.show(s.convention);
    word.show(chosen);
  }
  return { show, box: make("div", { class: "live-switches" }, word.box,
    convention.box) };
}
