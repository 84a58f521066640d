"""Right answers to 04.coincide, in other styles."""

import numpy as np


def coincide_spelled():
    equal = dict.fromkeys(
        (
            "one layer",
            "twelve layers, alternated with FC",
            "additive scores, ReLU weights",
            "no word attends to itself",
            "the third word replaced by another",
        ),
        True,
    )
    different = dict.fromkeys(
        (
            "each word sees itself and the words before",
            "each word sees one neighbour on either side",
            "a different vector added at each place",
        ),
        False,
    )
    return equal | different


def coincide_numpy_booleans():
    spelled = coincide_spelled()
    return {name: np.bool_(value) for name, value in spelled.items()}
