"""Exercise 10.neighbour_mean."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def neighbour_mean(x, pairs):
    """Attention with equal scores: the mean over each node's keys.

    x : float array (n, d), one row per node.
    pairs : integer array (E, 2), in each row a node and one that it looks at.
        Whether a node looks at itself is for the pairs to say.
    Returns an array (n, d): for each node the mean of the rows that it looks
    at, and zeros for a node that looks at none.
    """
    out = np.zeros(x.shape)  # (n, d)
    np.add.at(out, pairs[:, 0], x[pairs[:, 1]])
    degree = np.bincount(pairs[:, 0], minlength=len(x))  # (n,)
    return out / np.maximum(degree, 1)[:, None]  # (n, d)


HINTS = (
    "With equal scores, softmax gives each of m keys the weight 1/m. How "
    "many keys has each node?",
    "`np.bincount` of the first column counts the pairs of each node; give "
    "it minlength, so that nodes without a pair are counted too.",
    "Add the rows up at their nodes with `np.add.at`, then divide each row "
    "by its count, or by 1 where the count is 0.",
)


def cases(rng):
    x = np.array([[2.0, 0], [4, 1], [9, 5]])  # (3, 2)
    made = [
        Case("a chain of 3", (x, np.array([[0, 1], [1, 0], [1, 2], [2, 1]]))),
        Case("one node that sees itself", (x[:1], np.array([[0, 0]]))),
        Case("node 1 looks at none", (x, np.array([[0, 1], [0, 2], [2, 2]]))),
        Case("no pairs", (x, np.zeros((0, 2), dtype=int))),
    ]
    for n, d in ((7, 3), (5, 11)):
        mask = rng.random((n, n)) < 0.5
        mask[:3, :3] = [[0, 1, 1], [0, 1, 1], [0, 0, 0]]  # one-way edges too
        pairs = rng.permutation(np.argwhere(mask))  # (E, 2)
        y = rng.standard_normal((n, d))  # (n, d)
        made.append(Case(f"{n} nodes, d = {d}, one-way pairs", (y, pairs)))
    return made


MISTAKES = {
    "summed": (
        "You added the rows and did not divide. Equal weights that sum to 1 "
        "give a mean."
    ),
    "divided_by_n": (
        "You divided by the number of all nodes. Each node divides by how "
        "many it looks at."
    ),
    "divided_by_others": (
        "Each row is divided by how often *it* is looked at. The node that "
        "looks decides: its own weights sum to 1."
    ),
    "both_roots": (
        "You divided by the root of both nodes' counts. Some graph networks "
        "do that (GCN), but such weights do not sum to 1."
    ),
    "turned_round": (
        "You read the pairs backwards. The first column says who looks, the "
        "second says at whom."
    ),
    "self_added": (
        "Each node also counts itself. Here it does so only where the pairs "
        "say it."
    ),
    "self_added_once": (
        "Each node that does not look at itself counts itself too. Here it "
        "does so only where the pairs say it."
    ),
    "own_for_none": (
        "A node that looks at none keeps its own row. It should get zeros."
    ),
    "one_too_many": (
        "You divided by the count plus 1. Each node divides by how many it "
        "looks at."
    ),
    "last_message": (
        "Only one row arrives at each node. `out[i] += …` keeps the last one "
        "where a node comes twice; `np.add.at` adds all."
    ),
    "nan_for_none": (
        "A node that looks at none gets NaN, from 0 divided by 0. It should "
        "get zeros."
    ),
}


def variant(wrong):
    def answer(x, pairs):
        i, j = pairs.T
        if "turned_round" in wrong:
            i, j = j, i
        if "self_added" in wrong:
            every = np.arange(len(x))
            i, j = np.r_[i, every], np.r_[j, every]
        if "self_added_once" in wrong:
            every = np.setdiff1d(np.arange(len(x)), i[i == j])
            i, j = np.r_[i, every], np.r_[j, every]
        out, n = np.zeros(x.shape), len(x)
        mine = np.bincount(i, minlength=n)
        theirs = np.bincount(j, minlength=n)
        share = np.ones(len(i))
        if "divided_by_others" in wrong:
            share = 1 / theirs[j]
        if "both_roots" in wrong:
            share = 1 / np.sqrt(mine[i] * np.maximum(mine[j], 1))
        messages = share[:, None] * x[j]
        if "last_message" in wrong:
            out[i] += messages
        else:
            np.add.at(out, i, messages)
        if wrong & {"summed", "divided_by_others", "both_roots"}:
            return out
        if "divided_by_n" in wrong:
            return out / n
        if "one_too_many" in wrong:
            mine = mine + 1
        if "own_for_none" in wrong:
            out = np.where(mine[:, None] > 0, out, x)
        if "nan_for_none" not in wrong:
            mine = np.maximum(mine, 1)
        with np.errstate(all="ignore"):
            return out / mine[:, None]

    return answer


EXERCISE = exercise(
    neighbour_mean,
    title="Equal scores: the mean over neighbours",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
