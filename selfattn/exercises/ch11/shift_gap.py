"""Exercise 11.shift_gap."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def shift_gap(layer, image, down, right, margin):
    """How far a layer is from moving along with its image, in the interior.

    layer : a function from an image (height, width, c_in) to an output
        (height, width, c_out).
    image : float array (height, width, c_in).
    down, right : whole numbers, how far the image is moved; negative ones
        move it up and to the left. What leaves the image on one side comes
        in at the other, as np.roll does it.
    margin : a whole number of at least 0. Only places count that have at
        least this many rows and columns between them and each border.
    Returns the largest absolute difference between the output of the moved
    image and the moved output of the image, over the places that count.
    """
    height, width = image.shape[:2]
    moved_first = layer(np.roll(image, (down, right), axis=(0, 1)))
    moved_last = np.roll(layer(image), (down, right), axis=(0, 1))
    gap = abs(moved_first - moved_last)  # (height, width, c_out)
    return gap[margin : height - margin, margin : width - margin].max()


HINTS = (
    "There are two ways from the image to the end: move it and then apply "
    "the layer, or apply the layer and then move its output.",
    "`np.roll(image, (down, right), axis=(0, 1))` moves rows and columns at "
    "once. It works for an output too.",
    "Cut a frame off the absolute difference, `margin` wide on all four "
    "sides, and take the largest number. Mind that `[0:-0]` is empty.",
)


class Blur:
    """The mean over a place and its right neighbour; zeros outside."""

    def __call__(self, image):
        out = image.copy()
        out[:, :-1] += image[:, 1:]
        return out / 2


class Above:
    """The pixel above; zeros come in at the top."""

    def __call__(self, image):
        out = np.zeros_like(image)
        out[1:] = image[:-1]
        return out


class Ramp:
    """Multiplied by the row and the column: no place is like another."""

    def __call__(self, image):
        rows = np.arange(1.0, len(image) + 1)[:, None, None]
        columns = np.arange(1.0, image.shape[1] + 1)[:, None] ** 2
        return image * (rows + columns)


class Fading:
    """Strong at the left, and a tenth of it with every column."""

    def __call__(self, image):
        return image * 0.1 ** np.arange(image.shape[1])[:, None]


class Square:
    """Every number by itself, squared, and then two channels from one."""

    def __call__(self, image):
        return np.concatenate([image**2, -image], axis=-1)


class Attention:
    """Plain self-attention over all pixels, without positions."""

    def __call__(self, image):
        x = image.reshape(-1, image.shape[-1])
        e = np.exp(x @ x.T)
        return (e / e.sum(1, keepdims=True) @ x).reshape(image.shape)


def cases(rng):
    def case(name, layer, shape, down, right, margin):
        image = rng.standard_normal(shape)
        return Case(name, (layer, image, down, right, margin))

    return [
        case("each number squared", Square(), (3, 5, 1), 1, 1, 0),
        case("the pixel above", Above(), (5, 7, 2), 1, 0, 0),
        case("the pixel above, margin 2", Above(), (7, 5, 2), 1, 0, 2),
        case("a blur, moved to the left", Blur(), (5, 7, 2), 0, -2, 0),
        case("a blur, moved left, margin 3", Blur(), (7, 8, 2), 0, -2, 3),
        case("another at each place", Ramp(), (5, 7, 1), 1, 2, 1),
        case("another at each place, up", Ramp(), (7, 8, 3), -2, 3, 2),
        case("strong at the left", Fading(), (7, 5, 2), 2, 1, 1),
        case("attention", Attention(), (3, 5, 2), 1, -1, 0),
    ]


MISTAKES = {
    "output_kept": (
        "You compared with the output that was not moved. Move it as far as "
        "the image."
    ),
    "moved_back": (
        "You moved the output the other way. It moves along with its image."
    ),
    "image_kept": (
        "You gave the layer the image that was not moved, and moved only the "
        "output."
    ),
    "no_margin": (
        "You also counted places near the border, where a layer may see "
        "something else than before."
    ),
    "margin_rows_only": (
        "You cut the margin off the rows alone. Columns have borders too."
    ),
    "margin_one_side": (
        "You cut the margin off the top and the left only. There are four "
        "borders."
    ),
    "margin_twice": (
        "Your margin is one too wide. A place with exactly `margin` rows "
        "and columns outside of it still counts."
    ),
    "signed": (
        "You took the largest difference without its absolute value. A "
        "difference of -3 is larger than one of 1."
    ),
    "mean": (
        "You took the mean of the differences. The largest one is asked for."
    ),
    "rows_and_columns": (
        "Rows and columns have changed places in your move: the first number "
        "moves rows, down."
    ),
}


def variant(wrong):
    def answer(layer, image, down, right, margin):
        by = (right, down) if "rows_and_columns" in wrong else (down, right)

        def roll(x, sign=1):
            return np.roll(x, (sign * by[0], sign * by[1]), axis=(0, 1))

        first = layer(image if "image_kept" in wrong else roll(image))
        last = layer(image)
        if "output_kept" not in wrong:
            last = roll(last, -1 if "moved_back" in wrong else 1)
        gap = last - first
        gap = gap if "signed" in wrong else abs(gap)
        height, width = gap.shape[:2]
        m = margin + (1 if "margin_twice" in wrong else 0)
        if min(height, width) <= 2 * m:
            m = margin
        end = 0 if "margin_one_side" in wrong else m
        if "no_margin" not in wrong:
            gap = gap[m : height - end]
            if "margin_rows_only" not in wrong:
                gap = gap[:, m : width - end]
        return gap.mean() if "mean" in wrong else gap.max()

    return answer


EXERCISE = exercise(
    shift_gap,
    title="Does a layer move along with its image?",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
