"""Exercise 13.low_rank."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def low_rank(q, k, v, e, f):
    """Linformer's attention: every query attends to r mixtures.

    q : (L, d_k). k : (S, d_k). v : (S, d_v). e, f : (r, S), how the keys
        and how the values are mixed. All floats.
    Returns out (L, d_v) and weights (L, r): scaled dot products with the
    mixed keys, softmax over the r mixtures, and the mixed values weighted
    by it.
    """
    scores = q @ (e @ k).T / np.sqrt(q.shape[1])  # (L, r)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # (L, r)
    weights = powers / powers.sum(axis=1, keepdims=True)  # (L, r)
    return weights @ (f @ v), weights


HINTS = (
    "e @ k is (r, d_k): each row is a sum of keys. After that it is the "
    "attention of chapter 05 with r keys.",
    "The values need their own mixing, f @ v, which is (r, d_v). One row for "
    "each mixed key.",
    "Scores q @ (e @ k).T / √d_k, softmax over the last axis, times f @ v.",
)


def cases(rng):
    def case(n_queries, n_keys, d_k, d_v, r, by=1.0):
        name = f"{n_queries} queries, {n_keys} keys, {r} mixtures"
        name += ", large scores" if by > 1 else ""
        q = by * rng.standard_normal((n_queries, d_k))
        k = rng.standard_normal((n_keys, d_k))
        v = rng.standard_normal((n_keys, d_v))
        return Case(name, (q, k, v, *rng.standard_normal((2, r, n_keys))))

    hand = [[[1.0, 2]], [[1.0, 0], [0, 1], [1, 1]], [[2.0], [4], [6]]]
    mixed = [[[1.0, 0, 0], [0, 1, 1]], [[0.5, 0.5, 0], [0, 0, 1]]]
    return [
        Case(
            "1 query, 3 keys, 2 mixtures",
            tuple(np.array(x) for x in hand + mixed),
        ),
        case(5, 7, 3, 2, 4),
        case(2, 11, 5, 3, 7),
        case(7, 3, 2, 5, 3),
        case(3, 5, 7, 11, 1),
        case(5, 13, 3, 2, 7, by=3000.0),
    ]


MISTAKES = {
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k before the softmax."
    ),
    "divided_by_d_k": (
        "You divided by d_k. Its root is asked for: it is the standard "
        "deviation of a score."
    ),
    "root_of_r": (
        "You divided by the root of r. The number of mixtures does not make "
        "a score larger; the width d_k does."
    ),
    "e_for_values": (
        "The values are mixed by e. They have a matrix of their own, f."
    ),
    "f_for_keys": "The keys are mixed by f. They have their own matrix, e.",
    "over_queries": (
        "Your weights sum to 1 over the queries. They should do so over the "
        "mixtures."
    ),
    "mixed_late": (
        "You made all L × S weights first and mixed those. Mix keys and "
        "values before the scores, or nothing is saved."
    ),
    "unstable": (
        "exp overflows for large scores. Subtract each row's largest score."
    ),
    "averaged": (
        "You divided by r as well. The weights of a query already sum to 1."
    ),
}


def variant(wrong):
    def answer(q, k, v, e, f):
        keys = f if "f_for_keys" in wrong else e
        values = e if "e_for_values" in wrong else f
        root = np.sqrt(q.shape[1])
        root = 1.0 if "no_scale" in wrong else root
        root = q.shape[1] if "divided_by_d_k" in wrong else root
        root = np.sqrt(len(e)) if "root_of_r" in wrong else root
        few = k if "mixed_late" in wrong else keys @ k
        scores = q @ few.T / root
        axis = 0 if "over_queries" in wrong else 1
        top = scores.max(axis=axis, keepdims=True)
        powers = np.exp(scores - (0 if "unstable" in wrong else top))
        weights = powers / powers.sum(axis=axis, keepdims=True)
        if "mixed_late" in wrong:
            weights = weights @ keys.T
        out = weights @ (values @ v)
        return (out / len(e) if "averaged" in wrong else out), weights

    return answer


EXERCISE = exercise(
    low_rank,
    title="Attend to a few mixtures",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
