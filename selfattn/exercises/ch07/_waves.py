"""The frequencies of waves and turns, and the mistakes made in them."""

from __future__ import annotations

import numpy as np

WAVE_MISTAKES = {
    "exponent_halved": (
        "Your exponent is half as large as it should be: it counts pairs, "
        "and the formula counts entries. The slowest wave then has a period "
        "of only about √base."
    ),
    "period_for_frequency": (
        "Your later pairs turn faster and faster. The minus in the exponent "
        "is missing, or you divide by the frequency where you should "
        "multiply."
    ),
    "one_frequency": (
        "All pairs turn at the same speed, so that positions repeat after "
        "about six steps. Each pair has its own frequency, from fast to slow."
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
    if "period_for_frequency" in wrong:
        exponent = -exponent
    base = 10000.0 if "base_ignored" in wrong else float(base)
    omega = np.power(base, -exponent / d)  # (d / 2,)
    if "one_frequency" in wrong:
        omega = np.ones(d // 2)
    if "degrees" in wrong:
        omega = np.degrees(omega)
    return omega
