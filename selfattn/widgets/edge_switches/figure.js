// Chapter 10: a graph whose edges are switches. The node that asks is chosen;
// its weights, and everybody's new vector, follow.

import { announcer, choice, figureBox, follow, make, put, stateOf, unique }
  from "../shared.js";
import { counted, describe, edgeName, lineOf, nameOf, toggled, weightsOf }
  from "./sums.js";

const at = ([x, y]) => [100 * x, 100 * y];
// A switch stands a little before the middle: two edges may cross there.
const between = ([a, b], [c, d]) => [a + 0.4 * (c - a), b + 0.4 * (d - b)];

// Into the unit square, y downwards.
function placed(xy) {
  const axis = (d) => xy.map((p) => p[d]);
  const low = [0, 1].map((d) => Math.min(...axis(d)));
  const size = [0, 1].map((d) => Math.max(...axis(d)) - low[d] || 1);
  return xy.map((p) => [(p[0] - low[0]) / size[0],
    1 - (p[1] - low[1]) / size[1]]);
}

function makeMap(state) {
  const s = state.get(), xy = placed(s.xy), group = unique("node");
  const lines = make("svg", { viewBox: "0 0 100 100", class: "live-edges",
    preserveAspectRatio: "none", "aria-hidden": "true" });
  const drawn = s.edges.map(([i, j]) => {
    const [x1, y1] = at(xy[i]), [x2, y2] = at(xy[j]);
    const line = make("line", { x1, y1, x2, y2 });
    lines.append(line);
    return line;
  });
  const spot = ([x, y]) => `left: ${x}%; top: ${y}%`;
  const switches = s.edges.map(([i, j], e) => make("button", {
    type: "button", role: "switch", class: "live-switch",
    style: spot(at(between(xy[i], xy[j]))),
    "aria-label": `edge between ${edgeName(s, e)}`,
    onclick: () => state.set({ on: toggled(state.get(), e) }) }));
  const marks = s.names.map((name, i) => {
    const input = make("input", { type: "radio", name: group,
      "aria-label": nameOf(s, i), onchange: () => state.set({ node: i }) });
    return { input, node: make("label", { style: spot(at(xy[i])) }, input,
      make("span", {}, name)) };
  });
  const nodes = make("div", { class: "live-nodes", role: "radiogroup",
    "aria-label": "The node that asks" }, ...marks.map((m) => m.node));
  const edges = make("div", { class: "live-nodes", role: "group",
    "aria-label": "Edges" }, ...switches);

  function show(now) {
    const row = weightsOf(now, now.node);
    now.edges.forEach(([i, j], e) => {
      const on = now.on.includes(e), mine = [i, j].includes(now.node);
      const weight = mine && on ? row[i === now.node ? j : i] : 0;
      put(drawn[e], { class: `${on ? "is-on" : ""} ${mine && on
        ? "is-mine" : ""}`.trim() || undefined,
      style: mine && on ? `stroke-width: ${(2 + 10 * weight).toFixed(2)}px`
        : undefined });
      put(switches[e], { "aria-checked": on ? "true" : "false" });
      switches[e].textContent = on ? "−" : "+";
    });
    marks.forEach(({ input, node }, i) => {
      input.checked = i === now.node;
      node.classList.toggle("is-here", i === now.node);
    });
  }
  return { show, box: make("div", { class: "live-map" }, lines, edges,
    nodes) };
}

function makeTable(state) {
  const s = state.get();
  const cells = s.names.map(() => ({ score: make("td"), share: make("td"),
    value: make("td"), out: make("td") }));
  const rows = cells.map((cell, j) => make("tr", {},
    make("th", { scope: "row" }, nameOf(s, j)), ...Object.values(cell)));
  const heads = ["node", "score", "weight", "value", "new vector"];
  const table = make("table", { class: "live-rows" },
    make("thead", {}, make("tr", {}, ...heads.map((head) =>
      make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows));

  function show(now) {
    cells.forEach((cell, j) => {
      const line = lineOf(now, j);
      for (const [name, td] of Object.entries(cell)) {
        td.textContent = line[name];
      }
      put(cell.share, { style:
        `--share: ${Math.round(70 * line.weight)}%` });
      rows[j].classList.toggle("is-here", j === now.node);
    });
  }
  return { show, box: table };
}

function render({ model, el }) {
  const state = stateOf(model);
  const scores = choice("Scores", { dot: "dot", gatv2: "GATv2",
    equal: "equal" }, (score) => state.set({ score }));
  const all = make("button", { type: "button", onclick: () =>
    state.set({ on: state.get().edges.map((_, e) => e) }) }, "All on");
  const none = make("button", { type: "button",
    onclick: () => state.set({ on: [] }) }, "All off");
  const map = makeMap(state), table = makeTable(state);
  const summary = make("p", { class: "live-says" });
  const sums = make("div", { class: "live-sums" });
  const say = announcer(summary);
  el.append(figureBox("edge_switches", "a graph whose edges are switches",
    make("div", { class: "live-switches" }, scores.box,
      make("div", { class: "live-buttons" }, all, none)),
    make("div", { class: "live-board" }, map.box,
      make("div", {}, table.box, summary, sums))));

  return follow(model, () => {
    const s = state.get();
    scores.show(s.score);
    map.show(s);
    table.show(s);
    put(all, { disabled: s.on.length === s.edges.length });
    put(none, { disabled: !s.on.length });
    sums.textContent = counted(s);
    say(describe(s));
  }).stop;
}

export default { render };
