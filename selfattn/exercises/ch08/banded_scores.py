"""Exercise 08.banded_scores."""

import math

import numpy as np

from selfattn.exercises.model import Case, exercise


def banded_scores(q, k, radius):
    """The scores of near pairs alone, each query's in a row of its own.

    q, k : float arrays (L, d_k), one query and one key per frame.
    radius : a frame sees at most this many frames to either side; it may be
        larger than L.
    Returns an array (L, 2 * radius + 1): column c of row i is the dot
    product of query i with key i + c - radius, divided by the root of d_k,
    and -inf where there is no such key. No L x L matrix is made.
    """
    n = len(q)
    band = np.full((n, 2 * radius + 1), -np.inf, q.dtype)
    for c in range(2 * radius + 1):
        step = c - radius
        first, last = max(0, -step), min(n, n - step)
        if first < last:
            dots = (q[first:last] * k[first + step : last + step]).sum(axis=1)
            band[first:last, c] = dots / np.sqrt(q.shape[1])
    return band


HINTS = (
    "Write the table for L = 3 and radius 1: row 0 holds −∞, q0·k0, q0·k1. "
    "The middle column is each frame with itself.",
    "Start from an array of −∞. Two loops, over i and c, with a test whether "
    "key i + c − radius exists, are a good answer.",
    "With one loop, over columns: column c needs q shifted against k by "
    "c − radius frames. Two slices of equal length, multiplied and summed "
    "along the width, fill it.",
)


def cases(rng):
    def case(name, n, d_k, radius, dtype=np.float64):
        q, k = rng.standard_normal((2, n, d_k)).astype(dtype)
        return Case(name, (q, k, radius))

    eye = np.eye(3)
    return [
        Case("3 frames, radius 1", (eye, eye + np.diag([2.0, 0], 1)[:3], 1)),
        case("5 frames, radius 2", 5, 3, 2),
        case("radius 0", 5, 2, 0),
        case("one frame, radius 2", 1, 3, 2),
        case("a radius larger than the recording", 3, 5, 7),
        case("a radius of one less than the length", 5, 7, 4),
        case("13 frames, radius 3, d_k = 7", 13, 7, 3),
        case("float32", 11, 5, 2, np.float32),
    ]


MISTAKES = {
    "zeros_outside": (
        "Where there is no key you have 0. Its exponential is 1, so a missing "
        "key would get weight; −∞ gets none."
    ),
    "wraps_around": (
        "At the ends your band goes on at the other end of the recording. "
        "Negative places, and np.roll, wrap round in Python."
    ),
    "columns_reversed": (
        "Your columns run from the future to the past. Column 0 is the key "
        "`radius` places before the query."
    ),
    "by_key": (
        "Your rows belong to keys: row j holds the queries near key j. Row i "
        "shall hold the keys near query i."
    ),
    "left_aligned": (
        "Near the start your rows are pushed to the left. Column `radius` is "
        "always the frame itself, so the missing keys stay as gaps."
    ),
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k."
    ),
    "divided_by_d_k": (
        "You divided by d_k. Its root is asked for."
    ),
    "softmax_too": (
        "These are weights already: each row sums to 1. The scores are asked "
        "for."
    ),
    "columns_missing": (
        "Where the radius is larger than the recording you have fewer "
        "columns. There are always 2 · radius + 1; those without a key hold "
        "−∞."
    ),
}  # fmt: skip


def variant(wrong):
    def answer(q, k, radius):
        n, d_k = q.shape
        if "columns_missing" in wrong:
            radius = min(radius, n - 1)
        scale = 1.0 if "no_scale" in wrong else 1 / math.sqrt(d_k)
        if "divided_by_d_k" in wrong:
            scale = 1 / d_k
        if "by_key" in wrong:
            q, k = k, q
        outside = 0.0 if "zeros_outside" in wrong else -np.inf
        band = np.full((n, 2 * radius + 1), outside, q.dtype)
        for i in range(n):
            left = max(0, i - radius) if "left_aligned" in wrong else None
            for c in range(2 * radius + 1):
                step = c - radius
                j = i - step if "columns_reversed" in wrong else i + step
                if left is not None:
                    j = left + c
                    if j > i + radius:
                        continue
                if "wraps_around" in wrong:
                    j %= n
                if 0 <= j < n:
                    band[i, c] = scale * (q[i] @ k[j])
        if "softmax_too" in wrong:
            band = np.exp(band - band.max(axis=1, keepdims=True))
            band /= band.sum(axis=1, keepdims=True)
        return band

    return answer


EXERCISE = exercise(
    banded_scores,
    title="The band of scores, without the square",
    difficulty=2,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
