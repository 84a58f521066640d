"""Reports as the grader makes them, for tests of how they are shown."""

from __future__ import annotations

import numpy as np

from selfattn.grading.report import Comparison, Report


def compared(expected, got, index=None, name="3 queries, 5 keys"):
    return Comparison(name, np.asarray(expected), np.asarray(got), index)


def wrong(**more) -> Report:
    return Report("04.softmax", "wrong", "Each row must sum to one.", **more)


def full_report() -> Report:
    a = np.arange(15.0).reshape(3, 5) / 15
    return wrong(
        diagnosis="columns",
        remark="A remark.",
        printed="printed " * 40,
        comparison=compared(a, a[::-1], (0, 0)),
        saved_note="A note on the file. " * 8,
    )
