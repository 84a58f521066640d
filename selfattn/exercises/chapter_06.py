"""Chapter 06, multi-head: split, attend, merge, project, and take apart."""

from __future__ import annotations

import numpy as np

from selfattn.exercises import Case, Exercise, Property, traps_from

# --- split -----------------------------------------------------------------


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    parts = x.reshape(*batch, length, n_heads, width // n_heads)
    return parts.swapaxes(-3, -2)  # (..., H, L, d)


SPLIT_STARTER = '''def split_heads(x, n_heads):
    """Cut each vector into equal parts, one per head.

    x : float array (..., L, H * d): L vectors, perhaps in a batch.
    n_heads : H. Head h gets the h-th block of d neighbouring columns.
    Returns an array (..., H, L, d).
    """
    raise NotImplementedError
'''


def _split_variant(wrong):
    def answer(x, n_heads):
        *batch, length, width = x.shape
        d = width // n_heads
        if "no_transpose" in wrong:
            return x.reshape(*batch, n_heads, length, d)
        if "width_and_heads_swapped" in wrong:
            n_heads, d = d, n_heads
        if "every_hth_column" in wrong:
            parts = x.reshape(*batch, length, d, n_heads).swapaxes(-1, -2)
        else:
            parts = x.reshape(*batch, length, n_heads, d)  # (..., L, H, d)
        if "heads_backwards" in wrong:
            parts = parts[..., ::-1, :]
        if "first_part_for_all" in wrong:
            parts = parts[..., :1, :].repeat(n_heads, axis=-2)
        if "whole_vector_for_all" in wrong:
            parts = x[..., None, :].repeat(n_heads, axis=-2)
        if "heads_after_places" in wrong:
            return parts
        parts = parts.swapaxes(-3, -2)  # (..., H, L, d)
        if "vectors_in_columns" in wrong:
            parts = parts.swapaxes(-1, -2)
        if "heads_before_batch" in wrong:
            parts = np.moveaxis(parts, -3, 0)
        return parts

    return answer


def _split_cases(rng):
    hand = np.array([[1.0, -1], [1, 2], [2, 1], [1, 2]])  # (L, 2)
    cases = [Case("the four queries, 2 heads of width 1", (hand, 2))]
    for shape, n_heads, dtype in (
        ((3, 4), 2, float),
        ((7, 15), 3, float),
        ((5, 7), 1, float),
        ((2, 5, 33), 11, float),
        ((2, 3, 7, 10), 5, np.float32),
    ):
        x = rng.standard_normal(shape).astype(dtype)
        cases.append(Case(f"x {shape}, {n_heads} heads", (x, n_heads)))
    return cases


SPLIT_TRAPS = {
    "no_transpose": (
        "The shape is right and the numbers are in the wrong places. "
        "`reshape` deals the numbers out in the order in which they lie in "
        "memory, so your first head holds whole vectors of the first places; "
        "the axes have to be swapped."
    ),
    "every_hth_column": (
        "Your head h has every H-th column. The agreed layout gives it a "
        "block of neighbouring columns, and weights copied from elsewhere "
        "rely on that."
    ),
    "width_and_heads_swapped": (
        "You cut into parts of width H. `n_heads` is the number of parts; "
        "each is the H-th part of the vector wide."
    ),
    "heads_backwards": (
        "The heads are in reverse order. Head 0 owns the first columns."
    ),
    "first_part_for_all": (
        "All your heads hold the first block of columns. Each head has its "
        "own."
    ),
    "whole_vector_for_all": (
        "Each of your heads sees the whole vector. Here the columns are "
        "shared out; what a head may see of the input was settled by the "
        "projection before."
    ),
    "heads_after_places": (
        "The vectors are cut rightly, but the head axis stands behind the "
        "places, (..., L, H, d). It must come before them, so that a product "
        "of the last two axes works on one head."
    ),
    "vectors_in_columns": (
        "Inside each head your vectors are columns. They are rows in this "
        "book: (..., H, L, d)."
    ),
    "heads_before_batch": (
        "The head axis comes before the batch. It should stand between the "
        "batch and the places, (B, H, L, d)."
    ),
}


# --- merge -----------------------------------------------------------------


def merge_heads(heads):
    *batch, n_heads, length, d = heads.shape
    vectors = heads.swapaxes(-3, -2)  # (..., L, H, d)
    return vectors.reshape(*batch, length, n_heads * d)  # (..., L, H * d)


MERGE_STARTER = '''def merge_heads(heads):
    """Lay each vector's parts side by side again, head 0 first.

    heads : float array (..., H, L, d), perhaps with batch axes in front.
    Returns an array (..., L, H * d).
    """
    raise NotImplementedError
'''


def _merge_variant(wrong):
    def answer(heads):
        *batch, n_heads, length, d = heads.shape
        if "no_transpose" in wrong:
            return heads.reshape(*batch, length, n_heads * d)
        if "one_below_the_other" in wrong:
            return heads.reshape(*batch, n_heads * length, d)
        if "heads_added" in wrong:
            return heads.sum(axis=-3)
        if "heads_averaged" in wrong:
            return heads.mean(axis=-3)
        if "heads_backwards" in wrong:
            heads = heads[..., ::-1, :, :]
        if "places_backwards" in wrong:
            heads = heads[..., ::-1, :]
        if "first_head_only" in wrong:
            return heads[..., 0, :, :]
        if "places_kept_apart" in wrong:
            return heads.swapaxes(-3, -2)
        parts = heads.swapaxes(-3, -2)  # (..., L, H, d)
        if "heads_interleaved" in wrong:
            parts = parts.swapaxes(-1, -2)  # (..., L, d, H)
        return parts.reshape(*batch, length, n_heads * d)

    return answer


def _merge_cases(rng):
    hand = np.array([[[1.0], [2], [3]], [[10], [20], [30]]])  # (2, 3, 1)
    cases = [Case("2 heads, 3 places, width 1", (hand,))]
    for shape, dtype in (
        ((2, 3, 2), float),
        ((3, 3, 3), float),
        ((5, 7, 2), float),
        ((2, 3, 5, 7), float),
        ((3, 2, 7, 2, 5), np.float32),
    ):
        heads = rng.standard_normal(shape).astype(dtype)
        cases.append(Case(f"heads {shape}", (heads,)))
    return cases


MERGE_TRAPS = {
    "no_transpose": (
        "The shape is right, but one row now mixes several places of one "
        "head. A row belongs to one place and holds what all heads say there."
    ),
    "heads_interleaved": (
        "Your columns alternate between the heads. Head 0's numbers come "
        "first, all of them, then head 1's: the rows of the output "
        "projection are in that order."
    ),
    "heads_backwards": (
        "The heads are merged from last to first. Then each meets the rows "
        "of the output projection that belong to another."
    ),
    "places_backwards": (
        "Your rows run from the last place to the first. Row i is place i."
    ),
    "one_below_the_other": (
        "You stacked the heads one below the other. They stand side by side: "
        "as many rows as places, H * d columns."
    ),
    "heads_added": (
        "You added the heads up. Adding them before the output projection "
        "makes them indistinguishable; lay them side by side."
    ),
    "heads_averaged": (
        "You averaged the heads. That throws away what makes them differ; "
        "lay them side by side."
    ),
    "first_head_only": (
        "Only head 0 is left. All heads go into the merged vector."
    ),
    "places_kept_apart": (
        "The axes are in the right order, but there is one too many. The "
        "last two, head and width, become one."
    ),
}

_THERE_AND_BACK = Property(
    "keeps_every_number",
    "Some numbers are lost or changed. Merging only moves them.",
    lambda rng: [Case("heads", (rng.standard_normal((3, 5, 2)),))],
    lambda cases, outs: np.array_equal(
        np.sort(np.ravel(outs[0])), np.sort(np.ravel(cases[0].args[0]))
    ),
)


# --- multi-head attention --------------------------------------------------


def multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
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


MULTI_STARTER = '''def multi_head(x, w_q, w_k, w_v, w_o, n_heads, mask=None):
    """Multi-head self-attention: project, split, attend, merge, project.

    x : float array (L, d_model), or a batch (B, L, d_model).
    w_q, w_k : (d_model, H * d_k). w_v : (d_model, H * d_v).
    w_o : (H * d_v, d_out). Head h owns the h-th block of columns.
    mask : None, or booleans, True = may attend, the same for all heads:
        (L, L), or for a batch (B, L, L). No row is all False.
    Scores are divided by the root of d_k, the width of one head.
    Returns an array (L, d_out) or (B, L, d_out).
    """
    raise NotImplementedError
'''


def _multi_head_variant(wrong):
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


def _multi_head_cases(rng):
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


MULTI_HEAD_TRAPS = {
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
    "divided_by_d_k": ("You divided by d_k itself. Its root is asked for."),
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
    "mask_ignored": ("The mask has no effect on your answer."),
    "mask_score_zero": (
        "Masked scores became 0. The exponential of 0 is 1, so they still "
        "get weight; −∞ gets none."
    ),
    "mask_after_softmax": (
        "You masked the weights after the softmax. What is left no longer "
        "sums to 1; mask the scores."
    ),
}


# --- how many parameters ---------------------------------------------------


def count_parameters(d_model, n_heads, d_k, d_v, bias=False):
    into_heads = n_heads * (2 * d_k + d_v)  # columns of Wq, Wk, Wv
    count = d_model * into_heads + n_heads * d_v * d_model
    return count + into_heads + d_model if bias else count


SIZE_STARTER = '''def count_parameters(d_model, n_heads, d_k, d_v, bias=False):
    """How many numbers a multi-head layer learns.

    d_model : width of the vectors, going in and coming out.
    n_heads : H. d_k, d_v : widths of one head's keys and values.
    bias : whether each of the four projections adds a learned constant.
    Returns a whole number.
    """
    raise NotImplementedError
'''


def _count_variant(wrong):
    def answer(d_model, n_heads, d_k, d_v, bias=False):
        if "heads_forgotten" in wrong:
            n_heads = 1
        if "all_square" in wrong:
            return 4 * d_model**2 + (4 * d_model if bias else 0)
        keys = d_k if "keys_forgotten" in wrong else 2 * d_k
        columns = n_heads * (keys + d_v)
        if "values_like_keys" in wrong:
            columns = n_heads * 3 * d_k
        count = d_model * columns
        out = n_heads * d_v * d_model
        if "square_output" in wrong:
            out = d_model**2
        if "output_of_one_head" in wrong:
            out = d_v * d_model
        if "no_output_projection" not in wrong:
            count += out
        constants = columns + d_model
        if "output_bias_forgotten" in wrong:
            constants = columns
        if "output_bias_per_head" in wrong:
            constants = columns + n_heads * d_model
        if "one_bias_per_matrix" in wrong:
            constants = 4
        if "bias_per_input" in wrong:
            constants = 3 * d_model + n_heads * d_v
        if "bias_always" in wrong:
            bias = True
        return count + (constants if bias and "no_bias" not in wrong else 0)

    return answer


def _count_cases(rng):
    cases = [
        Case("d_model = 2, 2 heads of width 1", (2, 2, 1, 1)),
        Case("the same, with biases", (2, 2, 1, 1, True)),
        Case("the paper's layer", (512, 8, 64, 64)),
    ]
    primes = rng.permutation([3, 5, 7, 11, 13, 17, 19, 23])
    for bias, sizes in ((False, primes[:4]), (True, primes[4:])):
        sizes = tuple(int(n) for n in sizes)
        name = "d_model = {}, {} heads, d_k = {}, d_v = {}".format(*sizes)
        name += ", with biases" if bias else ""
        cases.append(Case(name, (*sizes, bias)))
    return cases


COUNT_TRAPS = {
    "no_output_projection": (
        "The output projection is missing. It takes the merged heads back "
        "to d_model, and is learned like the others."
    ),
    "heads_forgotten": (
        "You counted one head. d_k and d_v are the widths of one head here, "
        "and every head has its own columns."
    ),
    "all_square": (
        "You took all four matrices to be square, as they are when heads are "
        "d_model / H wide. This layer is told its d_k and d_v."
    ),
    "keys_forgotten": (
        "One of the two matrices of width d_k is missing. Queries and keys "
        "have one each."
    ),
    "values_like_keys": (
        "You gave the values the width of the keys. They have their own, d_v."
    ),
    "square_output": (
        "You took the output projection to be square. It reads H · d_v "
        "numbers, which need not be d_model."
    ),
    "output_of_one_head": (
        "Your output projection reads one head. It reads all of them, laid "
        "side by side."
    ),
    "no_bias": (
        "The biases are not counted when they are asked for. A projection "
        "adds one constant to each number it puts out."
    ),
    "bias_always": (
        "You count biases that the layer does not have. They are added only "
        "where `bias` is true."
    ),
    "output_bias_forgotten": (
        "The output projection's bias is missing. With `bias` all four "
        "projections have one."
    ),
    "output_bias_per_head": (
        "You counted the output projection's bias once per head. There is "
        "one such projection, for all heads together."
    ),
    "one_bias_per_matrix": (
        "You counted one bias per matrix. There is one per number that it "
        "puts out, that is per column."
    ),
    "bias_per_input": (
        "You counted a bias for every number that goes in. It is added to "
        "what comes out."
    ),
}


# --- knock a head out ------------------------------------------------------


def knock_out(heads, w_o, gone):
    kept = heads.copy()  # (..., H, L, d_v)
    kept[..., list(gone), :, :] = 0
    merged = kept.swapaxes(-3, -2)  # (..., L, H, d_v)
    return merged.reshape(*merged.shape[:-2], -1) @ w_o  # (..., L, d_out)


KNOCK_OUT_STARTER = '''def knock_out(heads, w_o, gone):
    """The layer's output when some heads say nothing.

    heads : float array (..., H, L, d_v): what each head puts out. The
        caller's array must stay as it is.
    w_o : (H * d_v, d_out), the output projection; head h owns the h-th
        block of rows.
    gone : list of head numbers, from 0, perhaps empty. Those heads' outputs
        are replaced by zeros; nothing else changes.
    Returns an array (..., L, d_out).
    """
    raise NotImplementedError
'''


def _knock_out_variant(wrong):
    def answer(heads, w_o, gone):
        n_heads, length, d_v = heads.shape[-3:]
        gone = sorted(gone)
        if "counted_from_one" in wrong:
            gone = [(h - 1) % n_heads for h in gone]
        if "first_only" in wrong:
            gone = gone[:1]
        kept = [h for h in range(n_heads) if h not in gone]
        if "the_others_gone" in wrong and gone:
            gone, kept = kept, gone
        out = heads.copy()
        if "averaged_instead" in wrong:
            mean = heads.mean(axis=-2, keepdims=True)  # (..., H, 1, d_v)
            out[..., gone, :, :] = mean[..., gone, :, :]
        elif "place_silenced" in wrong:
            out[..., [h % length for h in gone], :] = 0
        elif "column_silenced" in wrong:
            out[..., [h % d_v for h in gone]] = 0
        elif "nothing_gone" not in wrong:
            out[..., gone, :, :] = 0
        if "rows_moved_up" in wrong:  # delete, then pad at the end
            order = kept + gone
            out = out[..., order, :, :]
        if "others_scaled_up" in wrong:
            out = out * (n_heads / max(len(kept), 1))
        if "wrong_rows" in wrong:
            merged = heads.swapaxes(-3, -2)
            merged = merged.reshape(*merged.shape[:-2], -1)
            w_o = w_o.copy()
            for h in gone:
                w_o[h::n_heads] = 0
            return merged @ w_o
        parts = out.swapaxes(-3, -2)  # (..., L, H, d_v)
        if "merged_without_transpose" in wrong:
            parts = out
        merged = parts.reshape(*heads.shape[:-3], length, n_heads * d_v)
        if "change_returned" in wrong:
            whole = heads.swapaxes(-3, -2).reshape(merged.shape)
            return (whole - merged) @ w_o
        return merged @ w_o

    return answer


def _knock_out_cases(rng):
    def case(name, shape, d_out, gone, dtype=float):
        heads = rng.standard_normal(shape).astype(dtype)
        rows = shape[-3] * shape[-1]
        w_o = rng.standard_normal((rows, d_out)).astype(dtype)
        return Case(name, (heads, w_o, gone))

    hand = np.array([[[1.0], [2], [3]], [[10], [20], [30]]])  # (2, 3, 1)
    w_o = np.array([[1.0, 1], [0, 1]])
    return [
        Case("2 heads of width 1, head 1 gone", (hand, w_o, [1])),
        Case("2 heads of width 1, head 0 gone", (hand, w_o, [0])),
        Case("nobody gone", (hand, w_o, [])),
        case("5 heads, head 2 gone", (5, 7, 3), 11, [2]),
        case("5 heads, heads 3 and 0 gone", (5, 11, 7), 2, [3, 0]),
        case("a batch, heads 1 and 2 gone", (2, 3, 5, 7), 13, [1, 2]),
        case("float32, head 6 gone", (7, 11, 13), 2, [6], np.float32),
    ]


KNOCK_OUT_TRAPS = {
    "nothing_gone": (
        "All heads still speak. Those in `gone` should add nothing."
    ),
    "the_others_gone": (
        "You silenced the heads that should stay. `gone` lists those that "
        "fall silent."
    ),
    "first_only": ("Only one head fell silent although several were named."),
    "counted_from_one": (
        "The head before the named one fell silent. Heads count from 0 here."
    ),
    "others_scaled_up": (
        "You made the remaining heads louder to make up for the loss. That "
        "is dropout's way; here they stay as they are."
    ),
    "averaged_instead": (
        "You put a head's average in place of its output. That is another "
        "kind of ablation; zeros are asked for."
    ),
    "rows_moved_up": (
        "You took the heads out and closed the gap, so the later ones meet "
        "rows of `w_o` that are not theirs. Each head keeps its rows."
    ),
    "wrong_rows": (
        "You emptied every H-th row of `w_o`. A head owns a block of d_v "
        "neighbouring rows."
    ),
    "place_silenced": (
        "You silenced a place for all heads. The axis of the heads is the "
        "third from the end."
    ),
    "column_silenced": (
        "You silenced a column of every head. The axis of the heads is the "
        "third from the end."
    ),
    "merged_without_transpose": (
        "The heads are merged by `reshape` alone, so a row mixes several "
        "places. Swap places and heads first."
    ),
    "change_returned": (
        "You return what the missing heads would have added. The rest is "
        "asked for."
    ),
}

_HEADS_ADD_UP = Property(
    "parts_make_the_whole",
    "Head 0 alone, plus the others without head 0, should give all heads "
    "together. Yours do not.",
    lambda rng: [
        Case(name, (heads, w_o, gone))
        for heads, w_o in [
            (rng.standard_normal((3, 5, 2)), rng.standard_normal((6, 7)))
        ]
        for name, gone in (
            ("all heads", []),
            ("head 0 gone", [0]),
            ("head 0 alone", [1, 2]),
        )
    ],
    lambda cases, outs: np.allclose(outs[0], outs[1] + outs[2]),
)


# --- torch's packed layout -------------------------------------------------


def from_torch(state):
    w_q, w_k, w_v = np.split(state["in_proj_weight"], 3)  # (d, d) each
    b_q, b_k, b_v = np.split(state["in_proj_bias"], 3)  # (d,) each
    return {
        "w_q": w_q.T,
        "w_k": w_k.T,
        "w_v": w_v.T,
        "w_o": state["out_proj.weight"].T,
        "b_q": b_q,
        "b_k": b_k,
        "b_v": b_v,
        "b_o": state["out_proj.bias"],
    }


FROM_TORCH_STARTER = '''def from_torch(state):
    """Unpack what `torch.nn.MultiheadAttention` learned.

    state : dict of float arrays, named as in torch:
        "in_proj_weight" (3 * d_model, d_model): the matrices for queries,
            keys and values, one below the other, each (out, in);
        "in_proj_bias" (3 * d_model,): their biases, in the same order;
        "out_proj.weight" (d_model, d_model), (out, in) as well;
        "out_proj.bias" (d_model,).
    Returns a dict with w_q, w_k, w_v, w_o, each (in, out), so that
    q = x @ w_q + b_q, and b_q, b_k, b_v, b_o, each (d_model,).
    """
    raise NotImplementedError
'''


def _from_torch_variant(wrong):
    def answer(state):
        packed, bias = state["in_proj_weight"], state["in_proj_bias"]
        d = packed.shape[1]
        w = packed.reshape(3, d, d)
        b = bias.reshape(3, d)
        if "rows_interleaved" in wrong:
            w = packed.reshape(d, 3, d).swapaxes(0, 1)
            b = bias.reshape(d, 3).T
        order = [0, 1, 2]
        if "k_first" in wrong:
            order = [1, 0, 2]
        if "v_in_the_middle" in wrong:
            order = [0, 2, 1]
        if "v_first" in wrong:
            order = [1, 2, 0]
        w_in = w[order]
        b_in = b if "bias_in_another_order" in wrong else b[order]
        if "bias_in_another_order" in wrong:
            b_in = b[[2, 1, 0]]
        w_out = state["out_proj.weight"]
        b_out = state["out_proj.bias"]
        if not wrong & {"not_transposed", "in_not_transposed"}:
            w_in = w_in.swapaxes(-1, -2)
        if not wrong & {"not_transposed", "out_not_transposed"}:
            w_out = w_out.T
        if "reshaped_for_transpose" in wrong:
            w_in = packed.reshape(d, 3, d).swapaxes(0, 1)
        if "query_for_all" in wrong:
            w_in = w_in[[0, 0, 0]]
            b_in = b_in[[0, 0, 0]]
        if "scale_folded_in" in wrong:
            w_in = np.stack([w_in[0] / np.sqrt(d), w_in[1], w_in[2]])
        if "bias_forgotten" in wrong:
            b_in, b_out = np.zeros_like(b), np.zeros_like(b_out)
        if "out_bias_forgotten" in wrong:
            b_out = np.zeros_like(b_out)
        names = ("w_q", "w_k", "w_v")
        found = dict(zip(names, w_in, strict=True)) | {"w_o": w_out}
        names = ("b_q", "b_k", "b_v")
        return found | dict(zip(names, b_in, strict=True)) | {"b_o": b_out}

    return answer


def _from_torch_cases(rng):
    def case(name, arrays):
        names = (
            "in_proj_weight",
            "in_proj_bias",
            "out_proj.weight",
            "out_proj.bias",
        )
        return Case(name, (dict(zip(names, arrays, strict=True)),))

    hand = (
        np.array([[1.0, 1], [-1, 2], [0, 1], [1, 0], [2, 1], [0, 3]]),
        np.arange(6.0),
        np.array([[1.0, 0], [1, 1]]),
        np.array([7.0, 8.0]),
    )
    cases = [case("the chapter's matrices, d_model = 2", hand)]
    for d, dtype in ((3, float), (5, float), (11, np.float32)):
        shapes = ((3 * d, d), (3 * d,), (d, d), (d,))
        arrays = [rng.standard_normal(s).astype(dtype) for s in shapes]
        kind = np.dtype(dtype).name
        cases.append(case(f"d_model = {d}, {kind}", arrays))
    return cases


FROM_TORCH_TRAPS = {
    "not_transposed": (
        "No matrix is transposed. Torch keeps (out, in) and multiplies with "
        "the transpose; as all four are square, nothing complains."
    ),
    "in_not_transposed": (
        "Only the output projection is transposed. The three packed matrices "
        "are (out, in) too."
    ),
    "out_not_transposed": (
        "The output projection is not transposed. It is square, so the "
        "shapes do not tell."
    ),
    "k_first": (
        "Queries and keys are swapped. The packed order is query, key, value."
    ),
    "v_in_the_middle": (
        "Keys and values are swapped. The packed order is query, key, value."
    ),
    "v_first": (
        "Your order is one step off: what you call queries are the keys. The "
        "packed order is query, key, value."
    ),
    "rows_interleaved": (
        "You took every third row. Some libraries pack that way; in torch "
        "the three matrices stand one below the other as whole blocks."
    ),
    "reshaped_for_transpose": (
        "Your three matrices are cut out by a `reshape` that mixes rows of "
        "different ones. Cut along the first axis, then transpose each."
    ),
    "query_for_all": (
        "All three matrices are the query's. Each has its own third of the "
        "rows."
    ),
    "scale_folded_in": (
        "You divided the query's matrix by √d_model. Torch stores it as it "
        "is and scales later, by the root of one head's width."
    ),
    "bias_forgotten": (
        "The biases are zeros. Torch's module has them unless it is built "
        "with `bias=False`; fresh ones are 0, trained ones are not."
    ),
    "out_bias_forgotten": (
        "The output projection's bias is lost. It has one of its own."
    ),
    "bias_in_another_order": (
        "The biases are in another order than the matrices. Both are packed "
        "as query, key, value."
    ),
}


# --- what heads can copy ---------------------------------------------------


def copy_error(weights, first, second):
    # The projection onto the space that the heads' weights span.
    shadow = np.linalg.pinv(weights) @ weights  # (L, L)
    return 1 - (shadow[first, first] + shadow[second, second]) / 2


COPY_ERROR_STARTER = '''def copy_error(weights, first, second):
    """The least error with which heads can copy two vectors.

    weights : float array (H, L): how much each head takes from each of L
        places. The rows are not all 0; heads may be alike.
    first, second : the two different places to copy from.
    The vectors at the L places are independent, and so are their entries,
    each with mean 0 and variance 1. The read-out is linear and the best
    there is.
    Returns the mean squared error per copied number, between 0 and 1.
    """
    raise NotImplementedError
'''


def _copy_error_variant(wrong):
    def answer(weights, first, second):
        if "heads_averaged" in wrong:
            weights = weights.mean(axis=0, keepdims=True)
        if "places_from_one" in wrong:
            first, second = first - 1, second - 1
        eye = np.eye(weights.shape[1])
        pair = np.array([first, second])
        norm = (weights**2).sum(axis=1)  # (H,)
        told = (weights[:, pair] ** 2 / norm[:, None]).T  # (2, H)
        if "one_head_each" in wrong:
            return 1 - told.max(axis=1).mean()
        if "best_head_alone" in wrong:
            return 1 - told.mean(axis=0).max()
        if "heads_added_up" in wrong:
            return max(0.0, 1 - told.sum() / 2)
        if "not_rescaled" in wrong:
            gap = eye[pair][:, None] - weights  # (2, H, L)
            return (gap**2).sum(-1).min(axis=1).mean()
        if "formula_pooled" in wrong:
            return 1 - (weights[:, pair] ** 2).sum() / norm.sum() / 2
        if "length_forgotten" in wrong:
            return 1 - (weights[:, pair] ** 2).sum() / 2
        if "weight_left_over" in wrong:
            return 1 - weights[:, pair].sum(axis=1).mean()
        _, size, axes = np.linalg.svd(weights, full_matrices=False)
        axes = axes[size > 1e-10 * size[0]]
        shadow = axes.T @ axes  # (L, L)
        seen = shadow[pair, pair]  # (2,)
        if "share_told" in wrong:
            return seen.mean()
        if "summed" in wrong:
            return 2 - seen.sum()
        if "first_only" in wrong:
            return 1 - seen[0]
        if "root_taken" in wrong:
            return np.sqrt(max(1 - seen.mean(), 0))
        return 1 - seen.mean()

    return answer


def _copy_error_cases(rng):
    third = np.array([[1, 2, 0, 0]]) / 3
    cases = [
        Case("one head, all on the first", (np.array([[1.0, 0, 0]]), 0, 1)),
        Case("one head, ⅓ and ⅔", (third, 0, 1)),
        Case("one head, spread evenly", (np.full((1, 4), 0.25), 1, 3)),
        Case("two heads, one place each", (np.eye(5)[[1, 4]], 1, 4)),
        Case(
            "two heads, not sharp",
            (np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]), 0, 1),
        ),
        Case("two heads alike", (np.repeat(third, 2, axis=0), 1, 0)),
    ]
    for n_heads, length in ((2, 7), (3, 11), (5, 13)):
        e = np.exp(2 * rng.standard_normal((n_heads, length)))
        weights = e / e.sum(axis=1, keepdims=True)  # (H, L)
        first, second = (int(p) for p in rng.permutation(length)[:2])
        name = f"{n_heads} heads, {length} places, copy {first} and {second}"
        cases.append(Case(name, (weights, first, second)))
    return cases


