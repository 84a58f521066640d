"""Exercise 05.attention_columns."""

import numpy as np

from selfattn.exercises.ch05._weigh import weigh
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A


def attention_columns(inputs, w_q, w_k):
    """The lecture's A and A', with vectors as columns and no scale.

    inputs : float array (d_model, L): columns are vectors.
    w_q, w_k : (d_k, d_model), as the lecture writes them.
    Returns A (L, L), as it is before the softmax, and A' (L, L), in which
    the weights of one query sum to 1. Scores may be as large as 10,000.
    """
    queries = w_q @ inputs  # (d_k, L)
    keys = w_k @ inputs  # (d_k, L)
    a = keys.T @ queries  # (L keys, L queries)
    e = np.exp(a - a.max(axis=0))
    return a, e / e.sum(axis=0)  # every column sums to 1


HINTS = (
    "Q = WqX and K = WkX come first. Which shapes do they have?",
    "A = KᵀQ. Check it with words 1 and 2: the score of query 1 with key 2 "
    "stands in row 2, column 1.",
    "One column of A belongs to one query. So the maximum and the sum are "
    "taken down the columns, along axis 0.",
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
        case("one vector", 1, 3, 2),
        case("large scores", 7, 5, 3, by=40.0),
        case("float32", 11, 5, 3, dtype=np.float32),
    ]


MISTAKES = {
    "q_t_k": (
        "You computed QᵀK, so your A has a row for each query. In the "
        "lecture's A a column belongs to a query, and a row to a key."
    ),
    "rows": (
        "This is A and A′ as code writes them, with a query in each row. In "
        "the lecture a column belongs to a query."
    ),
    "other_axis": (
        "Your softmax runs along rows. A column of the lecture's A belongs "
        "to one query, and the weights of one query must sum to 1."
    ),
    "k_q_t": (
        "You transposed the queries, not the keys. The product then has the "
        "shape (d_k, d_k), and sums over words."
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
        "You divided by √d_k. The lecture does not, and its A is asked for."
    ),
    "scaled_softmax": (
        "Your A is right. But for A′ you divided it by √d_k first, and the "
        "lecture takes the softmax of A as it is."
    ),
    "shifted_scores": (
        "You return A after its largest scores are subtracted. A′ is right; "
        "return A as it was before the softmax."
    ),
    "flat_sums": (
        "You divided by the sums of the rows, `sum(axis=1)`. The weights of "
        "a query stand in a column, so add down the columns."
    ),
    "row_maxima": (
        "You subtracted the largest score of a row, not of a column. The "
        "columns of A′ then come out wrong, or overflow."
    ),
    "one_maximum": (
        "You subtracted one maximum from the whole matrix. A column whose "
        "scores are all far below it becomes 0/0. Take each column's own."
    ),
    "not_normalised": (
        "Your exponentials are not divided by their sum. The weights of "
        "each query must sum to 1."
    ),
    "unstable_exp": (
        "Large scores overflow: e to the power 1000 is more than a float can "
        "hold. Take each column's largest score off first."
    ),
    "relu": "You used ReLU for A′. Here the softmax is asked for.",
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
        if "shifted_scores" in wrong:
            a = a - a.max(axis=0)
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
