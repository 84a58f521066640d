"""Exercise 07.shift_matrix."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise


def shift_matrix(start, end):
    """The matrix of a shift, read off two position vectors.

    start, end : float arrays (d,), d even, the sinusoidal position vectors
        of two places. Pair m has its sine in entry 2m and its cosine in
        entry 2m + 1. The places and the frequencies are not known.
    Returns the matrix M (d, d) that moves every position vector on by the
    same number of steps, so that start @ M is end. It has one 2 × 2 rotation
    per pair on its diagonal, and zeros elsewhere.
    """
    sin_0, cos_0 = start[0::2], start[1::2]  # (d / 2,) each
    sin_1, cos_1 = end[0::2], end[1::2]  # (d / 2,) each
    cos = cos_0 * cos_1 + sin_0 * sin_1  # of the angle between them
    sin = cos_0 * sin_1 - sin_0 * cos_1
    even = np.arange(0, len(start), 2)
    odd = even + 1
    matrix = np.zeros((len(start), len(start)))
    matrix[even, even] = matrix[odd, odd] = cos
    matrix[odd, even], matrix[even, odd] = sin, -sin
    return matrix  # (d, d)


HINTS = (
    "Each pair is the hand of a clock. By which angle does the hand of "
    "one pair turn on its way from start to end?",
    "You need only the sine and the cosine of that angle. Write "
    "sin(b − a) and cos(b − a) as sums of products; all four numbers in "
    "them stand in the two vectors.",
    "One pair (sin a, cos a) times its block gives the new pair, as in the "
    "chapter. Put the blocks on the diagonal, and check that `start @ M` "
    "is end.",
)


def waves(place, d, base):
    """The position vector of one place, (d,)."""
    angle = place * float(base) ** (-np.arange(0, d, 2) / d)  # (d / 2,)
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).ravel()


def cases(rng):
    def case(place, steps, d, base):
        args = waves(place, d, base), waves(place + steps, d, base)
        return Case(f"from place {place} to {place + steps}, d = {d}", args)

    made = [
        case(0, 1, 2, 10000),
        case(2, 1, 2, 10000),
        case(4, 3, 4, 100),
        case(7, -5, 6, 50),
        case(5, 0, 4, 70),
    ]
    for d, far in ((6, 20), (10, -20)):
        place = int(rng.integers(21, 40))
        steps = int(np.sign(far) * rng.integers(4, abs(far)))
        made.append(case(place, steps, d, rng.integers(20, 5000)))
    return made


def shifts(rng):
    base = rng.integers(20, 500)
    return [
        Case(
            f"from place {i} to {j}, to be combined",
            (waves(i, 6, base), waves(j, 6, base)),
        )
        for i, j in ((5, 8), (1, 5), (2, 9))
    ]


PROPERTIES = (
    Property(
        "shifts_add_up",
        "Three steps and then four should be seven steps, wherever they "
        "start; with your matrices they are not.",
        shifts,
        lambda cases, outs: bool(
            np.allclose(
                np.asarray(outs[0]) @ np.asarray(outs[1]),
                outs[2],
                atol=1e-6,
            )
        ),
    ),
)

MISTAKES = {
    "wrong_way": (
        "Your matrix goes from end to start. It is the transposed one, which "
        "would stand left of a column; here the row stands left of the "
        "matrix, so check `start @ M`."
    ),
    "only_this_vector": (
        "Your matrix takes start to end, but it fails for every other place. "
        "The same matrix must move all of them, so build it from one rotation "
        "per pair."
    ),
    "entries_divided": (
        "You divided the entries of end by those of start. That fits only "
        "these two places, and an entry may be 0; turn each pair instead."
    ),
    "start_ignored": (
        "Your angles are those of end alone. That is right only when start "
        "is place 0; the shift is the angle between the two."
    ),
    "angles_added": (
        "You added the angles of start and end. The shift is their difference."
    ),
    "half_circle": (
        "You found the angle by an inverse cosine or from the dot product "
        "alone, so it is never negative. The sine of the difference says in "
        "which direction a hand turned."
    ),
    "arctan": (
        "You found the angles by `arctan`, which knows only half of the "
        "circle: opposite hands have the same tangent. Use `arctan2`, or "
        "products of sines and cosines."
    ),
    "arcsin": (
        "You found the angles by an inverse sine, which knows only half of "
        "the circle: two hands have the same sine. The cosine tells them "
        "apart."
    ),
    "subtracted": (
        "You subtracted sines from sines and cosines from cosines. The sine "
        "of a difference is not the difference of the sines."
    ),
    "reflection": (
        "Your blocks are reflections. A shift turns: between equal places "
        "the matrix must be the identity."
    ),
    "sign_missing": (
        "The two sines of a block have the same sign. Then lengths change; "
        "in a rotation one of them has a minus."
    ),
    "cosines_only": (
        "Your matrix is diagonal. The sine of a sum needs the cosine too: "
        "the two entries of a pair mix."
    ),
    "in_halves": (
        "Your matrix expects all sines first and then all cosines. In these "
        "vectors they alternate, so each pair's block sits on the diagonal."
    ),
    "one_frequency": (
        "All your blocks are alike. Each pair turns by an angle of its own."
    ),
}


def variant(wrong):
    def answer(start, end):
        start, end = (np.array(x, dtype=float) for x in (start, end))
        d = len(start)
        if "only_this_vector" in wrong:
            return np.outer(start, end) / (start @ start)
        if "entries_divided" in wrong:
            with np.errstate(all="ignore"):
                return np.diag(end / start)
        from_angle = np.arctan2(start[0::2], start[1::2])  # (d / 2,)
        to_angle = np.arctan2(end[0::2], end[1::2])
        if "arctan" in wrong:
            from_angle = np.arctan(start[0::2] / start[1::2])
            to_angle = np.arctan(end[0::2] / end[1::2])
        if "arcsin" in wrong:
            from_angle, to_angle = np.arcsin(start[0::2]), np.arcsin(end[0::2])
        if "start_ignored" in wrong:
            from_angle = 0 * from_angle
        if "angles_added" in wrong:
            from_angle = -from_angle
        c, s = np.cos(to_angle - from_angle), np.sin(to_angle - from_angle)
        if "one_frequency" in wrong:
            c, s = np.full(d // 2, c[0]), np.full(d // 2, s[0])
        if "half_circle" in wrong:
            s = abs(s)
        if "subtracted" in wrong:
            c, s = end[1::2] - start[1::2], end[0::2] - start[0::2]
        c, s = np.diag(c), np.diag(s)  # (d / 2, d / 2)
        if "wrong_way" in wrong:
            s = -s
        parts = (c, -s, s, c)
        if "reflection" in wrong:
            parts = (c, s, s, -c)
        elif "sign_missing" in wrong:
            parts = (c, s, s, c)
        elif "cosines_only" in wrong:
            parts = (c, 0 * s, 0 * s, c)
        out = np.zeros((d, d))
        if "in_halves" in wrong:
            half = d // 2
            out[:half, :half], out[:half, half:] = parts[:2]
            out[half:, :half], out[half:, half:] = parts[2:]
        else:
            out[0::2, 0::2], out[0::2, 1::2] = parts[:2]
            out[1::2, 0::2], out[1::2, 1::2] = parts[2:]
        return out

    return answer


EXERCISE = exercise(
    shift_matrix,
    title="A shift, read off two positions",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
