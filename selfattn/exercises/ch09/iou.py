"""Exercise 09.iou."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def iou(a, b):
    """Intersection over union of every box of a with every box of b.

    a : float array (N, 4), each row (left, top, right, bottom), with
        left < right and top < bottom; y points down.
    b : float array (M, 4), likewise.
    Returns an array (N, M): the area that box i of a and box j of b share,
    divided by the area that at least one of them covers. It is 0 where they
    do not overlap.
    """
    one, two = a[:, None, :], b[None, :, :]  # (N, 1, 4), (1, M, 4)
    low = np.maximum(one[..., :2], two[..., :2])  # (N, M, 2)
    high = np.minimum(one[..., 2:], two[..., 2:])  # (N, M, 2)
    shared = np.maximum(high - low, 0).prod(axis=-1)  # (N, M)
    area_a = (a[:, 2:] - a[:, :2]).prod(axis=-1)  # (N,)
    area_b = (b[:, 2:] - b[:, :2]).prod(axis=-1)  # (M,)
    return shared / (area_a[:, None] + area_b - shared)


HINTS = (
    "Draw two boxes that overlap. Where does the shared box begin on the "
    "left: at the smaller or at the larger of the two lefts?",
    "The shared box has no negative side: cut its width and its height at 0 "
    "before you multiply them.",
    "The union is the sum of both areas minus what was counted twice. To get "
    "all pairs, give a the shape (N, 1, 4) and b the shape (1, M, 4).",
)


def drawn(rng, n, dtype=np.float64):
    low = rng.uniform(0, 2, (n, 2))
    sides = rng.uniform(0.3, 2, (n, 2))
    return np.concatenate([low, low + sides], axis=1).astype(dtype)


def cases(rng):
    unit = np.array([[0.0, 0, 2, 2]])
    made = [
        Case("half of each", (unit, np.array([[1.0, 0, 3, 2]]))),
        Case(
            "the same, one inside, one that only touches",
            (unit, np.array([[0.0, 0, 2, 2], [0, 0, 1, 1], [2, 0, 3, 2]])),
        ),
        Case(
            "apart in x, in y, and in both",
            (
                unit,
                np.array([[3.0, 0, 5, 2], [0, 3, 2, 4], [3.0, 5, 4, 9]]),
            ),
        ),
    ]
    for n, m, dtype in (
        (5, 3, np.float64),
        (3, 7, np.float64),
        (3, 3, np.float64),
        (2, 5, np.float32),
    ):
        made.append(
            Case(
                f"{n} boxes with {m}, {np.dtype(dtype).name}",
                (drawn(rng, n, dtype), drawn(rng, m, dtype)),
            )
        )
    return made


MISTAKES = {
    "not_cut": (
        "Two boxes that are apart in both directions overlap in your answer: "
        "the product of two negative sides is positive. Cut each side at 0 "
        "before you multiply."
    ),
    "product_cut": (
        "You cut the product of the sides at 0, which is too late: the "
        "product of two negative sides is positive. Cut each side."
    ),
    "twice_counted": (
        "You divide by the sum of both areas. What both share is in that sum "
        "twice."
    ),
    "over_smaller": (
        "You divide by the smaller of the two areas. Then a small box inside "
        "a large one scores 1; the union is asked for."
    ),
    "over_larger": (
        "You divide by the larger of the two areas. The union is larger than "
        "both, unless one box lies inside the other."
    ),
    "over_first": (
        "You divide by the area of a alone. Divide by what at least one of "
        "the two covers."
    ),
    "around": (
        "You divide by the smallest box around both. It also holds places "
        "that neither of them covers."
    ),
    "shared_only": (
        "You return the shared area. Divide it by the area of the union."
    ),
    "centres": (
        "You read the last two numbers as width and height. Here they are the "
        "right and the bottom edge."
    ),
    "pixels_counted": (
        "You added 1 to each side, as old code does that counts pixels. Here "
        "edges are places on a line."
    ),
    "dice": (
        "That is twice the shared area over the sum, the Dice score. "
        "Intersection over union counts the shared area once."
    ),
    "transposed": (
        "Rows and columns have changed places. Row i belongs to box i of a."
    ),
}


def variant(wrong):
    def answer(a, b):
        one, two = a[:, None, :], b[None, :, :]
        if "centres" in wrong:
            one = np.concatenate(
                [one[..., :2], one[..., :2] + one[..., 2:]], -1
            )
            two = np.concatenate(
                [two[..., :2], two[..., :2] + two[..., 2:]], -1
            )
        more = 1 if "pixels_counted" in wrong else 0
        low = np.maximum(one[..., :2], two[..., :2])
        high = np.minimum(one[..., 2:], two[..., 2:])
        sides = high - low + more
        if "product_cut" in wrong:
            shared = np.maximum(sides.prod(-1), 0)
        elif "not_cut" in wrong:
            shared = sides.prod(-1)
        else:
            shared = np.maximum(sides, 0).prod(-1)

        def area(c):
            return (c[..., 2:] - c[..., :2] + more).prod(-1)

        both = area(one) + area(two)
        union = both - shared
        if "twice_counted" in wrong:
            union = both
        if "over_smaller" in wrong:
            union = np.minimum(area(one), area(two))
        if "over_larger" in wrong:
            union = np.maximum(area(one), area(two))
        if "over_first" in wrong:
            union = area(one) + 0 * area(two)
        if "around" in wrong:
            wide = np.maximum(one[..., 2:], two[..., 2:]) - np.minimum(
                one[..., :2], two[..., :2]
            )
            union = wide.prod(-1)
        if "dice" in wrong:
            out = 2 * shared / both
        else:
            out = shared if "shared_only" in wrong else shared / union
        return out.T if "transposed" in wrong else out

    return answer


EXERCISE = exercise(
    iou,
    title="Intersection over union",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
