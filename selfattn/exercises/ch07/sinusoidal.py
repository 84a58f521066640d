"""Exercise 07.sinusoidal."""

import numpy as np

from selfattn.exercises.ch07._waves import WAVE_MISTAKES, frequencies
from selfattn.exercises.model import Case, exercise


def sinusoidal(n_positions, d_model, base=10000.0):
    """One row of waves per position.

    d_model is even. With the frequency of pair m (from 0) equal to
    base ** (-2 * m / d_model), row i holds
        entry 2m     : sin(i * frequency)
        entry 2m + 1 : cos(i * frequency).
    Returns an array (n_positions, d_model); the first row is position 0.
    """
    pair = np.arange(d_model // 2)  # (d / 2,)
    frequency = base ** (-2 * pair / d_model)  # (d / 2,)
    angle = np.arange(n_positions)[:, None] * frequency  # (n, d / 2)
    table = np.empty((n_positions, d_model))  # (n, d)
    table[:, 0::2] = np.sin(angle)
    table[:, 1::2] = np.cos(angle)
    return table


HINTS = (
    "Work out the row of position 1 for d_model = 2 first: it has "
    "one frequency, and that is 1.",
    "Make the frequencies (d/2,) and the angles (n, d/2), positions "
    "as a column times frequencies as a row.",
    "Fill an empty table with two slices of step 2: the even "
    "columns from the sine of the angles, the odd ones from the "
    "cosine.",
)


def cases(rng):
    made = [
        Case("3 positions, d_model = 2", (3, 2)),
        Case("5 positions, d_model = 4, base 100", (5, 4, 100.0)),
    ]
    for n, d in ((11, 6), (7, 14)):
        base = float(rng.integers(20, 5000))
        name = f"{n} positions, d_model = {d}, base {base:.0f}"
        made.append(Case(name, (n, d, base)))
    n = int(rng.choice([13, 17, 19]))
    made.append(Case(f"{n} positions, d_model = 10", (n, 10)))
    return made


MISTAKES = {
    "in_halves": (
        "All sines stand on the left and all cosines on the right. Here they "
        "alternate, sine and cosine of one frequency side by side."
    ),
    "cosine_first": (
        "Sines and cosines have changed places: even entries hold the sine."
    ),
    "cosine_forgotten": (
        "Both entries of a pair are sines. One number cannot tell a wave "
        "that rises from one that falls; its cosine beside it can."
    ),
    "frequencies_not_paired": (
        "Each entry has a frequency of its own. Sine and cosine of a pair "
        "share one; without that, a shift is no rotation."
    ),
    "exponent_by_entry": (
        "You put the entry's number where the pair's belongs, twice it over "
        "d_model. Entries 2m and 2m + 1 share one frequency, and the "
        "exponent counts m."
    ),
    "last_is_base": (
        "Your slowest wave has exactly the frequency 1/base: you divide by "
        "d_model − 2. Some code does so; here the exponent is over d_model."
    ),
    "period_for_frequency": (
        "Your later pairs turn faster and faster: you multiply by the power "
        "of the base. The position is divided by it."
    ),
    "from_one": (
        "Your first row is that of position 1. Positions start at 0, whose "
        "row is 0, 1, 0, 1 and so on."
    ),
    "columns": (
        "Your positions are columns. One row per position is asked for, "
        "(n_positions, d_model)."
    ),
    "one_frequency": (
        "All pairs turn at the same speed, so positions repeat after about "
        "six steps. Each pair has its own, from fast to slow."
    ),
    **WAVE_MISTAKES,
}


def variant(wrong):
    def answer(n_positions, d_model, base=10000.0):
        i = np.arange(n_positions, dtype=float)[:, None]  # (n, 1)
        if "from_one" in wrong:
            i = i + 1
        omega = frequencies(d_model, base, wrong)  # (d / 2,)
        if "period_for_frequency" in wrong:
            omega = 1 / omega
        sin, cos = np.sin(i * omega), np.cos(i * omega)  # (n, d / 2)
        if "frequencies_not_paired" in wrong:
            all_of_them = float(base) ** (-np.arange(d_model) / d_model)
            sin = np.sin(i * all_of_them[0::2])
            cos = np.cos(i * all_of_them[1::2])
        if wrong & {"exponent_by_entry", "last_is_base"}:
            pairs = np.arange(0, d_model, 2)  # (d / 2,)
            by_entry = float(base) ** (-2 * pairs / d_model)
            step = float(base) ** (-2 / d_model)
            sin, cos = np.sin(i * by_entry), np.cos(i * by_entry * step)
        if "last_is_base" in wrong:
            omega = float(base) ** (-pairs / max(d_model - 2, 1))
            sin, cos = np.sin(i * omega), np.cos(i * omega)
        if "cosine_first" in wrong:
            sin, cos = cos, sin
        if "cosine_forgotten" in wrong:
            cos = sin
        if "in_halves" in wrong:
            out = np.concatenate([sin, cos], axis=1)
        else:
            out = np.stack([sin, cos], axis=-1).reshape(len(i), -1)
        return out.T if "columns" in wrong else out

    return answer


EXERCISE = exercise(
    sinusoidal,
    title="Sinusoidal positions",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
