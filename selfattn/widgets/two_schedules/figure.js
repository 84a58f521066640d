// Chapter 12: two schedules, tick by tick. It moves only when asked to, and
// not by itself where the reader's system asks for less motion.

import { announcer, choice, figureBox, follow, make, put, slider, stateOf }
  from "../shared.js";
import { counted, describe, last, pause, phase, schedule } from "./sums.js";

const LONGEST = 8;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// A row of cells, or of numbers, one for each position.
function makeRow(name, text) {
  const cells = Array.from({ length: LONGEST }, (_, i) =>
    make("span", { class: name }, text ? String(i + 1) : ""));
  return { cells, box: make("div", { class: "live-line" }, ...cells) };
}

function paint(cells, done, tick) {
  cells.forEach((cell, i) => {
    cell.hidden = i >= done.length;
    put(cell, { class: `live-cell ${done[i] ? phase(done[i], tick)
      : "never"}`.trim() });
  });
}

function makeBoard() {
  const states = makeRow("live-cell"), project = makeRow("live-cell");
  const out = makeRow("live-cell");
  const pairs = Array.from({ length: LONGEST }, () => makeRow("live-cell"));
  const heads = [makeRow("live-at", true), makeRow("live-at", true)];
  const part = (text, ...rows) => make("div", { class: "live-part" },
    make("p", {}, text), ...rows.map((row) => row.box));
  const lane = (title, ...parts) => make("div", { class: "live-lane" },
    make("p", { class: "live-title" }, title), ...parts);
  const box = make("div", { class: "live-board", "aria-hidden": "true" },
    lane("RNN", heads[0].box, part("states", states)),
    lane("Attention", heads[1].box, part("queries, keys, values", project),
      part("scores, a row for each query", ...pairs),
      part("outputs", out)));

  function show(s) {
    const done = schedule(s);
    for (const row of [...heads, states, project, out, ...pairs]) {
      put(row.box, { style: `--n: ${s.length}` });
    }
    for (const { cells } of heads) {
      cells.forEach((cell, i) => { cell.hidden = i >= s.length; });
    }
    paint(states.cells, done.rnn, s.tick);
    paint(project.cells, done.project, s.tick);
    paint(out.cells, done.out, s.tick);
    pairs.forEach((row, i) => {
      row.box.hidden = i >= s.length;
      if (i < s.length) paint(row.cells, done.pairs[i], s.tick);
    });
  }
  return { show, box };
}

function makePlayer(state, changed) {
  let timer;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    changed();
  };
  const go = (tick) => {
    const s = state.get();
    state.set({ tick: Math.max(0, Math.min(tick, last(s))) });
  };
  const start = () => {
    if (state.get().tick >= last(state.get())) go(0);
    timer = setInterval(() => {
      const s = state.get();
      if (s.tick >= last(s)) stop();
      else go(s.tick + 1);
    }, pause(state.get()));
    changed();
  };
  const step = (by) => () => { stop(); go(state.get().tick + by); };
  return { go, stop, step, playing: () => timer !== undefined,
    toggle: () => (timer === undefined ? start() : stop()) };
}

function render({ model, el }) {
  const state = stateOf(model);
  let draw = () => {};
  const player = makePlayer(state, () => draw());
  const begin = (changes) => { player.stop(); state.set({ ...changes,
    tick: 0 }); };
  const button = (text, onclick) =>
    make("button", { type: "button", onclick }, text);
  const play = button("Play", player.toggle);
  const back = button("← Back", player.step(-1));
  const next = button("Step →", player.step(1));
  const time = slider("Tick", [0, 1, 1], (tick) => {
    player.stop();
    player.go(tick);
  });
  const length = slider("Length", [2, LONGEST, 1],
    (n) => begin({ length: n }));
  const workers = choice("Pieces done in one tick",
    { 1: "1", 4: "4", 16: "16", 0: "all" },
    (n) => begin({ workers: Number(n) }));
  const board = makeBoard();
  const summary = make("p", { class: "live-says" });
  const sums = make("div", { class: "live-sums" });
  const say = announcer(summary);
  el.append(figureBox("two_schedules", "two schedules, tick by tick",
    make("div", { class: "live-switches" }, workers.box),
    make("div", { class: "live-sliders" }, length.box, time.box),
    make("div", { class: "live-buttons" }, play, back, next),
    board.box, summary, sums));

  const stop = follow(model, draw = () => {
    const s = state.get();
    workers.show(s.workers);
    length.show(s.length, String(s.length), `${s.length} positions`);
    put(time.input, { max: last(s) });
    time.show(s.tick, `${s.tick} of ${last(s)}`);
    play.hidden = calm();
    play.textContent = player.playing() ? "Pause" : "Play";
    put(back, { disabled: s.tick === 0 });
    put(next, { disabled: s.tick >= last(s) });
    board.show(s);
    sums.textContent = counted(s);
    say(describe(s));
  }).stop;
  return () => { player.stop(); stop(); };
}

export default { render };
