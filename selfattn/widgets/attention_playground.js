// Chapter 04: one query, four keys, four values. Drag the query or a key and
// see what it does to the scores, to the weights, and to the output b.

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

  // What to try first.
  let step = 0, asked = [], answer = "";
  const count = make("b"), task = make("span"), back = make("button", {
    type: "button", onclick: () => go(step - 1) }, "← Back");
  const next = make("button", { type: "button",
    onclick: () => go((step + 1) % (TOUR.length + 1)) });
  const done = make("p", { class: "live-done" }), reply = announcer(done);
  const tour = make("div", { class: "live-tour", role: "group",
    "aria-label": "What to try" }, make("p", {}, count, " ", task), done,
  make("div", { class: "live-buttons" }, back, next));

  function go(n) {
    [step, asked, answer] = [n, [], ""];
    done.textContent = "";
    if (n < TOUR.length) set({ ...RULES, ...structuredClone(TOUR[n].start) });
    view.changed();
  }

  function drawTour(s) {
    const over = step === TOUR.length;
    if (!asked.includes(s.asks)) asked.push(s.asks);
    // What has been done once stays done.
    answer = over ? "" : toured(step, s, asked) || answer;
    count.textContent = over ? "Done." : `Try ${step + 1} of ${TOUR.length}.`;
    task.textContent = over ? ENOUGH : TOUR[step].task;
    tour.classList.toggle("is-done", Boolean(answer));
    reply(answer && `✓ ${answer}`);
    put(back, { disabled: step === 0 });
    next.textContent = over ? "Start again"
      : answer ? "Next →" : "Skip →";
  }

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
      set({ ...structuredClone(rest), ...RULES });
    } }, text));
  }
  const hint = make("p", { class: "live-hint" });
  const rules = make("details", { class: "live-rules" },
    make("summary", {}, "Change the rules"), presets, hint,
    make("div", { class: "live-switches" }, score.box, weight.box,
      scaled.box, own.box));

  // The planes and, between them, the table of scores and weights.
  const match = matchPlane(
    (i) => (i < 0 ? model.get("q")[model.get("asks")] : model.get("k")[i]),
    (i, to) => {
      told = "";
      const name = i < 0 ? "q" : "k";
      const all = model.get(name).map((v) => [...v]);
      all[i < 0 ? model.get("asks") : i] = to;
      set({ [name]: all });
    }, pick);
  const mix = mixPlane();
  const rows = words.map((word, i) => {
    const row = { score: make("span"), weight: make("span"), bar: make("i") };
    row.scoreCell = make("td", { class: "live-score" }, row.score);
    row.tr = make("tr", { onpointerenter: () => pick(i),
      onclick: () => pick(i) },
    make("th", { scope: "row" }, word + MARKS[i]), row.scoreCell,
    make("td", {}, row.bar, row.weight));
    return row;
  });
  const table = make("table", { class: "live-table" },
    make("thead", {}, make("tr", {}, make("td"),
      make("th", { scope: "col" }, "score α"),
      make("th", { scope: "col" }, "weight α′"))),
    make("tbody", {}, ...rows.map((row) => row.tr)));
  const sums = make("div", { class: "live-sums" });
  const total = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);

  const part = (name, title, text, more, ...rest) =>
    make("div", { class: `live-part is-${name}` },
      make("p", { class: "live-title" }, make("b", {}, title), ` ${text} `,
        make("span", { class: "live-wide" }, more)), ...rest);
  const body = figureBox("attention", "one output of attention", tour,
    asks.box,
    make("div", { class: "live-flow" },
      part("match", "Match.", "Drag q or a key k.", "On blue ground a key " +
        "scores above 0, on orange below.", match.svg),
      part("weigh", "Weigh.", "A higher score, a larger weight.", "",
        table),
      part("mix", "Mix.", "Values v pull b.", "Each as hard as the weight " +
        "of its word.", mix.svg)),
    summary, make("div", { class: "live-pair" }, sums, total), rules);

  function pick(i) {
    if (i >= 0) picked = i;
    view.changed();
  }

  function draw() {
    const s = state(), r = attend(s), n = MARKS[s.asks];
    drawTour(s);
    asks.show(s.asks);
    score.show(s.score);
    weight.show(s.weight);
    scaled.show(s.scaled ? "yes" : "no");
    scaled.enable(s.score === "dot");
    own.show(s.own ? "yes" : "no");
    hint.textContent = told || "Drag, or Tab to a handle and use the arrow " +
      "keys; Shift for larger steps.";

    match.draw(s, r, picked, answer ? undefined : TOUR[step]?.wanted);
    mix.draw(s, r, picked);
    const most = Math.max(2, ...r.scores.map(Math.abs));
    const heaviest = Math.max(1, ...r.weights);
    rows.forEach((row, i) => {
      const x = r.scores[i], out = !s.own && i === s.asks;
      row.tr.className = (i === picked ? "is-picked" : "") +
        (out ? " is-out" : "");
      row.score.textContent = number(x);
      row.scoreCell.className = `live-score ${x < 0 ? "negative"
        : "positive"}`;
      row.scoreCell.style.setProperty("--share",
        `${Math.round(60 * Math.abs(x) / most)}%`);
      row.weight.textContent = number(r.weights[i], 2, true);
      row.bar.style.width = `${100 * r.weights[i] / heaviest}%`;
    });
    sums.replaceChildren(...arithmetic(s, picked)
      .map((line) => make("div", {}, line)));
    total.replaceChildren(
      make("div", {}, `b${n} = α′₁v¹ + α′₂v² + α′₃v³ + α′₄v⁴`),
      ...s.v.map((v, i) => make("div", {
        class: `live-term${i === picked ? " is-picked" : ""}` },
      `${i ? "+" : "="} ${number(r.weights[i], 2, true)} · ${vector(v)}`)),
      make("div", { class: "live-b" }, `= ${vector(r.out, 2, true)}`));
    say(describe(s));
  }

  el.append(body);
  let view = { changed() {} };
  view = follow(model, draw);
  // Letters keep their size when the planes change theirs. A notebook may
  // render before there is a place: only then is known whether it is wide.
  let known = false;
  const sizes = new ResizeObserver(() => {
    if (!known) rules.open = body.clientWidth > 620;
    known ||= body.clientWidth > 0;
    view.changed();
  });
  sizes.observe(body);
  return () => { sizes.disconnect(); view.stop(); };
}

export default { render };
