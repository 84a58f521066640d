"""Exercise 05.masked_attention."""

import numpy as np

from selfattn.exercises.ch05._weigh import weigh
from selfattn.exercises.model import Case, exercise


def masked_attention(q, k, v, mask):
    """Scaled dot-product attention over a batch, with a mask.

    q : float array (B, L, d_k). k : (B, S, d_k). v : (B, S, d_v).
    mask : booleans (B, 1, S), (B, L, S) or (L, S); True = may attend. A
        mask with two axes holds for every sentence of the batch. Every
        query has at least one True.
    Returns out (B, L, d_v) and weights (B, L, S). Scores may be large, also
    large and negative. Leaves its arguments as they are.
    """
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])  # (B, L, S)
    scores = np.where(mask, scores, -np.inf)  # (B, L, S)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (B, L, S)
    return weights @ v, weights  # (B, L, d_v), (B, L, S)


HINTS = (
    "Begin without the mask. In a batch `.T` turns all axes around; which "
    "two should change places?",
    "A forbidden key should get weight 0, and the allowed keys all of it. "
    "Which score has an exponential of 0?",
    "`np.where(mask, …, …)` chooses entry by entry, and spreads a mask "
    "(B, 1, S) over all queries. The softmax along the last axis comes "
    "after it.",
)


def cases(rng):
    def case(name, *sizes, mask, by=1.0, dtype=np.float64, edit=None):
        b, n, s, d_k, d_v = sizes
        q = by * rng.standard_normal((b, n, d_k))
        k = rng.standard_normal((b, s, d_k))
        v = rng.standard_normal((b, s, d_v))
        v[~np.broadcast_to(mask, (b, n, s)).any(axis=1)] = 30  # not wanted
        if edit:
            edit(q, k)
        args = tuple(x.astype(dtype) for x in (q, k, v))
        return Case(name, (*args, mask))

    def lengths(*n, size):
        return (np.arange(size) < np.array(n)[:, None])[:, None]  # (B, 1, S)

    def some(*shape):
        mask = rng.random(shape) < 0.5
        mask[..., 0] |= ~mask.any(axis=-1)
        return mask

    def equal(q, k):
        k[:] = k[:, :1]

    def zero(q, k):
        k[0, 1] = 0

    def below(q, k):
        q[:] = np.abs(q) * np.array([60.0, 1500.0, 60000.0])[:, None]
        k[:] = np.where(far[..., None], -np.abs(k) - 1, np.abs(k))

    far = lengths(2, 3, size=5)[:, 0]  # (B, S)
    past = np.tril(np.ones((7, 7), bool))
    return [
        case(
            "three equal scores, the last one masked",
            1,
            1,
            3,
            2,
            5,
            mask=lengths(2, size=3),
            edit=equal,
        ),
        case("padding, one query", 2, 1, 5, 3, 7, mask=lengths(4, 2, size=5)),
        case(
            "padding, 3 queries and 7 keys",
            2,
            3,
            7,
            5,
            11,
            mask=lengths(7, 4, size=7),
        ),
        case(
            "padding, words attend to words",
            3,
            5,
            5,
            7,
            2,
            mask=lengths(5, 1, 3, size=5),
        ),
        case("one mask for all: no look ahead", 2, 7, 7, 5, 3, mask=past),
        case(
            "one mask for all, 3 sentences and 3 queries",
            3,
            3,
            5,
            7,
            2,
            mask=some(3, 5),
        ),
        case("a mask for each query", 2, 3, 5, 11, 7, mask=some(2, 3, 5)),
        case(
            "an allowed score of exactly 0",
            2,
            3,
            5,
            7,
            11,
            mask=lengths(3, 4, size=5),
            edit=zero,
        ),
        case(
            "allowed scores far below the forbidden ones",
            2,
            3,
            5,
            7,
            11,
            mask=far[:, None],
            edit=below,
        ),
        case(
            "large scores",
            2,
            5,
            7,
            3,
            11,
            mask=lengths(7, 3, size=7),
            by=2000.0,
        ),
        case(
            "float32",
            2,
            3,
            5,
            11,
            7,
            mask=lengths(2, 3, size=5),
            dtype=np.float32,
        ),
    ]


