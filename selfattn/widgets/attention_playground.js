// Chapter 04: one query, four keys, four values. Drag the query or a key and
// see what it does to the scores, to the weights, and to the output b.

const REACH = 2.5; // the plane of query and keys goes from -2.5 to 2.5
const SIZE = 320, UNIT = 60, MIDDLE = SIZE / 2;

const same = (a, b) => a[0] === b[0] && a[1] === b[1];
const X = (x) => MIDDLE + UNIT * x, Y = (y) => MIDDLE - UNIT * y;

// k², or k²,⁴ where two lie in one place.
function label(letter, vectors, i) {
  const marks = vectors.map((v, j) => (same(v, vectors[i]) ? MARKS[j] : ""));
  return letter + marks.filter(Boolean).join(",");
}

function render({ model, el }) {
  const names = ["words", "q", "k", "v", "asks", "score",
    "weight", "scaled", "own"];
  const state = () =>
    Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };
  let picked = 1, told = "";

  // Switches.
  const words = model.get("words");
  const asks = choice("Who asks?", Object.fromEntries(
    words.map((word, i) => [i, word + MARKS[i]])),
  (i) => set({ asks: Number(i) }));
  asks.box.classList.add("live-words");
  const score = choice("Score", { dot: "dot product", additive: "additive" },
    (x) => set({ score: x }));
  const weight = choice("Weight", { softmax: "softmax", relu: "ReLU" },
    (x) => set({ weight: x }));
  const scaled = choice("Divide by √2", { no: "no", yes: "yes" },
    (x) => set({ scaled: x === "yes" }));
  const own = choice("Itself", { yes: "included", no: "left out" },
    (x) => set({ own: x === "yes" }));
  const presets = make("div", { class: "live-presets", role: "group",
    "aria-label": "Settings to try" });
  for (const { label: text, says, ...rest } of Object.values(PRESETS)) {
    presets.append(make("button", { type: "button", onclick: () => {
      told = says;
      set({ ...structuredClone(rest), score: "dot", weight: "softmax",
        scaled: false, own: true });
    } }, text));
  }
  const hint = make("p", { class: "live-hint" });

  // The plane of query and keys; its cells show the score a key would get.
  const field = make("g", { class: "live-field" }), cells = [];
  for (let x = -REACH + 0.25; x < REACH; x += 0.5) {
    for (let y = -REACH + 0.25; y < REACH; y += 0.5) {
      const cell = make("rect", { x: X(x - 0.25) + 0.5, y: Y(y + 0.25) + 0.5,
        width: UNIT / 2 - 1, height: UNIT / 2 - 1 });
      cells.push({ cell, at: [x, y] });
      field.append(cell);
    }
  }
  const axes = () => make("g", { class: "live-axes" },
    make("line", { x1: 0, x2: SIZE, y1: MIDDLE, y2: MIDDLE }),
    make("line", { x1: MIDDLE, x2: MIDDLE, y1: 0, y2: SIZE }));
  const match = make("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`,
    class: "live-plane" }, field, axes());
  const handles = [3, 2, 1, 0, -1].map((i) => handle(i));
  match.append(...handles.map((h) => h.arrow), ...handles.map((h) => h.knob));

  // A point to drag: key i, or the query for i = -1.
  function handle(i) {
    const arrow = make("line", { class: i < 0 ? "live-q" : "live-k",
      x1: MIDDLE, y1: MIDDLE });
    const text = make("text", {}), mark = make("text", { y: 31 });
    const knob = make("g", { class: `live-handle ${i < 0 ? "is-q" : "is-k"}`,
      tabindex: 0, role: "slider", "aria-valuemin": -REACH,
      "aria-valuemax": REACH },
    make("circle", { r: 24, class: "live-ring" }),
    make("circle", { r: 18, class: "live-knob" }), text, mark);
    const place = () => (i < 0 ? model.get("q")[model.get("asks")]
      : model.get("k")[i]);
    const move = (x, y) => {
      const to = [x, y].map((c) =>
        Math.round(Math.max(-REACH, Math.min(REACH, c)) * 10) / 10);
      if (same(to, place())) return;
      told = "";
      const name = i < 0 ? "q" : "k";
      const all = model.get(name).map((v) => [...v]);
      all[i < 0 ? model.get("asks") : i] = to;
      set({ [name]: all });
    };
    put(knob, {
      onpointerdown(event) {
        event.preventDefault();
        knob.setPointerCapture(event.pointerId);
        knob.focus({ preventScroll: true });
        pick(i);
      },
      onpointermove(event) {
        if (!knob.hasPointerCapture(event.pointerId)) return;
        const box = match.getBoundingClientRect(), step = box.width / SIZE;
        move(((event.clientX - box.left) / step - MIDDLE) / UNIT,
          (MIDDLE - (event.clientY - box.top) / step) / UNIT);
      },
      onkeydown(event) {
        const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
          ArrowDown: [0, -1] }[event.key];
        if (!by) return;
        event.preventDefault();
        const far = event.shiftKey ? 0.5 : 0.1, [x, y] = place();
        move(x + by[0] * far, y + by[1] * far);
      },
      onfocus: () => pick(i),
      onpointerenter: () => pick(i),
    });
    return { i, arrow, knob, text, mark, place };
  }

  // The table of scores and weights.
  const rows = words.map((word, i) => {
    const row = { score: make("span"), scoreBar: make("i"),
      weight: make("span"), weightBar: make("i"), name: make("th", {
        scope: "row" }, word + MARKS[i]) };
    row.tr = make("tr", { onpointerenter: () => pick(i),
      onclick: () => pick(i) }, row.name,
    make("td", { class: "live-two" }, row.scoreBar, row.score),
    make("td", {}, row.weightBar, row.weight));
    return row;
  });
  const scoreHead = make("th", { scope: "col" }, "score α");
  const table = make("table", { class: "live-table" },
    make("thead", {}, make("tr", {}, make("td"), scoreHead,
      make("th", { scope: "col" }, "weight α′"))),
    make("tbody", {}, ...rows.map((row) => row.tr)));
  const sums = make("div", { class: "live-sums" });

  // The plane of values.
  const mix = make("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`,
    class: "live-plane", role: "img" });
  const total = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);

  const part = (title, text, ...rest) => make("div", { class: "live-part" },
    make("p", { class: "live-title" }, make("b", {}, title), ` ${text}`),
    ...rest);
  const body = figureBox("attention", "one output of attention",
  presets, hint,
  make("div", { class: "live-switches" }, asks.box, score.box, weight.box,
    scaled.box, own.box),
  make("div", { class: "live-pair" },
    part("1 Match.", "Drag the query q or a key k. On blue ground a key " +
      "scores above 0, on orange below; its score is written under it.",
    match),
    part("2 Weigh.", "Scores become weights: the bluer the circle of a key, " +
      "the more it counts. Pick a row to see its arithmetic.", table, sums),
    part("3 Mix.", "Each word has a value v. It pulls the output b towards " +
      "itself, as hard as its weight.", mix),
    part("4 Result.", "", summary, total)));

  function pick(i) {
    if (i >= 0) picked = i;
    view.changed();
  }

  function draw() {
    const s = state(), r = attend(s), n = MARKS[s.asks];
    asks.show(s.asks);
    score.show(s.score);
    weight.show(s.weight);
    scaled.show(s.scaled ? "yes" : "no");
    scaled.enable(s.score === "dot");
    own.show(s.own ? "yes" : "no");
    hint.textContent = told || "Drag, or Tab to a handle and use the arrow " +
      "keys; Shift for larger steps.";

    const strength = Math.max(2, ...cells.map(({ at }) =>
      Math.abs(scoreOf(r.q, at, s.score, s.scaled))));
    for (const { cell, at } of cells) {
      const x = scoreOf(r.q, at, s.score, s.scaled);
      put(cell, { class: x < 0 ? "negative" : "positive",
        "fill-opacity": (0.6 * Math.abs(x) / strength).toFixed(2) });
    }
    for (const { i, arrow, knob, text, mark, place } of handles) {
      const [x, y] = place();
      // Keys in one place hide one another, so each shows for all of them.
      const here = s.k.map((_, j) => j)
        .filter((j) => i >= 0 && same(s.k[j], s.k[i]));
      const out = !s.own && here.length === 1 && i === s.asks;
      const share = Math.max(0, ...here.map((j) => r.weights[j]));
      put(arrow, { x2: X(x), y2: Y(y) });
      put(knob, {
        transform: `translate(${X(x)} ${Y(y)})`,
        class: `live-handle ${i < 0 ? "is-q" : "is-k"}` +
          `${i === picked ? " is-picked" : ""}${out ? " is-out" : ""}`,
        "aria-label": i < 0 ? `query of ${s.words[s.asks]}, ${s.asks + 1}`
          : `key of ${s.words[i]}, ${i + 1}`,
        "aria-valuenow": x,
        "aria-valuetext": `${vector([x, y])}` + (i < 0 ? ""
          : `, score ${number(r.scores[i])}, weight ${number(r.weights[i])}`),
      });
      text.textContent = i < 0 ? `q${n}` : label("k", s.k, i);
      if (i < 0) continue;
      mark.textContent = number(r.scores[i]);
      knob.style.setProperty("--share",
        `${Math.round(100 * Math.sqrt(Math.min(1, share)))}%`);
    }

    const most = Math.max(2, ...r.scores.map(Math.abs));
    const heaviest = Math.max(1, ...r.weights);
    rows.forEach((row, i) => {
      const x = r.scores[i], out = !s.own && i === s.asks;
      row.tr.className = (i === picked ? "is-picked" : "") +
        (out ? " is-out" : "");
      row.score.textContent = number(x);
      row.scoreBar.className = x < 0 ? "negative" : "positive";
      const size = 25 * Math.abs(x) / most;
      row.scoreBar.style.left = `${x < 0 ? 30 - size : 30}%`;
      row.scoreBar.style.width = `${size}%`;
      row.weight.textContent = number(r.weights[i], 2, true);
      row.weightBar.style.width = `${64 * r.weights[i] / heaviest}%`;
    });
    sums.replaceChildren(...arithmetic(s, picked)
      .map((line) => make("div", {}, line)));
    drawMix(s, r, n);
    total.replaceChildren(
      make("div", {}, `b${n} = α′₁v¹ + α′₂v² + α′₃v³ + α′₄v⁴`),
      ...s.v.map((v, i) => make("div", { class: "live-term" },
        `${i ? "+" : "="} ${number(r.weights[i], 2, true)} · ${vector(v)}`)),
      make("div", { class: "live-b" }, `= ${vector(r.out, 2, true)}`));
    say(describe(s));
  }

  // Every value a dot as large as its weight, tied to b by a line as thick.
  function drawMix(s, r, n) {
    const far = Math.max(...s.v.flat(), ...r.out.map(Math.abs)) * 1.05;
    const span = 4 * 2 ** Math.max(0, Math.ceil(Math.log2(far / 4)));
    const low = Math.min(0, ...r.out, ...s.v.flat()) < 0 ? -span : 0;
    const unit = (SIZE - 56) / (span - low);
    const x = (v) => 34 + unit * (v - low), y = (v) => SIZE - x(v);
    const grid = make("g", { class: "live-axes" });
    for (let i = 0; i <= 4; i++) {
      const at = low + i * (span - low) / 4;
      grid.append(
        make("line", { x1: x(at), x2: x(at), y1: y(span), y2: y(low) }),
        make("line", { y1: y(at), y2: y(at), x1: x(span), x2: x(low) }),
        make("text", { x: x(at), y: SIZE - 12 }, number(at)),
        make("text", { x: 16, y: y(at) + 5 }, number(at)));
    }
    const ties = [], dots = [], texts = [];
    s.v.forEach((v, i) => {
      for (const u of s.v.slice(i + 1)) {
        grid.append(make("line", { class: "live-hull", x1: x(v[0]),
          y1: y(v[1]), x2: x(u[0]), y2: y(u[1]) }));
      }
      if (s.v.findIndex((u) => same(u, v)) < i) return; // drawn already
      const w = s.v.reduce(
        (sum, u, j) => sum + (same(u, v) ? r.weights[j] : 0), 0);
      ties.push(make("line", { class: "live-tie", x1: x(v[0]), y1: y(v[1]),
        x2: x(r.out[0]), y2: y(r.out[1]), "stroke-width":
          Math.min(10, 0.5 + 12 * w) }));
      const radius = 4 + 18 * Math.sqrt(Math.min(w, 1));
      dots.push(make("circle", { cx: x(v[0]), cy: y(v[1]), r: radius,
        class: "live-value" + (same(v, s.v[picked]) ? " is-picked"
          : "") }));
      texts.push(make("text", { x: x(v[0]), y: y(v[1]) - radius - 5 },
        label("v", s.v, i)));
    });
    const [bx, by] = [x(r.out[0]), y(r.out[1])];
    mix.replaceChildren(grid, ...ties, ...dots, ...texts,
      make("path", { class: "live-diamond",
        d: `M${bx} ${by - 10}l10 10l-10 10l-10 -10z` }),
      make("text", { class: "live-b", x: bx + 17, y: by + 18 }, `b${n}`));
    put(mix, { "aria-label": `Values and their mix, b at ` +
      vector(r.out, 2, true) });
  }

  el.append(body);
  let view = { changed() {} };
  view = follow(model, draw);
  return view.stop;
}

export default { render };
