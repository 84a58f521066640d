"""“I saw a saw” as four vectors, and the matrices, by hand in chapters 04–05.

Rows are vectors.
"""

from __future__ import annotations

import numpy as np

A = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1]])  # (L, d_model) = (4, 2)
W_Q = np.array([[1.0, -1], [1, 2]])  # (d_model, d_k)
W_K = np.array([[0.0, 1], [1, 0]])  # (d_model, d_k)
W_V = np.array([[2.0, 0], [1, 3]])  # (d_model, d_v)
