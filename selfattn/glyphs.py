"""Ten letters, drawn with a shaky hand: as many small images as you want.

Nothing is stored: the same seed draws the same images. The letters consist
of straight strokes, so that a few numbers describe them.
"""

from __future__ import annotations

import numpy as np

from . import demand

__all__ = ["KINDS", "letters"]

KINDS = "AEFHKLNTXZ"  # classes 0 to 9

# The ends of each stroke as (x, y): x to the right, y downwards, -1 to 1.
_STROKES: dict[str, list[tuple[float, ...]]] = {
    "A": [(-1, 1, 0, -1), (0, -1, 1, 1), (-0.5, 0.2, 0.5, 0.2)],
    "E": [(-1, -1, -1, 1), (-1, -1, 1, -1), (-1, 0, 0.6, 0), (-1, 1, 1, 1)],
    "F": [(-1, -1, -1, 1), (-1, -1, 1, -1), (-1, 0, 0.6, 0)],
    "H": [(-1, -1, -1, 1), (1, -1, 1, 1), (-1, 0, 1, 0)],
    "K": [(-1, -1, -1, 1), (1, -1, -1, 0), (-1, 0, 1, 1)],
    "L": [(-1, -1, -1, 1), (-1, 1, 1, 1)],
    "N": [(-1, 1, -1, -1), (-1, -1, 1, 1), (1, 1, 1, -1)],
    "T": [(-1, -1, 1, -1), (0, -1, 0, 1)],
    "X": [(-1, -1, 1, 1), (1, -1, -1, 1)],
    "Z": [(-1, -1, 1, -1), (1, -1, -1, 1), (-1, 1, 1, 1)],
}
_MOST = max(len(strokes) for strokes in _STROKES.values())


def letters(
    n: int, seed: int = 0, size: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    """Draw n letters, each with its own slant, size, place and thickness.

    A letter is turned by up to 0.35 radians, stretched to between 0.45 and
    0.8 of its axis, sheared, moved by at most a pixel, and every end of a
    stroke trembles. One stray stroke and noise lie on top of it.

    Returns images (n, size, size, 1), float32, ink about 1 and paper about
    0, and labels (n,), indices of KINDS. Raises a TypeError or a ValueError
    for anything but whole numbers of at least 1, and sizes below 8.

    >>> images, labels = letters(7, seed=1)
    >>> images.shape, images.dtype, labels.shape
    ((7, 16, 16, 1), dtype('float32'), (7,))
    """
    n = demand.integer("n", n)
    size = demand.integer("size", size, least=8)
    rng = np.random.default_rng(demand.integer("seed", seed, least=0))
    labels = rng.integers(len(KINDS), size=n)  # (n,)
    ends = _templates()[labels]  # (n, strokes, 2, 2)
    ends = ends + 0.1 * rng.standard_normal(ends.shape)
    ends = np.einsum("nij,nsej->nsei", _maps(rng, n), ends)
    ends = ends + rng.uniform(-1, 1, (n, 1, 1, 2)) * 2 / size
    stray = _stray(rng, n)  # (n, 1, 2, 2)
    ends = np.concatenate([ends, stray], axis=1)
    width = rng.uniform(0.5, 1.0, (n, 1, 1)) * 2 / size
    shade = rng.uniform(0.5, 1.0, (n, 1, 1))
    images = shade * _ink(ends, width, size)  # (n, size, size)
    images += 0.1 * rng.standard_normal(images.shape)
    return images[..., None].astype(np.float32), labels


def _templates():
    """The ends of all strokes, (10, 4, 2, 2); short letters repeat one."""
    rows: list[list[tuple[float, ...]]] = []
    for kind in KINDS:
        strokes = _STROKES[kind]
        rows.append(strokes + strokes[-1:] * (_MOST - len(strokes)))
    return np.array(rows, dtype=float).reshape(len(KINDS), _MOST, 2, 2)


def _maps(rng, n):
    """How each letter is turned, stretched and sheared, (n, 2, 2)."""
    angle = rng.uniform(-0.35, 0.35, n)
    turn = np.stack(
        [np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1
    ).reshape(n, 2, 2)
    stretch = rng.uniform(0.45, 0.8, (n, 2))
    shear = np.zeros((n, 2, 2))
    shear[:, 0, 0], shear[:, 1, 1] = stretch[:, 0], stretch[:, 1]
    shear[:, 0, 1] = rng.uniform(-0.25, 0.25, n)
    return turn @ shear


def _stray(rng, n):
    """One short stroke anywhere, (n, 1, 2, 2)."""
    start = rng.uniform(-0.9, 0.9, (n, 1, 2))
    along = rng.uniform(-0.5, 0.5, (n, 1, 2))
    return np.stack([start, start + along], axis=2)


def _ink(ends, width, size, block=512):
    """How dark each pixel is: its distance to the nearest stroke."""
    middle = (np.arange(size) + 0.5) * 2 / size - 1
    x, y = np.meshgrid(middle, middle)  # (size, size) each
    pixels = np.stack([x, y], axis=-1)[:, :, None]  # (size, size, 1, 2)
    parts = []
    for at in range(0, len(ends), block):  # a part at a time: less memory
        one = ends[at : at + block, None, None]  # (b, 1, 1, strokes, 2, 2)
        start, along = one[..., 0, :], one[..., 1, :] - one[..., 0, :]
        t = ((pixels - start) * along).sum(-1) / (along**2).sum(-1)
        nearest = start + t.clip(0, 1)[..., None] * along
        away = np.sqrt(((pixels - nearest) ** 2).sum(-1)).min(-1)
        soft = (width[at : at + block] - away) * size / 2 + 0.5
        parts.append(soft.clip(0, 1))  # (b, size, size)
    return np.concatenate(parts)
