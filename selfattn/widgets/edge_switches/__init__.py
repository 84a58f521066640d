"""Chapter 10: switch edges on and off; weights and vectors follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from selfattn import masks, plots, reference

from ..base import WORDS, LiveFigure

SCORES = ("dot", "gatv2", "equal")


class EdgeSwitches(LiveFigure):
    """Attention on a small graph whose edges can be switched on and off.

    names : n strings. xy (n, 2) : where the nodes stand, y upwards.
    q, k (n, d_k), v (n, d_v) : one row per node.
    edges (E, 2) : the pairs of nodes that can be joined, each once.
    on : numbers of the edges that are on at the start; None means all.
    w (d_k,) : for GATv2's scores, w·LeakyReLU(q + k). Dot scores are not
        scaled, as in chapter 04's example.

    Raises a ValueError for parts that do not match.

    >>> fig = EdgeSwitches.example()
    >>> out, weights = fig.attend()
    >>> len(out), weights.shape
    (4, (4, 4))
    """

    names: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    xy: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    q: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    k: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    v: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    w: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    edges: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    on: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    score = traitlets.Enum(SCORES, "dot").tag(sync=True, state=True)
    node = traitlets.Int(0, min=0).tag(sync=True, state=True)

    def __init__(self, names, xy, q, k, v, edges, on=None, w=None, **settings):
        parts = {"xy": xy, "q": q, "k": k, "v": v}
        parts = {name: np.array(x, dtype=float) for name, x in parts.items()}
        for name, x in parts.items():
            if x.ndim != 2 or len(x) != len(names):
                raise ValueError(
                    f"{name} must have a row for each of the {len(names)}"
                    f" names: got {x.shape}; give each node one row"
                )
        d_k = parts["q"].shape[1]
        w = np.ones(d_k) if w is None else np.array(w, dtype=float)
        pairs = masks.edge_list(
            edges, len(names), self_loops=False, directed=True
        )
        if len(pairs) != len(edges):
            raise ValueError(
                f"edges must differ: got {len(edges)}, of which {len(pairs)}"
                " are different; list each once"
            )
        stored = {name: x.round(3).tolist() for name, x in parts.items()}
        super().__init__(
            names=[str(name) for name in names],
            w=w.round(3).tolist(),
            edges=[[int(i), int(j)] for i, j in edges],
            on=list(range(len(edges))) if on is None else list(on),
            **stored,
            **settings,
        )

    @classmethod
    def example(cls, words=WORDS):
        """A chain of words, and an edge that is off."""
        n = len(words)
        turn = np.arange(n) * 2 * np.pi / n
        xy = np.stack([np.cos(turn), np.sin(turn)], axis=1)  # (n, 2)
        edges = [(i, i + 1) for i in range(n - 1)] + [(0, n - 1)]
        a = np.stack([np.arange(n) % 2, np.arange(n) % 3], axis=1)
        return cls(words, xy, a, a[:, ::-1], a + 1, edges, on=range(n - 1))

    def attend(self) -> tuple[np.ndarray, np.ndarray]:
        """Outputs (n, d_v) and weights (n, n) of what is switched on."""
        mask = masks.from_edges(
            [self.edges[e] for e in self.on], len(self.names)
        )  # (n, n)
        q, k, v = (np.array(x, dtype=float) for x in (self.q, self.k, self.v))
        options: dict[str, Any]
        if self.score == "gatv2":
            options = {"score": "additive", "activation": "leaky_relu"}
            options["w"] = np.array(self.w, dtype=float)
        else:
            options = {"scale": 1.0}
        if self.score == "equal":
            q = 0 * q
        return reference.attention(q, k, v, mask=mask, **options)

    def static(self) -> plots.Svg:
        """The graph with what is on, beside it the weights."""
        out, weights = self.attend()
        fig, (left, right) = plots.figure(7, 3.3, ncols=2)
        on = [self.edges[e] for e in self.on]
        plots.graph(left, np.array(self.xy), on, self.names)
        plots.heatmap(
            right, weights, rows=self.names, cols=self.names, values=True
        )
        right.set_title("weights: who looks at whom")
        here = self.names[self.node]
        row = ", ".join(f"{x:.2f}" for x in weights[self.node])
        vector = ", ".join(f"{x:.2f}" for x in out[self.node])
        return plots.svg(
            fig,
            alt=f"A graph of {len(self.names)} nodes, {len(on)} of"
            f" {len(self.edges)} edges on, and its weights. The row of"
            f" {here}: {row}. Its new vector is ({vector}). Where there is no"
            " edge the weight is 0.",
        )
