"""Chapter 05, matrix form: the whole layer in a handful of products."""

from __future__ import annotations

import numpy as np

from selfattn.exercises import (
    Case,
    Exercise,
    Property,
    Trap,
    quiz_cases,
    traps_from,
)

# The running sentence “I saw a saw”, and the chapter's matrices, in rows.
SAW = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 1.0))
W_Q = ((1.0, -1.0), (1.0, 2.0))
W_K = ((0.0, 1.0), (1.0, 0.0))
W_V = ((2.0, 0.0), (1.0, 3.0))


def _softmax(x, axis, stable=True):
    e = np.exp(x - x.max(axis=axis, keepdims=True) if stable else x)
    return e / e.sum(axis=axis, keepdims=True)


def _weigh(scores, wrong, axis):
    """Softmax along an axis, or what the known mistakes make of it."""
    other = -1 if axis == -2 else -2
    if "flattened" in wrong:
        return _softmax(scores, None)
    if "other_axis" in wrong:
        axis = other
    if "relu" in wrong:
        return np.maximum(scores, 0)
    return _softmax(scores, axis, stable="unstable_exp" not in wrong)


# --- projections ------------------------------------------------------------


def project_qkv(x, w_q, w_k, w_v):
    q = x @ w_q  # (..., L, d_k)
    k = x @ w_k  # (..., L, d_k)
    v = x @ w_v  # (..., L, d_v)
    return q, k, v


PROJECT_STARTER = '''def project_qkv(x, w_q, w_k, w_v):
    """Queries, keys and values of every vector at once.

    x : float array (..., L, d_model), rows are vectors; perhaps a batch.
    w_q, w_k : (d_model, d_k). w_v : (d_model, d_v).
    Returns q (..., L, d_k), k (..., L, d_k) and v (..., L, d_v).
    """
    raise NotImplementedError
'''


def _project_variant(wrong):
    def answer(x, w_q, w_k, w_v):
        if "reshaped" in wrong:
            w_q, w_k, w_v = (w.T.reshape(w.shape) for w in (w_q, w_k, w_v))
        if "turned" in wrong:
            w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
        if "first_vector_only" in wrong:
            x = x[..., :1, :]
        if "all_from_w_q" in wrong:
            w_k = w_q
        q, k = x @ w_q, x @ w_k
        v = k if "v_from_k" in wrong else x @ w_v
        if "scaled" in wrong:
            q = q / np.sqrt(q.shape[-1])
        if "relu" in wrong:
            q, k, v = (np.maximum(y, 0) for y in (q, k, v))
        if "q_k_swapped" in wrong:
            q, k = k, q
        if "k_v_swapped" in wrong:
            k, v = v, k
        if "columns" in wrong:
            q, k, v = (y.swapaxes(-1, -2) for y in (q, k, v))
        if "side_by_side" in wrong:
            return np.concatenate([q, k, v], axis=-1)
        return q, k, v

    return answer


def _project_cases(rng):
    def case(name, *batch, n, d_model, d_k, d_v, dtype=np.float64):
        shapes = ((*batch, n, d_model),) + (((d_model, d_k),) * 2)
        shapes += ((d_model, d_v),)
        args = (rng.standard_normal(s).astype(dtype) for s in shapes)
        return Case(name, tuple(args))

    hand = tuple(np.array(a) for a in (SAW, W_Q, W_K, W_V))
    return [
        Case("“I saw a saw”", hand),
        case("5 vectors, all sizes differ", n=5, d_model=7, d_k=3, d_v=2),
        case("a batch of 3", 3, n=5, d_model=2, d_k=7, d_v=11),
        case("float32", n=11, d_model=5, d_k=3, d_v=7, dtype=np.float32),
    ]


