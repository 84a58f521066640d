"""Exercise 11.quadratic_scores."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def quadratic_scores(height, width, centre, sharpness):
    """The scores of a head that looks at a place: minus squared distances.

    height, width : of the image, in pixels. Pixels are numbered row by row.
    centre : float array (2,), how many rows below and how many columns to
        the right of its own place a query looks; not always whole numbers.
    sharpness : a positive number.
    Returns an array (n, n), n = height * width: for query p and key r,
    -sharpness times the squared distance between the place of r and the
    place that p looks at. That place may lie outside the image.
    """
    rows, columns = np.divmod(np.arange(height * width), width)
    place = np.stack([rows, columns], axis=1)  # (n, 2)
    away = place[None] - (place[:, None] + centre)  # (n, n, 2)
    return -sharpness * (away**2).sum(axis=-1)


HINTS = (
    "Begin with the row and the column of every pixel, an array (n, 2).",
    "The place that query p looks at is place[p] + centre. The key at that "
    "place has the score 0, all others have less.",
    "Give the places that are looked at the shape (n, 1, 2), and the keys "
    "(1, n, 2). Square the difference and sum over the last axis.",
)


def cases(rng):
    def case(name, height, width, centre, sharpness):
        return Case(name, (height, width, np.array(centre, float), sharpness))

    return [
        case("one pixel, centre (0, 1)", 1, 1, (0, 1), 1.0),
        case("1 by 3, one to the right", 1, 3, (0, 1), 1.0),
        case("2 by 3, one to the right and two down", 2, 3, (2, 1), 1.0),
        case("2 by 3, up and to the right, sharpness 3", 2, 3, (-1, 2), 3.0),
        case("5 by 3, between pixels", 5, 3, (0.5, -1.25), 0.25),
        Case(
            "3 by 5, drawn",
            (3, 5, rng.uniform(-2, 2, 2), float(rng.uniform(0.5, 4))),
        ),
    ]


MISTAKES = {
    "other_way": (
        "Your head looks to the opposite side. Row p belongs to query p, and "
        "p looks at its own place plus the centre."
    ),
    "no_minus": (
        "The score grows with the distance. The key that is nearest to the "
        "place must get the largest score, so a minus is missing."
    ),
    "no_square": (
        "You took the distance, not its square. Only the square makes a "
        "bell, and only squares of rows and columns can be added up."
    ),
    "sum_of_sides": (
        "You added the distances in rows and in columns without squaring "
        "them first."
    ),
    "no_sharpness": ("The sharpness has no influence on your scores."),
    "sharpness_squared": (
        "The sharpness stands inside the square. It multiplies the squared "
        "distance once."
    ),
    "half": (
        "Your scores are half of those asked for. There is no 1/2 in front "
        "of the square here."
    ),
    "columns_first": (
        "You took the centre as (column, row). Its first number counts rows."
    ),
    "column_by_column": (
        "You number the pixels column by column. They are numbered row by "
        "row, as one reads."
    ),
    "held_inside": (
        "You moved places outside the image to its border before "
        "measuring. The distance is to the place itself; softmax does the "
        "rest."
    ),
}


def variant(wrong):
    def answer(height, width, centre, sharpness):
        i = np.arange(height * width)
        rows, columns = i // width, i % width
        if "column_by_column" in wrong:
            rows, columns = i % height, i // height
        place = np.stack([rows, columns], axis=1).astype(float)
        centre = centre[::-1] if "columns_first" in wrong else centre
        looked = place + (-centre if "other_way" in wrong else centre)
        if "held_inside" in wrong:
            looked = np.clip(looked, 0, [height - 1, width - 1])
        away = abs(place[None] - looked[:, None])  # (n, n, 2)
        if "sharpness_squared" in wrong:
            away = away * sharpness
        if "sum_of_sides" in wrong:
            found = away.sum(-1)
        else:
            found = (away**2).sum(-1)
        if "no_square" in wrong:
            found = np.sqrt(found)
        if "half" in wrong:
            found = found / 2
        free = {"no_sharpness", "sharpness_squared"} & wrong
        found = found * (1 if free else sharpness)
        found = found if "no_minus" in wrong else -found
        return found

    return answer


EXERCISE = exercise(
    quadratic_scores,
    title="A head that looks at a place",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
