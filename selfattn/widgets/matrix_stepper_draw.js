// Chapter 05's stepper: the matrices of one step. The left factor stands left
// of the result and the other above it, so that the row and the column of a
// cell meet in it.

// Wq with its q raised.
function rich(text) {
  return text.split(/(?<=W)([qkv])/)
    .map((part, i) => (i % 2 ? make("sup", {}, part) : part));
}

function tint(element, x, most) {
  element.classList.toggle("positive", x > 0);
  element.classList.toggle("negative", x < 0);
  element.style.setProperty("--share",
    `${Math.round(75 * Math.min(1, Math.abs(x) / most))}%`);
}

const fixed = (name) => name === "O" || name === "A′";

// `on.here(i, j)`: a cell of the result is meant; `on.edit(i, j, x)`: an
// input has a new number; `on.trace(side, i, j)`: where is that factor from?
function makeStage(on) {
  const box = make("div", { class: "live-stage" });
  let cells = {}; // cells[which][i][j] of "left", "top" and "out"
  let labels = { rows: [], columns: [] }; // of its lines

  // The stage is one CSS grid; a matrix is a run of its lines.
  function build(step, convention) {
    const { left, top, out, kind } = step;
    const columns = out.m[0].length;
    const lead = left ? left.m[0].length : 0; // grid columns of the factor
    const above = top ? top.m.length : 0;
    // Columns as wide as there is room for, but never narrower than their
    // longest text.
    const width = (...ms) => {
      const texts = ms.filter(Boolean).flatMap((x) => [...x.columns,
        ...x.m.flat().map((v) => number(v, 2, x.name === "A′" ||
          (x === out && fixed(x.name))))]);
      const most = Math.max(...texts.map((text) => text.length));
      const least = Math.max(1.3, 0.58 * most + 0.05);
      return `minmax(${least}em, var(--widest))`;
    };
    const grid = make("div", { class: "live-grid", style:
      `--n: ${lead + columns}; grid-template-columns: auto` +
      (lead ? ` repeat(${lead}, ${width(left)}) auto` : "") +
      ` repeat(${columns}, ${width(top, out)})` });
    const first = lead ? lead + 3 : 2; // grid column where the result begins
    const below = above ? above + 3 : 2; // and its grid row
    const place = (element, row, column) => {
      element.style.gridArea = `${row} / ${column}`;
      grid.append(element);
      return element;
    };
    const label = (text, row, column, side) => place(make("span", {
      class: `live-label is-${side}` }, text), row, column);
    cells = {};
    labels = { rows: [], columns: [] };
    const lay = (which, matrix, row, column) => {
      if (!matrix) return;
      place(make("span", { class: "live-name" }, ...rich(matrix.name)),
        row - 1, column - 1);
      const tops = matrix.columns.map((x, j) =>
        label(x, row - 1, column + j, "top"));
      const sides = matrix.rows.map((x, i) =>
        label(x, row + i, column - 1, "left"));
      if (which === "out" || kind === "softmax") { // which shares its labels
        if (sides.length) labels.rows = sides;
        if (tops.length) labels.columns = tops;
      }
      const table = make("div", { class: "live-matrix", role: which === "out"
        ? "grid" : "table", "aria-label": `Matrix ${matrix.name}` });
      cells[which] = matrix.m.map((line, i) => {
        const tr = make("div", { role: "row", class: "live-row" });
        table.append(tr);
        return line.map((_, j) => {
          const td = make("div", { role: which === "out" ? "gridcell"
            : "cell", class: `live-c is-${which}` });
          td.style.gridArea = `${row + i} / ${column + j}`;
          tr.append(td);
          if (which === "out") arm(td, i, j, kind === "input", convention);
          else if (!matrix.name.startsWith("W")) {
            td.classList.add("is-traced");
            td.addEventListener("click", () => on.trace(which, i, j));
          }
          return td;
        });
      });
      grid.append(table);
    };
    lay("left", left, below, 2);
    lay("top", top, 2, first);
    lay("out", out, below, first);
    box.replaceChildren(grid);
  }

  // A cell of the result can be pointed at, focused and walked from.
  function arm(td, i, j, editable, convention) {
    const here = () => on.here(i, j);
    put(td, { onpointerenter: here, onclick: here, onfocusin: here });
    if (editable) {
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

  // The numbers, the factors of cell (i, j), and the line of its word.
  function show(step, [i, j], rows) {
    for (const which of ["left", "top", "out"]) {
      const matrix = step[which];
      if (!matrix) continue;
      const shares = matrix.name === "A′", out = which === "out";
      const most = shares ? 1
        : Math.max(1, ...matrix.m.flat().map(Math.abs));
      matrix.m.forEach((line, a) => line.forEach((x, b) => {
        const td = cells[which][a][b];
        const input = td.querySelector("input");
        if (input && document.activeElement !== input) input.value = x;
        if (!input) {
          td.textContent = number(x, 2, shares ||
            (out && fixed(step.name)));
        }
        tint(td, x, most);
        const term = which === "left" ? (a === i ? b : -1)
          : which === "top" ? (b === j ? a : -1) : -1;
        const here = out && a === i && b === j;
        td.dataset.term = step.kind === "product" && term >= 0 ? term : "";
        td.classList.toggle("is-on", here);
        td.classList.toggle("is-used", term >= 0);
        td.classList.toggle("is-word", out && (rows ? a === i : b === j));
        if (out && !input) put(td, { tabindex: here ? 0 : -1 });
      }));
    }
    labels.rows.forEach((x, a) =>
      x.classList.toggle("is-word", rows && a === i));
    labels.columns.forEach((x, b) =>
      x.classList.toggle("is-word", !rows && b === j));
  }

  // Light the cell that a number of the sum stands in.
  function light(side, [a, b], on1) {
    cells[side]?.[a]?.[b]?.classList.toggle("is-lit", on1);
  }
  return { box, build, show, light,
    focus: ([i, j]) => cells.out[i][j].focus({ preventScroll: true }) };
}
