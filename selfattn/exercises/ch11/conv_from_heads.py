"""Exercise 11.conv_from_heads."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def conv_from_heads(image, kernel, sharpness):
    """A convolution with zero padding made of heads, one for each entry.

    image : float array (height, width, c_in).
    kernel : float array (K, K, c_in, c_out), K odd. Entry (a, b) belongs to
        the pixel a - K // 2 rows below and b - K // 2 columns to the right
        of the query.
    sharpness : a positive number s. The head of an entry gives each key the
        score -s * (squared distance to the place that it looks at).
    Around the image stands a ring of K // 2 pixels with zeros in all
    channels. The queries are the pixels of the image, the keys those of the
    image and of the ring.
    Returns an array (height, width, c_out): every head takes the softmax
    over all keys, mixes them, and multiplies by its entry, a matrix
    (c_in, c_out). The heads are added up.
    """
    height, width, c_in = image.shape
    half = len(kernel) // 2
    x = np.pad(image, ((half, half), (half, half), (0, 0)))
    keys = np.indices(x.shape[:2]).reshape(2, -1).T - half  # (m, 2)
    queries = np.indices((height, width)).reshape(2, -1).T  # (n, 2)
    out = np.zeros((height * width, kernel.shape[-1]))  # (n, c_out)
    for a, b in np.ndindex(kernel.shape[:2]):
        looked = queries + np.array([a - half, b - half])  # (n, 2)
        away = ((keys - looked[:, None]) ** 2).sum(axis=-1)  # (n, m)
        e = np.exp(-sharpness * away)
        weights = e / e.sum(axis=1, keepdims=True)  # (n, m)
        out += weights @ x.reshape(-1, c_in) @ kernel[a, b]
    return out.reshape(height, width, -1)


HINTS = (
    "Write one head first, and check that with a large sharpness it only "
    "moves the image by a pixel, and that zeros come in. Then loop over the "
    "entries of the kernel.",
    "np.pad makes the ring. A query's place in the image with its ring is "
    "K // 2 rows and columns further than its place in the image.",
    "With n pixels and m keys, a head is weights (n, m) @ keys (m, c_in) @ "
    "kernel[a, b]. It looks at the query's place plus "
    "(a - K // 2, b - K // 2), which is never beyond the ring.",
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
        case("kernel 5 by 5", (3, 5, 2), (5, 5, 2, 3), 0.5),
        case("kernel 5 by 5, sharpness 100", (7, 5, 2), (5, 5, 2, 3), 100.0),
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
        "all keys, sum to 1."
    ),
    "not_normalised": (
        "Your weights do not sum to 1. Divide by the sum over keys."
    ),
    "no_square": ("Your scores fall with the distance, not with its square."),
    "no_ring": (
        "There is no ring around your image: a head that looks outside gives "
        "the nearest pixel. Zero pixels around the image must be keys too."
    ),
    "copied_ring": (
        "Your ring holds copies of the pixels at the border. It should hold "
        "zeros."
    ),
    "narrow_ring": (
        "Your ring is one pixel wide for every kernel. It is K // 2 wide."
    ),
    "zeros_outside": (
        "You set the output of a head to 0 where it looks outside the image. "
        "With a low sharpness that is not the same: the ring's pixels are "
        "keys, and take a part of the weight of every head that is near."
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
        ring = 1 if "narrow_ring" in wrong else half
        if wrong & {"no_ring", "zeros_outside"}:
            ring = 0
        mode = "edge" if "copied_ring" in wrong else "constant"
        x = np.pad(image, ((ring, ring), (ring, ring), (0, 0)), mode)
        keys = np.indices(x.shape[:2]).reshape(2, -1).T - ring
        place = np.indices((height, width)).reshape(2, -1).T
        last = np.array([height - 1, width - 1])
        out = 0.0
        for a in range(size):
            for b in range(size):
                offset = np.array([a - half, b - half])
                offset = -offset if "flipped" in wrong else offset
                looked = place + offset
                inside = ((looked >= 0) & (looked <= last)).all(1)  # (n,)
                away = ((keys - looked[:, None]) ** 2.0).sum(-1)
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
                out = out + weights @ x.reshape(-1, c_in) @ entry
        out = out / size**2 if "averaged" in wrong else out
        return out.reshape(height, width, -1)

    return answer


EXERCISE = exercise(
    conv_from_heads,
    title="Heads with zeros outside",
    difficulty=3,
    minutes=18,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