PROJECT_TRAPS = {
    "q_k_swapped": (
        "Queries and keys are exchanged. Each has its own matrix, and the "
        "result lists the queries first."
    ),
    "k_v_swapped": (
        "Keys and values are exchanged. The order is queries, keys, values."
    ),
    "v_from_k": (
        "Your values are the keys once more. What is found (the key) and "
        "what is handed over (the value) come from different matrices."
    ),
    "all_from_w_q": (
        "Your keys are made with the matrix of the queries. Then q·k is the "
        "same in both directions, and no word can look for another kind of "
        "word without being looked for."
    ),
    "columns": (
        "Your vectors stand in columns, as in the lecture. In this book's "
        "code the vectors in the result are rows, like those in x."
    ),
    "turned": (
        "You transposed the matrices, as the lecture's columns would need. "
        "Here rows stand on the left and the matrices fit as they are; only "
        "square ones let the mistake through."
    ),
    "reshaped": (
        "The matrices were turned by `reshape`, which deals the numbers out "
        "anew. Here they need no turning at all: their rows already belong "
        "to the entries of a vector."
    ),
    "first_vector_only": (
        "Only the first vector was projected. Chapter 04 worked one output "
        "at a time; the product makes all of them together."
    ),
    "scaled": (
        "Your queries are divided by √d_k. The scale belongs to the scores, "
        "and the projections here are bare products."
    ),
    "relu": (
        "Negative entries were cut off. The projections are linear; nothing "
        "follows the product."
    ),
    "side_by_side": (
        "The three are stuck together in one array. Efficient code does "
        "that, and then cuts it up; three arrays are asked for."
    ),
}


# --- the lecture's columns --------------------------------------------------


def attention_columns(inputs, w_q, w_k):
    queries = w_q @ inputs  # (d_k, L)
    keys = w_k @ inputs  # (d_k, L)
    a = keys.T @ queries  # (L keys, L queries)
    e = np.exp(a - a.max(axis=0))
    return a, e / e.sum(axis=0)  # every column sums to 1


COLUMNS_STARTER = '''def attention_columns(inputs, w_q, w_k):
    """The lecture's A and A', with vectors as columns and no scale.

    inputs : float array (d_model, L), the lecture's I: columns are vectors.
    w_q, w_k : (d_k, d_model), as the lecture writes them.
    Returns A (L, L) and A' (L, L); the softmax is that of the lecture.
    """
    raise NotImplementedError
'''


def _columns_variant(wrong):
    def answer(inputs, w_q, w_k):
        queries, keys = w_q @ inputs, w_k @ inputs  # (d_k, L) each
        if "keys_only" in wrong:
            queries = keys
        if "q_t_k" in wrong:
            queries, keys = keys, queries
        if "k_q_t" in wrong:
            a = keys @ queries.T  # (d_k, d_k)
        else:
            a = keys.T @ queries  # (L, L)
        if "scaled" in wrong:
            a = a / np.sqrt(len(keys))
        weights = _weigh(a, wrong, -2)
        if "scaled_softmax" in wrong:
            weights = _weigh(a / np.sqrt(len(keys)), wrong, -2)
        if "rows" in wrong:
            return a.T, weights.T
        return a, weights

    return answer


def _columns_cases(rng):
    def case(name, n, d_model, d_k, by=1.0, dtype=np.float64):
        shapes = ((d_model, n), (d_k, d_model), (d_k, d_model))
        args = [rng.standard_normal(s).astype(dtype) for s in shapes]
        args[0] *= by
        return Case(name, tuple(args))

    hand = tuple(np.array(a).T.copy() for a in (SAW, W_Q, W_K))
    return [
        Case("“I saw a saw”", hand),
        case("5 vectors, d_model = 3, d_k = 7", 5, 3, 7),
        case("7 vectors, d_model = 11, d_k = 2", 7, 11, 2),
        case("as many vectors as d_k", 5, 7, 5),
        case("large scores", 7, 5, 3, by=80.0),
        case("float32", 11, 5, 3, dtype=np.float32),
    ]


