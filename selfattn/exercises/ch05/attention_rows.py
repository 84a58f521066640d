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
    softmax (L, L). Row i of both belongs to query i. Scores may be large.
    """
    q = x @ w_q  # (L, d_k)
    k = x @ w_k  # (L, d_k)
    scores = q @ k.T / np.sqrt(q.shape[-1])  # (L queries, L keys)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return scores, e / e.sum(axis=-1, keepdims=True)  # every row sums to 1


HINTS = (
    "Transpose the lecture's A = KᵀQ. Which factor stands on the left now?",
    "Divide by the root of the width of a query, before the softmax.",
    "One row belongs to one query, so take maximum and sum along axis −1, "
    "with keepdims=True. Without it they have the shape (L,), and in a "
    "square matrix every row is divided by the sums of other rows.",
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
        case("one vector", 1, 3, 2),
        case("large scores", 5, 7, 3, by=80.0),
        case("float32", 11, 5, 3, dtype=np.float32),
    ]


MISTAKES = {
    "no_scale": (
        "The scores are not divided by √d_k. Their spread grows like √d_k, "
        "and the division takes it out again."
    ),
    "sqrt_d_model": (
        "You divided by √d_model. A score is a sum of d_k products, so the "
        "root is that of d_k."
    ),
    "divided_by_d_k": (
        "You divided by d_k, and its root is asked for. Wide queries would "
        "get scores near 0, and weights that are nearly equal."
    ),
    "multiplied": (
        "You multiplied by √d_k. The scale should make large scores smaller."
    ),
    "sqrt_length": (
        "You divided by the root of the number of words. A score adds up "
        "over the d_k entries of a query, so the root is that of d_k."
    ),
    "scale_after": (
        "You scaled the weights, which then no longer sum to 1. The scale "
        "belongs to the scores, before the softmax."
    ),
    "q_k_swapped": (
        "Queries and keys are exchanged. Your row i belongs to key i, and it "
        "should belong to query i."
    ),
    "queries_only": (
        "You multiplied queries with queries. One of the two factors must be "
        "the keys."
    ),
    "bare_scores": (
        "The weights are right, but the scores that you return are not "
        "scaled. Divide once, and use the result for both."
    ),
    "bare_weights": (
        "The scores are right, but your weights are the softmax of scores "
        "without the scale. Divide once, and use the result for both."
    ),
    "shifted_scores": (
        "The weights are right, but the scores that you return have the "
        "largest of each row taken off. Return them as they were."
    ),
    "k_untransposed": (
        "The keys are not transposed. That runs only where there are as many "
        "vectors as d_k, and it is wrong even there: a score is one query "
        "times one key."
    ),
    "k_reshaped": (
        "You turned the keys with `reshape`, which only deals the numbers "
        "out anew. Transpose them."
    ),
    "other_axis": (
        "Your columns sum to 1. With vectors as rows a query owns a row, and "
        "its weights run along that row."
    ),
    "columns": (
        "These are the lecture's A and A′ (scaled), with a query in each "
        "column. Here a row belongs to a query."
    ),
    "flat_sums": (
        "The sums have lost an axis. Without keepdims=True their shape is "
        "(L,), and row i is divided by the sums of all the other rows too. "
        "Rows of your weights do not sum to 1."
    ),
    "flat_maxima": (
        "The maxima have lost an axis. Without keepdims=True their shape is "
        "(L,), and another row's maximum is subtracted from each entry."
    ),
    "one_maximum": (
        "You subtracted one maximum from the whole matrix. A row whose scores "
        "are all far below it becomes 0/0. Take each row's own."
    ),
    "not_normalised": (
        "Your exponentials are not divided by their sum. The weights of "
        "each row must sum to 1."
    ),
    "flattened": (
        "All your weights together sum to 1. Each row should sum to 1."
    ),
    "unstable_exp": (
        "Large scores overflow, and infinity divided by infinity is NaN. "
        "Take each row's largest score off before the exponential."
    ),
}


def variant(wrong):
    def answer(x, w_q, w_k):
        q, k = x @ w_q, x @ w_k  # (L, d_k) each
        if "q_k_swapped" in wrong:
            q, k = k, q
        d_model, d_k = w_q.shape
        if "queries_only" in wrong:
            k = q
        if "k_reshaped" in wrong:
            scores = q @ k.reshape(k.shape[::-1])  # (L, L)
        elif "k_untransposed" in wrong:
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
        if "bare_weights" in wrong:
            weights = weigh(q @ k.T, wrong, -1)
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
