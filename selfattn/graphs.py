"""A graph as a set of vectors: who is joined to whom, and what each is.

A node's vector says what it is; edges say which nodes are joined. For a mask
that attention can use, see `masks.from_edges` and `masks.edge_list`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from selfattn import counted, demand

ELEMENTS = ("H", "C", "N", "O")


class Citations(NamedTuple):
    """Papers, what is in them, and who cites whom.

    names : n identifiers, as in the file
    vectors : (n, d) float32 of 0 and 1, which words a paper has
    labels : (n,) whole numbers, places in `topics`
    topics : the topics' names in alphabetical order
    edges : (E, 2) whole numbers, (citing, cited), rows of `vectors`
    left_out : how many lines of the citations name an unknown paper
    """

    names: list[str]
    vectors: np.ndarray
    labels: np.ndarray
    topics: list[str]
    edges: np.ndarray
    left_out: int


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
    pairs = counted.edges(edges, n_nodes)  # (E, 2)
    matrix = np.zeros((n_nodes, n_nodes), dtype=bool)  # (n, n)
    matrix[pairs[:, 0], pairs[:, 1]] = True
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


def read_citations(folder: str | os.PathLike, name: str = "cora") -> Citations:
    """Read a graph of papers in the text format of Cora and CiteSeer.

    folder holds two files, with one item per line and fields separated by
    white space. NAME.content: paper, 0 or 1 for each word, topic. NAME.cites:
    cited paper, citing paper. A citation of a paper that has no content is
    left out and counted: CiteSeer has some. Raises a FileNotFoundError for a
    missing file; a ValueError, with the line, for a row of another width, an
    entry that is neither 0 nor 1, a paper that comes twice, or a citation
    that does not name two. Format: Sen et al. 2008, "Collective
    classification in network data".
    """
    folder = Path(folder)
    names, rows, topics = _papers(folder / f"{name}.content")
    places = {paper: i for i, paper in enumerate(names)}
    known = sorted(set(topics))
    edges, left_out = [], 0
    for number, fields in _lines(folder / f"{name}.cites"):
        if len(fields) != 2:
            raise ValueError(
                "a citation must be two papers, cited and citing: got "
                f"{len(fields)} fields in line {number} of {name}.cites; "
                "mend that line"
            )
        cited, citing = fields
        if cited in places and citing in places:
            edges.append((places[citing], places[cited]))
        else:
            left_out += 1
    return Citations(
        names,
        np.array(rows, dtype=np.float32),
        np.array([known.index(topic) for topic in topics]),
        known,
        np.array(edges, dtype=np.int64).reshape(-1, 2),
        left_out,
    )


def _papers(path: Path) -> tuple[list[str], list[np.ndarray], list[str]]:
    names: list[str] = []
    rows: list[np.ndarray] = []
    topics: list[str] = []
    seen = set()
    for number, (paper, *words, topic) in _lines(path, least=3):
        where = f"in line {number} of {path.name}"
        if rows and len(words) != len(rows[0]):
            raise ValueError(
                "every paper must have as many words as the first, "
                f"{len(rows[0])}: got {len(words)} {where}; mend that line"
            )
        if not set(words) <= {"0", "1"}:
            raise ValueError(
                "a word must be 0 or 1: got "
                f"{sorted(set(words) - {'0', '1'})[0]!r} {where}; write 1 "
                "where the paper has the word"
            )
        if paper in seen:
            raise ValueError(
                f"a paper must come once: got {paper!r} again {where}; "
                "remove one of the two"
            )
        seen.add(paper)
        names.append(paper)
        rows.append(np.array(words, dtype="U1") == "1")
        topics.append(topic)
    if not names:
        raise ValueError(
            f"{path.name} must describe at least one paper: got an empty "
            "file; fetch it again"
        )
    return names, rows, topics


def _lines(path: Path, least: int = 1):
    """Number and fields of each line that is not blank."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            fields = line.split()
            if not fields:
                continue
            if len(fields) < least:
                raise ValueError(
                    f"a line must have at least {least} fields: got "
                    f"{len(fields)} in line {number} of {path.name}; write "
                    "paper, words and topic"
                )
            yield number, fields