COLUMNS_TRAPS = {
    "q_t_k": (
        "Your A has one row per query. In the lecture's picture the keys "
        "stand upright as rows on the left, so A has one row per key and "
        "one column per query."
    ),
    "rows": (
        "These are A and A′ of the row convention: right for code, "
        "transposed for the lecture. Here a column belongs to a query."
    ),
    "other_axis": (
        "Your softmax runs along rows. A column of the lecture's A belongs "
        "to one query, and one query's weights must sum to 1."
    ),
    "k_q_t": (
        "The keys were not turned. What you have is (d_k, d_k): sums over "
        "words where sums over entries are meant."
    ),
    "keys_only": (
        "You multiplied keys with keys. One of the two factors must be the "
        "queries."
    ),
    "flattened": (
        "Your softmax ran over the whole matrix, so that all weights "
        "together sum to 1. Each query has 1 to share out."
    ),
    "scaled": (
        "You divided by √d_k. The code of this book does; the lecture does "
        "not, and its A is asked for."
    ),
    "scaled_softmax": (
        "Your A is the lecture's, but for A′ you divided it by √d_k. The "
        "lecture takes the softmax of A as it is."
    ),
    "unstable_exp": (
        "Large scores overflow: e¹⁰⁰⁰ is more than a float can hold. "
        "Subtract each column's largest score first, which changes nothing "
        "else."
    ),
    "relu": (
        "You used ReLU for A′. The lecture offers it as another choice; "
        "here the softmax is asked for."
    ),
}


# --- the code's rows --------------------------------------------------------


def attention_rows(x, w_q, w_k):
    q = x @ w_q  # (L, d_k)
    k = x @ w_k  # (L, d_k)
    scores = q @ k.T / np.sqrt(q.shape[-1])  # (L queries, L keys)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return scores, e / e.sum(axis=-1, keepdims=True)  # every row sums to 1


ROWS_STARTER = '''def attention_rows(x, w_q, w_k):
    """Scaled scores and their weights, with vectors as rows.

    x : float array (L, d_model), rows are vectors.
    w_q, w_k : (d_model, d_k).
    Returns scores (L, L), divided by the square root of d_k, and their
    softmax (L, L); row i belongs to query i.
    """
    raise NotImplementedError
'''


def _rows_variant(wrong):
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
            return scores, _weigh(scores, wrong, -1) / np.sqrt(d_k)
        elif "no_scale" not in wrong:
            scores = scores / np.sqrt(d_k)
        weights = _weigh(scores, wrong, -1)
        if "bare_scores" in wrong:
            scores = q @ k.T
        if "shifted_scores" in wrong:
            scores = scores - scores.max(axis=-1, keepdims=True)
        return (scores.T, weights.T) if "columns" in wrong else (
            scores, weights)

    return answer


def _rows_cases(rng):
    def case(name, n, d_model, d_k, by=1.0, dtype=np.float64):
        shapes = ((n, d_model), (d_model, d_k), (d_model, d_k))
        args = [rng.standard_normal(s).astype(dtype) for s in shapes]
        args[0] *= by
        return Case(name, tuple(args))

    hand = tuple(np.array(a) for a in (SAW, W_Q, W_K))
    return [
        Case("“I saw a saw”", hand),
        case("5 vectors, d_model = 3, d_k = 7", 5, 3, 7),
        case("7 vectors, d_model = 11, d_k = 2", 7, 11, 2),
        case("as many vectors as d_k", 5, 7, 5),
        case("large scores", 5, 7, 3, by=80.0),
        case("float32", 11, 5, 3, dtype=np.float32),
    ]


ROWS_TRAPS = {
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


# --- a mask and a batch -----------------------------------------------------


def masked_attention(q, k, v, mask):
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])  # (B, L, S)
    scores = np.where(mask, scores, -np.inf)  # (B, L, S)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (B, L, S)
    return weights @ v, weights  # (B, L, d_v), (B, L, S)


MASKED_STARTER = '''def masked_attention(q, k, v, mask):
    """Scaled dot-product attention over a batch, with a mask.

    q : float array (B, L, d_k). k : (B, S, d_k). v : (B, S, d_v).
    mask : booleans (B, 1, S), (B, L, S) or (L, S); True = may attend.
        Every query has at least one True.
    Returns out (B, L, d_v) and weights (B, L, S).
    """
    raise NotImplementedError
'''


def _masked_variant(wrong):
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
        weights = _weigh(hidden, wrong, -1)
        if "after_softmax" in wrong:
            weights = weights * mask
        if "values_only" in wrong:
            return (weights * mask) @ v, weights
        if "v_from_k" in wrong:
            v = k
        return weights @ v, weights

    return answer


