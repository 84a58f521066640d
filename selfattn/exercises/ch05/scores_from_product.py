"""Exercise 05.scores_from_product."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A
from selfattn.exercises.unchecked import softmax


def scores_from_product(x, product, d_k):
    """Scaled scores, made without ever making a query or a key.

    x : float array (L, d_model), rows are vectors.
    product : (d_model, d_model): w_q @ w_k.T, the lecture's WqᵀWk.
    d_k : how wide the queries and keys would have been.
    Returns the scores (L, L), scaled as ever; row i belongs to query i.
    """
    return x @ product @ x.T / np.sqrt(d_k)  # (L queries, L keys)


HINTS = (
    "Write out q @ k.T with q = x @ w_q and k = x @ w_k. What is the "
    "transpose of a product?",
    "(x @ w_k).T is w_k.T @ x.T. Two of the four factors now stand "
    "side by side.",
    "The product stands between x and x turned, and d_k is needed "
    "for the scale only.",
)


def cases(rng):
    def case(name, n, d_model, d_k, dtype=np.float64):
        x = rng.standard_normal((n, d_model))
        w_q, w_k = rng.standard_normal((2, d_model, d_k))
        return Case(name, (x.astype(dtype), (w_q @ w_k.T).astype(dtype), d_k))

    x, w_q, w_k = (np.array(a) for a in (A, W_Q, W_K))
    return [
        Case("“I saw a saw”", (x, w_q @ w_k.T, 2)),
        case("5 vectors, d_model = 7, d_k = 3", 5, 7, 3),
        case("d_k larger than d_model", 7, 5, 11),
        case("as many vectors as d_model", 5, 5, 2),
        case("float32", 11, 3, 7, np.float32),
    ]


MISTAKES = {
    "transposed": (
        "Query and key are exchanged. The product's rows belong to the "
        "vector that asks, its columns to the vector that is asked."
    ),
    "symmetric": (
        "Your scores are the same in both directions. The product is not "
        "symmetric, and that is what two matrices are for."
    ),
    "product_forgotten": (
        "You compared the input vectors themselves. What has been learned, "
        "the product, has to stand between them."
    ),
    "one_side": (
        "You multiplied from one side only. A score takes two vectors, the "
        "one that asks and the one that is asked."
    ),
    "other_way_round": (
        "You multiplied the vectors onto one side of the product only, the "
        "keys' side. The asking vectors are missing."
    ),
    "no_scale": (
        "The scale is missing. It cannot be seen in the product, which is "
        "why d_k is given."
    ),
    "sqrt_d_model": (
        "You divided by √d_model, the size of the product. The scale is "
        "made of d_k."
    ),
    "divided_by_d_k": "You divided by d_k, and its root is asked for.",
    "multiplied": (
        "You multiplied by √d_k. It should make large scores smaller."
    ),
    "softmaxed": (
        "These are the weights. The scores before the softmax are asked for."
    ),
}


def variant(wrong):
    def answer(x, product, d_k):
        if "transposed" in wrong:
            product = product.T
        if "symmetric" in wrong:
            product = (product + product.T) / 2
        if "product_forgotten" in wrong:
            product = np.eye(len(product))
        scores = x @ product
        if "one_side" not in wrong:
            scores = scores @ x.T
        if "other_way_round" in wrong:
            scores = product @ x.T
        if "sqrt_d_model" in wrong:
            scores = scores / np.sqrt(x.shape[-1])
        elif "divided_by_d_k" in wrong:
            scores = scores / d_k
        elif "multiplied" in wrong:
            scores = scores * np.sqrt(d_k)
        elif "no_scale" not in wrong:
            scores = scores / np.sqrt(d_k)
        if "softmaxed" in wrong:
            return softmax(scores, -1)
        return scores

    return answer


EXERCISE = exercise(
    scores_from_product,
    title="Scores from one matrix alone",
    difficulty=2,
    minutes=6,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
