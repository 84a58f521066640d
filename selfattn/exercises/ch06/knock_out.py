"""Exercise 06.knock_out."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise


def knock_out(heads, w_o, gone):
    """The layer's output when some heads say nothing.

    heads : float array (..., H, L, d_v): what each head puts out. The
        caller's array must stay as it is.
    w_o : (H * d_v, d_out), the output projection; head h owns the h-th
        block of rows.
    gone : list of head numbers, counted from 0, in any order. It may be
        empty, and a number may come twice. The outputs of these heads are
        replaced by zeros; nothing else changes.
    Returns an array (..., L, d_out).
    """
    kept = heads.copy()  # (..., H, L, d_v)
    kept[..., list(gone), :, :] = 0
    merged = kept.swapaxes(-3, -2)  # (..., L, H, d_v)
    return merged.reshape(*merged.shape[:-2], -1) @ w_o  # (..., L, d_out)


HINTS = (
    "A head is a slice of one axis. Which axis, counted from the end?",
    "Work on a copy, set the slices of the heads in `gone` to zero, "
    "then merge and project as always.",
    "An index list in third place from the end, `[..., gone, :, :]`, "
    "reaches all of those heads at once. Or add up the products of "
    "the heads that stay with their own rows of `w_o`.",
)


def cases(rng):
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
        case("3 heads, head 2 named twice", (3, 5, 2), 7, [2, 2]),
        case("a batch, heads 1 and 2 gone", (5, 3, 7, 2), 13, [1, 2]),
        case("float32, head 6 gone", (7, 11, 13), 2, [6], np.float32),
    ]


PROPERTIES = (
    Property(
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
    ),
)

MISTAKES = {
    "nothing_gone": (
        "All heads still speak. Those in `gone` should add nothing."
    ),
    "the_others_gone": (
        "You silenced the heads that should stay. `gone` lists those that "
        "are silenced."
    ),
    "first_only": "Only the first head of `gone` was silenced.",
    "head_0_kept": (
        "Head 0 still speaks when it is named. The number 0 counts as false "
        "in Python, and heads are counted from 0."
    ),
    "taken_away_twice": (
        "A head that is named twice was taken away twice. It can be "
        "silenced only once."
    ),
    "sentences_silenced": (
        "You silenced whole sentences. With a batch in front the first axis "
        "is not that of the heads. Count the axes from the end."
    ),
    "no_output_projection": (
        "You return the merged heads. The output projection `w_o` is missing."
    ),
    "one_row_emptied": (
        "You emptied one row of `w_o` for each head. A head owns a block of "
        "d_v rows."
    ),
    "mean_of_the_heads": (
        "You put the mean over all heads instead of a head. Zeros are asked "
        "for."
    ),
    "counted_from_one": (
        "The head before the named one was silenced. Heads count from 0 here."
    ),
    "others_scaled_up": (
        "You made the other heads larger to make up for the loss, as dropout "
        "does. Here they stay as they are."
    ),
    "averaged_instead": (
        "You put a head's mean over the places instead of its output. Zeros "
        "are asked for."
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


def variant(wrong):
    def answer(heads, w_o, gone):
        n_heads, length, d_v = heads.shape[-3:]
        n_left = max(n_heads - len(gone), 1)
        twice = [h for h in set(gone) if gone.count(h) > 1]
        gone = list(dict.fromkeys(gone))
        if "counted_from_one" in wrong:
            gone = [(h - 1) % n_heads for h in gone]
        if "first_only" in wrong:
            gone = gone[:1]
        kept = [h for h in range(n_heads) if h not in gone]
        if "the_others_gone" in wrong and gone:
            gone, kept = kept, gone
        out = heads.copy()
        if "head_0_kept" in wrong:
            gone = [h for h in gone if h]
        if "taken_away_twice" in wrong:
            out[..., twice, :, :] *= -1
            gone = [h for h in gone if h not in twice]
        if "mean_of_the_heads" in wrong:
            out[..., gone, :, :] = heads.mean(axis=-3, keepdims=True)
        elif "sentences_silenced" in wrong:
            out[[h % len(out) for h in gone]] = 0
        elif "averaged_instead" in wrong:
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
            out = out * (n_heads / n_left)
        if "wrong_rows" in wrong:
            merged = heads.swapaxes(-3, -2)
            merged = merged.reshape(*merged.shape[:-2], -1)
            w_o = w_o.copy()
            for h in gone:
                w_o[h::n_heads] = 0
            return merged @ w_o
        if "one_row_emptied" in wrong:
            merged = heads.swapaxes(-3, -2)
            merged = merged.reshape(*merged.shape[:-2], -1)
            w_o = w_o.copy()
            w_o[gone] = 0
            return merged @ w_o
        parts = out.swapaxes(-3, -2)  # (..., L, H, d_v)
        if "merged_without_transpose" in wrong:
            parts = out
        merged = parts.reshape(*heads.shape[:-3], length, n_heads * d_v)
        if "change_returned" in wrong:
            whole = heads.swapaxes(-3, -2).reshape(merged.shape)
            return (whole - merged) @ w_o
        return merged if "no_output_projection" in wrong else merged @ w_o

    return answer


EXERCISE = exercise(
    knock_out,
    title="Knock heads out",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