def _masked_cases(rng):
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
        case("2 sentences, of 3 words and of 1", 2, 3, 3, 2, 2,
             lengths(3, 1, size=3)),
        case("padding, 7 words at most", 3, 7, 7, 3, 5,
             lengths(7, 2, 5, size=7)),
        case("one mask for all: no look ahead", 2, 7, 7, 5, 3, causal),
        case("a mask for each sentence", 3, 5, 5, 7, 2, some),
        case("large scores, padding", 2, 5, 5, 3, 7,
             lengths(2, 3, size=5), by=500.0),
        case("float32", 2, 3, 3, 11, 5, lengths(2, 3, size=3),
             dtype=np.float32),
    ]  # fmt: skip


MASKED_TRAPS = {
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
    "no_scale": (
        "The scores are not divided by √d_k."
    ),
    "divided_by_d_k": (
        "You divided by d_k, and its root is asked for."
    ),
    "v_from_k": (
        "You mixed the keys. The weights come from the keys; what is mixed "
        "are the values."
    ),
}  # fmt: skip


# --- the way back -----------------------------------------------------------


def attention_gradient(q, k, v, g):
    scale = 1 / np.sqrt(q.shape[-1])
    scores = q @ k.T * scale  # (L, L)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (L, L)

    d_v = weights.T @ g  # (L, d_v)
    d_weights = g @ v.T  # (L, L)
    mean = (weights * d_weights).sum(axis=-1, keepdims=True)  # (L, 1)
    d_scores = weights * (d_weights - mean)  # (L, L)
    d_q = d_scores @ k * scale  # (L, d_k)
    d_k = d_scores.T @ q * scale  # (L, d_k)
    return d_q, d_k, d_v


GRADIENT_STARTER = '''def attention_gradient(q, k, v, g):
    """What passes back through out = softmax(q @ k.T / sqrt(d_k)) @ v.

    q, k : float arrays (L, d_k). v : (L, d_v).
    g : (L, d_v), how the loss changes with each entry of out.
    Returns d_q (L, d_k), d_k (L, d_k) and d_v (L, d_v): how the loss
    changes with each entry of q, of k and of v.
    """
    raise NotImplementedError
'''


def _gradient_variant(wrong):
    def answer(q, k, v, g):
        scale = 1 / np.sqrt(q.shape[-1])
        weights = _softmax(q @ k.T * scale, -1)  # (L, L)
        d_v = (weights if "v_untransposed" in wrong else weights.T) @ g
        if "g_forgotten" in wrong:
            g = np.ones_like(g)
        into = g @ v.T  # (L, L)
        axis = -2 if "mean_over_queries" in wrong else -1
        mean = (weights * into).sum(axis=axis, keepdims=True)
        if "mean_as_row" in wrong:
            mean = mean.T
        if "mean_of_all" in wrong:
            mean = mean.sum()
        if "softmax_left_out" in wrong:
            back = into
        elif "mean_left_out" in wrong:
            back = weights * into
        elif "diagonal_only" in wrong:
            back = weights * (1 - weights) * into
        elif "plain_mean" in wrong:
            back = weights * (into - into.mean(axis=-1, keepdims=True))
        else:
            back = weights * (into - mean)
        if "scale_forgotten" in wrong:
            scale = 1.0
        elif "scale_twice" in wrong:
            scale = scale**2
        d_q = back @ k * scale
        d_k = (back if "k_untransposed" in wrong else back.T) @ q * scale
        if "q_k_swapped" in wrong:
            d_q, d_k = d_k, d_q
        if "v_first" in wrong:
            return d_v, d_q, d_k
        return d_q, d_k, d_v

    return answer


def _gradient_cases(rng):
    def case(name, n, d_k, d_v, by=1.0, dtype=np.float64):
        shapes = ((n, d_k), (n, d_k), (n, d_v), (n, d_v))
        args = [rng.standard_normal(s).astype(dtype) for s in shapes]
        args[0] *= by
        return Case(name, tuple(args))

    x, w_q, w_k, w_v = (np.array(a) for a in (SAW, W_Q, W_K, W_V))
    g = np.zeros((4, 2))
    g[0, 0] = 1.0
    return [
        Case("“I saw a saw”, first entry of b¹", (
            x @ w_q, x @ w_k, x @ w_v, g)),
        case("5 vectors, d_k = 3, d_v = 2", 5, 3, 2),
        case("3 vectors, d_k = 7, d_v = 11", 3, 7, 11),
        case("one vector", 1, 3, 2),
        case("large scores", 7, 5, 3, by=40.0),
        case("float32", 11, 5, 7, dtype=np.float32),
    ]  # fmt: skip


