"""Exercise 05.project_qkv."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, W_V, A


def project_qkv(x, w_q, w_k, w_v):
    """Queries, keys and values of every vector at once.

    x : float array (..., L, d_model), rows are vectors; perhaps a batch.
    w_q, w_k : (d_model, d_k). w_v : (d_model, d_v).
    Returns q (..., L, d_k), k (..., L, d_k) and v (..., L, d_v).
    """
    q = x @ w_q  # (..., L, d_k)
    k = x @ w_k  # (..., L, d_k)
    v = x @ w_v  # (..., L, d_v)
    return q, k, v


HINTS = (
    "One vector a, a row, becomes one query by one product. What "
    "becomes of a matrix with L such rows?",
    "Shapes decide the order: (L, d_model) and (d_model, d_k) can be "
    "multiplied in one way only.",
    "`@` multiplies the last two axes and leaves a batch in front "
    "alone. Three products, three results.",
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
        case("a batch of 3", 3, n=5, d_model=2, d_k=7, d_v=11),
        case("float32", n=11, d_model=5, d_k=3, d_v=7, dtype=np.float32),
    ]


MISTAKES = {
    "q_k_swapped": (
        "Queries and keys are exchanged. Each has its own matrix, and the "
        "result lists the queries first."
    ),
    "k_v_swapped": (
        "Keys and values are exchanged. The order is queries, keys, values."
    ),
    "v_from_k": (
        "Your values are the keys once more. What is found (the key) and "
        "what is handed over (the value) come from different matrices."
    ),
    "all_from_w_q": (
        "Your keys are made with the matrix of the queries. Then q·k is the "
        "same in both directions, and no word can look for another kind of "
        "word without being looked for."
    ),
    "columns": (
        "Your vectors stand in columns, as in the lecture. In this book's "
        "code the vectors in the result are rows, like those in x."
    ),
    "turned": (
        "You transposed the matrices, as the lecture's columns would need. "
        "Here rows stand on the left and the matrices fit as they are; only "
        "square ones let the mistake through."
    ),
    "reshaped": (
        "The matrices were turned by `reshape`, which deals the numbers out "
        "anew. Here they need no turning at all: their rows already belong "
        "to the entries of a vector."
    ),
    "first_vector_only": (
        "Only the first vector was projected. Chapter 04 worked one output "
        "at a time; the product makes all of them together."
    ),
    "scaled": (
        "Your queries are divided by √d_k. The scale belongs to the scores, "
        "and the projections here are bare products."
    ),
    "relu": (
        "Negative entries were cut off. The projections are linear; nothing "
        "follows the product."
    ),
    "side_by_side": (
        "The three are stuck together in one array. Efficient code does "
        "that, and then cuts it up; three arrays are asked for."
    ),
}


def variant(wrong):
    def answer(x, w_q, w_k, w_v):
        if "reshaped" in wrong:
            w_q, w_k, w_v = (w.T.reshape(w.shape) for w in (w_q, w_k, w_v))
        if "turned" in wrong:
            w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
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
