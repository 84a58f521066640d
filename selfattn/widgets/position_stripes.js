// Chapter 07: waves drawn as stripes, one of them picked, and the product of
// one place with all others. Places run to the right in all three pictures.

const LEVELS = 12; // steps of colour on either side of 0

function render({ model, el }) {
  const names = ["n", "d_model", "base", "place", "pair", "between", "over",
    "draw"];
  const state = () =>
    Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };

  function slider(text, min, max, step, move) {
    const shown = make("span", {});
    const input = make("input", { type: "range", min, max, step,
      "aria-label": text, oninput: () => move(Number(input.value)) });
    return { input, shown, box: make("label", { class: "live-slider" },
      make("span", {}, text), input, shown) };
  }
  const base = slider("base", 0, BASES.length - 1, 1,
    (x) => set({ base: BASES[x] }));
  const width = slider("entries", 4, 64, 4, (x) => set({ d_model: x,
    pair: Math.min(model.get("pair"), x / 2 - 1) }));
  const pair = slider("pair m", 0, 1, 1, (x) => set({ pair: x }));
  const place = slider("place i", 0, 1, 1, (x) => set({ place: x }));
  const between = choice("Between", { nothing: "nothing",
    random: "random WqWkᵀ", shift: "shift by −3" },
  (x) => set({ between: x }));
  const again = make("button", { type: "button", onclick: () =>
    set({ draw: model.get("draw") + 1, between: "random" }) },
  "Draw other matrices");
  const over = choice("Dashed", { mirror: "mirror image",
    other: "another place" }, (x) => set({ over: x }));

  // Lines are stretched, letters are not: text stands in HTML beside them.
  const drawing = (height) => make("svg", { class: "live-waves",
    preserveAspectRatio: "none", "aria-hidden": "true",
    style: `height: ${height}px` });
  const stripes = drawing(220), wave = drawing(66), profile = drawing(180);
  const title = (name) => {
    const rest = make("span");
    return { rest, line: make("p", { class: "live-title" },
      make("b", {}, name), " ", rest) };
  };
  const first = title("Stripes."), second = title("One pair."),
    third = title("Scores.");
  const ruler = make("div", { class: "live-along", "aria-hidden": "true" });
  // What stands left of a picture, at which height in per cent.
  const sides = [{ 6: "fast", 94: "slow" }, { 4.5: "1", 95.5: "−1" },
    { 4.5: "", 50: "0", 95.5: "" }].map((texts) =>
    make("div", { class: "live-side", "aria-hidden": "true" },
      ...Object.entries(texts).sort(([a], [b]) => a - b).map(([top, text]) =>
        make("span", { style: `top: ${top}%` }, text))));
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("stripes", "sinusoidal positions and their product",
    make("div", { class: "live-sliders" }, base.box, width.box, pair.box,
      place.box),
    first.line, make("div", { class: "live-rows" }, sides[0], stripes),
    second.line, make("div", { class: "live-rows" }, sides[1], wave),
    make("div", { class: "live-switches" }, between.box, again, over.box),
    third.line, make("div", { class: "live-rows" }, sides[2], profile,
      make("span"), ruler), summary));

  // Pointing chooses a place, and on the stripes a pair as well; the sliders
  // do the same.
  for (const box of [stripes, wave, profile]) {
    put(box, { onpointerdown: choose, onpointermove: choose });
  }
  function choose(event) {
    if (!event.buttons) return;
    const box = event.currentTarget.getBoundingClientRect(), s = state();
    const at = (x, from, size, count) => Math.max(0,
      Math.min(count - 1, Math.floor((x - from) / size * count)));
    const to = { place: at(event.clientX, box.left, box.width, s.n) };
    if (event.currentTarget === stripes) {
      to.pair = at(event.clientY, box.top, box.height, s.d_model / 2);
    }
    set(to);
  }

  // Cells of one colour are one path; equal neighbours are one cell.
  function cells(s) {
    const rows = transpose(encoding(s.n, s.d_model, s.base));
    const paths = {};
    rows.forEach((row, y) => {
      let start = 0;
      const level = row.map((x) => Math.round(x * LEVELS));
      for (let x = 1; x <= s.n; x++) {
        if (level[x] === level[start]) continue;
        paths[level[start]] = (paths[level[start]] ?? "") +
          `M${start} ${y}H${x}v1H${start}z`;
        start = x;
      }
    });
    return Object.entries(paths).map(([level, d]) => make("path", { d,
      class: level < 0 ? "negative" : "positive",
      "fill-opacity": Math.abs(level) / LEVELS }));
  }

  // A curve through the middle of every place; null leaves a gap.
  const curve = (values, scale, name) => make("path", { class: name,
    d: values.map((y, j) => (y === null ? "" : `${
      j && values[j - 1] !== null ? "L" : "M"}${j + 0.5} ${-y / scale}`))
      .join("") });
  const upright = (s, low, height) => make("rect", { class: "live-here",
    x: s.place, width: 1, y: low, height });

  function draw() {
    const s = state();
    s.pair = Math.min(s.pair, s.d_model / 2 - 1);
    const show = (control, value, text) => {
      control.input.value = value;
      control.shown.textContent = text;
      put(control.input, { "aria-valuetext": text });
    };
    put(pair.input, { max: s.d_model / 2 - 1 });
    put(place.input, { max: s.n - 1 });
    show(base, BASES.indexOf(s.base), thousands(s.base));
    show(width, s.d_model, `${s.d_model}`);
    show(pair, s.pair, `${s.pair} of ${s.d_model / 2 - 1}`);
    show(place, s.place, `${s.place} of ${s.n - 1}`);
    between.show(s.between);
    over.show(s.over);
    again.disabled = s.between !== "random";

    first.rest.textContent = `Each column is a place, each row an entry: ` +
      "blue above 0, orange below.";
    put(stripes, { viewBox: `0 0 ${s.n} ${s.d_model}` });
    stripes.replaceChildren(...cells(s), upright(s, 0, s.d_model),
      make("rect", { class: "live-pick", x: 0, width: s.n, y: 2 * s.pair,
        height: 2 }));

    const { omega } = turning(s);
    const places = Array.from({ length: s.n }, (_, j) => j);
    second.rest.textContent = `cos ω(i − j): ${waving(s)}`;
    put(wave, { viewBox: `0 -1.1 ${s.n} 2.2` });
    wave.replaceChildren(upright(s, -1.1, 2.2),
      make("line", { class: "live-zero", x1: 0, x2: s.n, y1: 0, y2: 0 }),
      curve(places.map((j) => Math.cos(omega * (s.place - j))), 1,
        "live-pair-curve"));

    const all = scores(s), other = overlay(s, all);
    const most = Math.max(...all[s.place].map(Math.abs),
      ...other.map((x) => Math.abs(x ?? 0)));
    third.rest.textContent = { nothing: `PE(i)·PE(j), the sum of all ${
      s.d_model / 2} cosines`, random: "PE(i) Wq Wkᵀ PE(j)ᵀ, matrices drawn " +
      "at random", shift: "PE(i) M PE(j)ᵀ, where M moves a place by −3",
    }[s.between];
    put(profile, { viewBox: `0 -1.1 ${s.n} 2.2` });
    profile.replaceChildren(upright(s, -1.1, 2.2),
      make("line", { class: "live-zero", x1: 0, x2: s.n, y1: 0, y2: 0 }),
      curve(all[s.place], most, "live-curve"),
      curve(other, most, "live-other"));
    const [high, , low] = sides[2].children;
    high.textContent = number(most, 1);
    low.textContent = number(-most, 1);
    const ticks = places.filter((j) => j % 10 === 0);
    ruler.replaceChildren(...ticks.map((j) => make("span", {
      style: `left: ${100 * (j + 0.5) / s.n}%` }, `${j}`)));
    say(describe(s, all));
  }

  return follow(model, draw).stop;
}

export default { render };
