// Chapter 01: a window slides over the waveform; each stop is one frame, and
// one frame is one vector.

function render({ model, el }) {
  const names = ["outline", "block", "n_samples", "rate_hz", "words",
    "window_ms", "hop_ms", "padding", "frame"];
  const state = () =>
    Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };

  // A slider with its name and its value.
  function slider(text, name, min, max, step) {
    const shown = make("span", {});
    const input = make("input", { type: "range", min, max, step,
      oninput: () => set({ [name]: Number(input.value) }) });
    put(input, { "aria-label": text });
    return { input, shown, box: make("label", { class: "live-slider" },
      make("span", {}, text), input, shown) };
  }
  const width = slider("window", "window_ms", 5, 100, 5);
  const hop = slider("hop", "hop_ms", 2, 100, 1);
  const which = slider("frame", "frame", 0, 1, 1);
  const padding = choice("At the ends", { none: "no padding",
    end: "end padded", centre: "centred" }, (x) => set({ padding: x }));

  // Lines are stretched, letters are not: text stands in HTML beside them.
  const strip = (height) => make("svg", { class: "live-strip",
    preserveAspectRatio: "none", "aria-hidden": "true",
    style: `height: ${height}px` });
  const whole = strip(150), zoom = strip(170);
  const names1 = make("div", { class: "live-along", "aria-hidden": "true" });
  const ruler = make("div", { class: "live-along live-ruler",
    "aria-hidden": "true" });
  const big = make("b", { class: "live-count" });
  const sum = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  const line = (text) => make("p", { class: "live-title" }, text);
  el.append(figureBox("frames", "frames of a recording",
  make("div", { class: "live-sliders" }, width.box, hop.box, which.box),
  make("div", { class: "live-switches" }, padding.box),
  line("The whole recording, and below it every frame"), whole, names1,
  line("Around the chosen frame"), zoom, ruler, sum, summary));

  // Choosing a frame on the waveform, by pointer; the slider does the same.
  put(whole, { onpointerdown: choose, onpointermove: choose });
  function choose(event) {
    if (!event.buttons) return;
    const box = whole.getBoundingClientRect(), s = state(), f = framing(s);
    const at = (event.clientX - box.left) / box.width * s.n_samples;
    const i = Math.round((at - f.first - f.width / 2) / f.hop);
    set({ frame: Math.max(0, Math.min(f.count - 1, i)) });
  }

  // The outline as one area: along its highest samples, back along its
  // lowest.
  const wave = (s, from, to) => {
    const first = Math.max(0, Math.floor(from / s.block));
    const part = s.outline.slice(first, Math.ceil(to / s.block));
    const point = (y, i) => `${(first + i + 0.5) * s.block} ${-y}`;
    const there = part.map(([, high], i) => point(high + 0.5, i));
    const back = part.map(([low], i) => point(low - 0.5, i)).reverse();
    return `M${there.concat(back).join("L")}Z`;
  };

  // Frames `low` to `high` as bars, in rows so that neighbours do not cover
  // each other.
  function bars(f, s, low, high, lanes, step) {
    const group = make("g", {});
    for (let i = Math.max(0, low); i <= Math.min(f.count - 1, high); i++) {
      group.append(make("rect", { x: f.first + i * f.hop, width: f.width,
        y: 108 + ((i - low) % lanes) * step, height: step * 0.7,
        class: i === s.frame ? "live-here" : "live-bar" }));
    }
    return group;
  }

  function draw() {
    const s = state(), f = framing(s);
    s.frame = Math.min(s.frame, Math.max(0, f.count - 1));
    const start = f.first + s.frame * f.hop, ms = 1000 / s.rate_hz;
    width.input.value = s.window_ms;
    hop.input.value = s.hop_ms;
    put(which.input, { max: Math.max(0, f.count - 1) });
    which.input.value = s.frame;
    width.shown.textContent = `${s.window_ms} ms`;
    hop.shown.textContent = `${s.hop_ms} ms`;
    which.shown.textContent = `${s.frame + 1} of ${f.count}`;
    for (const { input, shown } of [width, hop, which]) {
      put(input, { "aria-valuetext": shown.textContent });
    }
    padding.show(s.padding);

    const lanes = Math.min(6, Math.ceil(f.width / f.hop) + 1);
    const here = (height) => make("rect", { class: "live-window", x: start,
      width: f.width, y: -100, height });
    put(whole, { viewBox: `0 -100 ${s.n_samples} 300` });
    whole.replaceChildren(here(200),
      make("path", { class: "live-wave", d: wave(s, 0, s.n_samples) }),
      bars(f, s, 0, f.count, lanes, 88 / lanes));
    names1.replaceChildren(...s.words.map(([word, a, b]) => make("span", {
      style: `left: ${100 * (a + b) / 2 / s.n_samples}%` }, word)));
    names1.hidden = !s.words.length;

    // Four hops and a window fit into the zoom, wherever the frame is.
    const span = f.width + 4 * f.hop, left = start - 2 * f.hop;
    put(zoom, { viewBox: `${left} -100 ${span} 320` });
    zoom.replaceChildren(here(320),
      make("path", { class: "live-wave", d: wave(s, left, left + span) }),
      bars(f, s, s.frame - 2, s.frame + 2, 5, 21));
    const marks = [[2 * f.hop, start], [2 * f.hop + f.width,
      start + f.width]];
    ruler.replaceChildren(...marks.map(([at, sample]) => make("span", {
      style: `left: ${100 * at / span}%` }, `${number(sample * ms, 1)} ms`)));

    big.textContent = `${f.count} frames`;
    sum.replaceChildren(make("div", {}, big),
      make("div", {}, `${counting(s)}`),
      make("div", {}, `frame ${s.frame + 1}: samples ${start} to ` +
        `${start + f.width - 1}, ${f.width} numbers, one vector`));
    say(describe(s));
  }

  return follow(model, draw).stop;
}

export default { render };
