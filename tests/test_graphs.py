"""Graphs as matrices and one-hot rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfattn import masks
from selfattn.graphs import adjacency, atoms_one_hot, degree

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)))


@given(PAIRS)
def test_an_adjacency_is_symmetric_and_forgets_order_and_repeats(edges):
    matrix = adjacency(edges, 7)
    assert (matrix == matrix.T).all()
    again = adjacency([(j, i) for i, j in edges + edges], 7)
    assert (matrix == again).all()


@given(PAIRS)
def test_an_adjacency_is_the_mask_from_edges_without_self_loops(edges):
    for directed in (False, True):
        mask = masks.from_edges(edges, 7, self_loops=False, directed=directed)
        assert (adjacency(edges, 7, directed=directed) == mask).all()


@given(PAIRS)
def test_the_degree_counts_different_neighbours(edges):
    expected = [
        len({j for e in edges for i, j in (e, e[::-1]) if i == node})
        for node in range(7)
    ]
    assert degree(adjacency(edges, 7)).tolist() == expected


def test_a_directed_edge_goes_one_way():
    matrix = adjacency([(0, 2)], 3, directed=True)
    assert np.argwhere(matrix).tolist() == [[0, 2]]
    assert degree(matrix).tolist() == [1, 0, 0]


def test_a_self_loop_sets_the_diagonal_and_counts_once():
    matrix = adjacency([(1, 1)], 3)
    assert np.argwhere(matrix).tolist() == [[1, 1]]
    assert degree(matrix).tolist() == [0, 1, 0]


def test_a_graph_may_have_no_edges():
    assert adjacency([], 5).shape == (5, 5)
    assert not adjacency([], 5).any()


@given(st.lists(st.sampled_from("HCNO"), min_size=1))
def test_every_atom_has_a_single_one_at_its_element(atoms):
    rows = atoms_one_hot(atoms)
    assert rows.shape == (len(atoms), 4)
    assert (rows.sum(axis=1) == 1).all()
    assert ["HCNO"[i] for i in rows.argmax(axis=1)] == atoms


def test_other_elements_can_be_named():
    rows = atoms_one_hot(["Cl", "C"], elements=["C", "Cl", "Br"])
    assert rows.tolist() == [[0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: adjacency([(0, 3)], 3), ValueError, "nodes 0 to 2"),
        (lambda: adjacency([(-1, 0)], 3), ValueError, "nodes 0 to 2"),
        (lambda: adjacency([(0, 1, 2)], 3), ValueError, "pairs"),
        (lambda: adjacency([(0.5, 1)], 3), TypeError, "whole numbers"),
        (lambda: adjacency([(0, 1)], 0), ValueError, "at least 1"),
        (lambda: adjacency([(0, 1)], 2.0), TypeError, "whole number"),
        (lambda: adjacency(3, [(0, 1)]), TypeError, "whole number"),
        (lambda: degree(np.eye(3)), TypeError, "booleans"),
        (lambda: degree([[True]]), TypeError, "booleans"),
        (lambda: degree(np.ones((2, 3), bool)), ValueError, "square"),
        (lambda: atoms_one_hot("H2O"), TypeError, "list of symbols"),
        (lambda: atoms_one_hot([]), ValueError, "at least one symbol"),
        (lambda: atoms_one_hot(["Xe"]), ValueError, "one of H, C, N, O"),
        (lambda: atoms_one_hot([1]), TypeError, "strings"),
        (lambda: atoms_one_hot(["H"], "HCNO"), TypeError, "list of symbols"),
        (lambda: atoms_one_hot(["H"], ["H", "H"]), ValueError, "different"),
    ],
)
def test_bad_input_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()
