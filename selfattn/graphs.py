"""A graph as a set of vectors: who is joined to whom, and what each is.

A node's vector says what it is; edges say which nodes are joined. For a mask
that attention can use, see `selfattn.masks.from_edges`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from selfattn import demand

ELEMENTS = ("H", "C", "N", "O")


def adjacency(
    edges: Sequence[tuple[int, int]], n_nodes: int, *, directed: bool = False
) -> np.ndarray:
    """Write the edges of a graph as a matrix.

    edges (E, 2) are pairs of node numbers from 0 to n_nodes - 1. Returns
    booleans (n_nodes, n_nodes): entry (i, j) is True where an edge joins i
    and j; with directed, where one goes from i to j. An edge that is listed
    twice counts once; an edge from a node to itself sets the diagonal, which
    is otherwise False. Raises a TypeError for edges that are not whole
    numbers, a ValueError for nodes that are not there.

    >>> adjacency([(0, 1), (0, 2)], 3).astype(int)
    array([[0, 1, 1],
           [1, 0, 0],
           [1, 0, 0]])
    """
    n_nodes = demand.integer("n_nodes", n_nodes)
    edges = demand.edges(edges, n_nodes)  # (E, 2)
    matrix = np.zeros((n_nodes, n_nodes), dtype=bool)  # (n, n)
    matrix[edges[:, 0], edges[:, 1]] = True
    return matrix if directed else matrix | matrix.T


def degree(matrix: np.ndarray) -> np.ndarray:
    """Count the edges that leave each node.

    matrix is an adjacency (n, n) of booleans. Returns whole numbers (n,); an
    edge from a node to itself counts once. Raises a TypeError for anything
    but booleans, a ValueError for a matrix that is not square.

    >>> degree(adjacency([(0, 1), (0, 2)], 3))
    array([2, 1, 1])
    """
    if not isinstance(matrix, np.ndarray) or matrix.dtype != bool:
        raise TypeError(
            "an adjacency must be an array of booleans: got "
            f"{demand.shown(matrix)}; make it with adjacency(edges, n_nodes)"
        )
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(
            f"an adjacency must be a square matrix: got {matrix.shape}; give "
            "it one row and one column per node"
        )
    return matrix.sum(axis=1)  # (n,)


def atoms_one_hot(
    atoms: Sequence[str], elements: Sequence[str] = ELEMENTS
) -> np.ndarray:
    """One row per atom, with a 1 at its element.

    atoms : n symbols, such as ["O", "H", "H"].
    elements : all symbols that can occur, each once.

    Returns floats (n, n_elements). Raises a TypeError for a formula in
    place of a list, a ValueError for an element that is not listed. Lecture
    slide "Vector set as input".

    >>> atoms_one_hot(["O", "H", "H"])
    array([[0., 0., 0., 1.],
           [1., 0., 0., 0.],
           [1., 0., 0., 0.]])
    """
    columns = {e: i for i, e in enumerate(_symbols("elements", elements))}
    if len(columns) < len(elements):
        raise ValueError(
            f"elements must be different: got {list(elements)}; list each "
            "symbol once"
        )
    atoms = _symbols("atoms", atoms)
    rows = np.zeros((len(atoms), len(columns)))  # (n, n_elements)
    for i, atom in enumerate(atoms):
        if atom not in columns:
            raise ValueError(
                f"every atom must be one of {', '.join(columns)}: got "
                f"{atom!r}; name it in elements="
            )
        rows[i, columns[atom]] = 1.0
    return rows


def _symbols(name: str, value: Sequence[str]) -> list[str]:
    if isinstance(value, str):
        raise TypeError(
            f"{name} must be a list of symbols: got {value!r}; write "
            '["O", "H", "H"] for water'
        )
    symbols = list(value)
    if not symbols:
        raise ValueError(
            f"{name} must have at least one symbol: got an empty list; leave "
            "empty molecules out"
        )
    for symbol in symbols:
        if not isinstance(symbol, str):
            raise TypeError(
                f"{name} must be strings: got {demand.shown(symbol)}; write "
                'symbols such as "C"'
            )
    return symbols
