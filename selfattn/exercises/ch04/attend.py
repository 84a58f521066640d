"""Exercise 04.attend."""

import math

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, W_V, A
from selfattn.exercises.unchecked import softmax


def attend(a, i, w_q, w_k, w_v, scale=1.0):
    """One output of self-attention, with softmax.

    a : float array (L, d_model), the words; i : a word's index, from 0.
    w_q, w_k : (d_model, d_k); w_v : (d_model, d_v). A row of a times w_q is
        its query, and so on.
    scale : the dot products are multiplied by it before the softmax.
    Returns an array (d_v,), the output of word i. Scores may be large.
    """
    q = a[i] @ w_q  # (d_k,)
    k = a @ w_k  # (L, d_k)
    v = a @ w_v  # (L, d_v)
    scores = scale * (k @ q)  # (L,)
    e = np.exp(scores - scores.max())  # (L,)
    weights = e / e.sum()  # (L,)
    return weights @ v  # (d_v,)


HINTS = (
    "Five steps: one query, all keys and all values, scores, "
    "weights, weighted sum. Print the shape after each.",
    "Run it on the sentence of the chapter: the scores of word 0 are "
    "−1, 1, 0, 1 and the output is (1.35, 2.84).",
    "Weights (L,) times values (L, d_v) is the weighted sum. Take "
    "the largest score away before the exponential.",
)


def cases(rng):
    hand = (W_Q, W_K, W_V)
    root = {"scale": 1 / math.sqrt(2)}
    made = [
        Case("b¹ of the running sentence", (A, 0, *hand)),
        Case("b³, scaled", (A, 2, *hand), root),
        Case("scores in the thousands", (40 * A, 2, *hand)),
        Case("a sentence of one word", (A[2:3], 0, *hand)),
        Case(
            "scale 0, so all scores are equal", (A, 3, *hand), {"scale": 0.0}
        ),
    ]
    for n, d_model, d_k, d_v, kwargs, dtype in (
        (5, 7, 3, 11, {"scale": 0.5}, np.float64),
        (7, 3, 5, 2, {}, np.float64),
        (3, 5, 5, 5, {"scale": 0.25}, np.float64),
        (11, 5, 7, 3, {"scale": 0.5}, np.float32),
    ):
        a = rng.standard_normal((n, d_model)).astype(dtype)  # (L, d_model)
        w_q, w_k = rng.standard_normal((2, d_model, d_k)).astype(dtype)
        w_v = rng.standard_normal((d_model, d_v)).astype(dtype)
        i = int(rng.integers(1, n))
        name = f"word {i} of {n}, widths {d_model}, {d_k} and {d_v}"
        made.append(Case(name, (a, i, w_q, w_k, w_v), kwargs))
    return made


MISTAKES = {
    "self_left_out": (
        "Word i does not attend to itself. The score with itself counts like "
        "any other."
    ),
    "past_only": (
        "Word i sees only itself and the words before it. Here it attends to "
        "the whole sentence, the words after it too."
    ),
    "values_from_keys": (
        "You mixed the keys. A key says when a word is relevant, a value "
        "what it contributes; the values are what is mixed."
    ),
    "values_not_projected": (
        "You mixed the words as they came in. Each word first becomes a "
        "value, by the third matrix."
    ),
    "query_and_key_swapped": (
        "Query and key are exchanged: you ask with word i's key, and the "
        "others answer with their queries."
    ),
    "counted_from_one": (
        "This is the output of the word before. The index i counts from 0."
    ),
    "scale_ignored": (
        "`scale` makes no difference to your answer. The dot products are "
        "multiplied by it before the softmax."
    ),
    "scale_divides": (
        "You divided by `scale`. The dot products are multiplied by it; for "
        "√d_k a caller passes one over the root."
    ),
    "scale_after_softmax": (
        "You scaled the weights, which then no longer sum to 1. The scale "
        "belongs to the scores, before the softmax."
    ),
    "always_scaled": (
        "You divided by √d_k as well as multiplying by `scale`. The caller "
        "decides about the scale; with 1 nothing is divided."
    ),
    "no_softmax": (
        "You mixed the values with the scores themselves. The softmax "
        "between the two is missing."
    ),
    "relu_for_softmax": (
        "You used ReLU for the weights. This exercise asks for softmax."
    ),
    "hard_max": (
        "You took the value of the best key alone. Softmax mixes in all "
        "others, by how close their scores come."
    ),
    "logarithm": (
        "You mixed the values with the logarithms of the weights. The weights "
        "themselves are positive and sum to 1."
    ),
    "not_normalised": (
        "Your weights do not sum to 1. Divide the exponentials by their "
        "total, or the output grows with the number of words."
    ),
    "over_queries": (
        "Your softmax runs over the queries, so the weights of one key sum to "
        "1. The weights of one query should: it shares its attention among "
        "the keys."
    ),
    "averaged": (
        "You averaged the values, as if all scores were equal. The weights "
        "say how much each counts."
    ),
    "unstable_exp": (
        "Your exponentials overflow when scores are large, and the output is "
        "NaN. Subtracting the largest score first changes no weight."
    ),
    "not_summed": (
        "You weighed the values but did not add them. The output is one "
        "vector, the sum over all words."
    ),
}


def variant(wrong):
    def answer(a, i, w_q, w_k, w_v, scale=1.0):
        if "query_and_key_swapped" in wrong:
            w_q, w_k = w_k, w_q
        if "counted_from_one" in wrong:
            i = i - 1
        q, k, v = a[i] @ w_q, a @ w_k, a @ w_v
        if "values_from_keys" in wrong:
            v = k
        elif "values_not_projected" in wrong:
            v = a
        scores = k @ q
        if "always_scaled" in wrong:
            scores = scores / math.sqrt(len(q))
        if "scale_divides" in wrong:
            scores = scores / scale
        elif not wrong & {"scale_ignored", "scale_after_softmax"}:
            scores = scores * scale
        if "self_left_out" in wrong:
            scores = np.where(np.arange(len(a)) == i, -np.inf, scores)
        if "past_only" in wrong:
            scores = np.where(np.arange(len(a)) > i, -np.inf, scores)
        shift = 0 if "unstable_exp" in wrong else scores.max()
        e = np.exp(scores - shift)
        weights = e if "not_normalised" in wrong else e / e.sum()  # (L,)
        if "over_queries" in wrong:
            own = scores[:, None]
            rest = scale * (k @ (np.delete(a, i, axis=0) @ w_q).T)
            weights = softmax(np.concatenate([own, rest], axis=1))[:, 0]
        if "logarithm" in wrong:
            weights = scores - shift - np.log(e.sum())
        if "averaged" in wrong:
            weights = np.full(len(a), 1 / len(a))
        if "hard_max" in wrong:
            weights = (scores == scores.max()) / (scores == scores.max()).sum()
        if "no_softmax" in wrong:
            weights = np.where(np.isfinite(scores), scores, 0)
        if "relu_for_softmax" in wrong:
            weights = np.maximum(scores, 0)
        if "scale_after_softmax" in wrong:
            weights = weights * scale
        if "not_summed" in wrong:
            return weights[:, None] * v
        return weights @ v

    return answer


EXERCISE = exercise(
    attend,
    title="One output, from the words to b",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
