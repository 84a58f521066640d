"""Several heads, and the torch layers, refuse wrong input.

Each line names the fault, the call, the error's type, and words of which the
first say what was given. No call here may return a number.
"""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import (
    B,
    L,
    ones,
    refused,
)

from selfattn import masks, positions, reference

X, EYE = ones(B, L, 6), np.eye(6)
FOUR = (EYE,) * 4
HEADS = {
    "heads that do not divide the width": (
        (X, *FOUR, 4, {}),
        ValueError,
        ["4 heads for 6", "n_heads must divide", "8"],
    ),
    "no heads": ((X, *FOUR, 0, {}), ValueError, ["got 0", "at least 1"]),
    "half a head": ((X, *FOUR, 1.5, {}), TypeError, ["float 1.5", "an int"]),
    "input of another width": (
        (ones(L, 5), *FOUR, 2, {}),
        ValueError,
        ["(6, 6)", "(5, 5)", "x @ w_q"],
    ),
    "w_k transposed": (
        (X, ones(6, 4), ones(4, 6), ones(6, 4), ones(4, 6), 2, {}),
        ValueError,
        ["(4, 6)", "transpose it"],
    ),
    "queries wider than keys": (
        (X, ones(6, 4), ones(6, 2), EYE, EYE, 2, {}),
        ValueError,
        ["w_q (6, 4) and w_k (6, 2)", "same width"],
    ),
    "output matrix of other rows": (
        (X, EYE, EYE, ones(6, 4), EYE, 2, {}),
        ValueError,
        ["w_o (6, 6) and w_v (6, 4)", "4 rows"],
    ),
    "a batch of matrices": (
        (X, EYE[None], EYE, EYE, EYE, 2, {}),
        ValueError,
        ["(1, 6, 6)", "matrix"],
    ),
    "a mask over keys alone": (
        (X, *FOUR, 2, {"mask": ones(L, dtype=bool)}),
        ValueError,
        ["(5,)", "masks.padding(lengths)"],
    ),
    "a table of items as mask": (
        (X, *FOUR, 2, {"mask": ones(B, L, dtype=bool)}),
        ValueError,
        ["(2, 5)", "masks.padding(lengths)"],
    ),
    "a mask for other items": (
        (X, *FOUR, 2, {"mask": ones(3, 1, L, dtype=bool)}),
        ValueError,
        ["(3, 1, 1, 5)", "batch axes"],
    ),
    "a mask of too many axes": (
        (X, *FOUR, 2, {"mask": ones(1, B, 2, L, L, dtype=bool)}),
        ValueError,
        ["(1, 2, 2, 5, 5)", "axes"],
    ),
    "a bias for other heads": (
        (X, *FOUR, 2, {"bias": ones(3, L, L)}),
        ValueError,
        ["(1, 3, 5, 5)", "batch axes"],
    ),
    "a mask of numbers": (
        (X, *FOUR, 2, {"mask": ones(L, L)}),
        TypeError,
        ["float64", "boolean"],
    ),
    "a mask as a list": (
        (X, *FOUR, 2, {"mask": [[True] * L] * L}),
        TypeError,
        ["list", "selfattn.masks"],
    ),
}


@pytest.mark.parametrize(
    ("given", "error", "words"), HEADS.values(), ids=HEADS
)
def test_multi_head_refuses(given, error, words):
    *args, options = given
    refused(lambda: reference.multi_head(*args, **options), error, words)


@pytest.mark.parametrize(
    ("given", "error", "words"), HEADS.values(), ids=HEADS
)
def test_the_twin_of_multi_head_refuses(given, error, words):
    torch = pytest.importorskip("torch")
    from selfattn import attention as twin

    *arrays, n_heads, options = given
    tensors = [torch.from_numpy(a) for a in arrays]
    refused(
        lambda: twin.multi_head(*tensors, n_heads, **options), error, words
    )


