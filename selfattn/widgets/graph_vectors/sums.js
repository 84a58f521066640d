// Chapter 01's graphs: rows that say what a node is, and who is joined.

import { list, number, transpose, vector } from "../shared.js";

// As selfattn.graphs.adjacency, with 0 and 1.
export function adjacency(graph) {
  const matrix = graph.names.map(() => graph.names.map(() => 0));
  for (const [i, j] of graph.edges) matrix[i][j] = matrix[j][i] = 1;
  return matrix;
}

export function neighbours(graph, i) {
  return adjacency(graph)[i].flatMap((joined, j) => (joined ? [j] : []));
}

// How many other nodes have the same vector.
export function alike(graph, i) {
  const text = String(graph.vectors[i]);
  return graph.vectors.filter((v) => String(v) === text).length - 1;
}

// A name that stands for several nodes is told apart by its row.
export function nameOf(graph, i) {
  const name = graph.names[i];
  const several = graph.names.indexOf(name) !== graph.names.lastIndexOf(name);
  return several ? `${name} (${i + 1})` : name;
}

// The row as shares of the largest number in each column, to shade cells by.
export function shares(graph) {
  const most = transpose(graph.vectors)
    .map((column) => Math.max(...column.map(Math.abs)) || 1);
  return graph.vectors.map((v) => v.map((x, j) => Math.abs(x) / most[j]));
}

// The two rows of a node, in the two matrices.
export function rowsOf(graph, i) {
  const n = graph.names.length, ones = neighbours(graph, i);
  const places = ones.length
    ? `1 in column${ones.length > 1 ? "s" : ""} ` +
      list(ones.map((j) => String(j + 1)))
    : "no 1";
  return [`row ${i + 1} of the vectors (${n}, ${graph.features.length}): ` +
    vector(graph.vectors[i], 2),
  `row ${i + 1} of the edges (${n}, ${n}): ${places}, 0 elsewhere`];
}

export function describe(s) {
  const graph = s.graphs[s.graph], i = s.node;
  const joined = neighbours(graph, i), same = alike(graph, i);
  const what = graph.features
    .map((feature, j) => `${feature} ${number(graph.vectors[i][j])}`);
  const rest = graph.names.length - 1;
  const others = joined.length
    ? `${list(joined.map((j) => nameOf(graph, j)))}, ${joined.length} of ` +
      `${rest}`
    : `none of ${rest}`;
  const twins = same === 0 ? "No other row is the same."
    : same === 1 ? "1 other row is the same."
      : `${same} other rows are the same.`;
  return `Row ${i + 1} of ${rest + 1} in “${graph.title}”, ` +
    `${graph.names[i]}: ${list(what)}. ${twins} ` +
    `${graph.joined[0].toUpperCase()}${graph.joined.slice(1)} ${others}: ` +
    "that is in the edges, not in the vector.";
}
