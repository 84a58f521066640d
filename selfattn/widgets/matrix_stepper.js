// Chapter 05: I, then Q, K, V, then A, A′ and O, one product at a time, and
// one word to follow through all of them.

function render({ model, el }) {
  const state = () => Object.fromEntries(["words", "inputs", "w_q", "w_k",
    "w_v", "convention", "step"].map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };
  const start = structuredClone(model.get("inputs"));
  const id = unique("stepper");
  let at = [0, 0]; // the cell that the arithmetic is about
  let trail = []; // the cells that a reader traced back from
  const isRows = () => model.get("convention") === "rows";
  const wordOf = () => (isRows() ? at[0] : at[1]);
  const place = (word, other) => (isRows() ? [word, other] : [other, word]);

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
  const aside = (text, more) => {
    const both = document.createDocumentFragment();
    both.append(text, make("small", { class: "live-wide" }, ` ${more}`));
    return both;
  };
  const convention = choice("Words as", {
    columns: aside("columns", "(lecture)"), rows: aside("rows", "(code)"),
  }, (x) => {
    at.reverse();
    set({ convention: x });
  });
  const follows = choice("Follow", Object.fromEntries(
    model.get("words").map((word, i) => [i, word + MARKS[i]])), (i) => {
    at = place(Number(i), isRows() ? at[1] : at[0]);
    view.changed();
  });
  const title = make("p", { class: "live-title" });
  const told = make("p", { class: "live-story", role: "status" });
  const stage = makeStage({
    here(i, j) { at = [i, j]; view.changed(); },
    edit(word, entry, x) {
      if (!Number.isFinite(x) || Math.abs(x) > 9) return;
      const inputs = model.get("inputs").map((row) => [...row]);
      inputs[word][entry] = x;
      set({ inputs });
    },
    trace,
  });
  const heading = make("div", { class: "live-heading" });
  const sum = make("div", { class: "live-sums" });
  const hint = make("p", { class: "live-hint" });
  const back = make("button", { type: "button", onclick: () => {
    const last = trail.pop();
    if (last) show(last.step, last.at);
    else go(model.get("step") - 1);
  } });
  const next = make("button", { type: "button", class: "live-next",
    onclick: () => go(model.get("step") + 1) });
  const reset = make("button", { type: "button",
    onclick: () => set({ inputs: structuredClone(start) }) },
  "Numbers of the chapter");
  const panel = make("div", { id, class: "live-panel", role: "tabpanel" },
    title, told, stage.box,
    make("div", { class: "live-cell" }, heading, sum, hint));
  const summary = make("p", { class: "live-hidden" });
  const say = announcer(summary);
  el.append(figureBox("stepper", "self-attention as matrices",
    strip, make("div", { class: "live-buttons" }, back, next, reset),
    make("div", { class: "live-switches" }, follows.box, convention.box),
    panel, summary));

  // To step n, with the same word. Among the scores the reader meets first
  // the key that fits best.
  function go(n) {
    if (n < 0 || n > 6) return;
    const word = wordOf(), now = model.get("step");
    const square = (k) => k === 4 || k === 5;
    let other = isRows() ? at[1] : at[0];
    if (square(n) && !square(now)) {
      const scores = matrices(state()).A[word];
      other = scores.indexOf(Math.max(...scores));
    } else if (!square(n) && square(now)) other = 0;
    trail = [];
    show(n, place(word, other));
  }

  function show(n, to) {
    at = [...to];
    set({ step: n });
    view.changed();
  }

  // Back to the step where a factor was the result.
  function trace(side, a, b) {
    const step = model.get("step"), from = source(state(), step, side, a, b);
    if (!from) return;
    trail.push({ step, at });
    show(from.step, [from.i, from.j]);
    draw();
    if (from.step) stage.focus(at);
    else tabs[0].tab.focus({ preventScroll: true });
  }

  // A number of the sum: it lights its cell and leads to where it is from.
  function piece(p) {
    if (Array.isArray(p)) {
      return make("span", { class: "live-product" }, ...p.map(piece));
    }
    if (!p.text) return p;
    const n = model.get("step"), from = source(state(), n, p.side, ...p.at);
    const light = (on) => () => stage.light(p.side, p.at, on);
    const hears = { onpointerenter: light(true), onfocus: light(true),
      onpointerleave: light(false), onblur: light(false) };
    const term = { class: "live-factor", "data-term": p.term, ...hears };
    if (!from) return make("span", term, p.text);
    return make("button", { ...term, type: "button",
      "aria-label": `${p.text}, from ${from.name}: show where it comes from`,
      onclick: () => trace(p.side, ...p.at) }, p.text);
  }

  let drawn = "", written = ""; // which step and which sum are there
  function draw() {
    const s = state(), step = stepOf(s, s.step), all = matrices(s);
    const key = `${s.step} ${s.convention}`, rows = isRows();
    if (key !== drawn) stage.build(step, s.convention);
    drawn = key;
    const [i, j] = at, word = wordOf();
    put(panel, { "aria-labelledby": `${id}-${s.step}` });
    tabs.forEach(({ tab, mini }, n) => {
      put(tab, { "aria-selected": n === s.step ? "true" : "false",
        tabindex: n === s.step ? 0 : -1,
        "aria-label": stepOf(s, n).formula });
      const m = rows ? all[ORDER[n]] : transpose(all[ORDER[n]]);
      const most = n === 5 ? 1 : Math.max(1, ...m.flat().map(Math.abs));
      mini.style.gridTemplateColumns = `repeat(${m[0].length}, 1fr)`;
      mini.replaceChildren(...m.flatMap((line, a) => line.map((x, b) => {
        const dot1 = make("i", { class: (rows ? a : b) === word
          ? "is-word" : "" });
        tint(dot1, x, most);
        return dot1;
      })));
    });
    convention.show(s.convention);
    follows.show(word);
    title.replaceChildren(make("b", {}, ...rich(step.formula)),
      ` ${step.says}`);
    const news = story(s, s.step, word);
    if (told.textContent !== news) told.textContent = news;
    stage.show(step, at, rows);
    const c = cell(s, s.step, i, j);
    const line = `${key} ${i} ${j} ${JSON.stringify(c)}`;
    if (line !== written) { // not under the reader's finger
      heading.textContent = c.heading[0].toUpperCase() + c.heading.slice(1);
      sum.replaceChildren(...[...c.start, ...c.sum].map(piece));
    }
    written = line;
    hint.textContent = TRY[s.step];
    put(back, { disabled: s.step === 0 && !trail.length });
    back.textContent = trail.length
      ? `← Back to ${ORDER[trail.at(-1).step]}` : "← Back";
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
