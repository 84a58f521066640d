// Chapter 06: one word asks, four heads look. Silence heads and see which
// tags change. All answers were computed beforehand.

import { announcer, choice, figureBox, follow, make, put, stateOf }
  from "../shared.js";
import { describe, overall } from "./sums.js";
import { makeLooks } from "./table.js";

function makeChoices(state) {
  const { sentences } = state.get();
  const which = choice("Sentence with", Object.fromEntries(
    sentences.map((s, i) => [i, s.words[s.asks]])),
  (i) => state.set({ sentence: Number(i), asks: sentences[i].asks }));
  // Keys that look like numbers would come first.
  const shown = choice("Weights of", { "h-1": "all heads",
    ...Object.fromEntries(sentences[0].weights.map((_, h) =>
      [`h${h}`, `${h}`])) }, (h) => state.set({ shown: Number(h.slice(1)) }));

  function show(s) {
    which.show(s.sentence);
    shown.show(`h${s.shown}`);
  }
  return { show, box: make("div", { class: "live-switches" }, which.box,
    shown.box) };
}

// One switch per head, with its colour and pattern.
function makeBank(state) {
  const turn = (h) => {
    const { gone } = state.get();
    state.set({ gone: gone.includes(h) ? gone.filter((x) => x !== h)
      : [...gone, h].sort() });
  };
  const switches = state.get().sentences[0].weights.map((_, h) =>
    make("button", { type: "button", role: "switch", class: "live-head",
      onclick: () => turn(h) },
    make("i", { class: "live-swatch", "data-term": h }), `head ${h}`));
  const reset = make("button", { type: "button",
    onclick: () => state.set({ gone: [] }) }, "All on");

  function show({ gone }) {
    switches.forEach((button, h) => put(button, {
      "aria-checked": gone.includes(h) ? "false" : "true" }));
    put(reset, { disabled: !gone.length });
  }
  return { show, box: make("div", { class: "live-buttons live-bank",
    role: "group", "aria-label": "Heads that work; the others are silenced" },
  make("span", { "aria-hidden": "true" }, "Silence:"), ...switches, reset) };
}

function render({ model, el }) {
  const state = stateOf(model);
  const choices = makeChoices(state), bank = makeBank(state);
  const looks = makeLooks(state);
  const whole = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("head_knockout", "heads of a tagger, to silence",
    choices.box, bank.box, looks.box, summary, whole));

  return follow(model, () => {
    const s = state.get();
    for (const part of [choices, bank, looks]) part.show(s);
    whole.textContent = overall(s);
    say(describe(s));
  }).stop;
}

export default { render };
