"""Exercise 05.project_qkv."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, W_V, A


def project_qkv(x, w_q, w_k, w_v):
    """Queries, keys and values of every vector at once.

    x : float array (..., L, d_model). Rows are vectors, and there may be a
        batch in front, of one axis or more.
    w_q, w_k : (d_model, d_k). w_v : (d_model, d_v).
    Returns three arrays: q (..., L, d_k), k (..., L, d_k), v (..., L, d_v).
    """
    q = x @ w_q  # (..., L, d_k)
    k = x @ w_k  # (..., L, d_k)
    v = x @ w_v  # (..., L, d_v)
    return q, k, v


HINTS = (
    "One vector, a row, becomes one query by one product. What becomes of a "
    "matrix with L such rows?",
    "The shapes decide the order: (L, d_model) and (d_model, d_k) can be "
    "multiplied in one way only.",
    "`@` multiplies the last two axes and leaves a batch in front as it is. "
    "You need three products, and return three results.",
)


def cases(rng):
    def case(name, *batch, n, d_model, d_k, d_v, dtype=np.float64):
        shapes = ((*batch, n, d_model),) + (((d_model, d_k),) * 2)
        shapes += ((d_model, d_v),)
        args = (rng.standard_normal(s).astype(dtype) for s in shapes)
        return Case(name, tuple(args))

    hand = tuple(np.array(a) for a in (A, W_Q, W_K, W_V))
    return [
        Case("“I saw a saw”", hand),
        case("5 vectors, all sizes differ", n=5, d_model=7, d_k=3, d_v=2),
        case("one vector", n=1, d_model=3, d_k=5, d_v=2),
        case("a batch of 3", 3, n=5, d_model=2, d_k=7, d_v=11),
        case("a batch of 2 by 3", 2, 3, n=5, d_model=7, d_k=11, d_v=13),
        case("float32", n=11, d_model=5, d_k=3, d_v=7, dtype=np.float32),
    ]


MISTAKES = {
    "q_k_swapped": (
        "Queries and keys are exchanged. Each has its own matrix, and the "
        "queries come first in the result."
    ),
    "k_v_swapped": (
        "Keys and values are exchanged. The order is queries, keys, values."
    ),
    "v_from_k": (
        "Your values are the keys once more. Keys and values come from "
        "different matrices."
    ),
    "all_from_w_q": (
        "Your keys are made with the matrix of the queries. Use `w_k` for "
        "the keys, or a word is found by exactly what it looks for."
    ),
    "columns": (
        "Your vectors stand in columns, as in the lecture. In code the "
        "vectors of the result are rows, like those of x."
    ),
    "turned": (
        "You transposed the matrices, as columns would need. Here vectors "
        "are rows, and the matrices fit as they are. Only square matrices "
        "let this mistake run."
    ),
    "reshaped": (
        "You turned the matrices with `reshape`, which only deals the "
        "numbers out anew. Here the matrices need no turning at all."
    ),
    "first_vector_only": (
        "Only the first vector is projected. One product makes all of them."
    ),
    "first_of_batch": (
        "Only the first set of the batch is projected. Leave the axes in "
        "front as they are; `@` works on the last two."
    ),
    "scaled": (
        "Your queries are divided by √d_k. The scale belongs to the scores; "
        "the projections are bare products."
    ),
    "relu": (
        "Negative entries are cut off. A projection is one product, and "
        "nothing follows it."
    ),
    "side_by_side": (
        "You return one array with all three side by side. Three arrays are "
        "asked for, so split it."
    ),
}


def variant(wrong):
    def answer(x, w_q, w_k, w_v):
        if "turned" in wrong:
            w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
        elif "reshaped" in wrong:
            w_q, w_k, w_v = (w.T.reshape(w.shape) for w in (w_q, w_k, w_v))
        if "first_of_batch" in wrong and x.ndim > 2:
            x = x[0]
        if "first_vector_only" in wrong:
            x = x[..., :1, :]
        if "all_from_w_q" in wrong:
            w_k = w_q
        q, k = x @ w_q, x @ w_k
        v = k if "v_from_k" in wrong else x @ w_v
        if "scaled" in wrong:
            q = q / np.sqrt(q.shape[-1])
        if "relu" in wrong:
            q, k, v = (np.maximum(y, 0) for y in (q, k, v))
        if "q_k_swapped" in wrong:
            q, k = k, q
        if "k_v_swapped" in wrong:
            k, v = v, k
        if "columns" in wrong:
            q, k, v = (y.swapaxes(-1, -2) for y in (q, k, v))
        if "side_by_side" in wrong:
            return np.concatenate([q, k, v], axis=-1)
        return q, k, v

    return answer


EXERCISE = exercise(
    project_qkv,
    title="Queries, keys and values of all vectors",
    difficulty=1,
    minutes=4,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