GRADIENT_TRAPS = {
    "softmax_left_out": (
        "Your gradient passes the softmax as if it were not there. A score "
        "that moves changes its weight in proportion to that weight."
    ),
    "mean_left_out": (
        "Raising one score lowers all the other weights of its row. That "
        "share, the mean of the incoming gradients under the weights, is "
        "missing."
    ),
    "diagonal_only": (
        "You used only the diagonal of the softmax's Jacobian, as for a "
        "sigmoid. The other weights of the row move as well."
    ),
    "plain_mean": (
        "You subtracted the plain mean of the row. It is a mean under the "
        "weights: a key that is not looked at does not count."
    ),
    "mean_over_queries": (
        "Your mean runs over queries. The softmax ties together the keys of "
        "one query, along a row, and its gradient does the same."
    ),
    "mean_as_row": (
        "Each row's mean was subtracted along a column: without keepdims "
        "the sums, (L,), meet the matrix as a row. Keep them a column, "
        "(L, 1)."
    ),
    "mean_of_all": (
        "You subtracted one number from the whole matrix. Each query has "
        "its own softmax, and its row its own mean."
    ),
    "v_first": (
        "The three are in the order in which you meet them on the way back. "
        "Return them as d_q, d_k, d_v."
    ),
    "scale_forgotten": (
        "The factor 1/√d_k is missing on the way back. What multiplies the "
        "scores multiplies their gradient."
    ),
    "scale_twice": (
        "The factor 1/√d_k came in twice on the way back. Once, for q and "
        "for k each."
    ),
    "v_untransposed": (
        "In d_v, query and key are exchanged. Value j collects from every "
        "query i what i looked at j, a column of the weights; a square "
        "matrix hides this mistake from the shapes."
    ),
    "k_untransposed": (
        "In d_k, query and key are exchanged. Key j collects from all "
        "queries, down its column."
    ),
    "q_k_swapped": (
        "You return the gradients of q and k in the wrong order."
    ),
    "g_forgotten": (
        "Your d_q and d_k are those of the sum of all outputs. Each output "
        "counts as much as g says."
    ),
}  # fmt: skip


def _nudged(rng):
    """One call, and one for an output that the loss does not see."""
    q, k = rng.standard_normal((2, 5, 3))
    v, g = rng.standard_normal((2, 5, 7))
    g[2] = 0
    return [Case("output 2 does not count", (q, k, v, g))]


# --- what a layer costs -----------------------------------------------------


def layer_cost(n, d_model, d_k, d_v, bytes_per_number=4):
    learned = d_model * (2 * d_k + d_v)  # numbers in w_q, w_k, w_v
    flops = 2 * n * learned  # projections
    flops += 2 * n**2 * (d_k + d_v)  # scores, and the weighted sums
    return flops, learned * bytes_per_number, n**2 * bytes_per_number


COST_STARTER = '''def layer_cost(n, d_model, d_k, d_v, bytes_per_number=4):
    """Work and memory of one self-attention layer, one head, no bias.

    n : number of vectors. d_model, d_k, d_v : widths.
    Returns three whole numbers:
    flops : operations in the matrix products (three projections, scores,
        weighted sums); a multiplication and its addition count as two.
    learned : bytes of the learned matrices.
    weights : bytes of the attention weights, stored once.
    """
    raise NotImplementedError
'''


