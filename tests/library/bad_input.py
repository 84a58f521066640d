"""What the tests of wrong input share: sizes, arrays, and what is asked.

Every error says the rule, what was given, and what to do.
"""

from __future__ import annotations

import numpy as np
import pytest

B, H, L, S, D_K, D_V = 2, 3, 5, 7, 11, 13


def ones(*shape, dtype=np.float64):
    return np.ones(shape, dtype)


Q, K, V, W = ones(L, D_K), ones(S, D_K), ones(S, D_V), ones(D_K)
ADDITIVE = {"score": "additive"}


def with_one(array, value, at=0):
    changed = array.copy()
    changed.flat[at] = value
    return changed


def blind(row):
    """A mask in which one query sees nothing."""
    mask = ones(L, S, dtype=bool)
    mask[row] = False
    return mask


class Frame:
    """Looks like a pandas table as far as we look."""

    def to_numpy(self):
        return Q


def refused(call, error, words):
    """The call raises, and says the words and what to do."""
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    message = str(caught.value)
    for word in words:
        assert word in message, message
    rule, _, given = message.partition("got ")
    assert rule.strip() and ";" in given, message  # rule: got ...; fix
