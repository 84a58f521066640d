// Chapter 09: drag shapes, and a small trained detector finds them again.
// Press a patch, or choose an answer, to see where it looks.

import { announcer, choice, figureBox, follow, make, number, percent, put,
  stateOf, unique } from "../shared.js";
import { makeStage } from "./stage.js";
import { KINDS, answers, describe, detect, unpacked } from "./sums.js";

// One row per answer: which is chosen, its kind, how sure, how well it fits.
function makeTable(state, count) {
  const name = unique("answer");
  const rows = Array.from({ length: count }, (_, i) => {
    const input = make("input", { type: "radio", name, "aria-label":
      `see where answer ${i + 1} looks`,
    onchange: () => state.set({ answer: i, shows: "answer" }) });
    const cells = [make("td"), make("td"), make("td")];
    const row = make("tr", {}, make("th", { scope: "row" },
      make("label", {}, input, ` ${i + 1}`)), ...cells);
    return { row, input, cells };
  });
  const head = ["Answer", "Kind", "Sure", "IoU"].map((text) =>
    make("th", { scope: "col" }, text));

  function show(s, found) {
    answers(s, found).forEach((a, i) => {
      const { row, input, cells } = rows[i];
      const texts = a.there ? [KINDS[a.kind], percent(a.sure),
        number(a.best, 2, true)] : ["no object", percent(found.kinds[i][3]),
        ""];
      cells.forEach((cell, j) => { cell.textContent = texts[j]; });
      input.checked = s.shows === "answer" && s.answer === i;
      put(row, { class: (a.there ? "" : "is-none") +
        (input.checked ? " is-picked" : "") });
    });
  }
  return { show, box: make("table", { class: "live-answers" },
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...rows.map(({ row }) => row))) };
}

// The kinds of the shapes, one choice each.
function makeKinds(state) {
  const choices = state.get().shapes.map((_, i) => choice(`Shape ${i + 1}`,
    Object.fromEntries(KINDS.map((kind) => [kind, kind])), (kind) =>
      state.set({ shapes: state.get().shapes.map((shape, j) => (j === i
        ? [KINDS.indexOf(kind), ...shape.slice(1)] : shape)) })));
  return { show: (s) => choices.forEach((c, i) =>
    c.show(KINDS[s.shapes[i][0]])),
  box: make("div", { class: "live-switches" }, ...choices.map((c) => c.box)) };
}

function render({ model, el }) {
  const state = stateOf(model), net = unpacked(state.get().net);
  const stage = makeStage(state), kinds = makeKinds(state);
  const table = makeTable(state, net.queries.length);
  const summary = make("p", { class: "live-says" }), say = announcer(summary);
  el.append(figureBox("find_shapes", "a detector of shapes",
    make("p", { class: "live-title" }, "Drag a shape. Press an empty ",
      "place, or choose an answer, to see where it looks."),
    make("div", { class: "live-both" }, stage.box, table.box), summary,
    kinds.box));

  let last, found;
  return follow(model, () => {
    const s = state.get(), now = JSON.stringify(s.shapes);
    if (now !== last) found = detect(net, s.shapes);
    last = now;
    for (const part of [stage, table, kinds]) part.show(s, found);
    say(describe(s, found));
  }).stop;
}

export default { render };
