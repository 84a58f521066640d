// Chapter 01: point at a node of a graph and see its row of the vectors, and
// its row of the edges.

import { announcer, choice, figureBox, follow, list, make, number,
  stateOf, unique } from "../shared.js";
import { adjacency, describe, nameOf, neighbours, rowsOf, shares }
  from "./sums.js";
import { makeTable } from "./table.js";

// A mouse that moves picks; a page that scrolls below it does not, nor does
// a finger that scrolls a table.
const picker = (state) => (i) => ({
  onpointermove(event) {
    const moved = event.movementX || event.movementY;
    if (event.pointerType !== "mouse" || !moved) return;
    if (state.get().node !== i) state.set({ node: i });
  },
  onclick: () => state.set({ node: i }),
});

// Lines are drawn, nodes are radio buttons over them: the arrow keys walk.
function makeMap(state, pick) {
  const lines = make("svg", { viewBox: "0 0 100 100", class: "live-edges",
    preserveAspectRatio: "none", "aria-hidden": "true" });
  const nodes = make("div", { class: "live-nodes", role: "radiogroup",
    "aria-label": "Nodes" });
  const box = make("div", { class: "live-map" }, lines, nodes);
  let marks = [], edges = [];
  const at = ([x, y]) => [100 * x, 100 * y];

  function edge(graph, [i, j, order]) {
    const [x1, y1] = at(graph.xy[i]), [x2, y2] = at(graph.xy[j]);
    const line = make("line", { x1, y1, x2, y2 });
    const inner = order > 1 &&
      make("line", { x1, y1, x2, y2, class: "live-inner" });
    lines.append(...[line, inner].filter(Boolean));
    return { i, j, line };
  }

  function mark(graph, i, group) {
    const [x, y] = at(graph.xy[i]);
    const input = make("input", { type: "radio", name: group,
      "aria-label": `${nameOf(graph, i)}: ` +
        list(graph.features.map((f, j) =>
          `${f} ${number(graph.vectors[i][j])}`)),
      onchange: () => state.set({ node: i }) });
    const node = make("label", { ...pick(i), style: `left: ${x}%; ` +
      `top: ${y}%` }, input, make("span", {}, graph.marks[i]));
    return { input, node };
  }

  function build(graph) {
    const group = unique("node");
    lines.replaceChildren();
    edges = graph.edges.map((of) => edge(graph, of));
    marks = graph.names.map((_, i) => mark(graph, i, group));
    nodes.replaceChildren(...marks.map(({ node }) => node));
  }

  function show(i, lookOf) {
    marks.forEach(({ input, node }, j) => {
      input.checked = j === i;
      node.className = lookOf(j);
    });
    for (const { i: a, j: b, line } of edges) {
      line.classList.toggle("is-near", a === i || b === i);
    }
  }
  return { box, build, show };
}

// The vectors and the edges, a row for each node in both.
function makeMatrices(pick) {
  const vectors = makeTable("Vectors", "");
  const edges = makeTable("Edges", "live-narrow");

  function build(graph) {
    const [n, d] = [graph.names.length, graph.features.length];
    const shade = shares(graph), joined = adjacency(graph);
    vectors.title.textContent = `Vectors, (${n}, ${d}): what each one is`;
    vectors.fill(graph.names, graph.features, pick, (i, j) =>
      ({ x: number(graph.vectors[i][j]), share: shade[i][j] }));
    edges.title.textContent = `Edges, (${n}, ${n}): 1 means ${graph.joined}`;
    edges.fill(graph.names, graph.marks, pick, (i, j) =>
      ({ x: joined[i][j], share: joined[i][j] }));
  }
  return { vectors, edges, build };
}

function render({ model, el }) {
  const state = stateOf(model), pick = picker(state);
  const which = choice("Graph", Object.fromEntries(
    state.get().graphs.map((graph, i) => [i, graph.title])),
  (i) => state.set({ graph: Number(i), node: 0 }));
  const map = makeMap(state, pick);
  const matrices = makeMatrices(pick), { vectors, edges } = matrices;
  const sums = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("graph_vectors", "nodes of a graph and their vectors",
    make("div", { class: "live-switches" }, which.box),
    make("div", { class: "live-board" }, map.box, vectors.part,
      make("div", {}, summary, sums), edges.part)));

  let drawn = -1;
  return follow(model, () => {
    const s = state.get(), graph = s.graphs[s.graph], i = s.node;
    if (drawn !== s.graph) {
      map.build(graph);
      matrices.build(graph);
    }
    drawn = s.graph;
    which.show(s.graph);
    const near = new Set(neighbours(graph, i));
    const lookOf = (j) =>
      (j === i ? "is-here" : near.has(j) ? "is-near" : "");
    for (const part of [map, vectors, edges]) part.show(i, lookOf);
    sums.replaceChildren(...rowsOf(graph, i)
      .map((text) => make("div", {}, text)));
    say(describe(s));
  }).stop;
}

export default { render };
