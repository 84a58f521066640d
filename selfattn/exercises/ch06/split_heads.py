"""Exercise 06.split_heads."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def split_heads(x, n_heads):
    """Cut each vector into equal parts, one per head.

    x : float array (..., L, H * d): L vectors, perhaps in a batch.
    n_heads : H. Head h gets the h-th block of d neighbouring columns.
    Returns an array (..., H, L, d).
    """
    *batch, length, width = x.shape
    parts = x.reshape(*batch, length, n_heads, width // n_heads)
    return parts.swapaxes(-3, -2)  # (..., H, L, d)


HINTS = (
    "Which numbers of the row (1, 2, 3, 4) does head 1 of 2 get? "
    "Write down both heads of two such rows by hand.",
    "`reshape` may cut one axis in two, the last one here, without "
    "moving a number. What shape do you have then?",
    "From (..., L, H * d) to (..., L, H, d) by `reshape`, then swap "
    "the axes of places and heads.",
)


def cases(rng):
    hand = np.array([[1.0, -1], [1, 2], [2, 1], [1, 2]])  # (L, 2)
    made = [Case("the four queries, 2 heads of width 1", (hand, 2))]
    for shape, n_heads, dtype in (
        ((3, 10), 2, float),
        ((7, 15), 3, float),
        ((5, 7), 1, float),
        ((1, 6), 3, float),
        ((2, 5, 33), 11, float),
        ((2, 3, 7, 55), 5, np.float32),
    ):
        x = rng.standard_normal(shape).astype(dtype)
        made.append(Case(f"x {shape}, {n_heads} heads", (x, n_heads)))
    return made


MISTAKES = {
    "no_transpose": (
        "The shape is right, but the numbers are in the wrong places. "
        "`reshape` keeps the order of the numbers, so your head 0 holds whole "
        "vectors of the first places. Each head needs a part of every vector."
    ),
    "every_hth_column": (
        "Your head h has every H-th column. It should get a block of "
        "neighbouring columns; weights copied from torch rely on that."
    ),
    "width_and_heads_swapped": (
        "You cut into parts of width H. `n_heads` is the number of parts, "
        "not their width."
    ),
    "heads_backwards": (
        "The heads are in reverse order. Head 0 owns the first columns."
    ),
    "first_part_for_all": (
        "All your heads hold the first block of columns. Each head has its "
        "own."
    ),
    "whole_vector_for_all": (
        "Each of your heads has the whole vector. The columns should be "
        "shared out among the heads, so that each gets d of them."
    ),
    "heads_after_places": (
        "The vectors are cut in the right way, but the axis of the heads "
        "stands behind the places: (..., L, H, d). It must come before them."
    ),
    "vectors_in_columns": (
        "Inside each head your vectors are columns. They are rows in this "
        "book: (..., H, L, d)."
    ),
    "first_axes_swapped": (
        "You swapped the first two axes. With a batch in front these are not "
        "places and heads. Count the axes from the end."
    ),
    "heads_before_batch": (
        "The head axis comes before the batch. It should stand between the "
        "batch and the places, (B, H, L, d)."
    ),
}


def variant(wrong):
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
        if "first_axes_swapped" in wrong:
            return parts.swapaxes(0, 1)
        parts = parts.swapaxes(-3, -2)  # (..., H, L, d)
        if "vectors_in_columns" in wrong:
            parts = parts.swapaxes(-1, -2)
        if "heads_before_batch" in wrong:
            parts = np.moveaxis(parts, -3, 0)
        return parts

    return answer


EXERCISE = exercise(
    split_heads,
    title="Split vectors into heads",
    difficulty=1,
    minutes=6,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
