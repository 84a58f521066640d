"""Exercise 10.edge_attention."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.unchecked import softmax


def edge_attention(q, k, v, pairs):
    """Scaled dot-product attention along the edges of a graph.

    q : float array (L, d_k). k : (S, d_k). v : (S, d_v).
    pairs : integer array (E, 2), in each row a query and a key that it may
        attend to, in any order. Every query has at least one.
    Returns out (L, d_v) and weights (E,), in the order of pairs. The scores
    are divided by the root of d_k.
    """
    i, j = pairs.T  # (E,) each
    scores = (q[i] * k[j]).sum(axis=1) / np.sqrt(q.shape[1])  # (E,)
    top = np.full(len(q), -np.inf)  # (L,), each query's largest score
    np.maximum.at(top, i, scores)
    e = np.exp(scores - top[i])  # (E,)
    total = np.zeros(len(q))  # (L,)
    np.add.at(total, i, e)
    weights = e / total[i]  # (E,)
    out = np.zeros((len(q), v.shape[1]))  # (L, d_v)
    np.add.at(out, i, weights[:, None] * v[j])
    return out, weights


HINTS = (
    "`i, j = pairs.T` gives the query and the key of each pair. What are "
    "`q[i]` and `k[j]`?",
    "One score per pair: multiply q[i] and k[j] entry by entry and add along "
    "the width. Then a softmax over the pairs of each query.",
    "The message of a pair is its weight times v[j]. Add the messages at "
    "their queries with `np.add.at(out, i, messages)`.",
)


def cases(rng):
    eye = np.eye(2)
    made = [
        Case(
            "2 nodes; node 0 sees both, node 1 sees node 0",
            (
                eye,
                eye,
                np.array([[3.0], [5]]),
                np.array([[0, 0], [0, 1], [1, 0]]),
            ),
        )
    ]
    for n_queries, n_keys, d_k, d_v, by in (
        (3, 3, 2, 5, 1),
        (5, 7, 3, 2, 1),
        (7, 5, 11, 3, 1),
        (3, 11, 2, 2, 3000),
    ):
        q = by * rng.standard_normal((n_queries, d_k))  # (L, d_k)
        k = rng.standard_normal((n_keys, d_k))  # (S, d_k)
        v = rng.standard_normal((n_keys, d_v))  # (S, d_v)
        mask = rng.random((n_queries, n_keys)) < 0.5
        mask[:, :2] = True  # (L, S)
        pairs = rng.permutation(np.argwhere(mask))  # (E, 2)
        name = f"{n_queries} queries, {n_keys} keys, {len(pairs)} pairs"
        if by > 1:
            name += ", large scores"
        made.append(Case(name, (q, k, v, pairs)))
    return made


MISTAKES = {
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k before the softmax."
    ),
    "divided_by_d_k": (
        "You divided by d_k. Its root is asked for: it is the standard "
        "deviation of a score."
    ),
    "over_all": (
        "All pairs share one softmax. Each query shares out its attention "
        "among its own pairs."
    ),
    "over_keys": (
        "Your weights sum to 1 over the pairs of each key. They should do so "
        "over the pairs of each query, the first column."
    ),
    "unstable": (
        "exp overflows for large scores. Subtract each query's largest score "
        "before it."
    ),
    "last_message": (
        "Only one message arrives at each node. `out[i] += …` keeps the last "
        "one where a node comes twice; `np.add.at` adds all."
    ),
    "averaged": (
        "You averaged the weighted messages. The weights of a query already "
        "sum to 1, so the messages are added."
    ),
    "not_weighted": (
        "The messages come unweighted. Multiply each value by the weight of "
        "its pair."
    ),
    "everybody": (
        "Every query attends to every key; the pairs only choose which "
        "weights you return. A pair that is not listed must have no weight."
    ),
    "mask_after_softmax": (
        "The softmax runs over all keys, and then the pairs that are not "
        "listed are set to 0. What is left no longer sums to 1."
    ),
    "score_zero": (
        "Pairs that are not listed have the score 0. e⁰ is 1, so they still "
        "get weight; they must have no score at all."
    ),
    "keys_mixed": (
        "You mixed the keys. The weights come from the keys; what is mixed "
        "are the values."
    ),
}


def variant(wrong):
    def answer(q, k, v, pairs):
        i, j = pairs.T
        root = np.sqrt(q.shape[1])
        scale = 1.0 if "no_scale" in wrong else 1 / root
        if "divided_by_d_k" in wrong:
            scale = 1 / root**2
        mixed = k if "keys_mixed" in wrong else v
        if "everybody" in wrong:
            weights = softmax(q @ k.T * scale)
            return weights @ mixed, weights[i, j]
        if wrong & {"mask_after_softmax", "score_zero"}:
            mask = np.zeros((len(q), len(k)), dtype=bool)
            mask[i, j] = True
            scores = q @ k.T * scale
            if "score_zero" in wrong:
                weights = softmax(scores * mask)
            else:
                weights = softmax(scores) * mask
            return weights @ mixed, weights[i, j]
        scores = (q[i] * k[j]).sum(axis=1) * scale
        segment = j if "over_keys" in wrong else i
        if "over_all" in wrong:
            segment = 0 * i
        top = np.full(segment.max() + 1, -np.inf)
        np.maximum.at(top, segment, scores)
        if "unstable" in wrong:
            top = 0 * top
        with np.errstate(all="ignore"):
            e = np.exp(scores - top[segment])
            weights = e / np.bincount(segment, e)[segment]
        share = np.ones(len(i)) if "not_weighted" in wrong else weights
        if "averaged" in wrong:
            share = share / np.bincount(i)[i]
        out = np.zeros((len(q), mixed.shape[1]))
        with np.errstate(all="ignore"):
            messages = share[:, None] * mixed[j]
        if "last_message" in wrong:
            out[i] += messages
        else:
            np.add.at(out, i, messages)
        return out, weights

    return answer


EXERCISE = exercise(
    edge_attention,
    title="Attention along edges",
    difficulty=3,
    minutes=18,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
