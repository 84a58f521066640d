"""Chapter 01: point at a node of a graph and see its vector."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from selfattn import masks, plots

from ..base import WORDS, LiveFigure
from .layout import layout

KNOWN = {"names", "features", "vectors", "edges", "orders", "xy", "marks",
         "joined"}  # fmt: skip


class GraphVectors(LiveFigure):
    """Graphs whose nodes show their row of the vectors and of the edges.

    graphs : for each title a dict of `names` (n strings), `features` (d
        strings), `vectors` (n, d) and `edges` (E, 2), pairs of node numbers;
        and if wanted `xy` (n, 2), where nodes stand, y upwards; `orders`
        (E,), 2 for an edge drawn double; `marks`, what stands in a node; and
        `joined`, what an edge says, such as "friends with".

    Raises a ValueError for a graph whose parts do not match.

    >>> fig = GraphVectors({"water": {
    ...     "names": ["O", "H", "H"], "features": ["H", "O"],
    ...     "vectors": [[0, 1], [1, 0], [1, 0]], "edges": [(0, 1), (0, 2)],
    ... }})
    >>> fig.graphs[0]["title"], fig.graphs[0]["edges"]
    ('water', [[0, 1, 1], [0, 2, 1]])
    """

    graphs: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    graph = traitlets.Int(0, min=0).tag(sync=True, state=True)
    node = traitlets.Int(0, min=0).tag(sync=True, state=True)

    def __init__(self, graphs, **settings):
        if not graphs:
            raise ValueError(
                "there must be a graph to show: got none; pass"
                ' {"title": {"names": …, "features": …}}'
            )
        stored = [_stored(title, g) for title, g in graphs.items()]
        super().__init__(graphs=stored, **settings)

    @classmethod
    def example(cls, words=WORDS):
        """A chain of words with two numbers each."""
        n = len(words)
        return cls(
            {
                "chain": {
                    "names": list(words),
                    "features": ["rank", "twice"],
                    "vectors": [[i, 2 * i] for i in range(n)],
                    "edges": [(i, i + 1) for i in range(n - 1)],
                }
            }
        )

    def static(self) -> plots.Svg:
        """The graph, its vectors as shares of each column's largest."""
        graph = self.graphs[self.graph]
        vectors = np.array(graph["vectors"], dtype=float)  # (n, d)
        most = np.abs(vectors).max(axis=0)  # (d,)
        share = np.abs(vectors) / np.where(most > 0, most, 1)  # (n, d)
        fig, (left, right) = plots.figure(
            7, 3.9, ncols=2, width_ratios=[3, 1.4]
        )
        edges = [(i, j) for i, j, _ in graph["edges"]]
        xy = np.array(graph["xy"]) * [1, -1]  # (n, 2), y upwards again
        plots.graph(left, xy, edges, graph["marks"])
        plots.heatmap(
            right,
            share,
            rows=graph["names"],
            cols=graph["features"],
            aspect="auto",
        )
        right.tick_params(axis="x", labelrotation=90)
        here = graph["names"][self.node]
        what = ", ".join(
            f"{f} {x:g}"
            for f, x in zip(
                graph["features"], graph["vectors"][self.node], strict=True
            )
        )
        near = [
            graph["names"][j if i == self.node else i]
            for i, j in edges
            if self.node in (i, j)
        ]
        n, d = vectors.shape
        return plots.svg(
            fig,
            alt=f"The graph “{graph['title']}” with {n} nodes, and beside it"
            f" {n} rows of {d} numbers, one row per node. The row of {here}:"
            f" {what}. {graph['joined'].capitalize()}"
            f" {', '.join(near) or 'nobody'}: the edges say so, the row does"
            " not.",
        )


def _stored(title: str, graph: dict) -> dict:
    """A graph as JSON, checked, with its nodes placed."""
    unknown = set(graph) - KNOWN
    if unknown:
        raise ValueError(
            f"a graph has {', '.join(sorted(KNOWN))}: got"
            f" {', '.join(sorted(unknown))} in {title!r}; leave it out"
        )
    names = [str(name) for name in graph["names"]]
    features = [str(f).replace("_", " ") for f in graph["features"]]
    vectors = np.asarray(graph["vectors"], dtype=float)  # (n, d)
    if vectors.shape != (len(names), len(features)):
        raise ValueError(
            f"vectors must be (names, features) = {len(names), len(features)}"
            f": got {vectors.shape} in {title!r}; give each node one row"
        )
    joined = masks.from_edges(
        graph["edges"], len(names), self_loops=False
    )  # (n, n)
    orders = list(graph.get("orders", [1] * len(graph["edges"])))
    marks = list(graph.get("marks", [name[:1] for name in names]))
    xy = graph.get("xy")
    xy = layout(joined) if xy is None else np.asarray(xy, dtype=float)
    given = (len(orders), len(marks), xy.shape)
    wanted = (len(graph["edges"]), len(names), (len(names), 2))
    if given != wanted:
        raise ValueError(
            "orders are one per edge, marks one per node, xy (n, 2) ="
            f" {wanted}: got {given} in {title!r}; count again"
        )
    return {
        "title": title,
        "names": names,
        "marks": marks,
        "features": features,
        "vectors": [[_short(x) for x in row] for row in vectors.tolist()],
        "edges": [
            [int(i), int(j), int(order)]
            for (i, j), order in zip(graph["edges"], orders, strict=True)
        ],
        "xy": _fitted(xy),
        "joined": graph.get("joined", "joined to"),
    }


def _short(x: float) -> float:
    return int(x) if x == int(x) else round(x, 3)


def _fitted(xy: np.ndarray) -> list[list[float]]:
    """Into the unit square, the longer side filled, y downwards."""
    low, high = xy.min(axis=0), xy.max(axis=0)  # (2,)
    size = (high - low).max() or 1.0
    xy = (xy - (low + high) / 2) / size * [1, -1] + 0.5  # (n, 2)
    return (xy.round(3) + 0.0).tolist()
