"""Exercise 06.multi_head."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    """Multi-head self-attention: project, split, attend, merge, project.

    x : float array (L, d_model), or a batch (B, L, d_model).
    w_q, w_k : (d_model, H * d_k). w_v : (d_model, H * d_v).
    w_o : (H * d_v, d_out). Head h owns the h-th block of columns.
    mask : None, or booleans, True = may attend, the same for all heads:
        (L, L), or for a batch (B, L, L). No row is all False.
    Scores are divided by the root of d_k, the width of one head.
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
    return [
        Case("“I saw a saw”, 2 heads of width 1", (a, w_q, w_k, w_v, w_o, 2)),
        case("3 heads, d_k = 5, d_v = 7", (11, 13), 3, 5, 7, 17),
        case("square: d_model = 6, 2 heads", (6, 6), 2, 3, 3, 6),
        case("one head", (5, 3), 1, 7, 2, 3),
        case("a batch", (2, 7, 5), 3, 2, 5, 11),
        case("causal mask (7, 7)", (7, 11), 2, 5, 3, 7, past),
        case("batch of 3, 3 heads, padding", (3, 5, 7), 3, 2, 3, 5, real),
        case("the same, causal too", (3, 5, 7), 3, 2, 3, 5, both),
        case("large scores", (5, 7), 2, 3, 3, 2, by=900.0),
        case("float32", (7, 10), 5, 3, 2, 11, dtype=np.float32),
    ]


MISTAKES = {
    "no_output_projection": (
        "You return the merged heads. One more product mixes what the heads "
        "found, with `w_o`."
    ),
    "split_without_transpose": (
        "The heads are cut by `reshape` alone, so a head holds a few whole "
        "vectors and not a part of each. Cut the last axis in two first, "
        "then swap."
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
        "You have one wide head, whatever `n_heads` says. Its scores are the "
        "sums of all heads' scores, with one softmax for all."
    ),
    "divided_by_d_k": "You divided by d_k itself. Its root is asked for.",
    "q_and_k_swapped": (
        "Queries and keys have changed places. Rows belong to queries, "
        "columns to keys."
    ),
    "softmax_over_queries": (
        "Your weights sum to 1 down the columns. Each query shares out its "
        "own attention, so every row sums to 1."
    ),
    "softmax_over_heads": (
        "Your weights sum to 1 over the heads, which makes the heads compete. "
        "Each head has a softmax of its own, over the keys."
    ),
    "one_softmax_for_all": (
        "All heads use the same weights, those of their scores' sum. That "
        "is what one wide head does; each head keeps its own ranking."
    ),
    "mask_inverted": (
        "Your mask is upside down. True means “may attend” here; it is "
        "`nn.MultiheadAttention` that has it the other way."
    ),
    "mask_per_head": (
        "The mask of sentence b was used for head b. With as many heads as "
        "sentences nothing complains; put an axis for the heads into the "
        "mask."
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
        ):
            if name in wrong:
                scale = value
        scores = q @ k.swapaxes(-1, -2) / scale  # (..., H, L, L)
        if "one_softmax_for_all" in wrong:
            scores = scores.sum(-3, keepdims=True).repeat(n_heads, -3)
        if mask is not None and mask.ndim > 2:
            per_head = "mask_per_head" in wrong
            mask = mask[None] if per_head else mask[:, None]
        if mask is not None and "mask_inverted" in wrong:
            mask = ~mask
        if mask is not None and "mask_ignored" not in wrong:
            if "mask_score_zero" in wrong:
                scores = scores * mask
            elif "mask_after_softmax" not in wrong:
                scores = np.where(mask, scores, -1e30)
        axis = -1
        if "softmax_over_queries" in wrong:
            axis = -2
        if "softmax_over_heads" in wrong:
            axis = -3
        e = np.exp(scores - scores.max(axis=axis, keepdims=True))
        weights = e / e.sum(axis=axis, keepdims=True)  # (..., H, L, L)
        if mask is not None and "mask_after_softmax" in wrong:
            weights = weights * mask
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
