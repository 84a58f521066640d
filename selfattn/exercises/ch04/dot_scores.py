"""Exercise 04.dot_scores."""

import math

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A
from selfattn.exercises.unchecked import softmax


def dot_scores(q, k):
    """How well each key matches one query: plain dot products, not scaled.

    q : float array (d_k,), one query.
    k : float array (S, d_k), one key per row.
    Returns an array (S,): the dot product of the query with each key.
    """
    return k @ q  # (S,)


HINTS = (
    "Work the score of the first key by hand: multiply entry by "
    "entry, then add.",
    "One score per key: the answer is as long as the keys are many. "
    "Along which axis of (S, d_k) do you add?",
    "A matrix (S, d_k) times a vector (d_k,) takes the dot product "
    "of every row with the vector.",
)


def cases(rng):
    made = [
        Case("“I” asks the four words", ((A @ W_Q)[0], A @ W_K)),
        Case("one key", (np.array([2.0, -1, 3]), np.array([[1.0, 1, -2]]))),
        Case(
            "a key of zeros, and one that is there twice",
            (np.array([1.0, -2]), np.array([[0.0, 0], [3, 1], [3, 1]])),
        ),
    ]
    for n_keys, d_k, dtype in (
        (7, 3, np.float64),
        (5, 11, np.float64),
        (5, 5, np.float64),
        (13, 7, np.float32),
    ):
        q = 2 * rng.standard_normal(d_k).astype(dtype)  # (d_k,)
        k = 2 * rng.standard_normal((n_keys, d_k)).astype(dtype)  # (S, d_k)
        name = f"{n_keys} keys, d_k = {d_k}, {np.dtype(dtype).name}"
        made.append(Case(name, (q, k)))
    return made


MISTAKES = {
    "products_not_summed": (
        "You multiplied, but you did not add. A score is one number per "
        "key: the sum of the products along its width."
    ),
    "summed_over_keys": (
        "You added over the keys and got one number per column. The sum runs "
        "along the width of each key, so that every key keeps its own score."
    ),
    "one_number": (
        "You added everything into one number. Each key has its own score; "
        "only the products inside a key are added."
    ),
    "reshaped": (
        "You turned the keys with `reshape`. It fills the new shape with the "
        "numbers in their old order, so different keys are mixed; a transpose "
        "keeps each key together."
    ),
    "key_and_query_added": (
        "You added the query to the key. That is how the additive score "
        "begins; the dot product multiplies entry by entry."
    ),
    "distance": (
        "You measured how far each key lies from the query. A dot product "
        "also grows with the key's length, which a distance punishes."
    ),
    "averaged": (
        "You averaged the products. That divides every score by d_k; the dot "
        "product is their sum."
    ),
    "scaled": (
        "You divided by √d_k. Most models do; this exercise asks for the "
        "plain dot products, without the division."
    ),
    "cosine": (
        "You divided by the lengths, which leaves the cosine of the angle. "
        "In attention a longer key may score higher; leave the lengths in."
    ),
    "negative_cut": (
        "Negative scores became 0. A score may be negative; what is done "
        "about that comes one step later."
    ),
    "softmax_too": (
        "These are weights already: they sum to 1. Only the scores are asked "
        "for, before the softmax."
    ),
}


def variant(wrong):
    def answer(q, k):
        if "key_and_query_added" in wrong:
            products = q + k  # (S, d_k)
        elif "reshaped" in wrong:
            products = (k.reshape(k.shape[::-1]) * q[:, None]).T
        elif "distance" in wrong:
            products = -((q - k) ** 2)
        else:
            products = q * k
        if "products_not_summed" in wrong:
            return products
        if "summed_over_keys" in wrong:
            return products.sum(axis=0)
        if "one_number" in wrong:
            return products.sum()
        scores = products.mean(1) if "averaged" in wrong else products.sum(1)
        if "scaled" in wrong:
            scores = scores / math.sqrt(len(q))
        if "cosine" in wrong:
            lengths = np.linalg.norm(k, axis=1) * np.linalg.norm(q)
            scores = scores / lengths
        if "negative_cut" in wrong:
            scores = np.maximum(scores, 0)
        return softmax(scores) if "softmax_too" in wrong else scores

    return answer


EXERCISE = exercise(
    dot_scores,
    title="Dot-product scores of one query",
    difficulty=1,
    minutes=5,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
