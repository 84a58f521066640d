"""Exercise 07.sinusoidal."""

import numpy as np

from selfattn.exercises.ch07._waves import WAVE_MISTAKES, frequencies
from selfattn.exercises.model import Case, exercise


def sinusoidal(places, d_model, base=10000.0):
    """Position vectors of any places, all sines first.

    places : array (L,), in any order; they may be negative or fractional.
    d_model is even. Pair m (from 0) has the frequency
    base ** (-2 * m / d_model). The row of place p holds
        entry m               : sin(p * frequency)
        entry m + d_model / 2 : cos(p * frequency).
    Returns an array (L, d_model), one row per place.
    """
    pair = np.arange(d_model // 2)  # (d / 2,)
    frequency = base ** (-2 * pair / d_model)  # (d / 2,)
    angle = places[:, None] * frequency  # (L, d / 2)
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)


HINTS = (
    "Work out the row of place 1 for d_model = 2 first: it has one "
    "frequency, and that is 1.",
    "Make the frequencies (d/2,) and the angles (L, d/2): the places "
    "as a column times the frequencies as a row.",
    "The sines of all angles are the left half of the table, and the "
    "cosines the right half. Join the two along the last axis.",
)


def cases(rng):
    made = [
        Case("places 0, 1, 2, d_model = 2", (np.arange(3), 2)),
        Case("places 0 to 4, d_model = 4, base 100", (np.arange(5), 4, 100.0)),
        Case("one place, −3, d_model = 6, base 50", (np.array([-3]), 6, 50.0)),
        Case(
            "places 2.5, 0.25 and −1.5, d_model = 8, base 30",
            (np.array([2.5, 0.25, -1.5]), 8, 30.0),
        ),
    ]
    for n, d in ((11, 6), (7, 14)):
        base = float(rng.integers(20, 5000))
        places = rng.permutation(np.arange(-30, 31))[:n]
        name = f"{n} places in any order, d_model = {d}, base {base:.0f}"
        made.append(Case(name, (places, d, base)))
    places = rng.uniform(-9, 9, 13)
    made.append(Case("13 fractional places, d_model = 10", (places, 10)))
    return made


MISTAKES = {
    "interleaved": (
        "Sines and cosines alternate, as in the chapter. Here all sines "
        "stand on the left and all cosines on the right."
    ),
    "cosine_first": (
        "Sines and cosines have changed places: the left half holds the sines."
    ),
    "cosine_forgotten": (
        "Both halves hold sines. One sine cannot tell a place where the wave "
        "rises from one where it falls; its cosine can."
    ),
    "frequencies_not_paired": (
        "Each entry has a frequency of its own. The sine and the cosine of a "
        "pair share one; without that, a shift is no rotation."
    ),
    "frequencies_run_on": (
        "The frequencies go on falling in the right half. Entry m and entry "
        "m + d_model/2 are a pair and share a frequency."
    ),
    "exponent_by_entry": (
        "Your exponent is twice as large as it should be: it counts entries "
        "twice over, or it is divided by d_model/2. The formula is 2 times "
        "the number of the pair, over d_model."
    ),
    "last_is_base": (
        "Your slowest wave has exactly the frequency 1/base: you divide by "
        "d_model − 2. Some code does so; here the exponent is over d_model."
    ),
    "own_places": (
        "You count 0, 1, 2 and so on yourself. The places are given, and "
        "they may have gaps or be in any order."
    ),
    "whole_places": (
        "You cut the places down to whole numbers. A wave has a value "
        "between two whole places as well."
    ),
    "rounded_places": (
        "You rounded the places to whole numbers. A wave has a value between "
        "two whole places as well."
    ),
    "no_sign": (
        "You ignore the minus of a negative place. Its sine is the negative "
        "of that on the other side of 0."
    ),
    "sorted_places": (
        "You sorted the places. The rows come in the order in which the "
        "places are given."
    ),
    "from_one": (
        "Your rows are those of the next place. At place 0 all sines are 0 "
        "and all cosines 1."
    ),
    "columns": (
        "Your places are columns. One row per place is asked for: "
        "(L, d_model)."
    ),
    **WAVE_MISTAKES,
}


def variant(wrong):
    def answer(places, d_model, base=10000.0):
        p = np.asarray(places, dtype=float)[:, None]  # (L, 1)
        if "from_one" in wrong:
            p = p + 1
        if "own_places" in wrong:
            p = np.arange(len(p))[:, None]
        if "whole_places" in wrong:
            p = np.trunc(p)
        if "rounded_places" in wrong:
            p = np.round(p)
        if "no_sign" in wrong:
            p = abs(p)
        if "sorted_places" in wrong:
            p = np.sort(p, axis=0)
        omega = frequencies(d_model, base, wrong)  # (d / 2,)
        if "exponent_by_entry" in wrong:
            omega = omega**2
        if "last_is_base" in wrong:
            pairs = np.arange(0, d_model, 2)  # (d / 2,)
            omega = float(base) ** (-pairs / max(d_model - 2, 1))
        sin, cos = np.sin(p * omega), np.cos(p * omega)  # (L, d / 2)
        if "frequencies_not_paired" in wrong:
            all_of_them = float(base) ** (-np.arange(d_model) / d_model)
            sin = np.sin(p * all_of_them[0::2])
            cos = np.cos(p * all_of_them[1::2])
        if "frequencies_run_on" in wrong:
            slow = float(base) ** (-np.arange(d_model) / d_model)
            sin = np.sin(p * slow[: d_model // 2])
            cos = np.cos(p * slow[d_model // 2 :])
        if "cosine_first" in wrong:
            sin, cos = cos, sin
        if "cosine_forgotten" in wrong:
            cos = sin
        if "interleaved" in wrong:
            out = np.stack([sin, cos], axis=-1).reshape(len(p), -1)
        else:
            out = np.concatenate([sin, cos], axis=1)
        return out.T if "columns" in wrong else out

    return answer


EXERCISE = exercise(
    sinusoidal,
    title="Sinusoidal positions, sines first",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
