"""Normal numbers that Python and JavaScript draw alike."""

from __future__ import annotations

import math

import numpy as np

WORD = 0xFFFFFFFF  # whole numbers of 32 bits


def normals(seed: int, count: int) -> np.ndarray:
    """Normal numbers from a small generator that JavaScript has as well.

    Uniform numbers by mulberry32, a public-domain generator of 32 bits; two
    of them make a normal one (Box and Muller). Returns (count,).

    >>> normals(1, 2).round(4).tolist() == normals(1, 2).round(4).tolist()
    True
    """
    state = seed & WORD

    def uniform() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & WORD
        t = (state ^ state >> 15) * (state | 1) & WORD
        t ^= (t + ((t ^ t >> 7) * (t | 61) & WORD)) & WORD
        return (t ^ t >> 14) / 2**32

    out = np.empty(count)  # (count,)
    for i in range(count):
        radius = math.sqrt(-2 * math.log(1 - uniform()))
        out[i] = radius * math.cos(2 * math.pi * uniform())
    return out
