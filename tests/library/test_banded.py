"""The band of a window's weights equals the window's mask on all of them."""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import ones, refused
from hypothesis import given
from hypothesis import strategies as st

from selfattn import banded, masks, reference

LENGTHS, RADII = st.integers(1, 23), st.integers(0, 30)


def drawn(seed, *shapes, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(s).astype(dtype) for s in shapes]


@given(LENGTHS, RADII)
def test_the_band_is_what_a_window_leaves(n, radius):
    q, k, v = drawn(n, (2, 3, n, 5), (2, 1, n, 5), (3, n, 7))
    full = reference.attention(q, k, v, mask=masks.window(n, radius))
    out, band = banded.banded(q, k, v, radius)
    assert band.shape == (2, 3, n, 2 * radius + 1)
    np.testing.assert_allclose(out, full[0], atol=1e-12)
    np.testing.assert_allclose(banded.to_full(band), full[1], atol=1e-12)
    np.testing.assert_array_equal(
        banded.from_full(banded.to_full(band), radius), band
    )


@given(LENGTHS, RADII)
def test_pairs_are_those_of_the_mask(n, radius):
    assert banded.pairs(n, radius) == masks.window(n, radius).sum()


def test_a_minute_of_speech_is_counted_exactly():
    assert banded.pairs(6000, 5999) == 6000**2 == 36_000_000
    assert banded.pairs(6000, 50) == 603_450


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_padding_is_left_out_as_with_the_full_mask(dtype):
    q, k, v = drawn(3, (2, 11, 5), (2, 11, 5), (2, 11, 7), dtype=dtype)
    padded = masks.padding([11, 9])  # (2, 1, 11)
    both = padded & masks.window(11, 3)
    want = reference.attention(q, k, v, mask=both, scale=0.7)
    out, band = banded.banded(q, k, v, 3, mask=padded, scale=0.7)
    assert out.dtype == band.dtype == dtype
    np.testing.assert_allclose(out, want[0], atol=1e-5)
    np.testing.assert_allclose(banded.to_full(band), want[1], atol=1e-5)


def test_one_mask_serves_the_whole_batch():
    q, k, v = drawn(4, (3, 7, 2), (3, 7, 2), (3, 7, 5))
    keys = np.array([[True, False] * 3 + [True]])
    want = reference.attention(q, k, v, mask=keys & masks.window(7, 1))
    out, _ = banded.banded(q, k, v, 1, mask=keys)
    np.testing.assert_allclose(out, want[0], atol=1e-12)


def test_large_scores_do_not_overflow_and_inputs_stay_as_they_are():
    q, k, v = (1e3 * x for x in drawn(5, (13, 3), (13, 3), (13, 2)))
    kept = q.copy(), k.copy(), v.copy()
    out, band = banded.banded(q, k, v, 2, scale=10.0)
    want = reference.attention(q, k, v, mask=masks.window(13, 2), scale=10.0)
    np.testing.assert_allclose(out, want[0])
    for now, before in zip((q, k, v), kept, strict=True):
        np.testing.assert_array_equal(now, before)
    assert banded.banded(q, k, v, 2, return_weights=False)[1] is None
    np.testing.assert_allclose(band.sum(axis=-1), 1)


def test_the_reference_has_it_by_name():
    assert reference.banded is banded.banded


X, WIDE = ones(5, 3), ones(7, 3)
KEYS = ones(1, 5, dtype=bool)
REFUSED = {
    "more keys than queries": (
        lambda: banded.banded(X, WIDE, WIDE, 1),
        ValueError,
        ["5 queries and 7 keys", "as many queries as keys"],
    ),
    "a radius below 0": (
        lambda: banded.banded(X, X, X, -1),
        ValueError,
        ["got -1", "radius must be at least 0"],
    ),
    "a radius that is no whole number": (
        lambda: banded.banded(X, X, X, 2.0),
        TypeError,
        ["float 2.0", "radius must be a whole number"],
    ),
    "a mask with a row for each query": (
        lambda: banded.banded(X, X, X, 1, mask=masks.window(5, 1)),
        ValueError,
        ["(5, 5)", "over the keys", "masks.padding(lengths)"],
    ),
    "a mask for another length": (
        lambda: banded.banded(X, X, X, 1, mask=ones(1, 4, dtype=bool)),
        ValueError,
        ["(1, 4)", "mask must fit"],
    ),
    "a mask of numbers": (
        lambda: banded.banded(X, X, X, 1, mask=ones(1, 5)),
        TypeError,
        ["float64", "mask must be boolean"],
    ),
    "no key within reach": (
        lambda: banded.banded(X, X, X, 1, mask=KEYS & (np.arange(5) < 2)),
        ValueError,
        ["query (3,)", "at least one key"],
    ),
    "a value of NaN": (
        lambda: banded.banded(X, X, X * np.nan, 1),
        ValueError,
        ["nan at (0, 0)", "v must be finite"],
    ),
    "scores too large": (
        lambda: banded.banded(X * 1e200, X * 1e200, X, 1),
        ValueError,
        ["too large", "scores must fit into float64"],
    ),
    "fewer values than keys": (
        lambda: banded.banded(X, X, ones(4, 3), 1),
        ValueError,
        ["(4, 3)", "one value per key"],
    ),
    "return_weights is no flag": (
        lambda: banded.banded(X, X, X, 1, return_weights="no"),
        TypeError,
        ["'no'", "must be True or False"],
    ),
    "a scale of 0": (
        lambda: banded.banded(X, X, X, 1, scale=0.0),
        ValueError,
        ["got 0.0", "scale must be positive"],
    ),
    "a band of even width": (
        lambda: banded.to_full(ones(5, 4)),
        ValueError,
        ["(5, 4)", "odd number of columns"],
    ),
    "the band of weights that are not square": (
        lambda: banded.from_full(ones(5, 7), 1),
        ValueError,
        ["5 queries and 7 keys", "as many queries as keys"],
    ),
    "pairs of nothing": (
        lambda: banded.pairs(0, 3),
        ValueError,
        ["got 0", "n must be at least 1"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_it_refuses(call, error, words):
    refused(call, error, words)
