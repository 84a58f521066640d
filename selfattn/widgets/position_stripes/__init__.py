"""Chapter 07: waves as stripes, and what the product of two places shows."""

from __future__ import annotations

import math

import numpy as np
import traitlets

from selfattn import plots, positions

from ..base import LiveFigure
from .normals import WORD, normals

BASES = [1, 2, 5, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]
SHIFT = -3  # as in the chapter


class PositionStripes(LiveFigure):
    """Sinusoidal positions to turn, and the scores between them.

    `between` says what stands between two positions in a score: "nothing",
    "random" (Wq Wkᵀ of `matrices()`), or "shift" (the matrix that moves a
    position three places to the left).

    >>> fig = PositionStripes(d_model=16, base=100)
    >>> fig.scores().shape, fig.scores()[5, 5].round(6).item()
    ((64, 64), 8.0)
    """

    n = traitlets.Int(64, min=8, max=128).tag(sync=True, state=True)
    d_model = traitlets.Int(32, min=4, max=64).tag(sync=True, state=True)
    base = traitlets.Int(100, min=1).tag(sync=True, state=True)
    place = traitlets.Int(20, min=0).tag(sync=True, state=True)
    pair = traitlets.Int(2, min=0).tag(sync=True, state=True)
    between = traitlets.Enum(["nothing", "random", "shift"], "nothing").tag(
        sync=True, state=True
    )
    over = traitlets.Enum(["mirror", "other"], "mirror").tag(
        sync=True, state=True
    )
    draw = traitlets.Int(1, min=0, max=WORD).tag(sync=True, state=True)

    def __init__(self, **settings):
        super().__init__(**settings)
        for name, value, size in (
            ("place", self.place, self.n),
            ("pair", self.pair, self.d_model // 2),
        ):
            if value >= size:
                raise ValueError(
                    f"{name} must be one of the figure's {size}: got"
                    f" {value}; count from 0 to {size - 1}"
                )

    @traitlets.validate("d_model")
    def _in_pairs(self, proposal):
        if proposal["value"] % 2:
            raise traitlets.TraitError(
                f"d_model must be even: got {proposal['value']}; a wave takes"
                " two entries, a sine and a cosine"
            )
        return proposal["value"]

    @traitlets.validate("base")
    def _on_the_slider(self, proposal):
        if proposal["value"] not in BASES:
            raise traitlets.TraitError(
                f"base must be a stop of the slider: got {proposal['value']};"
                f" choose from {', '.join(map(str, BASES))}"
            )
        return proposal["value"]

    @classmethod
    def example(cls, words=()):
        """It has no words and no data."""
        return cls()

    def encoding(self) -> np.ndarray:
        """The positions, (n, d_model), by `selfattn.positions`."""
        return positions.sinusoidal(self.n, self.d_model, self.base)

    def matrices(self) -> tuple[np.ndarray, np.ndarray]:
        """The random Wq and Wk, (d_model, d_model) each.

        Entries are normal with variance 1/d_model, so that lengths are kept
        on average. `draw` is the seed; the figure's JavaScript draws the
        same numbers.
        """
        d = self.d_model
        drawn = normals(self.draw, 2 * d * d).reshape(2, d, d)
        w_q, w_k = drawn / math.sqrt(d)  # (d, d) each
        return w_q, w_k

    def scores(self) -> np.ndarray:
        """The score of every place (row) for every place, (n, n)."""
        q = k = pe = self.encoding()  # (n, d)
        if self.between == "random":
            w_q, w_k = self.matrices()
            q, k = pe @ w_q, pe @ w_k  # (n, d) each
        elif self.between == "shift":
            omega = positions.frequencies(self.d_model, self.base)  # (d/2,)
            angles = (np.arange(self.n) + SHIFT)[:, None] * omega
            pairs = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
            q = pairs.reshape(pe.shape)  # (n, d)
        return q @ k.T  # (n, n)

    def static(self) -> plots.Svg:
        """The stripes, and the scores of the chosen place."""
        i, profile = self.place, self.scores()[self.place]  # (n,)
        fig, (top, low) = plots.figure(
            7, 4.4, nrows=2, sharex=True, height_ratios=[3, 2]
        )
        plots.heatmap(top, self.encoding().T, kind="scores", aspect="auto")
        top.axvline(i, c="C3", lw=1)
        top.set(ylabel="entry", yticks=[0, self.d_model - 1])
        low.plot(profile, c="C0")
        low.axvline(i, c="C3", lw=1)
        low.set(ylabel="score", xlabel="place")
        middle = {
            "nothing": "no matrix between them: the curve peaks at the place"
            " itself and is the same to its left and right",
            "random": "random matrices between them: the curve is not"
            " symmetric",
            "shift": "a shift between them: the curve peaks three places to"
            " the left",
        }[self.between]
        return plots.svg(
            fig,
            alt=f"Sinusoidal positions of {self.n} places as stripes, base"
            f" {self.base}: each of {self.d_model} rows is an entry, fast"
            " waves on top and slow ones below. Under them the product of"
            f" place {i} with every place, {middle}.",
        )
