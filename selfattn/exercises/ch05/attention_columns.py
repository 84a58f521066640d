"""Exercise 05.attention_columns."""

import numpy as np

from selfattn.exercises.ch05._weigh import weigh
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A


def attention_columns(inputs, w_q, w_k):
    """The lecture's A and A', with vectors as columns and no scale.

    inputs : float array (d_model, L), the lecture's I: columns are vectors.
    w_q, w_k : (d_k, d_model), as the lecture writes them.
    Returns A (L, L) and A' (L, L); the softmax is that of the lecture.
    """
    queries = w_q @ inputs  # (d_k, L)
    keys = w_k @ inputs  # (d_k, L)
    a = keys.T @ queries  # (L keys, L queries)
    e = np.exp(a - a.max(axis=0))
    return a, e / e.sum(axis=0)  # every column sums to 1


HINTS = (
    "Q = WqI and K = WkI come first. Which shapes have they?",
    "A = KᵀQ. Check with a¹ and a²: the score of q¹ with k² stands "
    "in row 2, column 1.",
    "One column of A belongs to one query, so maximum and sum are "
    "taken down the columns: axis 0.",
)


def cases(rng):
    def case(name, n, d_model, d_k, by=1.0, dtype=np.float64):
        shapes = ((d_model, n), (d_k, d_model), (d_k, d_model))
        args = [rng.standard_normal(s).astype(dtype) for s in shapes]
        args[0] *= by
        return Case(name, tuple(args))

    hand = tuple(np.array(a).T.copy() for a in (A, W_Q, W_K))
    return [
        Case("“I saw a saw”", hand),
        case("5 vectors, d_model = 3, d_k = 7", 5, 3, 7),
        case("7 vectors, d_model = 11, d_k = 2", 7, 11, 2),
        case("as many vectors as d_k", 5, 7, 5),
        case("large scores", 7, 5, 3, by=80.0),
        case("float32", 11, 5, 3, dtype=np.float32),
    ]


MISTAKES = {
    "q_t_k": (
        "Your A has one row per query. In the lecture's picture the keys "
        "stand upright as rows on the left, so A has one row per key and "
        "one column per query."
    ),
    "rows": (
        "These are A and A′ of the row convention: right for code, "
        "transposed for the lecture. Here a column belongs to a query."
    ),
    "other_axis": (
        "Your softmax runs along rows. A column of the lecture's A belongs "
        "to one query, and one query's weights must sum to 1."
    ),
    "k_q_t": (
        "The keys were not turned. What you have is (d_k, d_k): sums over "
        "words where sums over entries are meant."
    ),
    "keys_only": (
        "You multiplied keys with keys. One of the two factors must be the "
        "queries."
    ),
    "flattened": (
        "Your softmax ran over the whole matrix, so that all weights "
        "together sum to 1. Each query has 1 to share out."
    ),
    "scaled": (
        "You divided by √d_k. The code of this book does; the lecture does "
        "not, and its A is asked for."
    ),
    "scaled_softmax": (
        "Your A is the lecture's, but for A′ you divided it by √d_k. The "
        "lecture takes the softmax of A as it is."
    ),
    "unstable_exp": (
        "Large scores overflow: e¹⁰⁰⁰ is more than a float can hold. "
        "Subtract each column's largest score first, which changes nothing "
        "else."
    ),
    "relu": (
        "You used ReLU for A′. The lecture offers it as another choice; "
        "here the softmax is asked for."
    ),
}


def variant(wrong):
    def answer(inputs, w_q, w_k):
        queries, keys = w_q @ inputs, w_k @ inputs  # (d_k, L) each
        if "keys_only" in wrong:
            queries = keys
        if "q_t_k" in wrong:
            queries, keys = keys, queries
        if "k_q_t" in wrong:
            a = keys @ queries.T  # (d_k, d_k)
        else:
            a = keys.T @ queries  # (L, L)
        if "scaled" in wrong:
            a = a / np.sqrt(len(keys))
        weights = weigh(a, wrong, -2)
        if "scaled_softmax" in wrong:
            weights = weigh(a / np.sqrt(len(keys)), wrong, -2)
        if "rows" in wrong:
            return a.T, weights.T
        return a, weights

    return answer


EXERCISE = exercise(
    attention_columns,
    title="A and A′ as the lecture writes them",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
