"""Chapter 04, attention for one output: scores, weights, weighted sum."""

from __future__ import annotations

import math

import numpy as np

from selfattn.exercises import (
    Case,
    Exercise,
    Property,
    quiz_cases,
    traps_from,
)

# The running sentence “I saw a saw”, worked by hand in the chapter.
A = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1]])  # (L, d_model) = (4, 2)
W_Q = np.array([[1.0, -1], [1, 2]])  # (d_model, d_k)
W_K = np.array([[0.0, 1], [1, 0]])  # (d_model, d_k)
W_V = np.array([[2.0, 0], [1, 3]])  # (d_model, d_v)


def _softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# --- dot-product scores ----------------------------------------------------


def dot_scores(q, k):
    return k @ q  # (S,)


DOT_STARTER = '''def dot_scores(q, k):
    """How well each key matches one query, as in the lecture: not scaled.

    q : float array (d_k,), one query.
    k : float array (S, d_k), one key per row.
    Returns an array (S,): the dot product of the query with each key.
    """
    raise NotImplementedError
'''


def _dot_variant(wrong):
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
        return _softmax(scores) if "softmax_too" in wrong else scores

    return answer


def _dot_cases(rng):
    cases = [
        Case("“I” asks the four words", ((A @ W_Q)[0], A @ W_K)),
        Case("one key", (np.array([2.0, -1, 3]), np.array([[1.0, 1, -2]]))),
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
        cases.append(Case(name, (q, k)))
    return cases


DOT_TRAPS = {
    "products_not_summed": (
        "You multiplied and stopped. A score is one number per key: the "
        "products along the width still have to be added."
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
        "You turned the keys with `reshape`. That deals their numbers out "
        "afresh and mixes different keys; a transpose keeps each together."
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
        "You divided by √d_k. That is right later in the chapter; this "
        "exercise asks for the lecture's form, without the division."
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


# --- additive scores -------------------------------------------------------


def additive_scores(q, k, w):
    return np.tanh(q + k) @ w  # (S, d_k) @ (d_k,) -> (S,)


ADDITIVE_STARTER = '''def additive_scores(q, k, w):
    """How well each key matches one query, by the additive rule.

    q : float array (d_k,), one query.
    k : float array (S, d_k), one key per row.
    w : float array (d_k,), learned with the rest of the network.
    Returns an array (S,): add, take tanh, weigh the entries by w and sum.
    """
    raise NotImplementedError
'''


def _additive_variant(wrong):
    def answer(q, k, w):
        pairs = q + k  # (S, d_k)
        if "difference" in wrong:
            pairs = q - k
        if "multiplied" in wrong:
            pairs = q * k
        if "tanh_on_each" in wrong:
            pairs = np.tanh(q) + np.tanh(k)
        elif "w_inside" in wrong:
            return np.tanh(w * pairs).sum(axis=1)
        elif "tanh_last" in wrong:
            return np.tanh(pairs @ w)
        elif "relu_for_tanh" in wrong:
            pairs = np.maximum(pairs, 0)
        elif "sigmoid_for_tanh" in wrong:
            pairs = 1 / (1 + np.exp(-pairs))
        elif "no_tanh" not in wrong:
            pairs = np.tanh(pairs)
        if "w_left_out" in wrong:
            return pairs.sum(axis=1)
        if "not_summed" in wrong:
            return pairs * w
        scores = pairs @ w
        if "scaled" in wrong:
            scores = scores / math.sqrt(len(q))
        return _softmax(scores) if "softmax_too" in wrong else scores

    return answer


def _additive_cases(rng):
    hand = ((A @ W_Q)[0], A @ W_K, np.array([1.0, 2.0]))
    cases = [
        Case("“I” asks the four words", hand),
        Case("one key", (np.ones(2), np.array([[0.5, -1]]), np.ones(2) / 2)),
    ]
    for n_keys, d_k, dtype in (
        (7, 3, np.float64),
        (5, 11, np.float64),
        (5, 5, np.float64),
        (13, 7, np.float32),
    ):
        q, w = rng.standard_normal((2, d_k)).astype(dtype)  # (d_k,) each
        k = rng.standard_normal((n_keys, d_k)).astype(dtype)  # (S, d_k)
        name = f"{n_keys} keys, d_k = {d_k}, {np.dtype(dtype).name}"
        cases.append(Case(name, (q, k, w)))
    return cases


ADDITIVE_TRAPS = {
    "no_tanh": (
        "There is no tanh. Without it the score is w·q + w·k, and the query "
        "adds the same number to every key: it can no longer choose."
    ),
    "tanh_last": (
        "You took tanh of the finished score. It belongs on each entry of "
        "the sum of query and key, before w weighs them."
    ),
    "tanh_on_each": (
        "You took tanh of query and key apart and added afterwards. Then "
        "the query adds the same to every key; add first, tanh after."
    ),
    "w_inside": (
        "Your w sits inside the tanh. It weighs the entries after tanh has "
        "been taken."
    ),
    "w_left_out": (
        "Your entries all count the same, since w is not used. It says how "
        "much, and in which direction, each entry counts."
    ),
    "difference": (
        "You subtracted the key from the query. The additive score adds "
        "them, as its name says."
    ),
    "multiplied": (
        "You multiplied query and key before the tanh. That is half a dot "
        "product; here they are added."
    ),
    "relu_for_tanh": (
        "You used ReLU where tanh is asked for. ReLU is the other choice for "
        "turning scores into weights, a later step."
    ),
    "sigmoid_for_tanh": (
        "You used the logistic sigmoid, which runs from 0 to 1. The tanh "
        "runs from −1 to 1 and is 0 at 0."
    ),
    "not_summed": (
        "You have one number per entry of each key. Their sum is the score, "
        "one number per key."
    ),
    "scaled": (
        "You divided by √d_k. That belongs to the dot product, whose size "
        "grows with the width; this score is scaled by w."
    ),
    "softmax_too": (
        "These are weights: they sum to 1. Only the scores are asked for, "
        "before any softmax."
    ),
}


# --- softmax ---------------------------------------------------------------


def my_softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., S)
    return e / e.sum(axis=-1, keepdims=True)  # (..., S)


SOFTMAX_STARTER = '''def my_softmax(scores):
    """Turn scores into positive weights that sum to 1 along the last axis.

    scores : float array (..., S). They may be as large as 10,000; some may
        be -inf, which means weight 0, but never all of a row.
    Returns an array (..., S).
    """
    raise NotImplementedError
'''


def _softmax_variant(wrong):
    def answer(scores):
        axis = 0 if "first_axis" in wrong else -1
        axis = None if "whole_array" in wrong else axis
        if "no_exp" in wrong:
            return scores / scores.sum(axis=axis, keepdims=True)
        if "hard_max" in wrong:
            best = scores.max(axis=axis, keepdims=True)
            return (scores == best) / (scores == best).sum(axis, keepdims=True)
        if "sign_flipped" in wrong:
            scores = np.where(scores == -np.inf, scores, -scores)
        if "divided_by_maximum" in wrong:
            scores = scores / scores.max(axis=axis, keepdims=True)
        if "clipped" in wrong:
            scores = np.clip(scores, -30, 30)
        if "unstable_exp" in wrong:
            shift = 0
        elif "mean_shift" in wrong:
            shift = scores.mean(axis=axis, keepdims=True)
        elif "one_maximum" in wrong:
            shift = scores.max()
        else:
            shift = scores.max(axis=axis, keepdims=True)
        power = np.exp2 if "base_two" in wrong else np.exp
        e = power(scores - shift)
        if "not_normalised" in wrong:
            return e
        if "sigmoid" in wrong:
            return e / (1 + e)
        out = e / e.sum(axis=axis, keepdims=True)
        return np.log(out) if "logarithm" in wrong else out

    return answer


def _softmax_cases(rng):
    cases = [
        Case("the scores of “I”", (np.array([-1.0, 1, 0, 1]),)),
        Case("two rows", (np.array([[0.0, 1, 2], [3, 1, -1]]),)),
        Case("scores near 1000", (np.array([1000.0, 1001, 999.5]),)),
        Case("scores near −1000", (np.array([-1000.0, -1001, -999.5]),)),
        Case("a wide spread", (np.array([[0.0, 4000, 3999], [0, 1, 2]]),)),
        Case("a score of −inf", (np.array([1.0, -np.inf, 2.0]),)),
        Case("float32, scores near 100", (np.float32([[100, 101], [0, 1]]),)),
    ]
    for shape in ((5, 7), (2, 3, 5), (3, 3)):
        scores = 3 * rng.standard_normal(shape)  # (..., S)
        cases.append(Case(f"scores {shape}", (scores,)))
    return cases


SOFTMAX_TRAPS = {
    "unstable_exp": (
        "Right for small scores, NaN for large ones: e to the 1000 is "
        "infinite in a computer, and ∞/∞ is no number. Adding a constant to "
        "all scores leaves the weights as they are, so you may shift them."
    ),
    "mean_shift": (
        "You shift by the mean. A score far above the mean still overflows; "
        "shift so that the largest exponent becomes 0."
    ),
    "one_maximum": (
        "You subtract the maximum of the whole array from every row. A row "
        "that lies far below it turns into 0/0; each row needs its own."
    ),
    "divided_by_maximum": (
        "You divided the scores by the largest. That keeps e small but "
        "changes the weights; only adding a constant leaves them alone."
    ),
    "clipped": (
        "You cut the scores to a range to keep e from overflowing. Two "
        "scores of 1000 and 1001 then weigh the same, which they should not."
    ),
    "first_axis": (
        "Your weights sum to 1 down the columns. Each row holds one query's "
        "scores, and each query shares out its own attention: last axis."
    ),
    "whole_array": (
        "Your weights sum to 1 over the whole array. Each row is one "
        "query's, and sums to 1 by itself."
    ),
    "no_exp": (
        "You divided the scores by their sum. With negative scores that "
        "gives negative weights, or a division by zero; take exponentials."
    ),
    "not_normalised": (
        "Your numbers are positive but do not sum to 1. Divide them by "
        "their total."
    ),
    "hard_max": (
        "All the weight goes to the largest score. That is the limit of "
        "softmax for very large scores; softmax itself leaves some to all."
    ),
    "sign_flipped": (
        "The smallest score gets the largest weight. The exponent has the "
        "wrong sign."
    ),
    "base_two": (
        "You took powers of 2. Powers of e are asked for; with base 2 every "
        "score counts as 0.69 of itself."
    ),
    "sigmoid": (
        "Each score was squashed on its own. In softmax the scores compete: "
        "raising one lowers the weights of all the others."
    ),
    "logarithm": (
        "You return the logarithm of the weights. It is handy in a loss, but "
        "values are mixed with the weights themselves."
    ),
}

_SOFTMAX_PROPERTIES = (
    Property(
        "rows_sum_to_one",
        "Along the last axis your weights do not sum to 1.",
        lambda rng: [
            Case("five rows", (9 * rng.standard_normal((5, 11)),)),
            Case("one row", (9 * rng.standard_normal(13),)),
        ],
        lambda cases, outs: all(np.allclose(o.sum(-1), 1) for o in outs),
    ),
    Property(
        "shift_changes_nothing",
        "Adding the same number to every score of a row changed your "
        "weights. Only differences between scores should count.",
        lambda rng: [
            Case("scores", (x := rng.standard_normal((3, 7)),)),
            Case("scores plus 500", (x + 500,)),
        ],
        lambda cases, outs: np.allclose(*outs, atol=1e-3),
    ),
)


# --- ReLU weights ----------------------------------------------------------


def relu_weights(scores, normalised=False):
    weights = np.maximum(scores, 0)  # (..., S)
    if normalised:
        total = weights.sum(axis=-1, keepdims=True)  # (..., 1)
        weights = weights / np.where(total > 0, total, 1)  # (..., S)
    return weights


RELU_STARTER = '''def relu_weights(scores, normalised=False):
    """ReLU in the place of softmax.

    scores : float array (..., S).
    normalised : False, as in the lecture: negative scores become 0, the
        others stay as they are. True: then each row is divided by its sum,
        and a row without a positive score stays all zeros.
    Returns an array (..., S).
    """
    raise NotImplementedError
'''


def _relu_variant(wrong):
    def answer(scores, normalised=False):
        axis = 0 if "first_axis" in wrong else -1
        if "always_normalised" in wrong:
            normalised = True
        if "never_normalised" in wrong:
            normalised = False
        raw = scores.sum(axis=axis, keepdims=True)
        if "leaky" in wrong:
            weights = np.where(scores > 0, scores, 0.01 * scores)
        elif "absolute" in wrong:
            weights = np.abs(scores)
        elif "step" in wrong:
            weights = (scores > 0).astype(scores.dtype)
        else:
            weights = np.maximum(scores, 0)
        if "clipped_at_one" in wrong:
            weights = np.minimum(weights, 1)
        if not normalised:
            return weights
        if "softmax_after" in wrong:
            return _softmax(weights, axis)
        total = weights.sum(axis=axis, keepdims=True)
        if "divided_first" in wrong:
            total = raw
        if "divided_by_largest" in wrong:
            total = weights.max(axis=axis, keepdims=True)
        if "nan_row" in wrong:
            return weights / total
        out = weights / np.where(total == 0, 1, total)
        if "uniform_row" in wrong:
            share = 1 / scores.shape[axis]
            out = np.where(total == 0, share, out)
        return out

    return answer


def _relu_cases(rng):
    hand = np.array([-1.0, 1, 0, 1])
    none = np.array([[-1.0, -2, 0], [3, 1, -1]])
    yes = {"normalised": True}
    cases = [
        Case("the scores of “I”", (hand,)),
        Case("the same, normalised", (hand,), yes),
        Case("a row without a positive score", (none,)),
        Case("the same row, normalised", (none,), yes),
    ]
    for shape, kwargs in (((5, 7), {}), ((2, 3, 5), yes), ((3, 11), yes)):
        scores = 3 * rng.standard_normal(shape)  # (..., S)
        name = f"scores {shape}" + (", normalised" if kwargs else "")
        cases.append(Case(name, (scores,), kwargs))
    scores = rng.standard_normal((7, 3)).astype(np.float32)
    cases.append(Case("float32, normalised", (scores,), yes))
    return cases


RELU_TRAPS = {
    "nan_row": (
        "A query with no positive score gives 0/0, which is NaN. One such "
        "query is enough to ruin a whole batch; its row stays all zeros."
    ),
    "uniform_row": (
        "A query with no positive score spreads its weight evenly in your "
        "version. It found nothing relevant, and its row stays all zeros."
    ),
    "always_normalised": (
        "You always divide by the sum. The lecture's ReLU does not, and "
        "neither should you while `normalised` is False."
    ),
    "never_normalised": (
        "`normalised=True` changes nothing. Then each row is to be divided "
        "by its own sum."
    ),
    "divided_first": (
        "You divided by the sum of all scores, negative ones included. Cut "
        "at 0 first, then add up what is left."
    ),
    "divided_by_largest": (
        "You divided by the largest weight, so the best key always has "
        "weight 1. To sum to 1, divide by the sum."
    ),
    "first_axis": (
        "You normalise down the columns. A row belongs to one query, and "
        "sums to 1 by itself."
    ),
    "softmax_after": (
        "You put a softmax after the ReLU. It gives weight even to the keys "
        "that ReLU has just set to 0."
    ),
    "absolute": (
        "Strongly negative scores get large weights. A negative score says "
        "“not relevant”: its weight is 0."
    ),
    "leaky": (
        "A little of the negative scores leaks through. Their weights are "
        "exactly 0."
    ),
    "step": (
        "Every positive score counts as 1. ReLU keeps their sizes, so that a "
        "better key weighs more."
    ),
    "clipped_at_one": (
        "You cut the weights at 1. ReLU has no ceiling, which is how its "
        "outputs can grow without bound."
    ),
}


# --- scaled scores ---------------------------------------------------------


def scaled_scores(a, i, w_q, w_k):
    q = a[i] @ w_q  # (d_k,)
    k = a @ w_k  # (L, d_k)
    return k @ q / np.sqrt(len(q))  # (L,)


SCALED_STARTER = '''def scaled_scores(a, i, w_q, w_k):
    """The scores of word i with every word, itself included, scaled.

    a : float array (L, d_model), the words; i : a word's index, from 0.
    w_q, w_k : float arrays (d_model, d_k); a row times w_q is its query.
    Returns an array (L,) whose spread does not grow with the width.
    """
    raise NotImplementedError
'''


def _scaled_variant(wrong):
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
        return _softmax(scores) if "softmax_too" in wrong else scores

    return answer


def _scaled_cases(rng):
    cases = [
        Case("“I” in the running sentence", (A, 0, W_Q, W_K)),
        Case("“a” in the running sentence", (A, 2, W_Q, W_K)),
    ]
    for n, d_model, d_k, dtype in (
        (5, 7, 3, np.float64),
        (3, 5, 11, np.float64),
        (11, 3, 13, np.float32),
    ):
        a = rng.standard_normal((n, d_model)).astype(dtype)  # (L, d_model)
        w_q, w_k = rng.standard_normal((2, d_model, d_k)).astype(dtype)
        i = int(rng.integers(1, n))
        name = f"word {i} of {n}, d_model = {d_model}, d_k = {d_k}"
        cases.append(Case(name, (a, i, w_q, w_k)))
    return cases


SCALED_TRAPS = {
    "no_scale": (
        "These are the lecture's scores, not scaled. Their variance grows in "
        "proportion to d_k; divide by its standard deviation."
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
        "Query and key are exchanged: you ask with word i's key. Word i "
        "asks, all the words are asked."
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


# --- one output, from the words to b ---------------------------------------


def attend(a, i, w_q, w_k, w_v, scale=1.0):
    q = a[i] @ w_q  # (d_k,)
    k = a @ w_k  # (L, d_k)
    v = a @ w_v  # (L, d_v)
    scores = scale * (k @ q)  # (L,)
    e = np.exp(scores - scores.max())  # (L,)
    weights = e / e.sum()  # (L,)
    return weights @ v  # (d_v,)


ATTEND_STARTER = '''def attend(a, i, w_q, w_k, w_v, scale=1.0):
    """One output of self-attention, with softmax.

    a : float array (L, d_model), the words; i : a word's index, from 0.
    w_q, w_k : (d_model, d_k); w_v : (d_model, d_v). A row of a times w_q is
        its query, and so on.
    scale : the dot products are multiplied by it; 1 is the lecture's form.
    Returns an array (d_v,), the output of word i. Scores may be large.
    """
    raise NotImplementedError
'''


def _attend_variant(wrong):
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
        shift = 0 if "unstable_exp" in wrong else scores.max()
        e = np.exp(scores - shift)
        weights = e if "not_normalised" in wrong else e / e.sum()  # (L,)
        if "over_queries" in wrong:
            own = scores[:, None]
            rest = scale * (k @ (np.delete(a, i, axis=0) @ w_q).T)
            weights = _softmax(np.concatenate([own, rest], axis=1))[:, 0]
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


def _attend_cases(rng):
    hand = (W_Q, W_K, W_V)
    root = {"scale": 1 / math.sqrt(2)}
    cases = [
        Case("b¹ of the running sentence", (A, 0, *hand)),
        Case("b³, scaled", (A, 2, *hand), root),
        Case("scores in the thousands", (40 * A, 1, *hand)),
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
        cases.append(Case(name, (a, i, w_q, w_k, w_v), kwargs))
    return cases


ATTEND_TRAPS = {
    "self_left_out": (
        "Word i does not attend to itself. The score with itself counts like "
        "any other."
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
        "You divided by √d_k on top of `scale`. The caller decides about the "
        "scale; 1 gives the lecture's form."
    ),
    "no_softmax": (
        "You mixed the values with the scores themselves. The softmax "
        "between the two is missing."
    ),
    "relu_for_softmax": (
        "You used ReLU for the weights. The lecture allows it, but softmax "
        "is asked for here."
    ),
    "hard_max": (
        "You took the value of the best key alone. Softmax mixes in all "
        "others, by how close their scores come."
    ),
    "not_normalised": (
        "Your weights do not sum to 1. Divide the exponentials by their "
        "total, or the output grows with the number of words."
    ),
    "over_queries": (
        "Your softmax runs over the queries: for each key it shares out who "
        "may ask. Each query shares out its own attention among the keys."
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


# --- how large a lead ------------------------------------------------------


def lead_for_share(p, n):
    return np.log(p * (n - 1) / (1 - p))


LEAD_STARTER = '''def lead_for_share(p, n):
    """How far a score must lead for its key to get the share p by softmax.

    p : the share wanted, between 0 and 1.
    n : the number of keys, 2 or more. All but the leading one have equal
        scores, and the leader's is larger by the lead.
    Returns the lead, a number; negative if p is less than an equal share.
    """
    raise NotImplementedError
'''


def _lead_variant(wrong):
    def answer(p, n):
        others = n if "leader_counted_twice" in wrong else n - 1
        if "two_keys_only" in wrong:
            others = 1
        odds = p if "odds_forgotten" in wrong else p / (1 - p)
        ratio = odds * others
        if "divided_by_others" in wrong:
            ratio = odds / others
        if "no_logarithm" in wrong:
            return ratio
        if "added_outside" in wrong:
            return np.log(odds) + others
        lead = np.log(ratio)
        if "base_two" in wrong:
            lead = np.log2(ratio)
        if "base_ten" in wrong:
            lead = np.log10(ratio)
        if "sign_flipped" in wrong:
            lead = -lead
        return max(lead, 0.0) if "never_negative" in wrong else lead

    return answer


def _lead_cases(rng):
    cases = [
        Case("nine tenths, two keys", (0.9, 2)),
        Case("nine tenths, four keys", (0.9, 4)),
        Case("one half, two keys", (0.5, 2)),
        Case("an equal share of five", (0.2, 5)),
        Case("less than an equal share", (0.05, 7)),
    ]
    for n in (13, 6000):
        p = float(rng.uniform(0.3, 0.999))
        cases.append(Case(f"a share of {p:.3f} among {n}", (p, n)))
    return cases


LEAD_TRAPS = {
    "leader_counted_twice": (
        "You count n others. The leader is one of the n keys, so one fewer "
        "competes with it."
    ),
    "two_keys_only": (
        "Your lead does not depend on n. Each further key takes its share, "
        "so the leader needs more of a lead."
    ),
    "odds_forgotten": (
        "You took p where p against the rest is needed. Near p = 1 the lead "
        "must grow without bound."
    ),
    "divided_by_others": (
        "More keys make your lead smaller. They compete with the leader, so "
        "it has to be larger."
    ),
    "no_logarithm": (
        "This is the ratio of the leader's exponential to another's. The "
        "lead is the exponent: undo the exponential."
    ),
    "added_outside": (
        "You added the number of others to a logarithm. Their exponentials "
        "add up before the logarithm is taken."
    ),
    "base_two": (
        "Your logarithm has base 2. Softmax takes powers of e, so the "
        "natural one undoes it."
    ),
    "base_ten": (
        "Your logarithm has base 10. Softmax takes powers of e, so the "
        "natural one undoes it."
    ),
    "sign_flipped": (
        "Your lead is negative where the leader has to be ahead. Leader "
        "minus the others is asked for."
    ),
    "never_negative": (
        "You cut the lead at 0. A key that is to get less than an equal "
        "share has to lag behind: its lead is negative."
    ),
}


# --- quiz: which outputs must coincide --------------------------------------


def which_coincide():
    return {
        "one layer": True,
        "twelve layers, alternated with FC": True,
        "additive scores, ReLU weights": True,
        "no word attends to itself": True,
        "each word sees itself and the words before": False,
        "each word sees one neighbour on either side": False,
        "a different vector added at each place": False,
        "the third word replaced by another": True,
    }


COINCIDE_STARTER = '''# “I saw a saw”: must b² = b⁴ hold, whatever the weights?
answer = {
    "one layer": ...,
    "twelve layers, alternated with FC": ...,
    "additive scores, ReLU weights": ...,
    "no word attends to itself": ...,
    "each word sees itself and the words before": ...,
    "each word sees one neighbour on either side": ...,
    "a different vector added at each place": ...,
    "the third word replaced by another": ...,
}
'''


def _coincide_variant(wrong):
    def answer():
        out = dict(which_coincide())
        for mistake, question in _COINCIDE_QUESTIONS.items():
            if mistake in wrong:
                out[question] = not out[question]
        if "all_equal" in wrong:
            out = dict.fromkeys(out, True)
        if "never_equal" in wrong:
            out = dict.fromkeys(out, False)
        return out

    return answer


_COINCIDE_QUESTIONS = {
    "one_layer": "one layer",
    "depth_helps": "twelve layers, alternated with FC",
    "other_scores_help": "additive scores, ReLU weights",
    "self_left_out": "no word attends to itself",
    "past_only": "each word sees itself and the words before",
    "neighbours_only": "each word sees one neighbour on either side",
    "places_added": "a different vector added at each place",
    "context_tells": "the third word replaced by another",
}
COINCIDE_TRAPS = {
    "one_layer": (
        "Look at one layer again. Both saws ask with the same query, see the "
        "same keys and mix the same values."
    ),
    "depth_helps": (
        "Depth does not help. If the first layer gives both saws the same "
        "vector, the second starts from equal inputs, and so on."
    ),
    "other_scores_help": (
        "Another score or weight is still a function of query and keys. "
        "Equal queries and the same keys give equal weights."
    ),
    "self_left_out": (
        "Leave the saw itself out and each still sees *I*, *a* and the other "
        "saw. The two saws are equal vectors, so both see the same three."
    ),
    "past_only": (
        "Each word sees only what came before it. The second word sees two "
        "words and the fourth sees all four: what they mix is different."
    ),
    "neighbours_only": (
        "The second word has *I* on its left, the fourth has *a*. They mix "
        "different words, so their outputs may differ."
    ),
    "places_added": (
        "With another vector added at each place, the inputs of the two saws "
        "are no longer equal. Nothing makes their outputs coincide."
    ),
    "context_tells": (
        "Replacing the third word changes both outputs, and by the same. "
        "Both saws see the new word, and nothing says on which side it is."
    ),
    "all_equal": (
        "They need not coincide everywhere. Ask of each line: do the two "
        "saws ask alike, and do they see the same words?"
    ),
    "never_equal": (
        "Equal queries over the same keys and values give equal outputs. "
        "Look for the lines where the two saws see the same words."
    ),
}


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="04.dot_scores",
        title="dot-product scores of one query",
        difficulty=1,
        minutes=5,
        reference=dot_scores,
        starter=DOT_STARTER,
        cases=_dot_cases,
        traps=traps_from(_dot_variant, DOT_TRAPS),
        variant=_dot_variant,
        hints=(
            "Work the score of the first key by hand: multiply entry by "
            "entry, then add.",
            "One score per key: the answer is as long as the keys are many. "
            "Along which axis of (S, d_k) do you add?",
            "A matrix (S, d_k) times a vector (d_k,) takes the dot product "
            "of every row with the vector.",
        ),
    ),
    Exercise(
        id="04.additive_scores",
        title="additive scores of one query",
        difficulty=1,
        minutes=5,
        reference=additive_scores,
        starter=ADDITIVE_STARTER,
        cases=_additive_cases,
        traps=traps_from(_additive_variant, ADDITIVE_TRAPS),
        variant=_additive_variant,
        hints=(
            "Do one key first: what is added, what is squashed, what is "
            "summed?",
            "NumPy adds a query (d_k,) to every row of the keys (S, d_k).",
            "Take tanh of those sums, entry by entry. Then each row's dot "
            "product with w is the score.",
        ),
    ),
    Exercise(
        id="04.softmax",
        title="a softmax that does not overflow",
        difficulty=2,
        minutes=10,
        reference=my_softmax,
        starter=SOFTMAX_STARTER,
        cases=_softmax_cases,
        traps=traps_from(_softmax_variant, SOFTMAX_TRAPS),
        variant=_softmax_variant,
        properties=_SOFTMAX_PROPERTIES,
        hints=(
            "First write it for one row of small scores: exponentials, "
            "divided by their sum.",
            "What happens to the weights if you add 5 to every score of a "
            "row? Use that to make every exponent 0 or less.",
            "Take each row's own maximum away before the exponential. "
            "`keepdims=True` keeps the shapes aligned in any number of axes.",
        ),
    ),
    Exercise(
        id="04.relu_weights",
        title="ReLU in the place of softmax",
        difficulty=1,
        minutes=5,
        reference=relu_weights,
        starter=RELU_STARTER,
        cases=_relu_cases,
        traps=traps_from(_relu_variant, RELU_TRAPS),
        variant=_relu_variant,
        hints=(
            "What is left of the scores −1, 1, 0, 1?",
            "For `normalised=True`, add up what is left along the last axis. "
            "Which row would make you divide by zero?",
            "Where a row's sum is 0, divide by 1: zeros stay zeros.",
        ),
    ),
    Exercise(
        id="04.scaled_scores",
        title="scaled scores of one word",
        difficulty=2,
        minutes=8,
        reference=scaled_scores,
        starter=SCALED_STARTER,
        cases=_scaled_cases,
        traps=traps_from(_scaled_variant, SCALED_TRAPS),
        variant=_scaled_variant,
        hints=(
            "Which row of a asks, and which rows are asked?",
            "Make the query of word i and the keys of all words; then you "
            "need a dot product per word.",
            "The variance of such a score is the number of products in it. "
            "Divide by its root, and take that number from the query.",
        ),
    ),
    Exercise(
        id="04.attend",
        title="one output, from the words to b",
        difficulty=2,
        minutes=12,
        reference=attend,
        starter=ATTEND_STARTER,
        cases=_attend_cases,
        traps=traps_from(_attend_variant, ATTEND_TRAPS),
        variant=_attend_variant,
        hints=(
            "Five steps: one query, all keys and all values, scores, "
            "weights, weighted sum. Print the shape after each.",
            "Run it on the sentence of the chapter: the scores of word 0 are "
            "−1, 1, 0, 1 and the output is (1.35, 2.84).",
            "Weights (L,) times values (L, d_v) is the weighted sum. Take "
            "the largest score away before the exponential.",
        ),
    ),
    Exercise(
        id="04.dominance",
        title="how large a lead dominates",
        difficulty=2,
        minutes=8,
        reference=lead_for_share,
        starter=LEAD_STARTER,
        cases=_lead_cases,
        traps=traps_from(_lead_variant, LEAD_TRAPS),
        variant=_lead_variant,
        hints=(
            "Set the equal scores to 0 and the leader's to g. Write down the "
            "leader's softmax weight.",
            "That is eᵍ divided by eᵍ plus the number of others. Set it "
            "equal to p and solve for eᵍ.",
            "The leader's exponential against all others together is as p to "
            "1 − p. Now take a logarithm.",
        ),
    ),
    Exercise(
        id="04.coincide",
        title="which outputs must coincide",
        difficulty=2,
        minutes=8,
        kind="value",
        reference=which_coincide,
        starter=COINCIDE_STARTER,
        cases=quiz_cases,
        traps=traps_from(_coincide_variant, COINCIDE_TRAPS),
        variant=_coincide_variant,
        hints=(
            "Ask of each line: is the query the same at places 2 and 4?",
            "Then ask whether both see the same keys and values. Their order "
            "does not matter to a sum, but how often one occurs does.",
            "Three of the eight lines let the two saws see different things "
            "or start from different vectors.",
        ),
    ),
)
