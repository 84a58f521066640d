"""Exercise 10.segment_softmax."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def segment_softmax(scores, query, n_nodes):
    """Softmax over the pairs of each query, for all queries at once.

    scores : float array (E,), one score per pair; they may be as large as
        10,000 or as small as -10,000.
    query : integer array (E,), the query of each pair, from 0 to n_nodes - 1,
        in any order. A node may have no pair.
    n_nodes : the number of nodes.
    Returns an array (E,): the weights, which sum to 1 over each query's pairs.
    """
    top = np.full(n_nodes, -np.inf)  # (n_nodes,)
    np.maximum.at(top, query, scores)
    e = np.exp(scores - top[query])  # (E,)
    total = np.zeros(n_nodes)  # (n_nodes,)
    np.add.at(total, query, e)
    return e / total[query]  # (E,)


HINTS = (
    "Do it for one query first: pick its pairs with `query == i`, and take "
    "an ordinary softmax of their scores.",
    "For all at once you need one sum per query. `np.add.at` adds each entry "
    "at its own place, and counts a place that comes twice twice.",
    "Subtract each query's own largest score before the exponential; "
    "`np.maximum.at` finds it. Then bring the sums back to the pairs with "
    "`total[query]`.",
)


def cases(rng):
    made = [
        Case(
            "2 pairs of one query", (np.array([0.0, 1.0]), np.zeros(2, int), 1)
        ),
        Case(
            "queries in any order",
            (np.array([1.0, 0, 2, -1]), np.array([1, 0, 1, 0]), 2),
        ),
        Case(
            "a node without a pair",
            (np.array([0.5, 3, 1]), np.array([2, 0, 2]), 4),
        ),
        Case("no pairs at all", (np.zeros(0), np.zeros(0, int), 3)),
        Case(
            "large scores",
            (
                np.array([1e4, 9998.0, -1e4, -9999.0, 3.0]),
                np.array([0, 0, 1, 1, 2]),
                3,
            ),
        ),
    ]
    wide = np.array([4000.0, 7, -4000, 0.5, 1])  # (E,)
    query = np.array([0, 1, 0, 1, 1])  # (E,)
    made.append(Case("a wide spread, the lowest last", (wide, query, 2)))
    for n_nodes, n_edges in ((5, 13), (7, 41)):
        scores = 2 * rng.standard_normal(n_edges)  # (E,)
        query = rng.integers(n_nodes, size=n_edges)  # (E,)
        name = f"{n_nodes} nodes, {n_edges} pairs"
        made.append(Case(name, (scores, query, n_nodes)))
    return made


MISTAKES = {
    "over_all": (
        "All pairs share one softmax. Each query has its own weights, which "
        "sum to 1 over its own pairs."
    ),
    "unstable": (
        "exp overflows for large scores. Subtract each query's largest score "
        "before it."
    ),
    "global_max": (
        "You subtract one number from all scores. A query whose scores lie "
        "far below it then has nothing left but zeros; subtract each query's "
        "own largest score."
    ),
    "not_divided": (
        "The exponentials are not divided by their sum. The weights of a "
        "query must add up to 1."
    ),
    "equal_shares": (
        "Every pair of a query gets the same weight. The scores must decide."
    ),
    "runs": (
        "You treat neighbouring pairs with the same query as a group. The "
        "pairs of one query may stand anywhere in the list."
    ),
    "last_counts": (
        "Each sum holds only one of its terms. `total[query] += e` keeps the "
        "last one where a query comes twice; `np.add.at` adds all."
    ),
    "grouped": (
        "Your weights are in the order of the queries. They should be in the "
        "order of the pairs, as the scores are."
    ),
    "no_exp": (
        "You divide the scores themselves by their sum. Softmax raises e to "
        "each score first."
    ),
}


def variant(wrong):
    def answer(scores, query, n_nodes):
        if not len(scores):
            return np.zeros(0)
        if "over_all" in wrong:
            query = np.zeros_like(query)
        if "runs" in wrong:
            query = np.cumsum(np.r_[0, query[1:] != query[:-1]])
        n = max(n_nodes, query.max() + 1)
        top = np.full(n, -np.inf)
        np.maximum.at(top, query, scores)
        if "equal_shares" in wrong:
            scores = 0 * scores
            top = np.zeros(n)
        if "global_max" in wrong:
            top = np.full(n, scores.max())
        if "unstable" in wrong:
            top = np.zeros(n)
        with np.errstate(all="ignore"):
            e = np.exp(scores - top[query])
            if "no_exp" in wrong:
                e = scores
            if "not_divided" in wrong:
                return e
            total = np.zeros(n)
            if "last_counts" in wrong:
                total[query] += e
            else:
                np.add.at(total, query, e)
            weights = e / total[query]
        if "grouped" in wrong:
            return weights[np.argsort(query, kind="stable")]
        return weights

    return answer


EXERCISE = exercise(
    segment_softmax,
    title="A softmax for each node",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