def _cost_variant(wrong):
    def answer(n, d_model, d_k, d_v, bytes_per_number=4):
        if "v_as_k" in wrong:
            d_v = d_k
        if "v_as_model" in wrong:
            d_v = d_model
        learned = d_model * (2 * d_k + d_v)
        if "one_matrix" in wrong:
            learned = d_model * (d_k + d_v)
        linear = 2 * n * learned
        square = 2 * n**2 * (d_k + d_v)
        if "scores_only" in wrong:
            square = 2 * n**2 * d_k
        if "not_squared" in wrong:
            square = 2 * n * (d_k + d_v)
        flops = linear + square
        if "projections_forgotten" in wrong:
            flops = square
        if "softmax_counted" in wrong:
            flops += 5 * n**2
        if "four_bytes" in wrong:
            bytes_per_number = 4
        if "bits" in wrong:
            bytes_per_number *= 8
        if "multiply_adds" in wrong:
            flops = flops // 2
        if "bias_counted" in wrong:
            learned += 2 * d_k + d_v
        if "learned_per_word" in wrong:
            learned = n * learned
        stored = n**2
        if "weights_per_value" in wrong:
            stored = n * d_v
        if "numbers_not_bytes" in wrong:
            bytes_per_number = 1
        return flops, learned * bytes_per_number, stored * bytes_per_number

    return answer


def _cost_cases(rng):
    cases = [
        Case("“I saw a saw”, all widths 2", (4, 2, 2, 2)),
        Case("base Transformer, 512 words", (512, 512, 512, 512)),
        Case("a minute of speech, float16", (6000, 80, 64, 32), {
            "bytes_per_number": 2}),
    ]  # fmt: skip
    for _ in range(2):
        n, d_model, d_k, d_v = (int(i) for i in rng.permutation(
            [7, 11, 13, 17, 19, 23, 29])[:4])  # fmt: skip
        name = f"n = {n}, d_model = {d_model}, d_k = {d_k}, d_v = {d_v}"
        cases.append(Case(name, (n, d_model, d_k, d_v)))
    return cases


COST_TRAPS = {
    "multiply_adds": (
        "Your count of operations is half of what is asked: a "
        "multiplication and the addition after it are two."
    ),
    "projections_forgotten": (
        "The three projections are missing from the operations. For short "
        "inputs they are most of the work."
    ),
    "not_squared": (
        "Every query meets every key: the scores and the weighted sums grow "
        "with n². Yours grow with n."
    ),
    "scores_only": (
        "The weighted sums are missing. There are two products of size n²: "
        "the scores, and the weights times the values."
    ),
    "one_matrix": (
        "You counted one matrix for queries and keys together. They are "
        "two, both (d_model, d_k)."
    ),
    "v_as_k": (
        "You took the values to be as wide as the keys. They need not be: "
        "d_v appears where values do."
    ),
    "v_as_model": (
        "You took the values to be d_model wide. Without an output "
        "projection nothing forces that; use d_v."
    ),
    "bias_counted": (
        "You counted a bias. The lecture's layer has none."
    ),
    "learned_per_word": (
        "You counted the learned matrices once per word. All words share "
        "them; that is why the layer takes any length."
    ),
    "weights_per_value": (
        "The stored weights are one number per query and key, whatever the "
        "width of a value."
    ),
    "softmax_counted": (
        "You counted about five operations per score for the softmax. A fair "
        "thing to do; here only the matrix products are asked for."
    ),
    "four_bytes": (
        "You took every number for four bytes. float16 has two, float64 "
        "eight: `bytes_per_number` says."
    ),
    "bits": (
        "You return bits. Bytes are asked for."
    ),
    "numbers_not_bytes": (
        "You return how many numbers there are. Bytes are asked for."
    ),
}  # fmt: skip


# --- scores from the product of the two matrices ----------------------------


def scores_from_product(x, product, d_k):
    return x @ product @ x.T / np.sqrt(d_k)  # (L queries, L keys)


PRODUCT_STARTER = '''def scores_from_product(x, product, d_k):
    """Scaled scores, made without ever making a query or a key.

    x : float array (L, d_model), rows are vectors.
    product : (d_model, d_model): w_q @ w_k.T, the lecture's WqᵀWk.
    d_k : how wide the queries and keys would have been.
    Returns the scores (L, L), scaled as ever; row i belongs to query i.
    """
    raise NotImplementedError
'''


def _product_variant(wrong):
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
            return _softmax(scores, -1)
        return scores

    return answer


