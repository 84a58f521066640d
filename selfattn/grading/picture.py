"""Expected, yours, difference: small matrices as text and as pictures.

The colours are mid-tones laid over the page with a strength that stands for
the value, so they, and the numbers on them, work on light and dark pages
alike. Without colour: numbers in small matrices, a bar through negative
cells of larger ones, a thick outline around the first cell that differs.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from html import escape

import numpy as np

MAX_SIDE = 12
MAX_NUMBERED = 6

_POSITIVE = "#3f7fc1"
_NEGATIVE = "#c4692b"
_STRONGEST = 0.65  # keeps numbers at 4.5:1 on white and near-black pages
_FONT = "font-family:ui-monospace,Menlo,Consolas,monospace"


@dataclass(frozen=True)
class _View:
    """Two matrices cut to what can be drawn, and where they were cut."""

    expected: np.ndarray  # (R, C)
    got: np.ndarray  # (R', C')
    cell: tuple[int, int] | None
    notes: tuple[str, ...]

    @property
    def difference(self) -> np.ndarray | None:
        """Yours minus expected; zero where both are alike, infinities too.

        Rounding counts as alike, unless nothing else differs.
        """
        if self.expected.shape != self.got.shape:
            return None
        with np.errstate(invalid="ignore", over="ignore"):
            out = self.got - self.expected
            close = np.isclose(self.got, self.expected, equal_nan=True)
        same = (self.got == self.expected) | np.isnan(self.expected) & (
            np.isnan(self.got)
        )
        return np.where(same if close.all() else close, 0.0, out)


def as_text(comparison) -> str:
    """The two matrices side by side or below each other, if small."""
    view = _view(comparison)
    if view is None or max(*view.expected.shape, *view.got.shape) > (
        MAX_NUMBERED
    ):
        return ""
    out = [textwrap.fill(_sentence(comparison.case_name, view), 79)]
    for name, matrix in _named(view):
        cells = [[_number(v) for v in row] for row in matrix]
        width = max(len(text) for row in cells for text in row)
        out.append(f"  {name}")
        out += ["    " + "  ".join(f"{t:>{width}}" for t in r) for r in cells]
    return "\n".join(out)


def as_html(comparison) -> str:
    """A figure with a heat map of each, described in words; "" if it cannot.

    Arrays of numbers with one or more axes can be drawn.
    """
    view = _view(comparison)
    if view is None:
        return ""
    maps = "".join(_panel(name, matrix, view) for name, matrix in _named(view))
    return (
        '<figure style="margin:0.8em 0 0">'
        '<div style="display:flex;flex-wrap:wrap;gap:0.8em 1.2em">'
        f"{maps}</div>"
        '<figcaption style="margin:0.5em 0 0;font-size:0.9em">'
        f"{escape(_sentence(comparison.case_name, view))}</figcaption>"
        "</figure>"
    )


def _named(view: _View) -> list[tuple[str, np.ndarray]]:
    found = [("expected", view.expected), ("yours", view.got)]
    if view.difference is not None:
        found.append(("difference", view.difference))
    return found


def _view(comparison) -> _View | None:
    expected = _numbers(comparison.expected)
    got = _numbers(comparison.got)
    if expected is None or got is None:
        return None
    notes, cell, lead = [], None, None
    index = _index(comparison.index, expected.shape)
    if expected.shape != got.shape:
        notes.append(f"Expected shape {expected.shape}, yours {got.shape}.")
    elif index is not None:
        cell, lead = (0, *index)[-2:], index[:-2]
        at = ", ".join(map(str, index))
        notes.append(f"The outlined cell, [{at}], is the first that differs.")
    shape = max(expected.shape, got.shape, key=len)
    expected, got = _slice(expected, lead), _slice(got, lead)
    cuts = [
        _cut(focus, max(sizes))
        for focus, *sizes in zip(
            cell or (0, 0), expected.shape, got.shape, strict=True
        )
    ]
    if len(shape) > 2 or any(size > MAX_SIDE for size in shape):
        drawn = [*map(str, lead or (0,) * (len(shape) - 2))]
        drawn += [text for _, text in cuts][-len(shape) :]
        notes.append(f"Drawn is [{', '.join(drawn)}] of shape {shape}.")
    (rows, _), (cols, _) = cuts
    if cell is not None:
        cell = (cell[0] - (rows.start or 0), cell[1] - (cols.start or 0))
    return _View(expected[rows, cols], got[rows, cols], cell, tuple(notes))


def _index(index, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """The index as plain integers, if it is one of this shape."""
    if index is None or len(index) != len(shape):
        return None
    index = tuple(int(i) for i in index)
    inside = all(0 <= i < n for i, n in zip(index, shape, strict=True))
    return index if inside else None


def _numbers(values) -> np.ndarray | None:
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf" or array.size == 0:
            return None
        return array.astype(float) if array.ndim else None
    except Exception:  # whatever an answer may hand over
        return None


def _slice(array: np.ndarray, lead: tuple[int, ...] | None) -> np.ndarray:
    if array.ndim == 1:
        return array[None, :]
    return array[lead or (0,) * (array.ndim - 2)]


def _cut(focus: int, size: int) -> tuple[slice, str]:
    """At most MAX_SIDE places that hold `focus`, and how to write them."""
    if size <= MAX_SIDE:
        return slice(None), ":"
    start = 0
    if focus >= MAX_SIDE:
        start = min(focus - MAX_SIDE // 2, size - MAX_SIDE)
    stop = start + MAX_SIDE
    return slice(start, stop), f"{start}:{stop}"


def _sentence(case_name: str, view: _View) -> str:
    name = " ".join(case_name.split())
    return " ".join([f"Case: {name}.", *view.notes])


def _number(value: float) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0:
        return "0"
    if value == round(value) and abs(value) < 1000:
        return str(round(value))
    if 0.01 <= abs(value) < 10:
        return f"{value:.2f}"
    if 10 <= abs(value) < 1000:
        return f"{value:.3g}"
    return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-")


def _panel(name: str, matrix: np.ndarray, view: _View) -> str:
    n_rows, n_cols = matrix.shape
    numbered = max(n_rows, n_cols) <= MAX_NUMBERED
    texts = [[_number(v) for v in row] for row in matrix]
    longest = max(len(text) for row in texts for text in row)
    width = max(30, 7 * longest + 8) if numbered else 16
    height = 26 if numbered else 16
    scale = _scale(name, view)
    cells = [
        _cell(
            texts[r][c] if numbered else "",
            float(matrix[r, c]),
            scale,
            (1 + c * width, 1 + r * height, width, height),
        )
        for r in range(n_rows)
        for c in range(n_cols)
    ]
    if view.cell is not None and view.cell[0] < n_rows:
        r, c = view.cell
        cells.append(
            f'<rect x="{1 + c * width}" y="{1 + r * height}" '
            f'width="{width}" height="{height}" fill="none" '
            'stroke="currentColor" stroke-width="2.5"/>'
        )
    w, h = n_cols * width + 2, n_rows * height + 2
    return (
        '<div style="max-width:100%"><div style="font-size:0.85em;'
        f'margin-bottom:0.15em" aria-hidden="true">{name}</div>'
        f'<svg role="img" aria-label="{escape(_described(name, texts, view))}"'
        f' width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
        'style="max-width:100%;height:auto;display:block;color:inherit">'
        f"{''.join(cells)}</svg></div>"
    )


def _scale(name: str, view: _View) -> float:
    """The value that is drawn strongest; larger ones look the same."""
    arrays = [array for n, array in _named(view) if n == name]
    if name != "difference":  # what is expected sets the scale, if it can
        arrays = [view.expected, view.got]
    for array in arrays:
        sizes = np.abs(array[np.isfinite(array)])
        if sizes.size and sizes.max() > 0:
            return float(sizes.max())
    return 1.0


def _cell(
    text: str, value: float, scale: float, box: tuple[int, int, int, int]
) -> str:
    x, y, width, height = box
    if math.isnan(value):
        paint = 'fill="none" stroke-dasharray="3 2"'
    else:
        colour = _NEGATIVE if value < 0 else _POSITIVE
        strength = _STRONGEST * min(1.0, abs(value) / scale)
        paint = f'fill="{colour}" fill-opacity="{strength:.2f}"'
    out = (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" {paint} '
        'stroke="currentColor" stroke-opacity="0.35"/>'
    )
    middle_x, middle_y = x + width / 2, y + height / 2
    if text:
        return out + (
            f'<text x="{middle_x:g}" y="{middle_y + 4:g}" font-size="11" '
            f'text-anchor="middle" fill="currentColor" style="{_FONT}">'
            f"{text}</text>"
        )
    if math.isnan(value):
        return out + (
            f'<path d="M{x + 4} {y + 4}l8 8m0-8l-8 8" '
            'stroke="currentColor" fill="none"/>'
        )
    if value < 0 and strength >= 0.01:
        return out + (
            f'<path d="M{x + 5} {middle_y:g}h6" stroke="currentColor" '
            'fill="none"/>'
        )
    return out


def _described(name: str, texts: list[list[str]], view: _View) -> str:
    n_rows, n_cols = len(texts), len(texts[0])
    size = f"{n_rows} by {n_cols}"
    if name == "difference" and view.difference is not None:
        n_wrong = int(np.count_nonzero(view.difference))
        cells = "cell differs" if n_wrong == 1 else "cells differ"
        said = f"yours minus expected, {size}: {n_wrong} {cells}"
    else:
        said = f"{name}, {size}"
    if view.cell is not None and view.cell[0] < n_rows:
        r, c = view.cell
        said += f"; the outlined cell holds {texts[r][c]}"
    if n_rows * n_cols <= MAX_NUMBERED**2:
        rows = "; ".join(", ".join(row) for row in texts)
        said += f". Rows: {rows}"
    return said
