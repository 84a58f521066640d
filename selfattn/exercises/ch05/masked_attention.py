"""Exercise 05.masked_attention."""

import numpy as np

from selfattn.exercises.ch05._weigh import weigh
from selfattn.exercises.model import Case, exercise


def masked_attention(q, k, v, mask):
    """Scaled dot-product attention over a batch, with a mask.

    q : float array (B, L, d_k). k : (B, S, d_k). v : (B, S, d_v).
    mask : booleans (B, 1, S), (B, L, S) or (L, S); True = may attend.
        Every query has at least one True.
    Returns out (B, L, d_v) and weights (B, L, S).
    """
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])  # (B, L, S)
    scores = np.where(mask, scores, -np.inf)  # (B, L, S)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (B, L, S)
    return weights @ v, weights  # (B, L, d_v), (B, L, S)


HINTS = (
    "Begin without the mask. In a batch `.T` turns all axes round; "
    "which two should change places?",
    "A forbidden key should get weight 0, and the allowed ones the "
    "whole. Which score has exponential 0?",
    "`np.where(mask, …, …)` chooses entry by entry and spreads a "
    "mask (B, 1, S) over all queries. Then the softmax along the "
    "last axis.",
)


def cases(rng):
    def case(name, b, n, s, d_k, d_v, mask, by=1.0, dtype=np.float64):
        q = by * rng.standard_normal((b, n, d_k))
        k = rng.standard_normal((b, s, d_k))
        v = rng.standard_normal((b, s, d_v))
        v[~np.broadcast_to(mask, (b, n, s)).any(axis=1)] = 30  # not wanted
        args = tuple(x.astype(dtype) for x in (q, k, v))
        return Case(name, (*args, mask))

    def lengths(*n, size):
        return (np.arange(size) < np.array(n)[:, None])[:, None]  # (B, 1, S)

    some = rng.random((3, 5, 5)) < 0.5
    some |= np.eye(5, dtype=bool)
    causal = np.tril(np.ones((7, 7), bool))
    return [
        case(
            "2 sentences, of 3 words and of 1",
            2,
            3,
            3,
            2,
            2,
            lengths(3, 1, size=3),
        ),
        case(
            "padding, 7 words at most", 3, 7, 7, 3, 5, lengths(7, 2, 5, size=7)
        ),
        case("one mask for all: no look ahead", 2, 7, 7, 5, 3, causal),
        case("a mask for each sentence", 3, 5, 5, 7, 2, some),
        case(
            "large scores, padding",
            2,
            5,
            5,
            3,
            7,
            lengths(2, 3, size=5),
            by=500.0,
        ),
        case(
            "float32", 2, 3, 3, 11, 5, lengths(2, 3, size=3), dtype=np.float32
        ),
    ]


MISTAKES = {
    "mask_inverted": (
        "Your mask is upside down: exactly the forbidden keys are attended "
        "to. True means “may attend” in this book."
    ),
    "mask_ignored": (
        "The mask has no effect: forbidden keys have weight. Apply it to "
        "the scores."
    ),
    "after_softmax": (
        "You masked after the softmax. The rows no longer sum to 1; mask "
        "the scores, and the softmax shares out the whole."
    ),
    "values_only": (
        "Forbidden values are left out of the sum, but their weights are "
        "not 0 and are missing elsewhere. Mask the scores, before the "
        "softmax."
    ),
    "score_zero": (
        "You set forbidden scores to 0. e⁰ = 1 is a weight like any other, "
        "often more than an allowed key has."
    ),
    "minus_ten": (
        "A forbidden score of −10 still leaves a weight, and for large "
        "scores not a small one. Only −∞ is below every score."
    ),
    "masked_as_queries": (
        "You masked queries: row i is switched off where column i should "
        "be. A padded word must not be looked at; what it looks at itself "
        "does no harm. The mask's last axis belongs to the keys."
    ),
    "queries_nan": (
        "You masked queries: whole rows became −∞, and their softmax is "
        "NaN. The mask's last axis belongs to the keys, so that padding "
        "switches off columns."
    ),
    "unstable_exp": (
        "Large scores overflow to inf, and inf/inf is NaN. Subtract each "
        "row's largest score before the exponential."
    ),
    "first_of_batch": (
        "Every sentence got the first one's mask. The batch axis of the "
        "mask belongs to the batch axis of the scores."
    ),
    "other_axis": (
        "Your softmax runs over the queries. Each query shares out its own "
        "attention among the keys, along the last axis."
    ),
    "no_scale": "The scores are not divided by √d_k.",
    "divided_by_d_k": "You divided by d_k, and its root is asked for.",
    "v_from_k": (
        "You mixed the keys. The weights come from the keys; what is mixed "
        "are the values."
    ),
}


def variant(wrong):
    def answer(q, k, v, mask):
        d_k = q.shape[-1]
        scores = q @ k.swapaxes(-1, -2)  # (B, L, S)
        if "divided_by_d_k" in wrong:
            scores = scores / d_k
        elif "no_scale" not in wrong:
            scores = scores / np.sqrt(d_k)
        if "first_of_batch" in wrong and mask.ndim == 3:
            mask = mask[:1]
        if "mask_inverted" in wrong:
            mask = ~mask
        if wrong & {"masked_as_queries", "queries_nan"}:
            mask = mask.swapaxes(-1, -2)
        if wrong & {"mask_ignored", "after_softmax", "values_only"}:
            hidden = scores
        elif "score_zero" in wrong:
            hidden = np.where(mask, scores, 0)
        elif "minus_ten" in wrong:
            hidden = np.where(mask, scores, -10.0)
        elif wrong & {"queries_nan", "unstable_exp"}:
            hidden = np.where(mask, scores, -np.inf)
        else:
            hidden = np.where(mask, scores, -1e30)
        weights = weigh(hidden, wrong, -1)
        if "after_softmax" in wrong:
            weights = weights * mask
        if "values_only" in wrong:
            return (weights * mask) @ v, weights
        if "v_from_k" in wrong:
            v = k
        return weights @ v, weights

    return answer


EXERCISE = exercise(
    masked_attention,
    title="Attention with a mask and a batch",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