COPY_ERROR_TRAPS = {
    "best_head_alone": (
        "You used the best head by itself. The read-out sees all heads and "
        "combines them."
    ),
    "one_head_each": (
        "You let each vector be read from one head. The read-out may combine "
        "heads: what one takes in by mistake, another can help to subtract."
    ),
    "heads_added_up": (
        "You added up what the heads tell, as if each told something new. "
        "Two heads with similar weights mostly tell the same."
    ),
    "heads_averaged": (
        "You averaged the heads' weights first. That makes one head of them, "
        "and one head cannot do better than ½."
    ),
    "formula_pooled": (
        "You put all heads into the formula for one. It holds for a single "
        "mixture; the read-out gets one mixture per head and can tell them "
        "apart."
    ),
    "not_rescaled": (
        "You took a head's mixture as the copy. The read-out is linear and "
        "the best there is, so it may scale and combine what it gets."
    ),
    "length_forgotten": (
        "You did not divide by the size of the head's weights. Small weights "
        "make a small mixture, and the read-out can make it larger again."
    ),
    "weight_left_over": (
        "You counted the weight that goes elsewhere. The error is a mean "
        "square, and the read-out can undo a part of the mixing."
    ),
    "share_told": (
        "This is the share that can be read out. What is left over is asked "
        "for."
    ),
    "summed": (
        "You added the errors of the two vectors. The mean per copied number "
        "is asked for, so never more than 1."
    ),
    "first_only": ("Only the first of the two vectors counts in your error."),
    "root_taken": (
        "You took the root. The mean squared error itself is asked for."
    ),
    "places_from_one": ("Your places are one too low. They count from 0."),
}


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="06.split_heads",
        title="Split vectors into heads",
        difficulty=1,
        minutes=6,
        reference=split_heads,
        starter=SPLIT_STARTER,
        cases=_split_cases,
        traps=traps_from(_split_variant, SPLIT_TRAPS),
        variant=_split_variant,
        hints=(
            "Which numbers of the row (1, 2, 3, 4) does head 1 of 2 get? "
            "Write down both heads of two such rows by hand.",
            "`reshape` may cut one axis in two, the last one here, without "
            "moving a number. What shape do you have then?",
            "From (..., L, H * d) to (..., L, H, d) by `reshape`, then swap "
            "the axes of places and heads.",
        ),
    ),
    Exercise(
        id="06.merge_heads",
        title="Merge the heads again",
        difficulty=1,
        minutes=5,
        reference=merge_heads,
        starter=MERGE_STARTER,
        cases=_merge_cases,
        traps=traps_from(_merge_variant, MERGE_TRAPS),
        variant=_merge_variant,
        properties=(_THERE_AND_BACK,),
        hints=(
            "It is splitting, backwards. Which of its two steps comes first "
            "now?",
            "`reshape` joins neighbouring axes. The head and the width have "
            "to be neighbours, in that order.",
            "Swap places and heads, (..., L, H, d), then join the last two "
            "axes.",
        ),
    ),
    Exercise(
        id="06.multi_head",
        title="Multi-head attention with a mask",
        difficulty=2,
        minutes=20,
        reference=multi_head,
        starter=MULTI_STARTER,
        cases=_multi_head_cases,
        traps=traps_from(_multi_head_variant, MULTI_HEAD_TRAPS),
        variant=_multi_head_variant,
        hints=(
            "Five steps: three products, the split, attention as in chapter "
            "05, the merge, one more product. Get it right without a mask "
            "first.",
            "If the head axis stands before the places, `@` and `swapaxes(-1,"
            " -2)` of chapter 05 work on all heads at once. The scale is the "
            "root of the last axis of q after the split.",
            "A mask (L, L) broadcasts to (..., H, L, L) by itself. One that "
            "has a batch axis needs a new axis behind it, or its sentences "
            "are taken for heads.",
        ),
    ),
    Exercise(
        id="06.count_parameters",
        title="Count what a layer learns",
        difficulty=1,
        minutes=5,
        reference=count_parameters,
        starter=SIZE_STARTER,
        cases=_count_cases,
        traps=traps_from(_count_variant, COUNT_TRAPS),
        variant=_count_variant,
        hints=(
            "Four matrices. Write down the shape of each.",
            "Queries, keys and values of all heads: d_model rows, and H "
            "times one head's columns. The fourth matrix reads all heads' "
            "values.",
            "A projection with a bias has one number more for each of its "
            "columns.",
        ),
    ),
    Exercise(
        id="06.knock_out",
        title="Knock heads out",
        difficulty=2,
        minutes=8,
        reference=knock_out,
        starter=KNOCK_OUT_STARTER,
        cases=_knock_out_cases,
        traps=traps_from(_knock_out_variant, KNOCK_OUT_TRAPS),
        variant=_knock_out_variant,
        properties=(_HEADS_ADD_UP,),
        hints=(
            "A head is a slice of one axis. Which axis, counted from the end?",
            "Work on a copy, set the slices of the heads in `gone` to zero, "
            "then merge and project as always.",
            "An index list in third place from the end, `[..., gone, :, :]`, "
            "reaches all of those heads at once. Or add up the products of "
            "the heads that stay with their own rows of `w_o`.",
        ),
    ),
    Exercise(
        id="06.from_torch",
        title="Unpack torch's layout",
        difficulty=2,
        minutes=8,
        reference=from_torch,
        starter=FROM_TORCH_STARTER,
        cases=_from_torch_cases,
        traps=traps_from(_from_torch_variant, FROM_TORCH_TRAPS),
        variant=_from_torch_variant,
        hints=(
            "Rows 0 to d_model − 1 of the packed matrix make the queries. "
            "Where are those of the keys?",
            "`np.split(a, 3)` cuts along the first axis into three equal "
            "parts; it works on the packed bias too.",
            "Torch multiplies with the transpose of what it stores. Every "
            "matrix has to be turned, also the one that is square and does "
            "not complain.",
        ),
    ),
    Exercise(
        id="06.copy_error",
        title="What given heads can copy",
        difficulty=3,
        minutes=20,
        reference=copy_error,
        starter=COPY_ERROR_STARTER,
        cases=_copy_error_cases,
        traps=traps_from(_copy_error_variant, COPY_ERROR_TRAPS),
        variant=_copy_error_variant,
        hints=(
            "With one head the chapter has the formula: the error is 1 minus "
            "half of the two squared weights over the sum of all squares.",
            "A place is a unit vector of length L, and so the read-out has "
            "to build two unit vectors out of the rows of `weights`. What "
            "cannot be built is the error: a distance to a space.",
            "Least squares: for each of the two unit vectors, "
            "`np.linalg.lstsq(weights.T, unit)` finds the best combination of "
            "heads. The squared distance that remains, averaged over both, is "
            "the answer.",
        ),
    ),
)
