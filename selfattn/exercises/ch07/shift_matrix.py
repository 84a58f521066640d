"""Exercise 07.shift_matrix."""

import numpy as np

from selfattn.exercises.ch07._waves import WAVE_MISTAKES, frequencies
from selfattn.exercises.model import Case, Property, exercise


def shift_matrix(steps, d_model, base=10000.0):
    """The matrix that moves sinusoidal positions on by some steps.

    e = sinusoidal(n, d_model, base) has rows; the matrix M must satisfy
    e[i] @ M = e[i + steps] for every i. steps may be negative or 0.
    Pair m has the frequency base ** (-2 * m / d_model), its sine in entry
    2m and its cosine in entry 2m + 1. Returns an array (d_model, d_model).
    """
    matrix = np.zeros((d_model, d_model))
    for pair in range(d_model // 2):
        angle = steps * base ** (-2 * pair / d_model)
        cos, sin = np.cos(angle), np.sin(angle)
        block = slice(2 * pair, 2 * pair + 2)
        matrix[block, block] = [[cos, -sin], [sin, cos]]
    return matrix  # (d, d)


HINTS = (
    "Write sin(a + b) and cos(a + b) as sums of products. Here a is "
    "the old angle, b the turn.",
    "One pair (sin a, cos a) times a 2 × 2 matrix gives the new "
    "pair. Its entries are cos b, sin b, and one of them with a "
    "minus.",
    "The big matrix has one such block per pair on its diagonal and "
    "zeros elsewhere; b is steps times the pair's frequency. Check "
    "with `e[0] @ M`, where the old pair is (0, 1).",
)


def cases(rng):
    made = [
        Case("one step, d_model = 2", (1, 2)),
        Case("3 steps, d_model = 4, base 100", (3, 4, 100.0)),
        Case("5 steps back, d_model = 6, base 50", (-5, 6, 50.0)),
        Case("no step, d_model = 4", (0, 4)),
    ]
    for d in (6, 10):
        steps = int(rng.integers(4, 20))
        base = float(rng.integers(20, 5000))
        name = f"{steps} steps, d_model = {d}, base {base:.0f}"
        made.append(Case(name, (steps, d, base)))
    return made


def shifts(rng):
    base = float(rng.integers(20, 500))
    return [
        Case(f"{k} steps, to be combined", (k, 6, base)) for k in (3, 4, 7)
    ]


PROPERTIES = (
    Property(
        "shifts_add_up",
        "Three steps and then four should be seven steps; with your "
        "matrices they are not.",
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
        "Your matrix goes the other way, or it is the lecture's, which "
        "stands left of a column. Here the row stands left of the matrix: "
        "check `e[0] @ M` against `e[steps]`."
    ),
    "reflection": (
        "Your blocks are reflections. A shift turns: with no steps at all "
        "the matrix must be the identity."
    ),
    "sign_missing": (
        "All four numbers of a block have the same sign. Then lengths "
        "change; in sin(a + b) and cos(a + b) one of the terms is "
        "subtracted."
    ),
    "cosines_only": (
        "Your matrix is diagonal. The sine of a sum needs the cosine too: "
        "the two entries of a pair mix."
    ),
    "in_halves": (
        "Your matrix expects all sines first and then all cosines. In this "
        "table they alternate, so each pair's block sits on the diagonal."
    ),
    "entries_rolled": (
        "You move the entries of the vector. What moves is the position: "
        "every pair of entries turns by an angle."
    ),
    "one_step": "Your matrix always makes one step, whatever `steps` says.",
    "length_only": (
        "Your matrix steps forward even when steps is negative. The sign "
        "says in which direction to turn."
    ),
    "one_too_far": (
        "Your matrix goes one step too far: with 0 steps it must change "
        "nothing."
    ),
    "one_frequency": (
        "All pairs turn by the same angle. Pair m turns by steps times its "
        "own frequency."
    ),
    **WAVE_MISTAKES,
}


def variant(wrong):
    def answer(steps, d_model, base=10000.0):
        if "one_too_far" in wrong:
            steps = steps + 1
        if "length_only" in wrong:
            steps = abs(steps)
        if "one_step" in wrong:
            steps = 1
        angle = steps * frequencies(d_model, base, wrong)  # (d / 2,)
        c, s = np.diag(np.cos(angle)), np.diag(np.sin(angle))
        if "wrong_way" in wrong:
            s = -s
        if "reflection" in wrong:
            parts = (c, s, s, -c)
        elif "sign_missing" in wrong:
            parts = (c, s, s, c)
        elif "cosines_only" in wrong:
            parts = (c, 0 * s, 0 * s, c)
        else:
            parts = (c, -s, s, c)
        out = np.zeros((d_model, d_model))  # (d, d)
        if "in_halves" in wrong:
            half = d_model // 2
            out[:half, :half], out[:half, half:] = parts[:2]
            out[half:, :half], out[half:, half:] = parts[2:]
        else:
            out[0::2, 0::2], out[0::2, 1::2] = parts[:2]
            out[1::2, 0::2], out[1::2, 1::2] = parts[2:]
        if "entries_rolled" in wrong:
            out = np.roll(np.eye(d_model), steps, axis=1)
        return out

    return answer


EXERCISE = exercise(
    shift_matrix,
    title="The matrix that moves a position",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
