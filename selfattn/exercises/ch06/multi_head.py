"""Exercise 06.multi_head."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    """Multi-head self-attention: project, split, attend, merge, project.

    x : float array (L, d_model), or a batch (B, L, d_model).
    w_q, w_k : (d_model, H * d_k). w_v : (d_model, H * d_v).
    w_o : (H * d_v, d_out). Head h owns the h-th block of columns.
    mask : None, or booleans, True = may attend, the same for all heads:
        (L, L), then it holds for every sentence of a batch, or (B, L, L).
        No row is all False.
    Scores are divided by the root of d_k, the width of one head. They may be
    as large as 100,000, above or below 0.
    Returns an array (L, d_out) or (B, L, d_out).
    """

    def split(y):  # (..., L, H * d) -> (..., H, L, d)
        y = y.reshape(*y.shape[:-1], n_heads, y.shape[-1] // n_heads)
        return y.swapaxes(-3, -2)

    q, k, v = split(x @ w_q), split(x @ w_k), split(x @ w_v)
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])  # (..., H, L, L)
    if mask is not None:
        if mask.ndim > 2:
            mask = mask[..., None, :, :]  # (B, 1, L, L), one for all heads
        scores = np.where(mask, scores, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)  # (..., H, L, L)
    heads = (weights @ v).swapaxes(-3, -2)  # (..., L, H, d_v)
    return heads.reshape(*x.shape[:-1], -1) @ w_o  # (..., L, d_out)


HINTS = (
    "Five steps: three products, the split, attention as in chapter "
    "05, the merge, one more product. Get it right without a mask "
    "first.",
    "If the head axis stands before the places, `@` and `swapaxes(-1,"
    " -2)` of chapter 05 work on all heads at once. The scale is the "
    "root of the last axis of q after the split.",
    "A mask (L, L) broadcasts to (..., H, L, L) by itself. One that "
    "has a batch axis needs a new axis behind it, or its sentences "
    "are taken for heads.",
)


def cases(rng):
    def case(name, shape, n_heads, d_k, d_v, d_out, mask=None, **how):
        d_model = shape[-1]
        dtype = how.get("dtype", float)
        sizes = (
            (d_model, n_heads * d_k),
            (d_model, n_heads * d_k),
            (d_model, n_heads * d_v),
            (n_heads * d_v, d_out),
        )
        x = rng.standard_normal(shape)
        weights = [rng.standard_normal(s) / np.sqrt(s[0]) for s in sizes]
        weights[0] = how.get("by", 1.5) * weights[0]
        if how.get("far"):  # each word's own score lies far below the others
            weights[1] = -weights[0]
        arrays = [a.astype(dtype) for a in (x, *weights)]
        kwargs = {} if mask is None else {"mask": mask}
        return Case(name, (*arrays, n_heads), kwargs)

    a = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1]])
    w_q = np.array([[1.0, -1], [1, 2]])
    w_k = np.array([[0.0, 1], [1, 0]])
    w_v = np.array([[2.0, 0], [1, 3]])
    w_o = np.array([[1.0, 1], [0, 1]])
    past = np.tri(7, dtype=bool)  # (L, L)
    lengths = np.array([5, 2, 3])
    real = np.arange(5) < lengths[:, None, None]  # (B, 1, L)
    real = np.broadcast_to(real, (3, 5, 5)).copy()  # (B, L, L)
    both = real & np.tri(5, dtype=bool)  # (B, L, L)
    saw = (a, w_q, w_k, w_v, w_o, 2)
    before = {"mask": np.tri(4, dtype=bool)}
    return [
        Case("“I saw a saw”, 2 heads of width 1", saw),
        Case("the same, causal mask", saw, before),
        case("3 heads, d_k = 5, d_v = 7", (11, 13), 3, 5, 7, 17),
        case("square: d_model = 6, 2 heads", (6, 6), 2, 3, 3, 6),
        case("one head", (5, 3), 1, 7, 2, 11),
        case("one word", (1, 5), 3, 2, 7, 11),
        case("a batch", (2, 7, 5), 3, 2, 5, 11),
        case("causal mask (7, 7)", (7, 11), 2, 5, 3, 7, past),
        case("batch of 3, 3 heads, padding", (3, 5, 7), 3, 2, 11, 13, real),
        case("the same, causal too", (3, 5, 7), 3, 2, 11, 13, both),
        case("batch of 7, mask (7, 7)", (7, 7, 5), 2, 3, 11, 13, past),
        case("large scores", (5, 7), 2, 3, 11, 13, by=900.0),
        case(
            "what is allowed scores far below the rest",
            *((7, 5), 2, 3, 11, 13, past),
            by=60.0,
            far=True,
        ),
        case("float32", (7, 10), 5, 3, 2, 11, dtype=np.float32),
    ]


MISTAKES = {
    "no_output_projection": (
        "You return the merged heads. One more product mixes what the heads "
        "found, with `w_o`."
    ),
    "split_without_transpose": (
        "The heads are cut by `reshape` alone, so a head holds a few whole "
        "vectors. It should hold a part of every vector."
    ),
    "every_hth_column": (
        "Your head h has every H-th column. It owns a block of neighbouring "
        "ones."
    ),
    "merged_without_transpose": (
        "You merged the heads by `reshape` alone. Swap places and heads "
        "first, or a row mixes several places."
    ),
    "merged_interleaved": (
        "In your merged vector the heads alternate. The rows of `w_o` expect "
        "all of head 0, then all of head 1."
    ),
    "merged_backwards": (
        "You merged the heads from last to first, so each meets the rows of "
        "`w_o` that belong to another."
    ),
    "sqrt_d_model": (
        "You divided by the root of d_model. A score sums d_k products, the "
        "width of one head, so √d_k is its spread."
    ),
    "sqrt_of_all_heads": (
        "You divided by the root of all heads' width together. A score sums "
        "over one head only, so it is the root of that head's width."
    ),
    "sqrt_d_v": (
        "You divided by the root of d_v. A score is a product of query and "
        "key, so their width counts, d_k."
    ),
    "no_scale": (
        "The scores are not scaled. Divide them by the root of one head's "
        "width before the softmax."
    ),
    "one_head": (
        "You have one wide head, whatever `n_heads` is. Its scores are the "
        "sums of all heads' scores."
    ),
    "sqrt_length": (
        "You divided by the root of the number of words. A score sums d_k "
        "products, so the root of d_k is asked for."
    ),
    "divided_by_d_k": "You divided by d_k itself. Its root is asked for.",
    "q_and_k_swapped": (
        "Queries and keys have changed places. Rows belong to queries, "
        "columns to keys."
    ),
    "keys_reshaped": (
        "You turned the keys with `reshape`. It keeps the order of the "
        "numbers, so the keys are mixed up; their last two axes should change "
        "places."
    ),
    "log_softmax": (
        "You mix the values with the logarithms of the weights. The weights "
        "themselves are asked for, positive and with the sum 1."
    ),
    "no_maximum": (
        "The exponential of a large score is too large for the computer, and "
        "that of a very negative one is 0. Subtract the largest score of each "
        "row first."
    ),
    "one_maximum": (
        "You subtract one maximum from all rows. Where a row lies far below "
        "it, all exponentials become 0. Take the maximum of each row."
    ),
    "maximum_before_mask": (
        "Your maximum is taken over forbidden keys too. Where the allowed "
        "scores lie far below it, all their exponentials become 0."
    ),
    "zero_is_masked": (
        "You treat a score of 0 as forbidden. It is an ordinary score; only "
        "the mask forbids."
    ),
    "not_low_enough": (
        "Forbidden scores became a number such as −100. Allowed scores can be "
        "lower than that, and then forbidden keys win; −∞ is below them all."
    ),
    "mask_transposed": (
        "Your mask has queries and keys exchanged. Row i of the mask says "
        "what query i may attend to."
    ),
    "mask_by_sentence": (
        "You took row b of the two-axis mask for sentence b. A mask (L, L) "
        "holds for every sentence, and its row i is for query i."
    ),
    "softmax_over_queries": (
        "Your weights sum to 1 down the columns. Each query shares out its "
        "own attention, so every row sums to 1."
    ),
    "softmax_over_heads": (
        "Your weights sum to 1 over the heads. Each head has a softmax of its "
        "own, over the keys."
    ),
    "one_softmax_for_all": (
        "All your heads use the same weights, made from the sum of their "
        "scores. Each head should have weights of its own."
    ),
    "mask_inverted": (
        "Your mask is the wrong way round. True means “may attend” here. In "
        "`nn.MultiheadAttention` it means the opposite."
    ),
    "mask_per_head": (
        "The mask of sentence b was used for head b. With as many heads as "
        "sentences this raises no error. A mask with a batch axis needs an "
        "axis for the heads behind it."
    ),
    "mask_ignored": "The mask has no effect on your answer.",
    "mask_score_zero": (
        "Masked scores became 0. The exponential of 0 is 1, so they still "
        "get weight; −∞ gets none."
    ),
    "mask_after_softmax": (
        "You masked the weights after the softmax. What is left no longer "
        "sums to 1; mask the scores."
    ),
}


def _allowed(mask, batch, length, wrong):
    """The mask as it meets the scores (..., H, L, L)."""
    if mask is None or "mask_ignored" in wrong:
        return np.ones((length, length), bool)
    if "mask_transposed" in wrong:
        mask = mask.swapaxes(-1, -2)
    if "mask_by_sentence" in wrong and batch == [length] and mask.ndim == 2:
        return mask[:, None, None, :]
    if mask.ndim > 2:
        mask = mask[None] if "mask_per_head" in wrong else mask[:, None]
    return ~mask if "mask_inverted" in wrong else mask


def _weights(scores, allowed, wrong):
    """Softmax over what is allowed, with mistakes."""
    axis = -1
    if "softmax_over_queries" in wrong:
        axis = -2
    if "softmax_over_heads" in wrong:
        axis = -3
    top = scores.max(axis=axis, keepdims=True)
    if "mask_score_zero" in wrong:
        scores = scores * allowed
    elif "mask_after_softmax" not in wrong:
        # Whole rows may be masked by mistake: even weights, not NaN.
        even = wrong & {"mask_inverted", "mask_transposed"}
        low = -100 if "not_low_enough" in wrong else -1e30 if even else -np.inf
        scores = np.where(allowed, scores, low)
    if "maximum_before_mask" not in wrong:
        top = scores.max(axis=axis, keepdims=True)
    if "one_maximum" in wrong:
        top = scores.max()
    if "no_maximum" in wrong:
        top = 0
    e = np.exp(scores - top)
    weights = e / e.sum(axis=axis, keepdims=True)
    if "log_softmax" in wrong:
        weights = scores - top - np.log(e.sum(axis=axis, keepdims=True))
    return weights * allowed if "mask_after_softmax" in wrong else weights


def variant(wrong):
    def answer(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
        *batch, length, d_model = x.shape
        n_heads = 1 if "one_head" in wrong else n_heads

        def split(y):
            d = y.shape[-1] // n_heads
            if "split_without_transpose" in wrong:
                return y.reshape(*batch, n_heads, length, d)
            if "every_hth_column" in wrong:
                y = y.reshape(*batch, length, d, n_heads).swapaxes(-1, -2)
            else:
                y = y.reshape(*batch, length, n_heads, d)
            return y.swapaxes(-3, -2)  # (..., H, L, d)

        q, k, v = split(x @ w_q), split(x @ w_k), split(x @ w_v)
        if "q_and_k_swapped" in wrong:
            q, k = k, q
        d_k = q.shape[-1]
        scale = np.sqrt(d_k)
        for name, value in (
            ("no_scale", 1.0),
            ("divided_by_d_k", float(d_k)),
            ("sqrt_d_model", np.sqrt(d_model)),
            ("sqrt_of_all_heads", np.sqrt(n_heads * d_k)),
            ("sqrt_d_v", np.sqrt(v.shape[-1])),
            ("sqrt_length", np.sqrt(length)),
        ):
            if name in wrong:
                scale = value
        turned = k.swapaxes(-1, -2)  # (..., H, d_k, L)
        if "keys_reshaped" in wrong:
            turned = k.reshape(turned.shape)
        scores = q @ turned / scale  # (..., H, L, L)
        if "one_softmax_for_all" in wrong:
            scores = scores.sum(-3, keepdims=True).repeat(n_heads, -3)
        allowed = _allowed(mask, batch, length, wrong)
        if "zero_is_masked" in wrong:
            allowed = allowed & (scores != 0)
        weights = _weights(scores, allowed, wrong)  # (..., H, L, L)
        heads = weights @ v  # (..., H, L, d_v)
        if "merged_backwards" in wrong:
            heads = heads[..., ::-1, :, :]
        if "merged_without_transpose" in wrong:
            merged = heads.reshape(*batch, length, -1)
        elif "merged_interleaved" in wrong:
            merged = np.moveaxis(heads, -3, -1).reshape(*batch, length, -1)
        else:
            merged = heads.swapaxes(-3, -2).reshape(*batch, length, -1)
        return merged if "no_output_projection" in wrong else merged @ w_o

    return answer


EXERCISE = exercise(
    multi_head,
    title="Multi-head attention with a mask",
    difficulty=2,
    minutes=20,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
