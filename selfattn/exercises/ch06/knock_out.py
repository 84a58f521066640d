"""Exercise 06.knock_out."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise


def knock_out(heads, w_o, gone):
    """The layer's output when some heads say nothing.

    heads : float array (..., H, L, d_v): what each head puts out. The
        caller's array must stay as it is.
    w_o : (H * d_v, d_out), the output projection; head h owns the h-th
        block of rows.
    gone : list of head numbers, from 0, perhaps empty. Those heads' outputs
        are replaced by zeros; nothing else changes.
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
        case("a batch, heads 1 and 2 gone", (2, 3, 5, 7), 13, [1, 2]),
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
        "fall silent."
    ),
    "first_only": "Only one head fell silent although several were named.",
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


def variant(wrong):
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
