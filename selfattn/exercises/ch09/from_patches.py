"""Exercise 09.from_patches."""

import numpy as np

from selfattn.exercises.ch09.to_patches import to_patches
from selfattn.exercises.model import Case, exercise


def from_patches(patches, height, width, size):
    """Put the patches of an image together again.

    patches : float array (n, size * size * channels), row by row, as
        to_patches cuts them; n = height * width / size^2.
    height, width : of the image, in pixels.
    size : side of a patch in pixels.
    Returns the image, an array (height, width, channels).
    """
    rows, columns = height // size, width // size
    cut = patches.reshape(rows, columns, size, size, -1)
    cut = cut.swapaxes(1, 2)  # (rows, size, columns, size, channels)
    return cut.reshape(height, width, -1)


HINTS = (
    "Undo the steps of `to_patches` from the last one to the first one.",
    "With loops: make an empty image, and put patch n back at row n // "
    "columns and column n % columns of the grid.",
    "First reshape to (rows, columns, size, size, channels). The exchange of "
    "axes is the same as before: it is its own inverse.",
)


def cases(rng):
    made = [
        Case("2 patches of 2", (np.arange(8.0).reshape(2, 4), 2, 4, 2)),
        Case("patches of one pixel", (np.arange(6.0).reshape(6, 1), 3, 2, 1)),
        Case("one patch", (np.arange(12.0).reshape(1, 12), 2, 2, 2)),
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
        args = (to_patches(image, size), *shape[:2], size)
        made.append(Case(name, args))
    return made


MISTAKES = {
    "no_transpose": (
        "You reshaped without exchanging axes, so each patch is laid out as a "
        "strip. A reshape alone moves no number."
    ),
    "column_by_column": (
        "You filled the grid column by column. The patches came row by row."
    ),
    "pixels_turned": (
        "Every patch is transposed. Inside a patch the pixels came row by row."
    ),
    "channels_first": (
        "You read each patch as one channel after the other. Each pixel's "
        "channels stand side by side."
    ),
    "height_and_width_exchanged": (
        "The height and the width of your image have changed places. In a "
        "square image nobody would notice."
    ),
    "upside_down": (
        "Your image is upside down. The first patch is the one at the top "
        "left."
    ),
    "grid_kept": (
        "Your patches stand in a grid, but they are not joined. The result "
        "has three axes: height, width and channels."
    ),
    "grey": (
        "Your image has no axis for the channels. It is (height, width, "
        "channels), also where there is one channel."
    ),
}


def variant(wrong):
    def answer(patches, height, width, size):
        if "height_and_width_exchanged" in wrong:
            height, width = width, height
        rows, columns = height // size, width // size
        if "channels_first" in wrong:
            cut = patches.reshape(rows, columns, -1, size, size)
            cut = np.moveaxis(cut, 2, 4)
        else:
            cut = patches.reshape(rows, columns, size, size, -1)
        channels = cut.shape[-1]
        if "column_by_column" in wrong:
            cut = cut.reshape(columns, rows, size, size, channels)
            cut = cut.swapaxes(0, 1)
        if "pixels_turned" in wrong:
            cut = cut.swapaxes(2, 3)
        if "grid_kept" in wrong:
            return cut
        if "no_transpose" not in wrong:
            cut = cut.swapaxes(1, 2)
        image = cut.reshape(height, width, channels)
        if "upside_down" in wrong:
            image = image[::-1]
        if "grey" in wrong:
            return (
                image.reshape(height, -1) if channels == 1 else image[..., 0]
            )
        return image

    return answer


EXERCISE = exercise(
    from_patches,
    title="Patches back to an image",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
