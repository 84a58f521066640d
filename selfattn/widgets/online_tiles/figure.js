// Chapter 13: scores in tiles, and what the online softmax keeps of them.

import { announcer, choice, figureBox, follow, make, number, slider, stateOf }
  from "../shared.js";
import { describe, lineOf, placeOf, tiles } from "./sums.js";

function makeRow(state) {
  const s = state.get(), top = Math.max(1, ...s.scores.map(Math.abs));
  const cells = s.scores.map((score, j) => make("div", { class: "live-key" },
    make("span", { class: "live-bar", style:
      `height: ${(100 * Math.abs(score) / top).toFixed(1)}%` }),
    make("b", {}, number(score)), make("span", {}, number(s.values[j]))));
  const names = make("div", { class: "live-key live-names" },
    make("b", {}, "score"), make("span", {}, "value"));
  function show(now) {
    cells.forEach((cell, j) => {
      const place = placeOf(now, j);
      cell.classList.toggle("is-first", place.first);
      cell.classList.toggle("is-read", place.read);
      cell.classList.toggle("is-here", place.now);
    });
  }
  return { show, box: make("div", { class: "live-keys", "aria-hidden":
    "true" }, names, ...cells) };
}

function makeTable() {
  const body = make("tbody");
  const heads = ["keys", "largest", "factor", "sum", "output"];
  const box = make("table", { class: "live-rows" },
    make("thead", {}, make("tr", {}, ...heads.map((head) =>
      make("th", { scope: "col" }, head)))), body);
  function show(s) {
    const { n, read } = tiles(s);
    body.replaceChildren(...Array.from({ length: n }, (_, i) => {
      const [name, ...rest] = lineOf(s, i);
      return make("tr", { class: i === read - 1 ? "is-here" : undefined },
        make("th", { scope: "row" }, name),
        ...rest.map((text) => make("td", {}, text)));
    }));
  }
  return { show, box };
}

function render({ model, el }) {
  const state = stateOf(model), n = state.get().scores.length;
  const step = slider("tiles", [0, n, 1], (x) => state.set({ step: x }));
  const sizes = Object.fromEntries([1, 2, 3, 4, 8].filter((x) => x <= n)
    .map((x) => [x, `${x}`]));
  const size = choice("Keys per tile", sizes, (x) => {
    const tile = Number(x), s = state.get(), { n: all, read } = tiles(s);
    const now = tiles({ ...s, tile }).n;
    state.set({ tile, step: read === all ? now : Math.min(read, now) });
  });
  const rescale = choice("Old sum", { yes: "shrinks", no: "stays" },
    (x) => state.set({ rescale: x === "yes" }));
  const row = makeRow(state), table = makeTable();
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("online_tiles", "the online softmax in tiles",
    make("div", { class: "live-switches" }, size.box, rescale.box),
    make("div", { class: "live-sliders" }, step.box), row.box, table.box,
    summary));

  return follow(model, () => {
    const s = state.get(), { n: all, read } = tiles(s);
    step.input.max = all;
    step.show(read, `${read} of ${all}`);
    if (sizes[s.tile]) size.show(s.tile);
    rescale.show(s.rescale ? "yes" : "no");
    for (const part of [row, table]) part.show(s);
    say(describe(s));
  }).stop;
}

export default { render };
