"""Exercise 11.receptive_field."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def receptive_field(weights, height, width):
    """Where a trained head looks, as seen from the query, and how widely.

    weights : float array (n, n), n = height * width, rows that sum to 1; row
        p belongs to query p. Pixels are numbered row by row.
    height, width : of the image, in pixels.
    An offset is the place of the key minus the place of the query, in rows
    and columns. Returns two things: the mean offset, an array (2,), and the
    radius, one number: the root of the mean squared distance between the
    offsets and the mean offset. Both means are over all pairs of query and
    key: each query counts alike, and its keys by their weights.
    """
    rows, columns = np.divmod(np.arange(height * width), width)
    place = np.stack([rows, columns], axis=1)  # (n, 2)
    offset = place[None] - place[:, None]  # (n, n, 2)
    share = weights[:, :, None] / len(weights)  # (n, n, 1)
    centre = (share * offset).sum(axis=(0, 1))  # (2,)
    away = offset - centre  # (n, n, 2)
    return centre, np.sqrt((share * away**2).sum())


HINTS = (
    "Make the offset of every pair first, an array (n, n, 2): the key's "
    "place minus the query's.",
    "A mean over all pairs is a sum with shares that sum to 1: the weights "
    "divided by the number of queries.",
    "For the radius, take the centre off the offsets, square, add rows and "
    "columns, take the mean with the same shares, and then the root.",
)


def soft(rng, n):
    e = np.exp(2 * rng.standard_normal((n, n)))
    return e / e.sum(axis=1, keepdims=True)


def cases(rng):
    left = np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 0]])  # (3, 3)
    return [
        Case("one pixel", (np.ones((1, 1)), 1, 1)),
        Case("1 by 3, each sees itself", (np.eye(3), 1, 3)),
        Case("1 by 3, each looks to the left", (left, 1, 3)),
        Case("3 by 1, each looks up", (left, 3, 1)),
        Case("2 by 3, equal weights", (np.full((6, 6), 1 / 6), 2, 3)),
        Case("2 by 5, drawn", (soft(rng, 10), 2, 5)),
        Case("5 by 3, drawn", (soft(rng, 15), 5, 3)),
    ]


MISTAKES = {
    "key_place": (
        "You took the mean place of the keys. An offset is seen from the "
        "query: take the query's place off."
    ),
    "turned_round": (
        "Your centre has the wrong sign. An offset is the key's place minus "
        "the query's, and row p of the weights belongs to query p."
    ),
    "about_query": (
        "Your radius is measured from the query. Measure it from the mean "
        "offset: a head that looks three pixels to the left, sharply, is "
        "not wide."
    ),
    "no_root": "Your radius is a squared distance. Take its root.",
    "mean_distance": (
        "Your radius is the mean distance. The root of the mean *squared* "
        "distance is asked for."
    ),
    "own_centre": (
        "Each query has its own centre in your radius. Take one mean offset, "
        "over all queries."
    ),
    "columns_first": ("Your centre is (column, row). Rows come first."),
    "summed": (
        "You added up over the queries and took no mean. Each query counts "
        "one n-th."
    ),
    "unweighted": ("You counted all keys alike. A key counts by its weight."),
    "averaged_axes": (
        "You took the mean over the two directions. Squared rows and squared "
        "columns are added: that is the squared distance."
    ),
}


def variant(wrong):
    def answer(weights, height, width):
        n = len(weights)
        i = np.arange(n)
        place = np.stack([i // width, i % width], 1).astype(float)
        if "columns_first" in wrong:
            place = place[:, ::-1]
        w = np.full((n, n), 1 / n) if "unweighted" in wrong else weights
        offset = place[None] - place[:, None]
        offset = -offset if "turned_round" in wrong else offset
        if "key_place" in wrong:
            offset = np.broadcast_to(place[None], (n, n, 2))
        share = w[:, :, None] / (1 if "summed" in wrong else n)
        centre = (share * offset).sum((0, 1))
        middle = 0 * centre if "about_query" in wrong else centre
        if "own_centre" in wrong:
            middle = (w[:, :, None] * offset).sum(1, keepdims=True)
        square = ((offset - middle) ** 2).sum(-1)  # (n, n)
        if "averaged_axes" in wrong:
            square = square / 2
        if "mean_distance" in wrong:
            return centre, (share[..., 0] * np.sqrt(square)).sum()
        spread = (share[..., 0] * square).sum()
        return centre, spread if "no_root" in wrong else np.sqrt(spread)

    return answer


EXERCISE = exercise(
    receptive_field,
    title="The receptive field of a trained head",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
