"""Chapter 05: from X to O, one matrix product at a time."""

from __future__ import annotations

import numpy as np
import traitlets

from selfattn import plots, reference

from ..base import WORDS, LiveFigure


class MatrixStepper(LiveFigure):
    """Self-attention as six matrix steps; every cell shows its arithmetic.

    It starts with the hand-worked numbers of chapters 04 and 05. All matrices
    are the code's, rows as vectors; `convention="columns"` shows the same
    numbers transposed, as in the lecture. Scores are unscaled.

    >>> parts = MatrixStepper().matrices()
    >>> parts["A"][0].tolist(), parts["O"][0].round(2).tolist()
    ([-1.0, 1.0, 0.0, 1.0], [1.35, 2.84])
    """

    words = traitlets.List(["I", "saw", "a", "saw"]).tag(sync=True, state=True)
    inputs = traitlets.List([[1, 0], [0, 1], [1, 1], [0, 1]]).tag(
        sync=True, state=True
    )
    w_q = traitlets.List([[1, -1], [1, 2]]).tag(sync=True, state=True)
    w_k = traitlets.List([[0, 1], [1, 0]]).tag(sync=True, state=True)
    w_v = traitlets.List([[2, 0], [1, 3]]).tag(sync=True, state=True)
    convention = traitlets.Enum(["rows", "columns"], "columns").tag(
        sync=True, state=True
    )
    step = traitlets.Int(0, min=0, max=6).tag(sync=True, state=True)

    @classmethod
    def example(cls, words=WORDS):
        """Four words, or as many as there are numbers for."""
        return cls(words=list(words))

    def matrices(self) -> dict[str, np.ndarray]:
        """Every matrix with rows as vectors, by `selfattn.reference`."""
        x = np.array(self.inputs, dtype=float)  # (L, d_model)
        q = x @ np.array(self.w_q, dtype=float)  # (L, d_k)
        k = x @ np.array(self.w_k, dtype=float)  # (L, d_k)
        v = x @ np.array(self.w_v, dtype=float)  # (L, d_v)
        scores = reference.dot_scores(q, k, scale=1.0)  # (L, L)
        weights = reference.softmax(scores)  # (L, L)
        return {
            "X": x,
            "Q": q,
            "K": k,
            "V": v,
            "A": scores,
            "A′": weights,
            "O": weights @ v,
        }

    def static(self) -> plots.Svg:
        """All matrices side by side."""
        parts = self.matrices()
        columns = self.convention == "columns"
        if columns:
            parts = {name: part.T for name, part in parts.items()}
        ratios = [2, 2, 4] if columns else [1, 1, 1]
        fig, axes = plots.figure(
            7,
            6 if columns else 7.5,
            nrows=3,
            ncols=3,
            gridspec_kw={"height_ratios": ratios},
        )
        for ax in axes.ravel():
            ax.set_axis_off()
        spots = (axes[0, 1], *axes[1], *axes[2])
        for ax, (name, part) in zip(spots, parts.items(), strict=True):
            kind = "weights" if name == "A′" else "scores"
            fmt = ".2f" if name in ("A′", "O") else ".3g"
            plots.heatmap(ax, part, kind=kind, values=True, fmt=fmt)
            ax.set_title(name)
        how = "a column" if columns else "a row"
        return plots.svg(
            fig,
            alt=f"Seven matrices, each word {how}: the input X; its queries Q,"
            " keys K and values V; the scores A of every query with every"
            " key; their softmax A′; the outputs O. The second and the fourth"
            " word are the same, and so are their outputs.",
        )
