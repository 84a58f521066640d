"""Linear attention: three forms, one result; a state that can go on."""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import ones, refused
from hypothesis import given
from hypothesis import strategies as st

from selfattn import linear, masks, reference
from selfattn.linear import elu_features, linear_attention

FORMS = ("parallel", "recurrent", "chunked")


def drawn(seed, *shapes, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(s).astype(dtype) for s in shapes]


def by_definition(q, k, v, allowed, features=elu_features):
    """Katharopoulos et al., equation 4, pair by pair."""
    out = np.zeros((len(q), v.shape[1]))
    weights = np.zeros((len(q), len(k)))
    for i in range(len(q)):
        for j in range(len(k)):
            if allowed[i, j]:
                weights[i, j] = features(q[i]) @ features(k[j])
        weights[i] /= weights[i].sum()
        for j in range(len(k)):
            out[i] += weights[i, j] * v[j]
    return out, weights


@given(st.integers(1, 23), st.integers(1, 30))
def test_the_three_forms_are_one(n, chunk):
    q, k, v = drawn(n, (2, 3, n, 5), (2, 1, n, 5), (3, n, 7))
    out, weights = linear_attention(q, k, v)
    want = by_definition(q[1, 2], k[1, 0], v[2], masks.causal(n))
    np.testing.assert_allclose(out[1, 2], want[0], atol=1e-12)
    np.testing.assert_allclose(weights[1, 2], want[1], atol=1e-12)
    states = []
    for form in ("recurrent", "chunked"):
        again, state = linear_attention(q, k, v, form=form, chunk=chunk)
        np.testing.assert_allclose(again, out, rtol=0, atol=1e-12)
        states.append(state)
    for one, other in zip(*states, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_without_order_every_query_sees_all_keys(form):
    q, k, v = drawn(3, (5, 3), (11, 3), (11, 2))
    out, _ = linear_attention(q, k, v, causal=False, form=form, chunk=4)
    want, _ = by_definition(q, k, v, np.ones((5, 11), bool))
    np.testing.assert_allclose(out, want, atol=1e-12)


@pytest.mark.parametrize("form", ["recurrent", "chunked"])
@pytest.mark.parametrize("cut", [1, 4, 12])
def test_a_sequence_may_come_in_parts(form, cut):
    q, k, v = drawn(cut, (2, 13, 5), (2, 13, 5), (13, 3))
    whole, end = linear_attention(q, k, v, form=form, chunk=3)
    _, state = linear_attention(
        *(x[..., :cut, :] for x in (q, k, v)), form=form, chunk=3
    )
    kept = [x.copy() for x in state]
    rest, last = linear_attention(
        *(x[..., cut:, :] for x in (q, k, v)), form=form, chunk=3, state=state
    )
    np.testing.assert_allclose(rest, whole[..., cut:, :], atol=1e-12)
    for one, other in zip(last, end, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)
    for now, before in zip(state, kept, strict=True):
        np.testing.assert_array_equal(now, before)


def test_other_features_may_have_another_width():
    q, k, v = drawn(7, (2, 9, 3), (2, 9, 3), (2, 9, 5))
    table = np.random.default_rng(1).standard_normal((3, 17))

    def features(x):
        return np.exp(x @ table / 4)

    out, weights = linear_attention(q, k, v, features=features)
    want = by_definition(q[0], k[0], v[0], masks.causal(9), features)
    np.testing.assert_allclose(out[0], want[0], atol=1e-12)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    for form in ("recurrent", "chunked"):
        again, (memory, total) = linear_attention(
            q, k, v, features=features, form=form, chunk=4
        )
        np.testing.assert_allclose(again, out, atol=1e-12)
        assert memory.shape == (2, 17, 5) and total.shape == (2, 17)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("form", FORMS)
def test_the_dtype_stays_and_so_does_the_input(form, dtype):
    arrays = drawn(9, (2, 7, 5), (2, 7, 5), (2, 7, 3), dtype=dtype)
    kept = [x.copy() for x in arrays]
    out, second = linear_attention(*arrays, form=form, chunk=3)
    assert out.dtype == dtype
    assert all(x.dtype == dtype for x in second)
    for now, before in zip(arrays, kept, strict=True):
        np.testing.assert_array_equal(now, before)


def test_no_query_looks_ahead():
    q, k, v = drawn(5, (11, 3), (11, 3), (11, 2))
    for form in FORMS:
        before, _ = linear_attention(q, k, v, form=form, chunk=4)
        changed = np.where(np.arange(11)[:, None] < 6, v, 1e6)
        after, _ = linear_attention(q, k, changed, form=form, chunk=4)
        np.testing.assert_array_equal(before[:6], after[:6])


def test_the_reference_has_it_by_name():
    assert reference.linear_attention is linear.linear_attention


X, WIDE = ones(5, 3), ones(7, 3)
LATER = {"form": "chunked"}
REFUSED = {
    "more keys than queries": (
        lambda: linear_attention(X, WIDE, WIDE),
        ValueError,
        ["5 queries and 7 keys", "as many queries as keys", "causal=False"],
    ),
    "an unknown form": (
        lambda: linear_attention(X, X, X, form="fast"),
        ValueError,
        ["'fast'", "'recurrent'"],
    ),
    "a chunk of nothing": (
        lambda: linear_attention(X, X, X, form="chunked", chunk=0),
        ValueError,
        ["got 0", "chunk must be at least 1"],
    ),
    "causal is no flag": (
        lambda: linear_attention(X, X, X, causal="yes"),
        TypeError,
        ["'yes'", "must be True or False"],
    ),
    "features by name": (
        lambda: linear_attention(X, X, X, features="elu"),
        TypeError,
        ["'elu'", "features must be a function"],
    ),
    "features below 0": (
        lambda: linear_attention(X, X, X, features=lambda x: x - 2),
        ValueError,
        ["got -1.0", "features must be at least 0"],
    ),
    "features of another length": (
        lambda: linear_attention(X, X, X, features=lambda x: x[:2]),
        ValueError,
        ["(2, 3)", "one row per vector"],
    ),
    "features of another dtype": (
        lambda: linear_attention(
            X, X, X, features=lambda x: x.astype(np.float32)
        ),
        TypeError,
        ["float32", "share one dtype"],
    ),
    "features that are all zero": (
        lambda: linear_attention(X, X, X, features=lambda x: 0 * x),
        ValueError,
        ["query (0,)", "product above 0"],
    ),
    "features that overflow": (
        lambda: linear_attention(X * 1e200, X * 1e200, X),
        ValueError,
        ["too large", "features' products must fit into float64"],
    ),
    "a state for the parallel form": (
        lambda: linear_attention(X, X, X, state=(ones(3, 3), ones(3))),
        ValueError,
        ["state=...", "parallel form has no state"],
    ),
    "half a state": (
        lambda: linear_attention(X, X, X, **LATER, state=ones(3, 3)),
        TypeError,
        ["float64 array (3, 3)", "state must be a pair"],
    ),
    "the state of another width": (
        lambda: linear_attention(
            X, X, X, **LATER, state=(ones(2, 3), ones(2))
        ),
        ValueError,
        ["(2, 3) and (2,)", "shapes (3, 3) and (3,)"],
    ),
    "a state with NaN": (
        lambda: linear_attention(
            X, X, X, **LATER, state=(ones(3, 3) * np.nan, ones(3))
        ),
        ValueError,
        ["nan at (0, 0)", "state[0] must be finite"],
    ),
    "a state of another dtype": (
        lambda: linear_attention(
            X, X, X, **LATER, state=(ones(3, 3), ones(3, dtype=np.float32))
        ),
        TypeError,
        ["state[1] float32", "share one dtype"],
    ),
    "a value of NaN": (
        lambda: linear_attention(X, X, X * np.nan),
        ValueError,
        ["nan at (0, 0)", "v must be finite"],
    ),
    "fewer values than keys": (
        lambda: linear_attention(X, X, ones(4, 3)),
        ValueError,
        ["(4, 3)", "one value per key"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_it_refuses(call, error, words):
    refused(call, error, words)
