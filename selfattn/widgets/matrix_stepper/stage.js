// The stage of chapter 05's stepper: the numbers of one step, and in them the
// cell that its sum is about.

import { make, put } from "../shared.js";
import { layOut, shown } from "./grid.js";
import { largest, tint } from "./look.js";

// The numbers of one matrix, the factors of cell (i, j), its word's line.
function showMatrix(cells, which, step, [i, j], rows) {
  const matrix = step[which], out = which === "out";
  const most = largest(matrix.name, matrix.m);
  matrix.m.forEach((line, a) => line.forEach((x, b) => {
    const td = cells[a][b], input = td.querySelector("input");
    if (!input) td.textContent = shown(x, matrix, step.out);
    else if (document.activeElement !== input) input.value = x;
    tint(td, x, most);
    const term = which === "left" && a === i ? b
      : which === "top" && b === j ? a : -1;
    const here = out && a === i && b === j;
    td.dataset.term = step.kind === "product" && term >= 0 ? term : "";
    td.classList.toggle("is-on", here);
    td.classList.toggle("is-used", term >= 0);
    td.classList.toggle("is-word", out && (rows ? a === i : b === j));
    if (out && !input) put(td, { tabindex: here ? 0 : -1 });
  }));
}

// `on.here(i, j)`: a cell of the result is meant; `on.edit(word, entry, x)`:
// an input has a new number; `on.trace(side, i, j)`: where is that factor
// from?
export function makeStage(on) {
  const box = make("div", { class: "live-stage" });
  let cells = {}, labels = {}, built = "";

  function build(step, convention) {
    const made = layOut(step, convention, on);
    ({ cells, labels } = made);
    box.replaceChildren(made.grid);
    built = `${step.name} ${convention}`;
  }

  function show(step, at, convention) {
    if (built !== `${step.name} ${convention}`) build(step, convention);
    const rows = convention === "rows";
    for (const which of Object.keys(cells)) {
      showMatrix(cells[which], which, step, at, rows);
    }
    labels.rows.forEach((label, a) =>
      label.classList.toggle("is-word", rows && a === at[0]));
    labels.columns.forEach((label, b) =>
      label.classList.toggle("is-word", !rows && b === at[1]));
  }

  // Light the cell that a number of the sum stands in.
  function light(side, [a, b], lit) {
    cells[side]?.[a]?.[b]?.classList.toggle("is-lit", lit);
  }
  return { box, show, light,
    focus: ([i, j]) => cells.out[i][j].focus({ preventScroll: true }) };
}