def _product_cases(rng):
    def case(name, n, d_model, d_k, dtype=np.float64):
        x = rng.standard_normal((n, d_model))
        w_q, w_k = rng.standard_normal((2, d_model, d_k))
        return Case(name, (x.astype(dtype), (w_q @ w_k.T).astype(dtype), d_k))

    x, w_q, w_k = (np.array(a) for a in (SAW, W_Q, W_K))
    return [
        Case("“I saw a saw”", (x, w_q @ w_k.T, 2)),
        case("5 vectors, d_model = 7, d_k = 3", 5, 7, 3),
        case("d_k larger than d_model", 7, 5, 11),
        case("as many vectors as d_model", 5, 5, 2),
        case("float32", 11, 3, 7, np.float32),
    ]


PRODUCT_TRAPS = {
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
    "divided_by_d_k": (
        "You divided by d_k, and its root is asked for."
    ),
    "multiplied": (
        "You multiplied by √d_k. It should make large scores smaller."
    ),
    "softmaxed": (
        "These are the weights. The scores before the softmax are asked for."
    ),
}  # fmt: skip


# --- find the broken line ---------------------------------------------------


def broken_lines():
    return {"first": 2, "second": 5, "third": 3}


BROKEN_STARTER = """answer = {
    "first": ...,  # a line number
    "second": ...,
    "third": ...,
}
"""


def _claims(**entry):
    return lambda: {**broken_lines(), **entry}


