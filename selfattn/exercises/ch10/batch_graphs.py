"""Exercise 10.batch_graphs."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def batch_graphs(sizes, edge_lists):
    """Several graphs as one, without an edge between them.

    sizes : a list of whole numbers, how many nodes each graph has.
    edge_lists : as many integer arrays (E_g, 2); graph g counts its nodes
        from 0 to sizes[g] - 1, and may have no edge.
    The nodes of the large graph are those of graph 0, then those of graph 1,
    and so on. Returns its edges (E, 2), in the same order, and an array (n,)
    that says for each node to which graph it belongs.
    """
    starts = np.cumsum([0, *sizes[:-1]])  # (G,)
    moved = [e + at for e, at in zip(edge_lists, starts, strict=True)]
    owner = np.repeat(np.arange(len(sizes)), sizes)  # (n,)
    return np.concatenate(moved), owner


HINTS = (
    "Two graphs of 3 and 2 nodes make one of 5. Which number has node 0 of "
    "the second graph there?",
    "The nodes of graph g begin after all nodes of the graphs before it: a "
    "running sum of the sizes, which starts at 0.",
    "Add each graph's start to all of its edges, then join the lists. "
    "`np.repeat` writes each graph's number as often as it has nodes.",
)


def cases(rng):
    water = np.array([[0, 1], [0, 2]])  # (2, 2)
    pair = np.array([[0, 1], [1, 0]])  # (2, 2)
    none = np.zeros((0, 2), dtype=int)
    made = [
        Case("water and a pair", ([3, 2], [water, pair])),
        Case("one graph", ([3], [water])),
        Case("a graph without edges", ([2, 1, 3], [pair, none, water])),
        Case("two lonely nodes", ([1, 1], [none, none])),
    ]
    for sizes in ([5, 7, 2, 3], [11, 3, 5]):
        lists = [
            rng.integers(n, size=(int(rng.integers(1, 2 * n)), 2))
            for n in sizes
        ]
        made.append(Case(f"sizes {sizes}", (sizes, lists)))
    return made


MISTAKES = {
    "not_moved": (
        "All graphs still count their nodes from 0, so their edges share the "
        "same nodes. Each graph's numbers begin after those before it."
    ),
    "moved_by_edges": (
        "You moved the numbers by how many edges came before. The nodes that "
        "came before count."
    ),
    "moved_by_last": (
        "You moved each graph by the size of the one before it alone. All "
        "graphs before it count."
    ),
    "moved_too_far": (
        "You moved each graph by its own size too. The first graph keeps its "
        "numbers."
    ),
    "moved_by_seen": (
        "You took the largest number in an edge list for the size of its "
        "graph. A graph may end in nodes without an edge; `sizes` says how "
        "many there are."
    ),
    "moved_by_largest": (
        "You gave every graph as much room as the largest needs. There is no "
        "padding here: each graph follows directly on the one before it."
    ),
    "one_apart": (
        "You left out a number between two graphs. The next graph's node 0 "
        "follows directly on the last node before it."
    ),
    "edge_owner": (
        "Your second result has one number per edge. It should have one per "
        "node."
    ),
    "owner_from_one": (
        "Your graphs are counted from 1. They count from 0, as the nodes do."
    ),
}


def variant(wrong):
    def answer(sizes, edge_lists):
        sizes = np.array(sizes)
        many = np.array([len(e) for e in edge_lists])
        before = many if "moved_by_edges" in wrong else sizes
        starts = np.cumsum(before) - before
        if "moved_by_last" in wrong:
            starts = np.r_[0, before[:-1]]
        if "moved_too_far" in wrong:
            starts = starts + before
        if "one_apart" in wrong:
            starts = starts + np.arange(len(sizes))
        if "moved_by_seen" in wrong:
            seen = [e.max() + 1 if len(e) else 0 for e in edge_lists]
            starts = np.cumsum(seen) - seen
        if "moved_by_largest" in wrong:
            starts = np.arange(len(sizes)) * sizes.max()
        if "not_moved" in wrong:
            starts = 0 * starts
        moved = [e + at for e, at in zip(edge_lists, starts, strict=True)]
        counted = many if "edge_owner" in wrong else sizes
        owner = np.repeat(np.arange(len(sizes)), counted)
        return np.concatenate(moved), owner + ("owner_from_one" in wrong)

    return answer


EXERCISE = exercise(
    batch_graphs,
    title="A batch of molecules is one graph",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
