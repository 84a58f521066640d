"""Exercise 10.relabel."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def relabel(x, pairs, new):
    """The same graph with other node numbers.

    x : float array (n, d), one row per node.
    pairs : integer array (E, 2) of node numbers.
    new : integer array (n,): node i gets the number new[i]. Each number from
        0 to n - 1 occurs once.
    Returns the rows (n, d) and the pairs (E, 2) of the renumbered graph. The
    pairs keep their order, and so does each pair.
    """
    rows = np.empty_like(x)  # (n, d)
    rows[new] = x
    return rows, new[pairs]


HINTS = (
    "Take three nodes and new = [2, 0, 1]. Where must the row of node 0 "
    "stand afterwards, and what is the pair (0, 1) called now?",
    "`rows[new[i]] = x[i]` moves one row. An array as an index does it for "
    "all rows.",
    "`x[new]` does the opposite: it fetches row new[i] to place i. For the "
    "pairs, though, look each number up in `new`.",
)


def cases(rng):
    x = np.array([[1.0, 2], [3, 4], [5, 6]])  # (3, 2)
    pairs = np.array([[0, 1], [1, 0], [2, 2], [1, 2]])  # (4, 2)
    made = [
        Case("3 nodes in a circle", (x, pairs, np.array([2, 0, 1]))),
        Case("nothing renamed", (x, pairs, np.arange(3))),
        Case("no pairs", (x, pairs[:0], np.array([1, 2, 0]))),
        Case("one node", (x[:1], pairs[:0], np.array([0]))),
    ]
    for n, d, n_edges in ((5, 3, 7), (7, 2, 13)):
        turn = np.roll(np.arange(n), 2)  # no node keeps its number
        x = rng.standard_normal((n, d))  # (n, d)
        pairs = rng.integers(n, size=(n_edges, 2))  # (E, 2)
        made.append(Case(f"{n} nodes, {n_edges} pairs", (x, pairs, turn)))
    return made


MISTAKES = {
    "rows_fetched": (
        "Your rows went the other way. `x[new]` puts row new[i] at place i; "
        "row i should come to stand at place new[i]."
    ),
    "pairs_turned": (
        "Your pairs are renamed the other way: number new[i] became i. "
        "Number i should become new[i]."
    ),
    "rows_kept": (
        "The pairs have new numbers, but the rows stand where they stood. "
        "Each node's row must move with it."
    ),
    "pairs_kept": (
        "The rows moved, but the pairs still use the old numbers. They now "
        "join other nodes."
    ),
    "pairs_sorted": (
        "You sorted the pairs. They keep their order, so that the weights of "
        "both graphs can be compared one by one."
    ),
    "pairs_swapped": (
        "Query and key have changed places in your pairs. The first of a "
        "pair stays the first."
    ),
}


def variant(wrong):
    def answer(x, pairs, new):
        back = np.argsort(new)
        rows = x[new] if "rows_fetched" in wrong else x[back]
        if "rows_kept" in wrong:
            rows = x.copy()
        called = back if "pairs_turned" in wrong else new
        if "pairs_kept" in wrong:
            called = np.arange(len(new))
        out = called[pairs]
        if "pairs_sorted" in wrong:
            out = out[np.lexsort((out[:, 1], out[:, 0]))]
        if "pairs_swapped" in wrong:
            out = out[:, ::-1]
        return rows, out

    return answer


EXERCISE = exercise(
    relabel,
    title="New numbers for the nodes",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
