"""Masks say who may attend to whom, True = may."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfattn import masks

# A busy machine is no failure.
slowly = settings(deadline=None)


@pytest.mark.parametrize("size", [None, 11])
def test_padding_lets_all_queries_see_the_first_keys_of_their_item(size):
    lengths = [3, 7, 1]
    mask = masks.padding(np.array(lengths), size)
    assert mask.shape == (3, 1, size or 7) and mask.dtype == bool
    for b, length in enumerate(lengths):
        for j in range(mask.shape[-1]):
            assert mask[b, 0, j] == (j < length)


@slowly
@given(st.integers(1, 9), st.integers(0, 9))
def test_causal_sees_itself_and_the_past_counted_from_the_end(n, more):
    mask = masks.causal(n, n + more)
    assert mask.shape == (n, n + more) and mask.dtype == bool
    for i in range(n):
        for j in range(n + more):
            assert mask[i, j] == (j <= i + more)


def test_the_newest_queries_see_what_they_saw_in_the_whole_sequence():
    whole = masks.causal(7)
    np.testing.assert_array_equal(masks.causal(3, 7), whole[-3:])
    np.testing.assert_array_equal(masks.causal(5), masks.causal(5, 5))


@slowly
@given(st.integers(1, 9), st.integers(0, 11))
def test_the_window_reaches_radius_to_either_side(n, radius):
    mask = masks.window(n, radius)
    for i in range(n):
        for j in range(n):
            assert mask[i, j] == (abs(i - j) <= radius)


@pytest.mark.parametrize("self_loops", [False, True])
@pytest.mark.parametrize("directed", [False, True])
def test_edges_are_who_sees_whom(self_loops, directed):
    edges = [(0, 2), (4, 1), (4, 2), (0, 2)]
    mask = masks.from_edges(edges, 5, self_loops=self_loops, directed=directed)
    for i in range(5):
        for j in range(5):
            want = (i, j) in edges
            want |= not directed and (j, i) in edges
            want |= self_loops and i == j
            assert mask[i, j] == want
    for same in (np.array(edges), {*edges}, [list(e) for e in edges]):
        again = masks.from_edges(
            same, 5, self_loops=self_loops, directed=directed
        )
        np.testing.assert_array_equal(again, mask)


def test_without_edges_every_node_sees_itself():
    for none in ([], np.zeros((0, 2), int), np.zeros((0, 2))):
        np.testing.assert_array_equal(masks.from_edges(none, 3), np.eye(3))


def test_masks_combine_with_and():
    both = masks.padding([2, 3]) & masks.causal(3)
    assert both.shape == (2, 3, 3)
    assert both[0].astype(int).tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 0]]


def test_torch_means_the_opposite():
    torch = pytest.importorskip("torch")
    mask = masks.window(5, 1)
    before = mask.copy()
    np.testing.assert_array_equal(masks.to_torch_mha(mask), ~before)
    np.testing.assert_array_equal(mask, before)
    theirs = masks.to_torch_mha(torch.from_numpy(mask))
    assert isinstance(theirs, torch.Tensor)
    np.testing.assert_array_equal(theirs.numpy(), ~before)