BROKEN_TRAPS = {
    "first_1": Trap(_claims(first=1), (
        "In the first, line 1 is right: rows times (d_model, d_k), three "
        "times.")),
    "first_3": Trap(_claims(first=3), (
        "In the first, line 3 is right: taking one number off a whole row "
        "leaves its softmax as it was, and keeps the exponential small.")),
    "first_5": Trap(_claims(first=5), (
        "In the first, line 5 is right: with rows as vectors a query's "
        "weights run along axis 1.")),
    "second_2": Trap(_claims(second=2), (
        "In the second, line 2 is the lecture's own: with columns as "
        "vectors, KᵀQ holds every key times every query.")),
    "second_3": Trap(_claims(second=3), (
        "In the second, line 3 is right: each column is a query, and its "
        "own largest score is taken off.")),
    "second_4": Trap(_claims(second=4), (
        "In the second, line 4 is right: the lecture's columns are queries, "
        "so each column must sum to 1.")),
    "third_2": Trap(_claims(third=2), (
        "In the third, line 2 is right: only the last two axes are "
        "exchanged, and q is d_k wide.")),
    "third_4": Trap(_claims(third=4), (
        "In the third, line 4 is right: the largest score of each row is "
        "taken off, in every sentence.")),
    "third_5": Trap(_claims(third=5), (
        "In the third, line 5 is right: the last axis holds the keys, in a "
        "batch as without one.")),
}  # fmt: skip


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="05.project_qkv",
        title="Queries, keys and values of all vectors",
        difficulty=1,
        minutes=4,
        reference=project_qkv,
        starter=PROJECT_STARTER,
        cases=_project_cases,
        traps=traps_from(_project_variant, PROJECT_TRAPS),
        variant=_project_variant,
        hints=(
            "One vector a, a row, becomes one query by one product. What "
            "becomes of a matrix with L such rows?",
            "Shapes decide the order: (L, d_model) and (d_model, d_k) can be "
            "multiplied in one way only.",
            "`@` multiplies the last two axes and leaves a batch in front "
            "alone. Three products, three results.",
        ),
    ),
    Exercise(
        id="05.attention_columns",
        title="A and A′ as the lecture writes them",
        difficulty=2,
        minutes=8,
        reference=attention_columns,
        starter=COLUMNS_STARTER,
        cases=_columns_cases,
        traps=traps_from(_columns_variant, COLUMNS_TRAPS),
        variant=_columns_variant,
        hints=(
            "Q = WqI and K = WkI come first. Which shapes have they?",
            "A = KᵀQ. Check with a¹ and a²: the score of q¹ with k² stands "
            "in row 2, column 1.",
            "One column of A belongs to one query, so maximum and sum are "
            "taken down the columns: axis 0.",
        ),
    ),
    Exercise(
        id="05.attention_rows",
        title="Scores and weights in rows",
        difficulty=1,
        minutes=6,
        reference=attention_rows,
        starter=ROWS_STARTER,
        cases=_rows_cases,
        traps=traps_from(_rows_variant, ROWS_TRAPS),
        variant=_rows_variant,
        hints=(
            "Transpose the lecture's A = KᵀQ. What stands on the left now?",
            "Divide by the root of the width of a query, before the softmax.",
            "One row belongs to one query: maximum and sum along axis −1, "
            "with keepdims=True, or the shapes will not meet.",
        ),
    ),
    Exercise(
        id="05.masked_attention",
        title="Attention with a mask and a batch",
        difficulty=2,
        minutes=12,
        reference=masked_attention,
        starter=MASKED_STARTER,
        cases=_masked_cases,
        traps=traps_from(_masked_variant, MASKED_TRAPS),
        variant=_masked_variant,
        hints=(
            "Begin without the mask. In a batch `.T` turns all axes round; "
            "which two should change places?",
            "A forbidden key should get weight 0, and the allowed ones the "
            "whole. Which score has exponential 0?",
            "`np.where(mask, …, …)` chooses entry by entry and spreads a "
            "mask (B, 1, S) over all queries. Then the softmax along the "
            "last axis.",
        ),
    ),
    Exercise(
        id="05.attention_gradient",
        title="The gradient of softmax attention",
        difficulty=3,
        minutes=20,
        reference=attention_gradient,
        starter=GRADIENT_STARTER,
        cases=_gradient_cases,
        traps=traps_from(_gradient_variant, GRADIENT_TRAPS),
        variant=_gradient_variant,
        properties=(
            Property(
                "unseen_output",
                "The loss does not depend on one of the outputs, and still "
                "something passes back to its query.",
                _nudged,
                lambda cases, outs: (
                    np.allclose(outs[0][0][2], 0)
                    and not np.allclose(outs[0][0][0], 0)
                ),
            ),
        ),
        hints=(
            "Compute the weights again, as on the way forward. Then go back "
            "line by line: out = weights @ v has two factors.",
            "For y = a @ b and a gradient g of y: the gradient of a is "
            "g @ b.T, that of b is a.T @ g. That covers all but the softmax.",
            "For the softmax, take from each incoming gradient the mean of "
            "its row under the weights, and multiply by the weight. The "
            "scale comes in once more at the end.",
        ),
    ),
    Exercise(
        id="05.layer_cost",
        title="Operations and bytes of a layer",
        difficulty=2,
        minutes=8,
        reference=layer_cost,
        starter=COST_STARTER,
        cases=_cost_cases,
        traps=traps_from(_cost_variant, COST_TRAPS),
        variant=_cost_variant,
        hints=(
            "A product (m, k) @ (k, n) has m·n entries. How many "
            "multiplications, how many additions each?",
            "Count 2·m·k·n for each of the five products: three "
            "projections, the scores, the weighted sums.",
            "The learned numbers are those of w_q, w_k and w_v, whatever n "
            "is. The weights are n by n.",
        ),
    ),
    Exercise(
        id="05.scores_from_product",
        title="Scores from one matrix alone",
        difficulty=2,
        minutes=6,
        reference=scores_from_product,
        starter=PRODUCT_STARTER,
        cases=_product_cases,
        traps=traps_from(_product_variant, PRODUCT_TRAPS),
        variant=_product_variant,
        hints=(
            "Write out q @ k.T with q = x @ w_q and k = x @ w_k. What is the "
            "transpose of a product?",
            "(x @ w_k).T is w_k.T @ x.T. Two of the four factors now stand "
            "side by side.",
            "The product stands between x and x turned, and d_k is needed "
            "for the scale only.",
        ),
    ),
    Exercise(
        id="05.broken_lines",
        title="Find the broken line",
        difficulty=2,
        minutes=8,
        kind="value",
        reference=broken_lines,
        starter=BROKEN_STARTER,
        cases=quiz_cases,
        traps=BROKEN_TRAPS,
        hints=(
            "Write the shape beside every line. In all three, the shapes "
            "work out.",
            "Ask of each line: which convention, rows or columns? Whose "
            "width? Which axis belongs to the keys?",
            "One of them fails only when d_model and d_k differ, one mixes "
            "with the weights of the wrong word, one masks the wrong axis.",
        ),
    ),
)
