"""Right answers to 04.lead_for_share, in other styles."""

import math

import numpy as np


def lead_difference(p, n):
    return math.log(p) - math.log(1 - p) + math.log(n - 1)


def lead_bisection(p, n):
    low, high = -100.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        share = math.exp(middle) / (math.exp(middle) + n - 1)
        low, high = (middle, high) if share < p else (low, middle)
    return low


def lead_of_weights(p, n):
    return np.log(np.float64(p)) - np.log((1 - p) / (n - 1))
