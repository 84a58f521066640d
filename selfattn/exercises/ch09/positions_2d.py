"""Exercise 09.positions_2d."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def positions_2d(rows, columns):
    """One vector for every place of a grid, from a row's and a column's.

    rows : float array (height, d_r), a vector for each row of the grid.
    columns : float array (width, d_c), a vector for each column.
    Returns an array (height * width, d_r + d_c), row by row. The vector of a
    place is the vector of its row, then that of its column.
    """
    height, width = len(rows), len(columns)
    down = np.repeat(rows, width, axis=0)  # (height * width, d_r)
    across = np.tile(columns, (height, 1))  # (height * width, d_c)
    return np.concatenate([down, across], axis=1)


HINTS = (
    "Write down the rows and the columns of the six places of a 2 by 3 grid, "
    "in the order in which one reads.",
    "The row stays the same while the column runs through all of its values. "
    "So each row is repeated, and the columns start again.",
    "`np.repeat` and `np.tile` differ in exactly this. Then join both along "
    "the width of the vectors.",
)


def cases(rng):
    made = [
        Case(
            "2 rows, 3 columns",
            (np.array([[1.0], [2]]), np.array([[10.0], [20], [30]])),
        ),
        Case("one row", (np.array([[1.0, 2]]), np.array([[3.0], [4]]))),
        Case("one place", (np.array([[1.0]]), np.array([[2.0, 3]]))),
    ]
    for height, width, d_r, d_c, dtype in (
        (3, 5, 2, 7, np.float64),
        (7, 2, 5, 3, np.float64),
        (3, 3, 2, 2, np.float64),
        (5, 3, 3, 2, np.float32),
    ):
        made.append(
            Case(
                f"{height} by {width}, widths {d_r} and {d_c}",
                (
                    rng.standard_normal((height, d_r)).astype(dtype),
                    rng.standard_normal((width, d_c)).astype(dtype),
                ),
            )
        )
    return made


MISTAKES = {
    "column_by_column": (
        "Your places come column by column. Row by row is asked for: the "
        "column changes first."
    ),
    "column_first": (
        "Each vector begins with the column. The row comes first."
    ),
    "added": (
        "You added the two vectors. That needs equal widths, and mixes what "
        "the row says with what the column says; here they stand side by side."
    ),
    "rows_not_repeated": (
        "The rows start again, as the columns do. While the column runs, the "
        "row must stay the same."
    ),
    "columns_repeated": (
        "Each column stands still for several places. In reading order the "
        "column changes at every step."
    ),
    "grid_kept": (
        "Your result has an axis for rows and one for columns. A set of "
        "vectors has one axis for all places."
    ),
    "diagonal": (
        "You joined row i with column i. Every row meets every column, so "
        "there are height times width places."
    ),
}


def variant(wrong):
    def answer(rows, columns):
        height, width = len(rows), len(columns)
        if "diagonal" in wrong:
            n = min(height, width)
            return np.concatenate([rows[:n], columns[:n]], axis=1)
        place = np.arange(height * width)
        i, j = place // width, place % width
        if "column_by_column" in wrong:
            i, j = place % height, place // height
        if "rows_not_repeated" in wrong:
            i = place % height
        if "columns_repeated" in wrong:
            j = place // height
        parts = [rows[i], columns[j]]
        if "column_first" in wrong:
            parts = parts[::-1]
        if "added" in wrong:
            if parts[0].shape != parts[1].shape:
                raise ValueError("operands could not be broadcast")
            out = parts[0] + parts[1]
        else:
            out = np.concatenate(parts, axis=1)
        return out.reshape(height, width, -1) if "grid_kept" in wrong else out

    return answer


EXERCISE = exercise(
    positions_2d,
    title="Places in two dimensions",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
