// The rules that the reader may change, and settings to try.

import { choice, make } from "../shared.js";
import { PRESETS } from "./sums.js";
import { RULES } from "./tour.js";

const HINT = "Drag, or Tab to a handle and use the arrow keys; Shift for " +
  "larger steps.";

function makeSwitches(state) {
  const score = choice("Score", { dot: "dot product", additive: "additive" },
    (x) => state.set({ score: x }));
  const weight = choice("Weight", { softmax: "softmax", relu: "ReLU" },
    (x) => state.set({ weight: x }));
  const scaled = choice("Divide by √2", { no: "no", yes: "yes" },
    (x) => state.set({ scaled: x === "yes" }));
  const own = choice("Itself", { yes: "included", no: "left out" },
    (x) => state.set({ own: x === "yes" }));

  function show(s) {
    score.show(s.score);
    weight.show(s.weight);
    scaled.show(s.scaled ? "yes" : "no");
    scaled.enable(s.score === "dot");
    own.show(s.own ? "yes" : "no");
  }
  return { show, box: make("div", { class: "live-switches" }, score.box,
    weight.box, scaled.box, own.box) };
}

// `tell` is given what a setting shows.
function makePresets(state, tell) {
  const presets = Object.values(PRESETS).map(({ label, says, ...start }) =>
    make("button", { type: "button", onclick: () => {
      tell(says);
      state.set({ ...structuredClone(start), ...RULES });
    } }, label));
  return make("div", { class: "live-presets", role: "group",
    "aria-label": "Settings to try" }, ...presets);
}

export function makeRules(state) {
  let told = "";
  const switches = makeSwitches(state);
  const presets = makePresets(state, (text) => { told = text; });
  const hint = make("p", { class: "live-hint" });
  const box = make("details", { class: "live-rules" },
    make("summary", {}, "Change the rules"), presets, hint, switches.box);

  function show(s) {
    switches.show(s);
    hint.textContent = told || HINT;
  }
  return { box, show, forget: () => { told = ""; } };
}
