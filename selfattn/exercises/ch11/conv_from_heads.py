"""Exercise 11.conv_from_heads."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def conv_from_heads(image, kernel, sharpness):
    """A convolution made of heads: one head for each entry of the kernel.

    image : float array (height, width, c_in).
    kernel : float array (K, K, c_in, c_out), K odd. Entry (a, b) belongs to
        the pixel a - K // 2 rows below and b - K // 2 columns to the right
        of the query.
    sharpness : a positive number s. The head of an entry gives each pixel
        the score -s * (squared distance to the place that it looks at), for
        every query; that place may lie outside of the image.
    Returns an array (height, width, c_out): every head takes the softmax
    over all pixels, mixes them, and multiplies by its entry, a matrix
    (c_in, c_out). The heads are added up.
    """
    height, width, c_in = image.shape
    size = len(kernel)
    rows, columns = np.divmod(np.arange(height * width), width)
    out = np.zeros((height * width, kernel.shape[-1]))  # (n, c_out)
    for a in range(size):
        for b in range(size):
            down = rows - rows[:, None] - (a - size // 2)  # (n, n)
            right = columns - columns[:, None] - (b - size // 2)  # (n, n)
            scores = -sharpness * (down**2 + right**2)  # (n, n)
            e = np.exp(scores - scores.max(axis=1, keepdims=True))
            weights = e / e.sum(axis=1, keepdims=True)  # (n, n)
            out += weights @ image.reshape(-1, c_in) @ kernel[a, b]
    return out.reshape(height, width, -1)


HINTS = (
    "Write one head first, and check that with a large sharpness it only "
    "moves the image by a pixel. Then loop over the entries of the kernel.",
    "Make the pixels a set of n = height * width rows, image.reshape(n, "
    "c_in). A head is then weights (n, n) @ pixels @ kernel[a, b].",
    "The scores are those of 11.quadratic_scores with the centre "
    "(a - K // 2, b - K // 2). Where a head looks outside of the image, all "
    "scores are low: subtract the largest of each row before np.exp.",
)


def cases(rng):
    def case(name, image, kernel, sharpness):
        return Case(
            name,
            (
                rng.standard_normal(image),
                rng.standard_normal(kernel),
                sharpness,
            ),
        )

    return [
        case("one pixel, kernel 3 by 3", (1, 1, 1), (3, 3, 1, 1), 1.0),
        case("1 by 3 pixels, sharpness 2", (1, 3, 1), (3, 3, 1, 1), 2.0),
        case("3 by 5 pixels, kernel 1 by 1", (3, 5, 2), (1, 1, 2, 3), 0.5),
        case("3 by 5 pixels, 2 channels to 3", (3, 5, 2), (3, 3, 2, 3), 1.0),
        case("3 channels to 3", (5, 3, 3), (3, 3, 3, 3), 0.75),
        case("kernel 5 by 5, sharpness 1000", (7, 5, 2), (5, 5, 2, 3), 1e3),
    ]


MISTAKES = {
    "flipped": (
        "Your kernel is flipped: the head of its first entry looks down and "
        "to the right. Entry (0, 0) belongs to the pixel above and to the "
        "left. (Mathematicians flip a kernel; here it is not flipped.)"
    ),
    "averaged": (
        "You took the mean over the heads. A convolution adds its entries up."
    ),
    "over_queries": (
        "Your softmax runs over the queries. The weights of one query, over "
        "all pixels, sum to 1."
    ),
    "not_normalised": (
        "Your weights do not sum to 1. Where a head looks outside of the "
        "image, they are then close to 0. Divide by the sum over keys."
    ),
    "no_square": ("Your scores fall with the distance, not with its square."),
    "zeros_outside": (
        "A head that looks outside of the image gives 0 in your answer, as "
        "zero padding does. Its softmax still takes the pixels that are "
        "nearest to the place."
    ),
    "held_inside": (
        "You moved the places outside of the image to its border before "
        "measuring distances. With a low sharpness that is not the same."
    ),
    "corner": (
        "You count the kernel's entries from its corner. Its middle looks at "
        "the query's own pixel."
    ),
    "plain": (
        "That is the exact convolution. The heads come close to it for a "
        "large sharpness; return what they give for this one."
    ),
    "entry_transposed": (
        "The matrix of each entry is transposed: its rows belong to the "
        "channels that come in."
    ),
}


def variant(wrong):
    def answer(image, kernel, sharpness):
        height, width, c_in = image.shape
        size, half = len(kernel), len(kernel) // 2
        i = np.arange(height * width)
        place = np.stack([i // width, i % width], 1).astype(float)
        last = np.array([height - 1, width - 1])
        out = 0.0
        for a in range(size):
            for b in range(size):
                offset = np.array([a - half, b - half])
                if "corner" in wrong:
                    offset = offset + half
                offset = -offset if "flipped" in wrong else offset
                looked = place + offset
                inside = ((looked >= 0) & (looked <= last)).all(1)  # (n,)
                if "held_inside" in wrong:
                    looked = np.clip(looked, 0, last)
                away = ((place[None] - looked[:, None]) ** 2).sum(-1)
                if "no_square" in wrong:
                    away = np.sqrt(away)
                sharp = 1e6 if "plain" in wrong else sharpness
                scores = -sharp * away
                axis = 0 if "over_queries" in wrong else 1
                if "not_normalised" in wrong:
                    weights = np.exp(scores)
                else:
                    e = np.exp(scores - scores.max(axis, keepdims=True))
                    weights = e / e.sum(axis, keepdims=True)
                if "zeros_outside" in wrong:
                    weights = weights * inside[:, None]
                entry = kernel[a, b]
                square = entry.shape[0] == entry.shape[1]
                if "entry_transposed" in wrong and square:
                    entry = entry.T
                out = out + weights @ image.reshape(-1, c_in) @ entry
        out = out / size**2 if "averaged" in wrong else out
        return out.reshape(height, width, -1)

    return answer


EXERCISE = exercise(
    conv_from_heads,
    title="A convolution from heads",
    difficulty=3,
    minutes=18,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
