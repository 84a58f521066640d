"""Exercise 05.attention_rows."""

import numpy as np

from selfattn.exercises.ch05._weigh import weigh
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.running_sentence import W_K, W_Q, A


def attention_rows(x, w_q, w_k):
    """Scaled scores and their weights, with vectors as rows.

    x : float array (L, d_model), rows are vectors.
    w_q, w_k : (d_model, d_k).
    Returns scores (L, L), divided by the square root of d_k, and their
    softmax (L, L); row i belongs to query i.
    """
    q = x @ w_q  # (L, d_k)
    k = x @ w_k  # (L, d_k)
    scores = q @ k.T / np.sqrt(q.shape[-1])  # (L queries, L keys)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return scores, e / e.sum(axis=-1, keepdims=True)  # every row sums to 1


HINTS = (
    "Transpose the lecture's A = KᵀQ. What stands on the left now?",
    "Divide by the root of the width of a query, before the softmax.",
    "One row belongs to one query: maximum and sum along axis −1, "
    "with keepdims=True, or the shapes will not meet.",
)


def cases(rng):
    def case(name, n, d_model, d_k, by=1.0, dtype=np.float64):
        shapes = ((n, d_model), (d_model, d_k), (d_model, d_k))
        args = [rng.standard_normal(s).astype(dtype) for s in shapes]
        args[0] *= by
        return Case(name, tuple(args))

    hand = tuple(np.array(a) for a in (A, W_Q, W_K))
    return [
        Case("“I saw a saw”", hand),
        case("5 vectors, d_model = 3, d_k = 7", 5, 3, 7),
        case("7 vectors, d_model = 11, d_k = 2", 7, 11, 2),
        case("as many vectors as d_k", 5, 7, 5),
        case("large scores", 5, 7, 3, by=80.0),
        case("float32", 11, 5, 3, dtype=np.float32),
    ]


MISTAKES = {
    "no_scale": (
        "The scores are not scaled. Their spread grows like √d_k, and the "
        "division takes it out again."
    ),
    "sqrt_d_model": (
        "You divided by √d_model. A score is a sum of d_k products, so it "
        "is d_k that sets its spread; the two are equal only by accident."
    ),
    "divided_by_d_k": (
        "You divided by d_k, not by its root. Then wide heads have scores "
        "near 0 and look at everything alike."
    ),
    "multiplied": (
        "You multiplied by √d_k. It should make large scores smaller."
    ),
    "sqrt_length": (
        "You divided by the root of the number of words. A score adds up "
        "over the d_k entries of a query, not over words."
    ),
    "scale_after": (
        "You scaled the weights. After the softmax they must sum to 1; the "
        "scale belongs before it."
    ),
    "q_k_swapped": (
        "Queries and keys are exchanged: your row i says who looks for "
        "word i. It should say whom word i looks for."
    ),
    "bare_scores": (
        "The weights are right, but the scores you return are not scaled. "
        "Divide once, and use the result for both."
    ),
    "shifted_scores": (
        "The weights are right, but the scores you return have their row's "
        "largest taken off. That belongs inside the softmax."
    ),
    "k_untransposed": (
        "The keys are not transposed. That works only where there are as "
        "many vectors as d_k, and is wrong even there: a score is one query "
        "times one key."
    ),
    "other_axis": (
        "Your columns sum to 1. With vectors as rows, a query owns a row, "
        "and its weights run along it."
    ),
    "columns": (
        "These are the lecture's A and A′ (scaled), with a query per "
        "column. Here a row belongs to a query."
    ),
    "flattened": (
        "All your weights together sum to 1. Each row should, alone."
    ),
    "unstable_exp": (
        "Large scores overflow to inf, and inf/inf is NaN. Subtract each "
        "row's largest score before the exponential."
    ),
}


def variant(wrong):
    def answer(x, w_q, w_k):
        q, k = x @ w_q, x @ w_k  # (L, d_k) each
        if "q_k_swapped" in wrong:
            q, k = k, q
        d_model, d_k = w_q.shape
        if "k_untransposed" in wrong:
            scores = q @ k  # raises unless L = d_k
        else:
            scores = q @ k.T  # (L, L)
        if "sqrt_d_model" in wrong:
            scores = scores / np.sqrt(d_model)
        elif "divided_by_d_k" in wrong:
            scores = scores / d_k
        elif "multiplied" in wrong:
            scores = scores * np.sqrt(d_k)
        elif "sqrt_length" in wrong:
            scores = scores / np.sqrt(len(x))
        elif "scale_after" in wrong:
            return scores, weigh(scores, wrong, -1) / np.sqrt(d_k)
        elif "no_scale" not in wrong:
            scores = scores / np.sqrt(d_k)
        weights = weigh(scores, wrong, -1)
        if "bare_scores" in wrong:
            scores = q @ k.T
        if "shifted_scores" in wrong:
            scores = scores - scores.max(axis=-1, keepdims=True)
        return (
            (scores.T, weights.T) if "columns" in wrong else (scores, weights)
        )

    return answer


EXERCISE = exercise(
    attention_rows,
    title="Scores and weights in rows",
    difficulty=1,
    minutes=6,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
