"""Exercise 05.scores_from_product."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A
from selfattn.exercises.unchecked import softmax


def scores_from_product(x, product, d_k):
    """Scaled scores, made without ever making a query or a key.

    x : float array (L, d_model), rows are vectors.
    product : (d_model, d_model), which is w_q @ w_k.T.
    d_k : how wide the queries and keys would have been.
    Returns the scores (L, L), divided by the square root of d_k. Row i
    belongs to query i.
    """
    return x @ product @ x.T / np.sqrt(d_k)  # (L queries, L keys)


HINTS = (
    "Write out q @ k.T with q = x @ w_q and k = x @ w_k. What is the "
    "transpose of a product?",
    "(x @ w_k).T is w_k.T @ x.T. Two of the four factors now stand side by "
    "side.",
    "The product stands between x and x transposed. d_k is needed for the "
    "scale only.",
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
        case("one vector", 1, 3, 2),
        case("float32", 11, 3, 7, np.float32),
    ]


MISTAKES = {
    "transposed": (
        "Query and key are exchanged. The rows of the product belong to the "
        "vector that asks, its columns to the vector that is asked."
    ),
    "symmetric": (
        "Your scores are the same in both directions. The product is not "
        "symmetric; use it as it is."
    ),
    "product_forgotten": (
        "You compared the input vectors themselves. The product has to "
        "stand between them."
    ),
    "one_side": (
        "You multiplied the product from one side only. A score takes two "
        "vectors: one that asks, and one that is asked."
    ),
    "other_side": (
        "You multiplied the product from the keys' side only. The vectors "
        "that ask are missing."
    ),
    "squared": (
        "You used the product twice, for the queries and for the keys. It "
        "holds both matrices already, and stands once between x and x.T."
    ),
    "x_reshaped": (
        "You turned x with `reshape`, which only deals the numbers out anew. "
        "Transpose it."
    ),
    "diagonal": (
        "You return each vector's score with itself. Every vector has a "
        "score with every other one: (L, L)."
    ),
    "no_scale": (
        "The scale is missing. It is not in the product, and that is why "
        "d_k is given."
    ),
    "sqrt_d_model": (
        "You divided by √d_model, the size of the product. The scale is the "
        "root of d_k."
    ),
    "divided_by_d_k": "You divided by d_k, and its root is asked for.",
    "multiplied": (
        "You multiplied by √d_k. The scale should make large scores smaller."
    ),
    "softmaxed": (
        "You return the weights. The scores before the softmax are asked for."
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
        if "other_side" in wrong:
            scores = product @ x.T
        if "squared" in wrong:
            scores = x @ product @ (x @ product).T
        if "x_reshaped" in wrong:
            scores = x @ product @ x.reshape(x.shape[::-1])
        if "diagonal" in wrong:
            scores = np.diagonal(scores)
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
