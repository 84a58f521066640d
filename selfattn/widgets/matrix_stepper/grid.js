// The matrices of one step, laid out. The left factor stands left of the
// result and the other above it, so that the row and the column of a cell
// meet in it. All of it is one CSS grid; a matrix is a run of its lines.

import { MARKS, make, number, put } from "../shared.js";
import { rich } from "./look.js";

const fixed = (name) => name === "O" || name === "A′";

// A number as a matrix of the step shows it.
export function shown(x, matrix, out) {
  return number(x, 2, matrix.name === "A′" ||
    (matrix === out && fixed(matrix.name)));
}

// Grid columns as wide as there is room for, but never narrower than their
// longest text.
function width(out, ...matrices) {
  const texts = matrices.filter(Boolean).flatMap((matrix) =>
    [...matrix.columns, ...matrix.m.flat().map((x) =>
      shown(x, matrix, out))]);
  const most = Math.max(...texts.map((text) => text.length));
  const least = Math.max(1.3, 0.58 * most + 0.05);
  return `minmax(${least}em, var(--widest))`;
}

// The empty grid, and at which of its lines each matrix begins.
function makeGrid({ left, top, out }) {
  const columns = out.m[0].length;
  const lead = left ? left.m[0].length : 0; // grid columns of the factor
  const above = top ? top.m.length : 0;
  const grid = make("div", { class: "live-grid", style:
    `--n: ${lead + columns}; grid-template-columns: auto` +
    (lead ? ` repeat(${lead}, ${width(out, left)}) auto` : "") +
    ` repeat(${columns}, ${width(out, top, out)})` });
  const first = lead ? lead + 3 : 2; // grid column where the result begins
  const below = above ? above + 3 : 2; // and its grid row
  return { grid, starts: { left: [below, 2], top: [2, first],
    out: [below, first] } };
}

// A cell of the result can be pointed at, focused and walked from.
function arm(td, i, j, step, convention, on, cells) {
  const here = () => on.here(i, j);
  put(td, { onpointerenter: here, onclick: here, onfocusin: here });
  if (step.kind === "input") {
    const [word, entry] = convention === "rows" ? [i, j] : [j, i];
    td.append(make("input", { type: "number", step: 0.5, min: -9, max: 9,
      "aria-label": `a${MARKS[word]}, entry ${entry + 1}`,
      oninput: (event) => on.edit(word, entry,
        event.target.valueAsNumber) }));
    return;
  }
  put(td, { onkeydown(event) {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1],
      ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    cells.out[i + by[0]]?.[j + by[1]]?.focus();
  } });
}

// Set an element into the grid.
function place(grid, element, row, column) {
  element.style.gridArea = `${row} / ${column}`;
  grid.append(element);
  return element;
}

// The matrix's name in its corner, and the names of its lines.
function layNames(grid, matrix, row, column) {
  const label = (text, y, x, side) => place(grid, make("span", {
    class: `live-label is-${side}` }, text), y, x);
  place(grid, make("span", { class: "live-name" }, ...rich(matrix.name)),
    row - 1, column - 1);
  return {
    columns: matrix.columns.map((text, j) =>
      label(text, row - 1, column + j, "top")),
    rows: matrix.rows.map((text, i) =>
      label(text, row + i, column - 1, "left")),
  };
}

function layCells(grid, which, matrix, row, column) {
  const table = make("div", { class: "live-matrix", role: which === "out"
    ? "grid" : "table", "aria-label": `Matrix ${matrix.name}` });
  const cells = matrix.m.map((line, i) => {
    const tr = make("div", { role: "row", class: "live-row" });
    table.append(tr);
    return line.map((_, j) => {
      const td = make("div", { role: which === "out" ? "gridcell"
        : "cell", class: `live-c is-${which}` });
      td.style.gridArea = `${row + i} / ${column + j}`;
      tr.append(td);
      return td;
    });
  });
  grid.append(table);
  return cells;
}

// A factor that is an earlier result leads back to it.
function armFactor(cells, which, matrix, on) {
  if (matrix.name.startsWith("W")) return;
  cells.forEach((line, i) => line.forEach((td, j) => {
    td.classList.add("is-traced");
    td.addEventListener("click", () => on.trace(which, i, j));
  }));
}

// The step's matrices: the grid, its cells by matrix, row and column, and the
// names of the lines that the result shares. `on` hears what readers do.
export function layOut(step, convention, on) {
  const { grid, starts } = makeGrid(step);
  const cells = {}, labels = { rows: [], columns: [] };
  for (const which of ["left", "top", "out"]) {
    const matrix = step[which];
    if (!matrix) continue;
    const names = layNames(grid, matrix, ...starts[which]);
    cells[which] = layCells(grid, which, matrix, ...starts[which]);
    if (which !== "out") armFactor(cells[which], which, matrix, on);
    if (which !== "out" && step.kind !== "softmax") continue;
    if (names.rows.length) labels.rows = names.rows;
    if (names.columns.length) labels.columns = names.columns;
  }
  cells.out.forEach((line, i) => line.forEach((td, j) =>
    arm(td, i, j, step, convention, on, cells)));
  return { grid, cells, labels };
}
