// Chapter 06: one word asks, four heads look. Silence heads and see which
// tags change. All answers were computed beforehand.

function render({ model, el }) {
  const names = ["sentences", "tags", "accuracy", "seed", "sentence", "asks",
    "shown", "gone"];
  const state = () =>
    Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };
  const sentences = model.get("sentences");
  const n = sentences[0].weights.length;

  const which = choice("Sentence with", Object.fromEntries(
    sentences.map((s, i) => [i, s.words[s.asks]])),
  (i) => set({ sentence: Number(i), asks: sentences[i].asks }));
  // Keys that look like numbers would come first.
  const shown = choice("Weights of", { "h-1": "all heads",
    ...Object.fromEntries(sentences[0].weights.map((_, h) =>
      [`h${h}`, `${h}`])) }, (h) => set({ shown: Number(h.slice(1)) }));

  // One switch per head, with its colour and pattern.
  const switches = sentences[0].weights.map((_, h) => make("button", {
    type: "button", role: "switch", class: "live-head", onclick() {
      const gone = model.get("gone");
      set({ gone: gone.includes(h) ? gone.filter((x) => x !== h)
        : [...gone, h].sort() });
    } }, make("i", { class: "live-swatch", "data-term": h }), `head ${h}`));
  const reset = make("button", { type: "button",
    onclick: () => set({ gone: [] }) }, "All on");
  const bank = make("div", { class: "live-buttons live-bank", role: "group",
    "aria-label": "Heads that work; the others are silenced" },
  make("span", { "aria-hidden": "true" }, "Silence:"), ...switches,
  reset);

  const body = make("tbody");
  const table = make("table", { class: "live-looks" },
    make("thead", {}, make("tr", {},
      make("th", { scope: "col" }, "who asks"),
      make("th", { scope: "col" }, "where it looks"),
      make("th", { scope: "col" }, "tag"))), body);
  const overallBox = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("heads", "heads of a tagger, to silence",
    make("div", { class: "live-switches" }, which.box, shown.box), bank,
    make("div", { role: "radiogroup", "aria-label": "Who asks?" }, table),
    summary, overallBox));

  // Radio buttons, so that the arrow keys walk from word to word.
  let lines = [], drawn = -1;
  function build(s) {
    const group = unique("asks");
    lines = s.sentences[s.sentence].words.map((word, j) => {
      const input = make("input", { type: "radio", name: group,
        onchange: () => set({ asks: j }) });
      const bars = s.sentences[s.sentence].weights.map((_, h) =>
        make("i", { "data-term": h }));
      const figure = make("span", { class: "live-weight" });
      const tag = make("td", { class: "live-tag" });
      const tr = make("tr", { onclick: () => input.click() },
        make("th", { scope: "row" }, make("label", {
          onclick: (event) => event.stopPropagation() }, input,
        make("small", {}, j + 1), " ", make("span", {}, word))),
        make("td", {}, make("div", { class: "live-bars" }, ...bars), figure),
        tag);
      return { tr, input, bars, figure, tag };
    });
    body.replaceChildren(...lines.map((line) => line.tr));
  }

  function draw() {
    const s = state(), found = rows(s);
    if (drawn !== s.sentence) build(s);
    drawn = s.sentence;
    which.show(s.sentence);
    shown.show(`h${s.shown}`);
    switches.forEach((button, h) => put(button, {
      "aria-checked": s.gone.includes(h) ? "false" : "true" }));
    put(reset, { disabled: !s.gone.length });
    table.classList.toggle("is-one", s.shown >= 0);
    found.forEach((row, j) => {
      const { tr, input, bars, figure, tag } = lines[j];
      input.checked = j === s.asks;
      tr.className = (j === s.asks ? "is-picked" : "") +
        (row.changed ? " is-changed" : "");
      bars.forEach((bar, h) => {
        bar.hidden = s.shown >= 0 && s.shown !== h;
        bar.style.width = `${100 * row.weights[h]}%`;
        bar.classList.toggle("is-silent", s.gone.includes(h));
      });
      const all = row.weights.map((w, h) => `head ${h} ${number(w, 2, true)}`);
      figure.textContent = s.shown < 0 ? all.join(", ")
        : number(row.weights[s.shown], 2, true);
      figure.classList.toggle("live-hidden", s.shown < 0);
      tag.replaceChildren(make("b", {}, `${row.tag} `),
        make("span", { "aria-hidden": "true" }, row.right ? "✓" : "✗"),
        make("span", { class: "live-hidden" },
          row.right ? "right" : "wrong"),
        make("small", {}, row.changed ? `was ${row.was}`
          : ` ${percent(row.sure)}`));
    });
    overallBox.textContent = overall(s);
    say(describe(s));
  }

  return follow(model, draw).stop;
}

export default { render };
