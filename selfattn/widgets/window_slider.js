// Chapter 03: a window over a test sentence, and under it what nets with such
// a window got right. A bar stands below the place of the cue that it counts.

const ROOF = 22, ROW = 24, TOP = 64, FLOOR = 264; // heights in the picture

function render({ model, el }) {
  const names = ["nets", "ceiling", "sentences", "net", "cue"];
  const state = () =>
    Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };
  const windows = model.get("nets").map(({ name }) => name)
    .filter((name) => /^window_\d/.test(name));
  let last = "window_4"; // the window to come back to

  const kind = choice("The net", { window: "a window", window_whole:
    "whole sentence", attention_rotary: "attention", attention_none:
    "without positions" }, (x) => set({ net: x === "window" ? last : x }));
  function slider(text, max, move) {
    const shown = make("span", {});
    const input = make("input", { type: "range", min: 0, max, step: 1,
      "aria-label": text, oninput: () => move(Number(input.value)) });
    return { input, shown, box: make("label", { class: "live-slider" },
      make("span", {}, text), input, shown) };
  }
  const radius = slider("radius", windows.length - 1,
    (i) => set({ net: windows[i] }));
  const cue = slider("cue", 2 * REACH - 1, (i) => set({ cue: cueOf(i) }));

  // Lines are stretched, letters are not: text stands in HTML beside them.
  const picture = make("svg", { preserveAspectRatio: "none",
    viewBox: `0 0 41 ${FLOOR + 1}`, "aria-hidden": "true" });
  const along = (...children) => make("div", { class: "live-along",
    "aria-hidden": "true" }, ...children);
  const cueName = make("span", { class: "live-cue" });
  const over = along(cueName);
  const targetName = make("b");
  const under = along(
    ...[[-20, "20"], [-10, "10"], [10, "10"], [20, "20"]].map(([at, text]) =>
      make("span", { style: `left: ${100 * (at + 20.5) / 41}%` }, text)),
    make("span", { style: "left: 50%" }, targetName));
  const marks = [[0, TOP], [50, (TOP + FLOOR) / 2], [100, FLOOR]].map(
    ([at, y]) => make("span", { style: `top: ${y}px` }, String(100 - at)));
  const stage = make("div", { class: "live-stage" },
    make("div", { class: "live-marks", "aria-hidden": "true" }, ...marks),
    make("div", {}, over, picture, under));
  const key = make("p", { class: "live-key", "aria-hidden": "true" },
    make("span", {}, make("i", { class: "is-in" }), "cue seen"),
    make("span", {}, make("i", { class: "is-out" }), "cue not seen"),
    make("span", {}, make("i", { class: "is-line" }), "one word allows"),
    make("span", {}, make("i", { class: "is-range" }), "range of seeds"));
  const text = make("p", { class: "live-sentence" });
  const facts = make("p", { class: "live-facts" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("reach", "a window and its cue",
    make("div", { class: "live-switches" }, kind.box),
    make("div", { class: "live-sliders" }, radius.box, cue.box),
    make("p", { class: "live-title" }, make("b", {}, "Right, %,"),
      " by the place of the cue"),
    stage, key,
    make("div", { class: "live-sums" }, text, facts), summary));

  // Pointing at a place puts the cue there; the slider does the same.
  put(picture, { onpointerdown: choose, onpointermove: choose });
  function choose(event) {
    if (!event.buttons) return;
    const box = picture.getBoundingClientRect();
    const at = (event.clientX - box.left) / box.width * 41;
    const place = Math.max(-REACH, Math.min(REACH, Math.floor(at) - REACH));
    if (place && place !== model.get("cue")) set({ cue: place });
  }

  const line = (x1, y1, x2, y2, name) =>
    make("line", { x1, y1, x2, y2, class: name });
  const X = (place) => place + REACH + 0.5;
  const Y = (rate) => FLOOR - (FLOOR - TOP) * rate;

  function bars(s) {
    const group = make("g", {});
    for (let row = 0; row < 2 * REACH; row++) {
      const place = cueOf(row), { mean, low, high, inside } =
        measuredAt(s, place);
      const here = place === s.cue ? " is-here" : "";
      group.append(make("rect", { x: X(place) - 0.38, width: 0.76,
        y: Y(mean), height: FLOOR - Y(mean),
        class: `live-rate ${inside ? "is-in" : "is-out"}${here}` }));
      if (high > low) {
        group.append(line(X(place), Y(low), X(place), Y(high), "live-range"));
      }
    }
    return group;
  }

  function draw() {
    const s = state(), { net, inside } = measuredAt(s), told = sentence(s);
    const isWindow = windows.includes(s.net);
    if (isWindow) last = s.net;
    kind.show(isWindow ? "window" : s.net);
    radius.input.value = windows.indexOf(last);
    radius.input.disabled = !isWindow;
    radius.shown.textContent = isWindow ? `${net.radius}` : "all";
    put(radius.input, { "aria-valuetext": isWindow
      ? `radius ${net.radius}` : "the whole sentence" });
    cue.input.value = rowOf(s.cue);
    cue.shown.textContent = `${Math.abs(s.cue)} ${s.cue < 0 ? "left"
      : "right"}`;
    put(cue.input, { "aria-valuetext": where(s.cue) });

    const reach = Math.min(net.radius ?? REACH, REACH) + 0.5;
    const [from, to] = [X(-reach), X(reach)];
    const strip = told.words.filter(({ off }) => Math.abs(off) <= REACH)
      .map(({ off, seen }) => make("rect", { x: X(off) - 0.42, y: ROOF + 4,
        width: 0.84, height: ROW - 8, class: `live-word ` +
          (off === 0 ? "is-target" : off === s.cue ? "is-cue"
            : seen ? "is-in" : "is-out") }));
    const steps = s.ceiling.map((x, row) => {
      const at = X(cueOf(row)), y = Y(x / 10000);
      return `${row % REACH ? "L" : "M"}${at - 0.5} ${y}H${at + 0.5}`;
    });
    picture.replaceChildren(
      make("rect", { class: "live-cover", x: from, width: to - from, y: 4,
        height: FLOOR - 4 }),
      make("path", { class: "live-bracket",
        d: `M${from} ${ROOF}V4H${to}V${ROOF}` }),
      ...[0, 0.5, 1].map((x) => line(0, Y(x), 41, Y(x), "live-line")),
      bars(s), make("path", { class: "live-ceiling", d: steps.join("") }),
      line(X(s.cue), ROOF + ROW, X(s.cue), Y(measuredAt(s).high) - 3,
        "live-drop"),
      ...strip);
    cueName.textContent = told.cues.join(" / ");
    const at = 100 * X(s.cue) / 41;
    cueName.style.left = `${at}%`;
    cueName.style.transform = `translateX(-${at}%)`;
    targetName.textContent = told.target;

    text.replaceChildren(...told.words.flatMap(({ word, off, seen }) => [
      make(off === 0 || off === s.cue ? "b" : "span", { class:
        (seen ? "is-in" : "is-out") + (off === s.cue ? " is-cue"
          : off === 0 ? " is-target" : "") }, word), " "]));
    put(facts, { class: `live-facts ${inside ? "is-in" : "is-out"}` });
    facts.textContent = seeing(s);
    say(describe(s));
  }

  return follow(model, draw).stop;
}

export default { render };
