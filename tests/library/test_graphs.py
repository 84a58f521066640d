"""Graphs as matrices and one-hot rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfattn import masks
from selfattn.graphs import (
    adjacency,
    atoms_one_hot,
    degree,
    read_citations,
)

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


CONTENT = """\
p7\t0\t1\t1\tTheory
p3\t1\t0\t0\tRule_Learning

p9\t1\t1\t0\tTheory
"""
CITES = "p3\tp7\np9\tp3\nunknown\tp9\n"


def cora(folder, content=CONTENT, cites=CITES, name="cora"):
    (folder / f"{name}.content").write_text(content, encoding="utf-8")
    (folder / f"{name}.cites").write_text(cites, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["cora", "citeseer"])
def test_papers_are_read_with_words_topics_and_citations(tmp_path, name):
    papers = read_citations(cora(tmp_path, name=name), name)
    assert papers.names == ["p7", "p3", "p9"]
    assert papers.vectors.tolist() == [[0, 1, 1], [1, 0, 0], [1, 1, 0]]
    assert papers.vectors.dtype == np.float32
    assert papers.topics == ["Rule_Learning", "Theory"]
    assert papers.labels.tolist() == [1, 0, 1]
    # In the file the cited paper comes first; an edge goes from who cites.
    assert papers.edges.tolist() == [[0, 1], [1, 2]]
    assert papers.left_out == 1
    assert masks.edge_list(papers.edges, 3).shape == (7, 2)


def test_a_graph_of_papers_may_have_no_citations(tmp_path):
    assert read_citations(cora(tmp_path, cites="")).edges.shape == (0, 2)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"content": ""}, "at least one paper"),
        ({"content": CONTENT + "p8 1 Theory"}, "got 1 in line 5"),
        ({"content": CONTENT + "p8 1 2 0 Theory"}, "got '2' in line 5"),
        ({"content": CONTENT + "p8"}, "at least 3 fields"),
        ({"content": CONTENT + "p7 1 0 1 Theory"}, "got 'p7' again"),
        ({"cites": "p3 p7 p9"}, "got 3 fields in line 1"),
    ],
)
def test_damaged_papers_are_explained(tmp_path, parts, words):
    folder = cora(tmp_path, **parts)
    with pytest.raises(ValueError, match=words):
        read_citations(folder)


def test_missing_papers_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"cora\.content"):
        read_citations(tmp_path)
