"""Faults of masks and biases, which both twins of attention must refuse.

Rows for `test_bad_input.py`: (q, k, v, options), the error's type, words.
"""

from __future__ import annotations

import numpy as np
from bad_input import D_K, D_V, B, H, K, L, Q, S, V, ones

MASKS = {
    "mask of 0 and 1": (
        (Q, K, V, {"mask": ones(L, S, dtype=int)}),
        TypeError,
        ["int64", "boolean, True = may attend", "mask != 0"],
    ),
    "mask of 0 and -inf": (
        (Q, K, V, {"mask": np.zeros((L, S))}),
        TypeError,
        ["float64", "boolean, True = may attend", "bias="],
    ),
    "mask as a list": (
        (Q, K, V, {"mask": [[True] * S] * L}),
        TypeError,
        ["list", "selfattn.masks"],
    ),
    "mask as a truth value": (
        (Q, K, V, {"mask": True}),
        TypeError,
        ["True", "selfattn.masks"],
    ),
    "mask transposed": (
        (Q, K, V, {"mask": ones(S, L, dtype=bool)}),
        ValueError,
        ["(7, 5)", "(5 or 1, 7)"],
    ),
    "mask over the keys alone": (
        (Q, K, V, {"mask": ones(S, dtype=bool)}),
        ValueError,
        ["(7,)", "mask[None, :]"],
    ),
    "mask over the queries alone": (
        (Q, K, V, {"mask": ones(L, 1, dtype=bool)}),
        ValueError,
        ["(5, 1)", "(5 or 1, 7)"],
    ),
    "mask too short": (
        (Q, K, V, {"mask": ones(L, S - 1, dtype=bool)}),
        ValueError,
        ["(5, 6)", "(5 or 1, 7)"],
    ),
    "padding as a table of items": (
        (
            ones(B, L, D_K),
            ones(B, S, D_K),
            ones(B, S, D_V),
            {"mask": ones(B, S, dtype=bool)},
        ),
        ValueError,
        ["(2, 7)", "masks.padding(lengths)"],
    ),
    "padding taken for heads": (
        # As many items as heads: broadcasting would mask by head.
        (
            ones(H, H, L, D_K),
            ones(H, H, S, D_K),
            ones(H, H, S, D_V),
            {"mask": ones(H, 1, S, dtype=bool)},
        ),
        ValueError,
        ["(3, 1, 7)", "(3, 3, 5, 7)", "mask[:, None]"],
    ),
    "mask of a larger batch": (
        (Q[None], K[None], V[None], {"mask": ones(B, L, S, dtype=bool)}),
        ValueError,
        ["(2, 5, 7)", "(1, 5, 7)", "equal to the scores' or 1"],
    ),
    "mask with a batch for one set": (
        (Q, K, V, {"mask": ones(B, 1, S, dtype=bool)}),
        ValueError,
        ["(2, 1, 7)", "(5, 7)"],
    ),
    "bias of whole numbers": (
        (Q, K, V, {"bias": np.zeros((L, S), int)}),
        TypeError,
        ["int64", "bias must"],
    ),
    "bias that is a mask": (
        (Q, K, V, {"bias": ones(L, S, dtype=bool)}),
        TypeError,
        ["bool", "bias must"],
    ),
    "bias transposed": (
        (Q, K, V, {"bias": ones(S, L)}),
        ValueError,
        ["(7, 5)", "(5 or 1, 7)"],
    ),
    "bias of heads for a batch": (
        (
            ones(H, H, L, D_K),
            ones(H, H, S, D_K),
            ones(H, H, S, D_V),
            {"bias": ones(H, L, S)},
        ),
        ValueError,
        ["(3, 5, 7)", "insert the missing axes"],
    ),
}
