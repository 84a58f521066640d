"""Masks of padded batches for the cases of chapter 02."""

from __future__ import annotations

import numpy as np


def prefix_mask(rng, n_items, size):
    """Masks of sentences of different length, no two of them full."""
    lengths = rng.permutation(np.arange(1, size))[:n_items]  # (B,)
    lengths[0] = size
    return np.arange(size) < lengths[:, None]  # (B, L)
