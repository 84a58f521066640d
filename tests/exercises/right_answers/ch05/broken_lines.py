"""Right answers to 05.broken_lines, in other styles."""

import numpy as np


def broken_again():
    return {"third": 3, "second": 5, "first": 2}


def broken_numpy():
    return dict(first=np.int64(2), second=5.0, third=3)
