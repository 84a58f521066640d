"""Exercise 09.to_patches."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def to_patches(image, size):
    """Cut an image into square patches, each of which becomes one vector.

    image : float array (height, width, channels).
    size : side of a patch in pixels; it divides the height and the width.
    Returns an array (n, size * size * channels), n = height * width / size^2.
    Patches come row by row, from the top left. Inside a patch, pixels come
    row by row too, each with all of its channels.
    """
    height, width, channels = image.shape
    rows, columns = height // size, width // size
    cut = image.reshape(rows, size, columns, size, channels)
    cut = cut.swapaxes(1, 2)  # (rows, columns, size, size, channels)
    return cut.reshape(rows * columns, size * size * channels)


HINTS = (
    "Two loops will do: over the rows and the columns of patches. Slice the "
    "square out of the image and flatten it.",
    "Without loops: reshape the image so that each side becomes two axes, "
    "which patch and where in the patch.",
    "After that reshape the axes are (rows, size, columns, size, channels). "
    "Which two must change places before the last reshape?",
)


def cases(rng):
    small = np.arange(8.0).reshape(2, 4, 1)
    made = [
        Case("2 by 4 pixels, patches of 2", (small, 2)),
        Case("patches of one pixel", (np.arange(6.0).reshape(3, 2, 1), 1)),
        Case("one patch", (np.arange(12.0).reshape(2, 2, 3), 2)),
    ]
    for rows, columns, size, channels, dtype in (
        (3, 2, 5, 1, np.float64),
        (2, 5, 3, 7, np.float64),
        (3, 3, 3, 2, np.float64),
        (5, 3, 2, 3, np.float32),
    ):
        shape = (rows * size, columns * size, channels)
        image = rng.standard_normal(shape).astype(dtype)
        name = f"{rows} by {columns} patches of {size}, {channels} channels"
        made.append(Case(name, (image, size)))
    return made


MISTAKES = {
    "no_transpose": (
        "You reshaped without exchanging axes. A reshape keeps the order of "
        "the numbers, so your vectors are strips of pixel rows, not squares."
    ),
    "column_by_column": (
        "Your patches come column by column. They should come row by row, as "
        "one reads."
    ),
    "pixels_turned": (
        "Inside each patch the pixels come column by column. Row by row is "
        "asked for."
    ),
    "channels_first": (
        "Inside each patch you give all of the first channel, then all of the "
        "second. Each pixel should keep its channels together."
    ),
    "rows_and_columns_exchanged": (
        "You exchanged the number of patch rows with the number of patch "
        "columns. In a square image nobody would notice."
    ),
    "not_flat": (
        "Your patches are still squares. Each should become one vector, so "
        "the result has two axes."
    ),
    "grid_kept": (
        "Your result keeps rows and columns of patches as two axes. A set of "
        "vectors has one axis for all of them."
    ),
    "averaged": (
        "You averaged each patch. All of its numbers go into the vector."
    ),
    "overlapping": (
        "Your patches overlap: they begin one pixel after each other. The "
        "next patch begins where the last one ended."
    ),
}


def variant(wrong):
    def answer(image, size):
        height, width, channels = image.shape
        if "overlapping" in wrong:
            starts = [
                (y, x)
                for y in range(height - size + 1)
                for x in range(width - size + 1)
            ]
            return np.stack(
                [image[y : y + size, x : x + size].ravel() for y, x in starts]
            )
        rows, columns = height // size, width // size
        if "rows_and_columns_exchanged" in wrong:
            rows, columns = columns, rows
        cut = image.reshape(rows, size, -1, size, channels)
        if cut.shape[2] != columns:
            cut = image.reshape(rows, size, columns, size, channels)
        if "no_transpose" not in wrong:
            cut = cut.swapaxes(1, 2)
        if "column_by_column" in wrong:
            cut = cut.swapaxes(0, 1)
        if "pixels_turned" in wrong:
            cut = cut.swapaxes(2, 3)
        if "channels_first" in wrong:
            cut = np.moveaxis(cut, 4, 2)
        if "averaged" in wrong:
            return cut.mean(axis=(2, 3)).reshape(rows * columns, -1)
        if "not_flat" in wrong:
            return cut.reshape(rows * columns, *cut.shape[2:])
        if "grid_kept" in wrong:
            return cut.reshape(*cut.shape[:2], -1)
        return cut.reshape(rows * columns, -1)

    return answer


EXERCISE = exercise(
    to_patches,
    title="An image as a set of patches",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
