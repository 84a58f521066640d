"""Positions as numbers: waves, rotations, a price on distance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfattn import masks, positions
from selfattn.reference import attention, dot_scores

# A busy machine is no failure.
slowly = settings(deadline=None)
L, S, D = 5, 7, 6


@pytest.fixture
def rng():
    return np.random.default_rng(11)


@pytest.mark.parametrize("base", [10000.0, 50])
def test_sinusoids_are_the_papers_formula(base):
    table = positions.sinusoidal(L, D, base)
    assert table.shape == (L, D) and table.dtype == np.float64
    for pos in range(L):
        for i in range(D // 2):
            angle = pos / base ** (2 * i / D)
            assert table[pos, 2 * i] == pytest.approx(math.sin(angle))
            assert table[pos, 2 * i + 1] == pytest.approx(math.cos(angle))


def test_their_dot_product_depends_on_the_distance_alone():
    table = positions.sinusoidal(31, 10)
    products = table @ table.T
    for distance in range(31):
        diagonal = np.diagonal(products, distance)
        np.testing.assert_allclose(diagonal, diagonal[0], rtol=1e-12)
    np.testing.assert_allclose(np.diagonal(products), 5, rtol=1e-12)


def test_rotary_turns_neighbouring_pairs_by_position_times_frequency(rng):
    x = rng.normal(size=(2, L, D))
    turned = positions.rotary(x)
    for pos in range(L):
        for i in range(D // 2):
            angle = pos / 10000 ** (2 * i / D)
            c, s = math.cos(angle), math.sin(angle)
            want = x[:, pos, 2 * i : 2 * i + 2] @ np.array([[c, s], [-s, c]])
            np.testing.assert_allclose(
                turned[:, pos, 2 * i : 2 * i + 2], want, rtol=1e-12
            )


@slowly
@given(st.integers(-50, 50))
def test_rotated_scores_depend_on_the_distance_alone(shift):
    rng = np.random.default_rng(3)
    q, k = rng.normal(size=(L, D)), rng.normal(size=(S, D))
    at_q, at_k = np.arange(L), np.arange(S)
    here = dot_scores(positions.rotary(q, at_q), positions.rotary(k, at_k))
    there = dot_scores(
        positions.rotary(q, at_q + shift), positions.rotary(k, at_k + shift)
    )
    np.testing.assert_allclose(there, here, atol=1e-12)


def test_rotary_keeps_lengths_dtype_and_the_callers_array(rng):
    x = rng.normal(size=(L, D)).astype(np.float32)
    before = x.copy()
    turned = positions.rotary(x)
    assert turned.dtype == np.float32
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(
        np.linalg.norm(turned, axis=-1),
        np.linalg.norm(x, axis=-1),
        rtol=1e-6,
    )
    np.testing.assert_array_equal(turned[0], x[0])


def test_the_published_slopes():
    # Press et al. 2022, section 3: 8 heads, 1/2, 1/4 ... 1/256; 16 heads
    # start at 1/sqrt(2); twelve are the eight and every other of sixteen.
    eight = [2.0**-h for h in range(1, 9)]
    sixteen = [2.0 ** (-h / 2) for h in range(1, 17)]
    np.testing.assert_allclose(positions.slopes(8), eight)
    np.testing.assert_allclose(positions.slopes(16), sixteen)
    np.testing.assert_allclose(positions.slopes(12), eight + sixteen[0:8:2])
    assert positions.slopes(1).tolist() == [2.0**-8]


@pytest.mark.parametrize("n_keys", [None, S])
def test_the_bias_is_minus_slope_times_distance(n_keys):
    bias = positions.linear_bias(3, L, n_keys)
    keys = n_keys or L
    assert bias.shape == (3, L, keys)
    for h, slope in enumerate(positions.slopes(3)):
        for i in range(L):
            for j in range(keys):
                distance = abs(i + keys - L - j)
                assert bias[h, i, j] == -slope * distance


def test_linear_bias_is_causal_with_the_causal_mask_only(rng):
    v = rng.normal(size=(2, L, 3))
    same = np.ones((2, L, D))
    bias = positions.linear_bias(2, L)
    _, weights = attention(same, same, v, bias=bias, mask=masks.causal(L))
    assert (weights[:, ~masks.causal(L)] == 0).all()
    past = weights[0, -1]
    assert (np.diff(past) > 0).all()  # nearer keys weigh more
    ratios = past[1:] / past[:-1]
    np.testing.assert_allclose(ratios, math.exp(2.0**-4))
    _, both_ways = attention(same, same, v, bias=bias)
    np.testing.assert_allclose(both_ways[0, 2], both_ways[0, 2][::-1])
