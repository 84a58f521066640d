// A matrix of chapter 01's graphs. It scrolls inside itself, by keyboard too.

import { make } from "../shared.js";

export function makeTable(name, kind) {
  const table = make("table", { class: `live-rows ${kind}` });
  const title = make("p", { class: "live-title" });
  const box = make("div", { class: "live-scroll", tabindex: 0,
    role: "region", "aria-label": name }, table);
  let rows = [];

  // `cell(i, j)` gives what stands there, and how strong its ground is.
  function fill(names, columns, pick, cell) {
    rows = names.map((called, i) => make("tr", pick(i),
      make("th", { scope: "row" }, make("small", {}, i + 1), ` ${called}`),
      ...columns.map((_, j) => {
        const { x, share } = cell(i, j);
        return make("td", { style: `--share: ${Math.round(70 * share)}%` },
          x);
      })));
    table.replaceChildren(
      make("thead", {}, make("tr", {}, make("td"),
        ...columns.map((column) => make("th", { scope: "col" }, column)))),
      make("tbody", {}, ...rows));
  }

  // Bring row i into sight, within its own box: the page stands still.
  function reveal(i) {
    const row = rows[i], head = table.tHead.offsetHeight;
    if (box.matches(":hover")) return;
    const top = row.offsetTop - head, end = row.offsetTop + row.offsetHeight;
    if (box.scrollTop > top) box.scrollTop = top;
    else if (box.scrollTop + box.clientHeight < end) {
      box.scrollTop = end - box.clientHeight;
    }
  }

  function show(i, lookOf) {
    rows.forEach((row, j) => { row.className = lookOf(j); });
    reveal(i);
  }
  return { title, part: make("div", {}, title, box), fill, show };
}