def layer_faults():
    """id: (call, error, words), for the torch layers."""
    import torch

    from selfattn import attention as twin
    from selfattn.layers import (
        EncoderLayer,
        LearnedPositions,
        MultiHeadAttention,
        SelfAttention,
    )

    x = torch.ones(B, L, 6)
    layer = MultiHeadAttention(6, 2)
    return {
        "width": (
            lambda: layer(torch.ones(L, 5)),
            ValueError,
            ["(5, 5)", "d_model = 6"],
        ),
        "dtype": (
            lambda: layer(x.double()),
            TypeError,
            ["torch.float64", "torch.float32"],
        ),
        "array": (
            lambda: layer(np.ones((L, 6))),
            TypeError,
            ["float64 array (5, 6)", "torch.as_tensor"],
        ),
        "integers": (
            lambda: SelfAttention(6)(x.long()),
            TypeError,
            ["torch.int64", "x.float()"],
        ),
        "vector": (
            lambda: EncoderLayer(6, 2)(torch.ones(6)),
            ValueError,
            ["(6,)", "x[None, :]"],
        ),
        "empty": (
            lambda: layer(torch.ones(B, 0, 6)),
            ValueError,
            ["(2, 0, 6)", "at least one vector"],
        ),
        "heads": (
            lambda: MultiHeadAttention(6, 4),
            ValueError,
            ["4 heads for 6", "must divide d_model"],
        ),
        "odd rotary heads": (
            lambda: MultiHeadAttention(6, 2, rotary=True),
            ValueError,
            ["got 3", "must be even"],
        ),
        "rotary as text": (
            lambda: MultiHeadAttention(6, 2, rotary="no"),
            TypeError,
            ["'no'", "True or False"],
        ),
        "a mask as causal": (
            lambda: layer(x, causal=masks.causal(L)),
            TypeError,
            ["bool array (5, 5)", "True or False"],
        ),
        "mask of numbers beside causal": (
            lambda: layer(x, causal=True, mask=torch.ones(L, L)),
            TypeError,
            ["torch.float32", "boolean"],
        ),
        "mask of a larger batch beside causal": (
            lambda: layer(x, causal=True, mask=np.ones((3, 1, L), dtype=bool)),
            ValueError,
            ["(3, 1, 1, 5)", "batch axes"],
        ),
        "widths": (
            lambda: SelfAttention(6, d_k=0),
            ValueError,
            ["got 0", "d_k must be at least 1"],
        ),
        "length": (
            lambda: LearnedPositions(3, 6)(x),
            ValueError,
            ["max_len = 3: got 5", "cut the input"],
        ),
        "table": (
            lambda: LearnedPositions(0, 6),
            ValueError,
            ["got 0", "max_len must be at least 1"],
        ),
        "softmax of a list": (
            lambda: twin.softmax([1.0]),
            TypeError,
            ["list [1.0]", "torch.as_tensor"],
        ),
        "rotary positions": (
            lambda: twin.rotary(x, torch.arange(3)),
            ValueError,
            ["(3,)", "(5,)"],
        ),
        "bias beside the wrong heads": (
            lambda: layer(x, bias=positions.linear_bias(3, L)),
            ValueError,
            ["(1, 3, 5, 5)", "batch axes"],
        ),
        "a tensor in the reference": (
            lambda: reference.attention(x, x, x),
            TypeError,
            ["torch.float32 Tensor (2, 5, 6)", "selfattn.attention"],
        ),
        "two devices": (
            lambda: twin.attention(x, x, x.to("meta")),
            ValueError,
            ["v on meta", "one device"],
        ),
    }


def test_the_layers_refuse():
    pytest.importorskip("torch")
    for name, (call, error, words) in layer_faults().items():
        try:
            refused(call, error, words)
        except (AssertionError, pytest.fail.Exception) as problem:
            raise AssertionError(f"{name}: {problem}") from problem
