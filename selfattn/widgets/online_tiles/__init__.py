"""Chapter 13: the online softmax, one tile of scores after the other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import traitlets

from selfattn import plots, tiled

from ..base import WORDS, LiveFigure


class OnlineTiles(LiveFigure):
    """One query's scores, read in tiles; what is kept after each of them.

    scores : S numbers. values : S numbers, what each key would give.
    tile : scores per tile. step : tiles that are read at the start.
    rescale : whether what was summed before shrinks when a larger score
        comes, as it must.

    Raises a ValueError for parts that do not match.

    >>> fig = OnlineTiles.example()
    >>> [round(kept[-1], 3) for kept in fig.steps()]
    [1.731, 2.445]
    """

    scores: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    values: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    tile = traitlets.Int(2, min=1).tag(sync=True, state=True)
    step = traitlets.Int(1, min=0).tag(sync=True, state=True)
    rescale = traitlets.Bool(True).tag(sync=True, state=True)

    def __init__(self, scores, values, **settings):
        scores, values = (
            np.array(x, dtype=float).round(3) for x in (scores, values)
        )
        if scores.ndim != 1 or scores.shape != values.shape or not len(scores):
            raise ValueError(
                "scores and values must be two rows of one length: got "
                f"{scores.shape} and {values.shape}; give one value per score"
            )
        super().__init__(
            scores=scores.tolist(), values=values.tolist(), **settings
        )

    @classmethod
    def example(cls, words=WORDS):
        """Word 2 of the running sentence: its scores, and first entries."""
        return cls([2.0, 1, 3, 1], [2.0, 1, 3, 1], tile=2, step=2)

    def steps(self) -> list[tuple[float, float, float, float]]:
        """After each tile: largest score, factor, sum and output."""
        scores, values = np.array(self.scores), np.array(self.values)
        kept: list[tuple[float, float, float, float]] = []
        mixed, sum_ = 0.0, 0.0
        known = tiled.running(scores, self.tile)
        for part, (top, shrink, _) in zip(
            tiled.pieces(len(scores), self.tile), known, strict=True
        ):
            e = np.exp(scores[part] - top)
            if not self.rescale and kept:
                shrink = 1.0
            sum_ = sum_ * shrink + float(e.sum())
            mixed = mixed * shrink + float(e @ values[part])
            kept.append((top, shrink, sum_, mixed / sum_))
        return kept

    def static(self) -> plots.Svg:
        """The scores with their tiles, and the output after each tile."""
        kept = self.steps()
        n, n_tiles = len(self.scores), len(kept)
        fig, (left, right) = plots.figure(7, 2.8, ncols=2)
        left.bar(range(1, n + 1), self.scores, color="C0")
        for edge in range(self.tile, n, self.tile):
            left.axvline(edge + 0.5, color=plots.INK, lw=1, ls="--")
        left.set(xlabel="key", title="scores, cut into tiles")
        left.set_xticks(range(1, n + 1))
        right.plot(range(1, n_tiles + 1), [row[-1] for row in kept], "o-")
        right.set(xlabel="tiles read", title="output so far")
        right.set_xticks(range(1, n_tiles + 1))
        exact = math.fsum(math.exp(s - max(self.scores)) for s in self.scores)
        return plots.svg(
            fig,
            alt=f"{n} scores in {n_tiles} tiles. After the last tile the"
            f" largest score is {kept[-1][0]:.2f}, the sum of exponentials"
            f" {kept[-1][2]:.2f} and the output {kept[-1][-1]:.2f}; all"
            f" scores at once give the sum {exact:.2f}.",
        )
