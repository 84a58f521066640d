"""Arrays to axes: the book's figures, in both colour schemes.

A figure is drawn small and shown large, so matplotlib's own 10 pt text comes
out at 14 pt and no style has to be set globally. `svg` then swaps colours for
CSS variables: the same file is dark on light or light on dark, whichever the
page is.

    >>> fig, ax = figure(7, 3)
    >>> ax = lines(ax, [1, 2, 3], {"softmax": [0.1, 0.5, 0.9]})
    >>> svg(fig, alt="Softmax rises.").alt
    'Softmax rises.'
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ._heatmap import heatmap
from ._panels import panels
from ._svg import (
    ENLARGE,
    GRID,
    INK,
    MUTED,
    NEGATIVE,
    PAPER,
    POSITIVE,
    THEME,
    Svg,
    finished,
)

__all__ = [
    "GRID",
    "INK",
    "MUTED",
    "NEGATIVE",
    "PAPER",
    "POSITIVE",
    "THEME",
    "Svg",
    "bars",
    "figure",
    "graph",
    "heatmap",
    "lines",
    "points",
    "svg",
    "vectors",
]

STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = "os^Dvx"


def figure(
    width: float = 5.0,
    height: float = 3.0,
    *,
    nrows: int = 1,
    ncols: int = 1,
    **grid,
):
    """A figure `width` × `height` inches on the page, and its axes.

    Returns `(fig, ax)`, or `(fig, axes)` with axes (nrows, ncols) squeezed.
    Further keywords go to `Figure.subplots`.
    """
    size = (width / ENLARGE, height / ENLARGE)
    fig = Figure(figsize=size, layout="constrained")
    axes = fig.subplots(nrows, ncols, **grid)
    for ax in np.ravel(axes):
        ax.spines[["top", "right"]].set_visible(False)
    return fig, axes


def svg(fig: Figure, alt: str) -> Svg:
    """Finish a figure: SVG that follows the page's colour scheme.

    The same figure gives the same bytes on every run. Of a figure with
    several panels the site shows each by itself where the page is narrow.

    Raises
    ------
    ValueError : no alternative text. Say what is shown and what it shows.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            f"a figure needs alternative text: got {alt!r}; say in a sentence"
            " what the figure shows and what follows from it"
        )
    buffer = io.StringIO()
    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "selfattn",
        "path.simplify": True,
    }
    with matplotlib.rc_context(settings):
        fig.savefig(
            buffer,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None},
        )
    return finished(buffer.getvalue(), alt, panels(fig))


