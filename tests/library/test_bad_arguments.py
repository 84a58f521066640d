"""The NumPy modules refuse arguments that fit nothing.

Each line names the fault, the call, the error's type, and words of which the
first say what was given. No call here may return a number.
"""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import (
    H,
    L,
    Q,
    ones,
    refused,
)

from selfattn import masks, positions, reference

REFUSED = {
    "no head to merge": (
        lambda: reference.merge_heads(ones(2, 0, L, 6)),
        ValueError,
        ["(2, 0, 5, 6)", "at least one head"],
    ),
    "heads without vectors": (
        lambda: reference.merge_heads(ones(H, 0, 6)),
        ValueError,
        ["(3, 0, 6)", "at least one vector"],
    ),
    "heads of width 0": (
        lambda: reference.merge_heads(ones(H, L, 0)),
        ValueError,
        ["(3, 5, 0)", "width at least 1"],
    ),
    "more heads than can be counted": (
        lambda: reference.split_heads(ones(L, 6), 10**400),
        ValueError,
        ["int of about 400 digits", "n_heads must be at most"],
    ),
    "heads of a single vector": (
        lambda: reference.split_heads(ones(6), 2),
        ValueError,
        ["(6,)", "x[None, :]"],
    ),
    "merging without an axis of heads": (
        lambda: reference.merge_heads(ones(2, 6)),
        ValueError,
        ["(2, 6)", "axis for the heads"],
    ),
    "positions: odd width": (
        lambda: positions.sinusoidal(5, 7),
        ValueError,
        ["got 7", "d_model must be even", "use 8"],
    ),
    "positions: width zero": (
        lambda: positions.sinusoidal(5, 0),
        ValueError,
        ["got 0", "at least 1"],
    ),
    "positions: none": (
        lambda: positions.sinusoidal(0, 4),
        ValueError,
        ["got 0", "n_positions must be at least 1"],
    ),
    "positions: a fraction": (
        lambda: positions.sinusoidal(2.5, 4),
        TypeError,
        ["float 2.5", "whole number"],
    ),
    "positions: base zero": (
        lambda: positions.sinusoidal(5, 4, base=0),
        ValueError,
        ["got 0", "base must be positive"],
    ),
    "rotary: odd width": (
        lambda: positions.rotary(ones(L, 7)),
        ValueError,
        ["got 7", "even"],
    ),
    "rotary: too few positions": (
        lambda: positions.rotary(ones(L, 6), np.arange(3)),
        ValueError,
        ["(3,)", "(5,)"],
    ),
    "rotary: positions in a list": (
        lambda: positions.rotary(ones(L, 6), [0, 1, 2, 3, 4]),
        TypeError,
        ["list", "np.array"],
    ),
    "rotary: position NaN": (
        lambda: positions.rotary(ones(2, 6), np.array([0.0, np.nan])),
        ValueError,
        ["nan at (1,)", "positions must be finite"],
    ),
    "rotary: integers": (
        lambda: positions.rotary(ones(L, 6, dtype=int)),
        TypeError,
        ["int64", "x.astype(float)"],
    ),
    "linear bias: no heads": (
        lambda: positions.linear_bias(0, 5),
        ValueError,
        ["got 0", "n_heads must be at least 1"],
    ),
    "linear bias: more queries than keys": (
        lambda: positions.linear_bias(2, 5, 3),
        ValueError,
        ["5 queries and 3 keys", "as many keys as queries"],
    ),
    "causal: more queries than keys": (
        lambda: masks.causal(5, 3),
        ValueError,
        ["5 queries and 3 keys", "as many keys as queries"],
    ),
    "causal: a fraction": (
        lambda: masks.causal(5.0),
        TypeError,
        ["float 5.0", "pass an int"],
    ),
    "causal: an array": (
        lambda: masks.causal(Q),
        TypeError,
        ["(5, 11)", "pass an int"],
    ),
    "window: negative radius": (
        lambda: masks.window(5, -1),
        ValueError,
        ["got -1", "radius must be at least 0"],
    ),
    "window: radius of half a step": (
        lambda: masks.window(5, 0.5),
        TypeError,
        ["float 0.5", "whole number"],
    ),
    "padding: an empty item": (
        lambda: masks.padding([3, 0, 2]),
        ValueError,
        ["got 0 for item 1", "leave empty items out"],
    ),
    "padding: longer than its size": (
        lambda: masks.padding([3, 9], size=7),
        ValueError,
        ["length of 9 and size 7", "pad to 9"],
    ),
    "padding: no items": (
        lambda: masks.padding([]),
        ValueError,
        ["list []", "one length per item"],
    ),
    "padding: one number": (
        lambda: masks.padding(3),
        ValueError,
        ["int 3", "one length per item"],
    ),
    "padding: fractions": (
        lambda: masks.padding([3.0, 2.0]),
        TypeError,
        ["list [3.0, 2.0]", "pass ints"],
    ),
    "padding: a mask instead of lengths": (
        lambda: masks.padding(ones(4, dtype=bool)),
        TypeError,
        ["bool array (4,)", "pass ints"],
    ),
    "padding: the texts themselves": (
        lambda: masks.padding([["I", "saw"], ["a"]]),
        TypeError,
        ["list [['I'", "pass ints"],
    ),
    "edges: node past the last": (
        lambda: masks.from_edges([(0, 5)], 5),
        ValueError,
        ["node 5", "0 to 4", "count from 0"],
    ),
    "edges: node before the first": (
        lambda: masks.from_edges([(-1, 2)], 5),
        ValueError,
        ["node -1", "0 to 4"],
    ),
    "edges: triples": (
        lambda: masks.from_edges([(0, 1, 2)], 5),
        ValueError,
        ["(1, 3)", "pairs"],
    ),
    "edges: two rows instead of two columns": (
        lambda: masks.from_edges(np.array([[0, 1, 2], [1, 2, 3]]), 5),
        ValueError,
        ["(2, 3)", "transpose"],
    ),
    "edges: fractions": (
        lambda: masks.from_edges([(0.0, 1.5)], 5),
        TypeError,
        ["list [(0.0, 1.5)]", "pass ints"],
    ),
    "edges: names": (
        lambda: masks.from_edges([("C", "O")], 5),
        TypeError,
        ["list [('C', 'O')]", "pass ints"],
    ),
    "edges: no nodes": (
        lambda: masks.from_edges([], 0),
        ValueError,
        ["got 0", "n_nodes must be at least 1"],
    ),
    "edges: directed as text": (
        lambda: masks.from_edges([], 3, directed="no"),
        TypeError,
        ["'no'", "True or False"],
    ),
    "torch's polarity of numbers": (
        lambda: masks.to_torch_mha(ones(3, 3)),
        TypeError,
        ["float64", "boolean"],
    ),
    "torch's polarity of a list": (
        lambda: masks.to_torch_mha([[True]]),
        TypeError,
        ["list [[True]]", "selfattn.masks"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_the_numpy_modules_refuse(call, error, words):
    refused(call, error, words)
