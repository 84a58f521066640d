"""Exercise 10.edge_list."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def edge_list(edges, n_nodes):
    """Who may attend to whom: the pairs (query, key) of a graph.

    edges : a list of pairs (i, j) of node numbers from 0 to n_nodes - 1, or
        an empty list. Each lets i attend to j and j attend to i. An edge may
        be listed twice, in either order, or join a node to itself.
    n_nodes : the number of nodes. Every node may also attend to itself.
    Returns an integer array (E, 2): each allowed pair once, sorted by query
    and then by key.
    """
    edges = np.array(edges, dtype=int).reshape(-1, 2)  # (n_edges, 2)
    own = np.stack([np.arange(n_nodes)] * 2, axis=1)  # (n_nodes, 2)
    pairs = np.concatenate([edges, edges[:, ::-1], own])
    return np.unique(pairs, axis=0)  # (E, 2)


HINTS = (
    "Write down the pairs of the graph 0–1, 1–2 by hand. Three nodes and two "
    "edges give seven pairs.",
    "Three lists make the answer: the edges as they are, the edges turned "
    "round, and each node with itself.",
    "`np.unique` with axis=0 sorts rows and keeps each once. An empty list "
    "needs a reshape to (0, 2) before it can be joined.",
)


def cases(rng):
    made = [
        Case("the chain 0–1–2", ([(0, 1), (1, 2)], 3)),
        Case("one node, no edges", ([], 1)),
        Case("3 nodes, no edges", ([], 3)),
        Case("an edge twice, in both orders", ([(2, 0), (0, 2), (2, 0)], 3)),
        Case("an edge from a node to itself", ([(1, 1), (3, 1)], 5)),
    ]
    for n_nodes, n_edges in ((7, 5), (11, 29)):
        edges = rng.integers(n_nodes, size=(n_edges, 2)).tolist()
        edges = [tuple(edge) for edge in edges]
        name = f"{n_nodes} nodes, {n_edges} edges"
        made.append(Case(name, (edges, n_nodes)))
    return made


MISTAKES = {
    "one_direction": (
        "Each edge lets only its first node attend to its second. An edge of "
        "this graph works both ways."
    ),
    "no_self": (
        "No node may attend to itself here, except where the list says so. "
        "Every node has its own vector to keep, so add it as a pair."
    ),
    "self_for_lonely": (
        "Only nodes without an edge may attend to themselves. Every node may."
    ),
    "repeats_kept": (
        "Some pairs occur more than once. A softmax would count such a key "
        "twice, so keep each pair once."
    ),
    "not_sorted": (
        "The pairs are the right ones, in another order. Sort them by query, "
        "and the pairs of one query by key."
    ),
    "sorted_by_key": (
        "You sorted by the second column. The query, in the first column, "
        "comes first."
    ),
    "from_one": (
        "Your node numbers begin at 1. They count from 0, as the list does."
    ),
    "transposed": (
        "Your answer has two rows, one of queries and one of keys. Here each "
        "pair is a row of its own."
    ),
    "upper_half": (
        "Each edge stands once, with its smaller number first. Both nodes "
        "are queries, so each edge between two nodes gives two pairs."
    ),
}


def variant(wrong):
    def answer(edges, n_nodes):
        edges = np.array(edges, dtype=int).reshape(-1, 2)
        if "one_direction" in wrong:
            pairs = edges
        elif "upper_half" in wrong:
            pairs = np.sort(edges, axis=1)
        else:
            pairs = np.concatenate([edges, edges[:, ::-1]])
        own = np.arange(n_nodes)
        if "self_for_lonely" in wrong:
            own = np.setdiff1d(own, edges)
        if "no_self" in wrong:
            own = own[:0]
        pairs = np.concatenate([pairs, np.stack([own, own], axis=1)])
        if "repeats_kept" in wrong:
            pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        elif "not_sorted" in wrong:
            _, first = np.unique(pairs, axis=0, return_index=True)
            pairs = pairs[np.sort(first)]
        else:
            pairs = np.unique(pairs, axis=0)
        if "sorted_by_key" in wrong:
            pairs = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
        if "from_one" in wrong:
            pairs = pairs + 1
        return pairs.T if "transposed" in wrong else pairs

    return answer


EXERCISE = exercise(
    edge_list,
    title="The pairs of a graph",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
