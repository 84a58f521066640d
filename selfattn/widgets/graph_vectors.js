// Chapter 01: point at a node of a graph and see its row of the vectors, and
// its row of the edges.

function render({ model, el }) {
  const state = () => Object.fromEntries(["graphs", "graph", "node"]
    .map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };
  const all = model.get("graphs");
  const which = choice("Graph", Object.fromEntries(
    all.map((graph, i) => [i, graph.title])),
  (i) => set({ graph: Number(i), node: 0 }));

  // Lines are drawn, nodes are radio buttons over them: the arrow keys walk.
  const lines = make("svg", { viewBox: "0 0 100 100", class: "live-edges",
    preserveAspectRatio: "none", "aria-hidden": "true" });
  const nodes = make("div", { class: "live-nodes", role: "radiogroup",
    "aria-label": "Nodes" });
  const map = make("div", { class: "live-map" }, lines, nodes);

  // A matrix scrolls inside itself, and can be scrolled by keyboard.
  const scroller = (name, kind) => {
    const table = make("table", { class: `live-rows ${kind}` });
    const title = make("p", { class: "live-title" });
    const box = make("div", { class: "live-scroll", tabindex: 0,
      role: "region", "aria-label": name }, table);
    return { table, title, box, part: make("div", {}, title, box) };
  };
  const left = scroller("Vectors", ""),
    right = scroller("Edges", "live-narrow");
  const sums = make("div", { class: "live-sums" });
  const summary = make("p", { class: "live-says" });
  const say = announcer(summary);
  el.append(figureBox("graph", "nodes of a graph and their vectors",
    make("div", { class: "live-switches" }, which.box),
    make("div", { class: "live-board" }, map, left.part,
      make("div", {}, summary, sums), right.part)));

  let marks = [], edges = [], drawn = -1;
  // A mouse that moves picks; a page that scrolls below it does not, nor does
  // a finger that scrolls a table.
  const pick = (i) => ({
    onpointermove(event) {
      const moved = event.movementX || event.movementY;
      if (event.pointerType !== "mouse" || !moved) return;
      if (model.get("node") !== i) set({ node: i });
    },
    onclick: () => set({ node: i }),
  });

  function build(graph) {
    const group = unique("node"), at = (k) => 100 * k;
    edges = graph.edges.map(([i, j, order]) => {
      const [x1, y1] = graph.xy[i].map(at), [x2, y2] = graph.xy[j].map(at);
      const line = make("line", { x1, y1, x2, y2 });
      lines.append(line);
      return { i, j, line, inner: order > 1 &&
        make("line", { x1, y1, x2, y2, class: "live-inner" }) };
    });
    lines.replaceChildren(...edges.flatMap(({ line, inner }) =>
      (inner ? [line, inner] : [line])));
    marks = graph.names.map((name, i) => {
      const [x, y] = graph.xy[i].map(at);
      const input = make("input", { type: "radio", name: group,
        "aria-label": `${nameOf(graph, i)}: ` +
          list(graph.features.map((f, j) =>
            `${f} ${number(graph.vectors[i][j])}`)),
        onchange: () => set({ node: i }) });
      const node = make("label", { ...pick(i), style: `left: ${x}%; ` +
        `top: ${y}%` }, input, make("span", {}, graph.marks[i]));
      return { input, node };
    });
    nodes.replaceChildren(...marks.map((mark) => mark.node));
    const [n, d] = [graph.names.length, graph.features.length];
    left.title.textContent = `Vectors, (${n}, ${d}): what each one is`;
    right.title.textContent = `Edges, (${n}, ${n}): ` +
      `1 means ${graph.joined}`;
    const shade = shares(graph);
    fill(left, graph, graph.features, (i, j) =>
      ({ x: number(graph.vectors[i][j]), share: shade[i][j] }));
    const joined = adjacency(graph);
    fill(right, graph, graph.marks, (i, j) =>
      ({ x: joined[i][j], share: joined[i][j] }));
  }

  function fill(into, graph, columns, cell) {
    into.rows = graph.names.map((name, i) => make("tr", pick(i),
      make("th", { scope: "row" }, make("small", {}, i + 1), ` ${name}`),
      ...columns.map((_, j) => {
        const { x, share } = cell(i, j);
        return make("td", { style: `--share: ${Math.round(70 * share)}%` },
          x);
      })));
    into.table.replaceChildren(
      make("thead", {}, make("tr", {}, make("td"),
        ...columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...into.rows));
  }

  // Bring the row into sight, within its own box: the page stands still.
  function reveal({ box, rows, table }, i) {
    const row = rows[i], head = table.tHead.offsetHeight;
    if (box.matches(":hover")) return;
    const top = row.offsetTop - head, end = row.offsetTop + row.offsetHeight;
    if (box.scrollTop > top) box.scrollTop = top;
    else if (box.scrollTop + box.clientHeight < end) {
      box.scrollTop = end - box.clientHeight;
    }
  }

  function draw() {
    const s = state(), graph = s.graphs[s.graph], i = s.node;
    if (drawn !== s.graph) build(graph);
    drawn = s.graph;
    which.show(s.graph);
    const joined = new Set(neighbours(graph, i));
    marks.forEach(({ input, node }, j) => {
      input.checked = j === i;
      node.className = j === i ? "is-here" : joined.has(j) ? "is-near" : "";
    });
    for (const { i: a, j: b, line } of edges) {
      line.classList.toggle("is-near", a === i || b === i);
    }
    for (const side of [left, right]) {
      side.rows.forEach((row, j) => {
        row.className = j === i ? "is-here" : joined.has(j) ? "is-near" : "";
      });
      reveal(side, i);
    }
    sums.replaceChildren(...rowsOf(graph, i)
      .map((text) => make("div", {}, text)));
    say(describe(s));
  }

  return follow(model, draw).stop;
}

export default { render };
