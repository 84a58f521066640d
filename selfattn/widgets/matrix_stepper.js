// Chapter 05: I, then Q, K, V, then A, A′ and O, one product at a time. The
// left factor stands left of the result and the other above it, so that the
// row and the column of a cell meet in it.

function render({ model, el }) {
  const state = () => Object.fromEntries(["words", "inputs", "w_q", "w_k",
    "w_v", "convention", "step"].map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };
  const start = structuredClone(model.get("inputs"));
  const id = unique("stepper");
  const at = [0, 0]; // the cell that the arithmetic is about

  const tabs = ORDER.map((name, n) => {
    const mini = make("span", { class: "live-mini", "aria-hidden": "true" });
    const tab = make("button", { type: "button", role: "tab",
      id: `${id}-${n}`,
      "aria-controls": id, onclick: () => go(n) },
    make("b", {}, name), mini);
    return { tab, mini };
  });
  const strip = make("div", { class: "live-tabs", role: "tablist",
    "aria-label": "Steps", onkeydown(event) {
      const now = model.get("step");
      const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0,
        End: 6 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      go(Math.max(0, Math.min(6, to)));
      tabs[model.get("step")].tab.focus();
    } }, ...tabs.map((t) => t.tab));
  const convention = choice("Words as", { columns: "columns (lecture)",
    rows: "rows (code)" }, (x) => {
    at.reverse();
    set({ convention: x });
  });
  const title = make("p", { class: "live-title" });
  const stage = make("div", { class: "live-stage" });
  const heading = make("div", { class: "live-heading" });
  const sum = make("div", { class: "live-sums" });
  const back = make("button", { type: "button",
    onclick: () => go(model.get("step") - 1) }, "← Back");
  const next = make("button", { type: "button", class: "live-next",
    onclick: () => go(model.get("step") + 1) });
  const reset = make("button", { type: "button",
    onclick: () => set({ inputs: structuredClone(start) }) },
  "Numbers of the chapter");
  const panel = make("div", { id, class: "live-panel", role: "tabpanel" },
    title, stage, make("div", { class: "live-cell" }, heading, sum));
  const summary = make("p", { class: "live-hidden" });
  const say = announcer(summary);
  el.append(figureBox("stepper", "self-attention as matrices",
  make("div", { class: "live-switches" }, convention.box), strip,
  make("div", { class: "live-buttons" }, back, next, reset),
  panel, summary));

  function go(n) {
    if (n < 0 || n > 6) return;
    const before = stepOf(state(), model.get("step")).out.m;
    const { m } = stepOf(state(), n).out;
    if (m.length !== before.length || m[0].length !== before[0].length) {
      at.fill(0);
    }
    set({ step: n });
  }

  let drawn = ""; // which step the stage shows
  let cells = {}; // cells[which][i][j] of "left", "top" and "out"

  // The stage is one CSS grid; a matrix is a run of its lines.
  function build(step) {
    const { left, top, out, kind } = step;
    const rows = out.m.length, columns = out.m[0].length;
    const lead = left ? left.m[0].length : 0; // grid columns of the factor
    const above = top ? top.m.length : 0;
    // Columns as wide as there is room for, but never narrower than their
    // longest text.
    const width = (...ms) => {
      const texts = ms.filter(Boolean).flatMap((x) => [...x.columns,
        ...x.m.flat().map((v) => number(v, 2, x.name === "A′" ||
          (x === out && fixed(step))))]);
      const most = Math.max(...texts.map((text) => text.length));
      const least = Math.max(1.5, 0.58 * most + 0.05);
      return `minmax(${least}em, var(--widest))`;
    };
    const grid = make("div", { class: "live-grid", style:
      `--n: ${lead + columns}; grid-template-columns: auto` +
      (lead ? ` repeat(${lead}, ${width(left)}) auto` : "") +
      ` repeat(${columns}, ${width(top, out)})` });
    const first = lead ? lead + 3 : 2; // grid column where the result begins
    const below = above ? above + 3 : 2; // and its grid row
    const put1 = (element, row, column, span = 1) => {
      element.style.gridArea = `${row} / ${column} / auto / span ${span}`;
      grid.append(element);
      return element;
    };
    const label = (text, row, column, side) => put1(make("span", {
      class: `live-label is-${side}` }, text), row, column);
    cells = {};
    const lay = (which, matrix, row, column) => {
      if (!matrix) return;
      put1(make("span", { class: "live-name" }, ...rich(matrix.name)),
        row - 1, column - 1, 1);
      matrix.columns.forEach((x, j) => label(x, row - 1, column + j, "top"));
      matrix.rows.forEach((x, i) => label(x, row + i, column - 1, "left"));
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
          if (which === "out") arm(td, i, j, kind === "input");
          return td;
        });
      });
      grid.append(table);
    };
    lay("left", left, below, 2);
    lay("top", top, 2, first);
    lay("out", out, below, first);
    stage.replaceChildren(grid);
  }

  // Wq with its q raised.
  function rich(text) {
    return text.split(/(?<=W)([qkv])/)
      .map((part, i) => (i % 2 ? make("sup", {}, part) : part));
  }

  const fixed = (step) => step.name === "O" || step.name === "A′";

  // A cell of the result can be pointed at, focused and walked from.
  function arm(td, i, j, editable) {
    const here = () => { at[0] = i; at[1] = j; view.changed(); };
    put(td, { onpointerenter: here, onclick: here, onfocusin: here });
    if (editable) {
      const word = model.get("convention") === "rows" ? i : j;
      td.append(make("input", { type: "number", step: 0.5, min: -9, max: 9,
        "aria-label": `a${MARKS[word]}, entry ${i + j - word + 1}`,
        oninput(event) {
          const x = event.target.valueAsNumber;
          if (!Number.isFinite(x) || Math.abs(x) > 9) return;
          const inputs = model.get("inputs").map((row) => [...row]);
          inputs[word][i + j - word] = x;
          set({ inputs });
        } }));
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

  function tint(element, x, most) {
    element.classList.toggle("positive", x > 0);
    element.classList.toggle("negative", x < 0);
    element.style.setProperty("--share",
      `${Math.round(75 * Math.min(1, Math.abs(x) / most))}%`);
  }

  function draw() {
    const s = state(), step = stepOf(s, s.step), all = matrices(s);
    const key = `${s.step} ${s.convention}`;
    if (key !== drawn) build(step);
    drawn = key;
    const [i, j] = at, rows = s.convention === "rows";
    put(panel, { "aria-labelledby": `${id}-${s.step}` });
    tabs.forEach(({ tab, mini }, n) => {
      put(tab, { "aria-selected": n === s.step ? "true" : "false",
        tabindex: n === s.step ? 0 : -1,
        "aria-label": stepOf(s, n).formula });
      const m = rows ? all[ORDER[n]] : transpose(all[ORDER[n]]);
      const most = n === 5 ? 1 : Math.max(1, ...m.flat().map(Math.abs));
      mini.style.gridTemplateColumns = `repeat(${m[0].length}, 1fr)`;
      mini.replaceChildren(...m.flat().map((x) => {
        const dot1 = make("i");
        tint(dot1, x, most);
        return dot1;
      }));
    });
    convention.show(s.convention);
    title.replaceChildren(make("b", {}, ...rich(step.formula)),
      ` ${step.says}`);
    for (const which of ["left", "top", "out"]) {
      const matrix = step[which];
      if (!matrix) continue;
      const shares = matrix.name === "A′";
      const most = shares ? 1
        : Math.max(1, ...matrix.m.flat().map(Math.abs));
      matrix.m.forEach((line, a) => line.forEach((x, b) => {
        const td = cells[which][a][b];
        const text = number(x, 2, shares || (which === "out" && fixed(step)));
        const input = td.querySelector("input");
        if (input && document.activeElement !== input) input.value = x;
        if (!input) td.textContent = text;
        tint(td, x, most);
        const term = which === "left" ? (a === i ? b : -1)
          : which === "top" ? (b === j ? a : -1) : -1;
        const on = which === "out" && a === i && b === j;
        td.dataset.term = step.kind === "product" && term >= 0 ? term : "";
        td.classList.toggle("is-on", on);
        td.classList.toggle("is-used", term >= 0);
        if (which === "out" && !input) put(td, { tabindex: on ? 0 : -1 });
      }));
    }
    const c = cell(s, s.step, i, j);
    heading.textContent = c.heading[0].toUpperCase() + c.heading.slice(1);
    const terms = c.terms.flatMap((text, t) => [t ? " + " : " = ",
      make("span", { "data-term": t, class: "live-factor" }, text)]);
    sum.replaceChildren(c.start, ...terms,
      `${c.terms.length || step.kind === "input" ? " = " : ": "}${c.end}`);
    put(back, { disabled: s.step === 0 });
    put(next, { disabled: s.step === 6 });
    next.replaceChildren(...(s.step === 6 ? ["Next →"]
      : rich(`Next: ${stepOf(s, s.step + 1).formula} →`)));
    reset.hidden = JSON.stringify(s.inputs) === JSON.stringify(start);
    say(describe(s, s.step, i, j));
  }

  let view = { changed() {} };
  view = follow(model, draw);
  return view.stop;
}

export default { render };
