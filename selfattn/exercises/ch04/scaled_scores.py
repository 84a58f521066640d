"""Exercise 04.scaled_scores."""

import math

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A
from selfattn.exercises.unchecked import softmax


def scaled_scores(a, i, w_q, w_k):
    """The scores of word i with every word, itself included, scaled.

    Each is divided by the root of the width of queries and keys.

    a : float array (L, d_model), the words; i : a word's index, from 0.
    w_q, w_k : float arrays (d_model, d_k); a row times w_q is its query.
    Returns an array (L,), one score for each word.
    """
    q = a[i] @ w_q  # (d_k,)
    k = a @ w_k  # (L, d_k)
    return k @ q / np.sqrt(len(q))  # (L,)


HINTS = (
    "Which row of a asks, and which rows are asked?",
    "Make the query of word i and the keys of all words; then you "
    "need a dot product per word.",
    "The variance of such a score is the number of products in it. "
    "Divide by its root, and take that number from the query.",
)


def cases(rng):
    made = [
        Case("“I” in the running sentence", (A, 0, W_Q, W_K)),
        Case("“a” in the running sentence", (A, 2, W_Q, W_K)),
    ]
    for n, d_model, d_k, dtype in (
        (1, 3, 5, np.float64),
        (5, 7, 3, np.float64),
        (3, 5, 11, np.float64),
        (11, 3, 13, np.float32),
    ):
        a = rng.standard_normal((n, d_model)).astype(dtype)  # (L, d_model)
        w_q, w_k = rng.standard_normal((2, d_model, d_k)).astype(dtype)
        i = int(rng.integers(1, n)) if n > 1 else 0
        name = f"word {i} of {n}, d_model = {d_model}, d_k = {d_k}"
        made.append(Case(name, (a, i, w_q, w_k)))
    return made


MISTAKES = {
    "no_scale": (
        "These scores are not scaled. Their variance grows in proportion to "
        "d_k; divide them by the root of it."
    ),
    "divided_by_d_k": (
        "You divided by d_k. The variance of a score is d_k, so its standard "
        "deviation is the root of that; dividing by d_k itself makes wide "
        "scores too flat."
    ),
    "times_root": (
        "You multiplied by √d_k. That makes wide scores spread even more; "
        "the factor belongs in the denominator."
    ),
    "sqrt_d_model": (
        "You divided by √d_model, the width of the words. The dot product "
        "adds up one term per entry of query and key, and those are d_k wide."
    ),
    "sqrt_length": (
        "You divided by the root of the number of words. A score adds up "
        "d_k terms however long the sentence is."
    ),
    "cosine": (
        "You divided by the lengths of query and key: that is the cosine. "
        "The scale is one number for all, so that long keys still score more."
    ),
    "query_and_key_swapped": (
        "Query and key are exchanged: you ask with the key of word i. Word i "
        "asks with its query, and all words answer with their keys."
    ),
    "keys_only": (
        "You used the key matrix for both. The query has a matrix of its "
        "own, so that “I look for” and “I am” can differ."
    ),
    "counted_from_one": (
        "You answer for the word before. The index i counts from 0, as "
        "Python does."
    ),
    "self_left_out": (
        "The score of word i with itself is missing. It counts like the "
        "others: L words have L scores."
    ),
    "not_projected": (
        "You compared the words themselves. Each word first becomes a query "
        "and a key, by its two matrices."
    ),
    "softmax_too": (
        "These are weights already: they sum to 1. Only the scores are "
        "asked for, before the softmax."
    ),
}


def variant(wrong):
    def answer(a, i, w_q, w_k):
        if "query_and_key_swapped" in wrong:
            w_q, w_k = w_k, w_q
        if "keys_only" in wrong:
            w_q = w_k
        if "counted_from_one" in wrong:
            i = i - 1
        q, k = a[i] @ w_q, a @ w_k  # (d_k,), (L, d_k)
        if "not_projected" in wrong:
            q, k = a[i], a  # (d_model,), (L, d_model)
        if "self_left_out" in wrong:
            k = np.delete(k, i, axis=0)
        size = len(q)
        scores = k @ q
        if "cosine" in wrong:
            lengths = np.linalg.norm(k, axis=1) * np.linalg.norm(q)
            return scores / lengths
        if "times_root" in wrong:
            return scores * math.sqrt(size)
        if "no_scale" in wrong:
            return scores
        if "divided_by_d_k" in wrong:
            return scores / size
        if "sqrt_d_model" in wrong:
            size = a.shape[1]
        if "sqrt_length" in wrong:
            size = len(a)
        scores = scores / math.sqrt(size)
        return softmax(scores) if "softmax_too" in wrong else scores

    return answer


EXERCISE = exercise(
    scaled_scores,
    title="Scaled scores of one word",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
