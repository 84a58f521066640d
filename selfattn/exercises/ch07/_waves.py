"""The frequencies of waves and turns, and the mistakes made in them."""

from __future__ import annotations

import numpy as np

WAVE_MISTAKES = {
    "exponent_halved": (
        "Your exponent is half as large as it should be: it counts pairs, "
        "and the formula counts entries. The slowest wave then has a period "
        "of only about √base."
    ),
    "base_ignored": (
        "You wrote 10000 into the code, so the argument `base` changes "
        "nothing."
    ),
    "degrees": (
        "Your angles were turned into degrees. NumPy's sine and cosine take "
        "radians, which is what position times frequency is already."
    ),
}


def frequencies(d, base, wrong):
    """Radians per position of each pair, with the mistakes named."""
    pairs = np.arange(d // 2)  # (d / 2,)
    exponent = pairs if "exponent_halved" in wrong else 2 * pairs
    omega = np.power(float(base), -exponent / d)  # (d / 2,)
    if "base_ignored" in wrong:
        omega = 10000.0 ** (-exponent / d)
    if "one_frequency" in wrong:
        omega = np.ones(d // 2)
    if "degrees" in wrong:
        omega = np.degrees(omega)
    return omega