def lines(
    ax: Axes,
    x,
    series: Mapping[str, Sequence[float]],
    *,
    spread: Mapping[str, tuple] | None = None,
    markers: bool = True,
    label: bool = True,
    first: int = 0,
) -> Axes:
    """One line per named series, each labelled at its right-hand end.

    `spread[name] = (low, high)` shades a band, e.g. the range over seeds.
    Line styles and markers differ, so the figure survives a grey printer.
    `first` is the number of the first colour and style.
    """
    x = np.asarray(x, dtype=float)
    ends = []
    for n, (name, given) in enumerate(series.items(), start=first):
        y = np.asarray(given, dtype=float)
        if y.shape != x.shape:
            raise ValueError(
                f"a line needs one y per x: got {y.shape} values of {name!r}"
                f" for {x.shape} x's; give both the same length"
            )
        ax.plot(
            x,
            y,
            color=f"C{n % 6}",
            linestyle=STYLES[n % 6],
            marker=MARKERS[n % 6] if markers else None,
            markersize=4,
            markevery=max(1, len(x) // 12),
        )
        if spread and name in spread:
            ax.fill_between(
                x, *spread[name], color=f"C{n % 6}", alpha=0.18, lw=0
            )
        ends.append((y[-1], name, f"C{n % 6}"))
    if label:
        _label_ends(ax, x[-1], ends)
    return ax


def _label_ends(ax: Axes, x: float, ends: list) -> None:
    """Names beside the line ends, moved apart where they would overlap."""
    figure = ax.figure
    assert isinstance(figure, Figure)  # `figure()` makes no figure in another
    figure.draw_without_rendering()
    scale = figure.dpi / 72
    ends = sorted(ends, key=lambda end: (end[0], end[1]))
    here = [ax.transData.transform((x, y))[1] / scale for y, _, _ in ends]
    for (y, name, color), old, new in zip(
        ends, here, _spaced(here, 13.0), strict=True
    ):
        ax.annotate(
            name,
            (x, y),
            xytext=(8, new - old),
            textcoords="offset points",
            color=color,
            va="center",
            annotation_clip=False,
        )


def _spaced(heights: list[float], step: float) -> list[float]:
    """The nearest heights (ascending) that are at least `step` apart."""
    groups: list[list[float]] = []
    for n, height in enumerate(heights):
        groups.append([height - n * step])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    level = [float(np.mean(g)) for g in groups for _ in g]
    return [base + n * step for n, base in enumerate(level)]


def bars(
    ax: Axes,
    values: Mapping[str, float],
    *,
    fmt: str = ".0%",
    reference: tuple[str, float] | None = None,
    emphasise: Sequence[str] = (),
) -> Axes:
    """Horizontal bars, top to bottom in the given order, numbers at the ends.

    `reference=(name, value)` draws a dashed line with its name above.
    `emphasise` names the bars that carry the message.
    """
    names = list(values)
    heights = [float(values[n]) for n in names]
    for i, (name, value) in enumerate(zip(names, heights, strict=True)):
        strong = not emphasise or name in emphasise
        ax.barh(i, value, color="C0" if strong else MUTED, height=0.62)
        ax.annotate(
            format(value, fmt),
            (value, i),
            xytext=(4 if value >= 0 else -4, 0),
            textcoords="offset points",
            va="center",
            ha="left" if value >= 0 else "right",
            bbox={"fc": PAPER, "ec": "none", "pad": 0.6},
        )
    ax.set_yticks(range(len(names)), labels=names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    if reference is not None:
        name, value = reference
        ax.axvline(value, color=MUTED, linestyle="--", lw=1)
        ax.annotate(
            name,
            (value, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            color=MUTED,
        )
    return ax


def vectors(ax: Axes, arrows: Mapping[str, Sequence[float]]) -> Axes:
    """Two-dimensional vectors as arrows from the origin, named at the tip."""
    reach = max(float(np.abs(v).max()) for v in arrows.values()) * 1.25
    for n, (name, tip) in enumerate(arrows.items()):
        x, y = (float(t) for t in tip)
        ax.annotate(
            "",
            (x, y),
            (0, 0),
            arrowprops={
                "arrowstyle": "-|>,head_width=0.25,head_length=0.5",
                "color": f"C{n % 6}",
                "lw": 1.6,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        length = float(np.hypot(x, y)) or 1.0
        ax.annotate(
            name,
            (x, y),
            xytext=(9 * x / length, 9 * y / length),
            textcoords="offset points",
            ha="center",
            va="center",
            color=f"C{n % 6}",
        )
    ax.axhline(0, color=GRID, lw=0.8, zorder=0)
    ax.axvline(0, color=GRID, lw=0.8, zorder=0)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
    ax.set_aspect("equal")
    return ax


def points(ax: Axes, xy, labels: Sequence[str], groups=None) -> Axes:
    """Labelled points (n, 2); colour and marker tell the groups apart."""
    xy = np.asarray(xy, dtype=float)
    groups = list(groups) if groups is not None else [""] * len(labels)
    order = list(dict.fromkeys(groups))
    for n, group in enumerate(order):
        rows = [i for i, g in enumerate(groups) if g == group]
        across, up = xy[rows].T
        ax.scatter(across, up, s=14, c=f"C{n % 6}", marker=MARKERS[n % 6])
        for i in rows:
            ax.annotate(
                labels[i],
                xy[i],
                xytext=(4, 3),
                textcoords="offset points",
                color=f"C{n % 6}",
            )
    return ax


def graph(ax: Axes, xy, edges, labels: Sequence[str]) -> Axes:
    """Nodes at xy (n, 2) with their names inside, edges as lines between."""
    xy = np.asarray(xy, dtype=float)
    for i, j in edges:
        ax.plot(*xy[[i, j]].T, color=MUTED, lw=1.2, zorder=1)
    for (x, y), label in zip(xy, labels, strict=True):
        ax.annotate(
            label,
            (x, y),
            ha="center",
            va="center",
            zorder=3,
            bbox={
                "boxstyle": "round,pad=0.25",
                "fc": PAPER,
                "ec": "C0",
                "lw": 1.2,
            },
        )
    ax.margins(0.18)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax
