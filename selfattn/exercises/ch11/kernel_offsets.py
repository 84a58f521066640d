"""Exercise 11.kernel_offsets."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def kernel_offsets(height, width):
    """Where the entries of a kernel look, seen from its middle.

    height, width : odd whole numbers, how many rows and columns the kernel
        has.
    Returns an integer array (height * width, 2): for each entry, row by row
    from the top left, how many rows down and how many columns to the right
    of the middle it stands. Up and left are negative.
    """
    rows, columns = np.divmod(np.arange(height * width), width)
    return np.stack([rows - height // 2, columns - width // 2], axis=1)


HINTS = (
    "Draw a kernel with 3 rows and 5 columns, and write the offset into each "
    "of its cells. The middle one is (0, 0).",
    "Entry number i, read row by row, stands in row i // width and in column "
    "i % width.",
    "Take height // 2 off the rows and width // 2 off the columns, and put "
    "the two side by side as the columns of your result.",
)


def cases(rng):
    made = [
        Case("1 by 1", (1, 1)),
        Case("1 by 3", (1, 3)),
        Case("3 by 3", (3, 3)),
        Case("3 by 1", (3, 1)),
        Case("3 by 5", (3, 5)),
        Case("7 by 3", (7, 3)),
    ]
    height, width = 2 * rng.integers(2, 6, 2) + 1
    width += 2 * (height == width)
    made.append(Case("drawn", (int(height), int(width))))
    return made


MISTAKES = {
    "columns_first": (
        "Your pairs are (column, row). The row comes first, as in an index "
        "of an image."
    ),
    "column_by_column": (
        "You go through the kernel column by column. Entries are counted "
        "row by row, as one reads."
    ),
    "not_centred": (
        "You count from the top left corner. Offsets are counted from the "
        "middle, so half of them are negative."
    ),
    "turned_round": (
        "All your offsets have the wrong sign: you say where the middle "
        "stands as seen from the entry. Where does the entry stand as seen "
        "from the middle?"
    ),
    "up_is_positive": (
        "Your rows grow upwards, as an axis in a plot. In an image they grow "
        "downwards."
    ),
    "one_half_for_both": (
        "You took the same half off rows and columns. A kernel that is not "
        "square has two."
    ),
    "from_one": (
        "You count the middle as (1, 1). It looks at its own pixel, so its "
        "offset is (0, 0)."
    ),
}


def variant(wrong):
    def answer(height, width):
        i = np.arange(height * width)
        rows, columns = i // width, i % width
        if "column_by_column" in wrong:
            rows, columns = i % height, i // height
        if "not_centred" not in wrong:
            rows = rows - height // 2
            half = height if "one_half_for_both" in wrong else width
            columns = columns - half // 2
        if "up_is_positive" in wrong:
            rows = -rows
        if "turned_round" in wrong:
            rows, columns = -rows, -columns
        if "from_one" in wrong:
            rows, columns = rows + 1, columns + 1
        pair = [rows, columns]
        return np.stack(pair[::-1] if "columns_first" in wrong else pair, 1)

    return answer


EXERCISE = exercise(
    kernel_offsets,
    title="The offsets of a kernel",
    difficulty=1,
    minutes=6,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
