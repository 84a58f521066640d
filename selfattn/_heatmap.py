"""A matrix drawn as a grid of cells, or as one picture where it is large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ._svg import GRID, INK, MUTED, NEGATIVE, POSITIVE

MAX_CELLS = 500  # more cells than this are drawn as one picture


def heatmap(
    ax: Axes,
    matrix,
    *,
    kind: str = "weights",
    rows: Sequence[str] | None = None,
    cols: Sequence[str] | None = None,
    values: bool = False,
    limit: float | None = None,
    fmt: str = ".2f",
    aspect: Literal["auto", "equal"] | float = "equal",
) -> Axes:
    """A matrix (n_rows, n_cols) as a grid of cells; row 0 is at the top.

    `kind="weights"`: 0 is paper, `limit` (default 1) full colour.
    `kind="scores"`: centred on 0, positive blue, negative orange and hatched,
    `limit` (default the largest magnitude) full colour.
    `values=True` writes the numbers in. NaN cells are crossed out.
    """
    matrix = np.asarray(matrix, dtype=float)  # (n_rows, n_cols)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(
            "a heat map shows a matrix: got an array of shape"
            f" {matrix.shape}; pick one matrix, e.g. weights[0]"
        )
    if kind not in ("weights", "scores"):
        raise ValueError(
            f"kind is 'weights' or 'scores': got {kind!r}; use 'scores' when"
            " values can be negative"
        )
    if limit is None:
        finite = np.abs(matrix[np.isfinite(matrix)])
        limit = 1.0 if kind == "weights" else max(finite.max(initial=0), 1e-12)
    draw = _cells if matrix.size <= MAX_CELLS else _picture
    draw(ax, matrix, limit)
    n_rows, n_cols = matrix.shape
    if values:
        for i, j in np.ndindex(n_rows, n_cols):
            if np.isfinite(matrix[i, j]):
                number = format(matrix[i, j], fmt)
                ax.text(j, i, number, ha="center", va="center")
    ax.set(xlim=(-0.5, n_cols - 0.5), ylim=(n_rows - 0.5, -0.5))
    ax.set_aspect(aspect)
    for names, axis in ((cols, ax.xaxis), (rows, ax.yaxis)):
        if names is not None:
            axis.set_ticks(range(len(names)), labels=list(names))
            axis.set_tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def _cells(ax: Axes, matrix: np.ndarray, limit: float) -> None:
    for (i, j), value in np.ndenumerate(matrix):
        corner = (j - 0.47, i - 0.47)
        ax.add_patch(
            Rectangle(corner, 0.94, 0.94, fill=False, ec=GRID, lw=0.6)
        )
        if not np.isfinite(value):
            ax.plot([j - 0.4, j + 0.4], [i - 0.4, i + 0.4], c=MUTED, lw=0.8)
            ax.plot([j - 0.4, j + 0.4], [i + 0.4, i - 0.4], c=MUTED, lw=0.8)
            continue
        share = round(min(abs(value) / limit, 1.0), 3)
        if share > 0:
            ax.add_patch(
                Rectangle(
                    corner,
                    0.94,
                    0.94,
                    fc=POSITIVE if value > 0 else NEGATIVE,
                    ec="none",
                    alpha=share,
                )
            )
        if value < 0:
            ax.plot([j - 0.47, j - 0.27], [i - 0.27, i - 0.47], c=INK, lw=0.8)


def _picture(ax: Axes, matrix: np.ndarray, limit: float) -> None:
    share = np.clip(np.nan_to_num(np.abs(matrix) / limit), 0, 1)
    rgba = np.empty((*matrix.shape, 4), dtype=np.uint8)
    # Mid-tones, since a picture cannot follow the page's colour scheme.
    rgba[..., :3] = np.where(
        (matrix < 0)[..., None], (217, 116, 62), (62, 133, 205)
    )
    rgba[..., 3] = np.round(share * 255)
    ax.imshow(rgba, interpolation="none")