MISTAKES = {
    "mask_inverted": (
        "Your mask is used the wrong way round: exactly the forbidden keys "
        "are attended to. True means “may attend” in this book."
    ),
    "mask_ignored": (
        "The mask has no effect: forbidden keys have weight. Apply it to "
        "the scores."
    ),
    "after_softmax": (
        "You masked after the softmax, so the rows no longer sum to 1. Mask "
        "the scores, before the softmax."
    ),
    "values_only": (
        "Forbidden values are left out of the sum, but the weights that you "
        "return are not 0 there. Mask the scores, before the softmax."
    ),
    "score_zero": (
        "You set forbidden scores to 0. But e to the power 0 is 1, a weight "
        "like any other."
    ),
    "mask_added": (
        "You added the mask to the scores. That raises allowed scores by 1 "
        "and leaves the forbidden ones in the softmax."
    ),
    "minus_ten": (
        "You set forbidden scores to −10, and some allowed scores lie below "
        "that. Only −∞ is below every score (−1e9 is low enough here)."
    ),
    "minus_hundred": (
        "You set forbidden scores to −100, and some allowed scores lie below "
        "that. Only −∞ is below every score (−1e9 is low enough here)."
    ),
    "minus_thousand": (
        "You set forbidden scores to −1000, and some allowed scores lie below "
        "that. Only −∞ is below every score (−1e9 is low enough here)."
    ),
    "minus_ten_thousand": (
        "You set forbidden scores to −10,000, and some allowed scores lie "
        "below that. Only −∞ is below every score (−1e9 is low enough here)."
    ),
    "ten_thousand_less": (
        "You took 10,000 off forbidden scores, and some allowed scores are "
        "lower still. Only −∞ is below every score."
    ),
    "smallest_score": (
        "You set forbidden scores to the smallest score there is. They still "
        "get a weight; only −∞ gets none."
    ),
    "zero_is_masked": (
        "You take a score of 0 for a masked one. An allowed key may score "
        "exactly 0; ask the mask, not the score."
    ),
    "max_of_all": (
        "You take the maximum over forbidden keys too. Where all allowed "
        "scores are far below it, their exponentials are 0, and 0/0 is NaN."
    ),
    "masked_as_queries": (
        "You masked queries in place of keys. The last axis of mask and "
        "scores belongs to the keys: a padded word must not be looked at."
    ),
    "queries_nan": (
        "You masked queries in place of keys. Whole rows became −∞, and "
        "their softmax is NaN. The last axis belongs to the keys."
    ),
    "two_axes_as_batch": (
        "You took a mask (L, S) for one row per sentence. It has a row for "
        "each query and holds for all sentences; broadcasting does that."
    ),
    "first_of_batch": (
        "Every sentence got the mask of the first one. The first axis of "
        "mask and scores is the batch."
    ),
    "unstable_exp": (
        "Large scores overflow, and infinity divided by infinity is NaN. "
        "Take each row's largest score off before the exponential."
    ),
    "exp_times_mask": (
        "Large scores overflow in the exponential, and infinity times 0 is "
        "NaN. Mask the scores, and take each row's largest one off first."
    ),
    "other_axis": (
        "Your softmax runs over the queries. Each query shares out its own "
        "attention among the keys, along the last axis."
    ),
    "no_scale": "The scores are not divided by √d_k.",
    "divided_by_d_k": "You divided by d_k, and its root is asked for.",
    "sqrt_d_v": (
        "You divided by √d_v, the width of the values. A score is a product "
        "of query and key, so the root is that of d_k."
    ),
    "sqrt_keys": (
        "You divided by the root of the number of keys. A score adds up over "
        "the d_k entries of a query, so the root is that of d_k."
    ),
    "k_reshaped": (
        "You turned the keys with `reshape`, which only deals the numbers "
        "out anew. Exchange the last two axes."
    ),
    "v_from_k": (
        "You mixed the keys. The weights come from the keys; what is mixed "
        "are the values."
    ),
}


FILL = {
    "score_zero": 0.0,
    "minus_ten": -10.0,
    "minus_hundred": -100.0,
    "minus_thousand": -1000.0,
    "minus_ten_thousand": -10000.0,
    "queries_nan": -np.inf,
}


def scaled(q, k, d_v, wrong):
    """The scores (B, L, S) before the mask."""
    b, s, d_k = k.shape
    turned = k.swapaxes(-1, -2)  # (B, d_k, S)
    scores = q @ (k.reshape(b, d_k, s) if "k_reshaped" in wrong else turned)
    if "no_scale" in wrong:
        return scores
    if "divided_by_d_k" in wrong:
        return scores / d_k
    if "sqrt_d_v" in wrong:
        return scores / np.sqrt(d_v)
    return scores / np.sqrt(s if "sqrt_keys" in wrong else d_k)


def used(mask, wrong):
    """The mask as the mistakes take it."""
    if "first_of_batch" in wrong and mask.ndim == 3:
        mask = mask[:1]
    if "two_axes_as_batch" in wrong and mask.ndim == 2:
        mask = mask[:, None]
    if wrong & {"masked_as_queries", "queries_nan"}:
        mask = mask.swapaxes(-1, -2)
    return ~mask if "mask_inverted" in wrong else mask


def variant(wrong):
    fill = next((FILL[name] for name in FILL if name in wrong), -1e30)

    def answer(q, k, v, mask):
        scores = scaled(q, k, v.shape[-1], wrong)  # (B, L, S)
        mask = used(mask, wrong)
        if wrong & {"mask_ignored", "after_softmax", "values_only"}:
            hidden = scores
        elif "mask_added" in wrong:
            hidden = scores + mask
        elif "ten_thousand_less" in wrong:
            hidden = scores - 1e4 * ~mask
        elif "smallest_score" in wrong:
            hidden = np.where(mask, scores, scores.min())
        elif "zero_is_masked" in wrong:
            kept = scores * mask  # (B, L, S)
            hidden = np.where(kept == 0, -np.inf, kept)
        else:
            hidden = np.where(mask, scores, fill)
        weights = weigh(hidden, wrong, -1)
        if "max_of_all" in wrong:
            e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask
            weights = e / e.sum(axis=-1, keepdims=True)
        if "exp_times_mask" in wrong:
            e = np.exp(scores) * mask
            weights = e / e.sum(axis=-1, keepdims=True)
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
