"""Mistakes that are often made are named, with a trap or without."""

from __future__ import annotations

import numpy as np
import pytest
from sample_answers import graded, scores, softmax, vectors
from sample_exercises import make, of, weights

from selfattn.exercises import Case, Trap


def inverted_with(hidden):
    def answer(q, k, mask=None):
        s = scores(q, k)
        if mask is not None:
            s = np.where(mask, hidden, s)
        with np.errstate(all="ignore"):
            return softmax(s)

    return answer


def causal_cases(rng):
    made = [
        Case("no mask", (rng.normal(size=(3, 5)), rng.normal(size=(3, 5))))
    ]
    for n in (5, 7):
        q, k = rng.normal(size=(2, n, 3))
        made.append(Case(f"{n} causal", (q, k, np.tri(n, dtype=bool))))
    return made


def test_an_inverted_mask_that_leaves_nan_is_the_trap():
    exercise = make(
        variant=None,
        cases=causal_cases,
        traps={"mask_inverted": Trap(inverted_with(-1e9), "True means may.")},
    )
    assert graded(exercise, inverted_with(-1e9)).diagnosis == "mask_inverted"
    report = graded(exercise, inverted_with(-np.inf))
    assert report.diagnosis == "mask_inverted"


def test_nan_alone_matches_no_trap():
    exercise = make(
        variant=None,
        cases=causal_cases,
        traps={"mask_inverted": Trap(inverted_with(-1e9), "True means may.")},
    )
    for answer in (
        lambda q, k, mask=None: np.full((len(q), len(k)), np.nan),
        lambda q, k, mask=None: np.where(
            np.arange(len(q))[:, None] == 0, np.nan, weights(q, k, mask)
        ),
    ):
        assert graded(exercise, answer).diagnosis != "mask_inverted"


@pytest.mark.parametrize("hidden", [-np.inf, -1e9])
def test_an_inverted_mask_is_named_without_a_trap(hidden):
    exercise = make(variant=None, cases=causal_cases, traps={})
    report = graded(exercise, inverted_with(hidden))
    assert report.diagnosis == "mask_inverted"
    assert "wrong way round" in report.message


# ------------------------------------------------------ named without a trap


def no_masks(rng):
    return [
        Case(
            f"{n} and {m}", (rng.normal(size=(n, d)), rng.normal(size=(m, d)))
        )
        for n, m, d in ((2, 3, 5), (5, 7, 3), (3, 11, 2))
    ]


@pytest.mark.parametrize(
    ("divided", "words"),
    [
        (lambda q, k: 1, "times √(width of"),
        (lambda q, k: q.shape[-1], "times 1/√(width of"),
        (
            lambda q, k: np.sqrt(len(k)),
            "times √(width of `k`) / √(number of rows of `k`)",
        ),
    ],
)
def test_another_scale_is_named_by_the_weights(divided, words):
    exercise = make(variant=None, traps={}, cases=no_masks)
    report = graded(
        exercise, lambda q, k: softmax(scores(q, k, divided(q, k)))
    )
    assert report.diagnosis == "scores_scaled" and words in report.message


def test_another_size_for_the_scale_is_named_by_the_scores():
    exercise = make(reference=scores, variant=None, traps={}, cases=no_masks)
    report = graded(exercise, lambda q, k: scores(q, k, np.sqrt(len(k))))
    assert report.diagnosis == "scaled"
    assert "√(width of `k`) / √(number of rows of `k`)" in report.message


def test_a_log_softmax_is_named():
    exercise = make(variant=None, traps={}, cases=no_masks)
    report = graded(exercise, lambda q, k: np.log(weights(q, k)))
    assert report.diagnosis == "log_softmax"


def test_sums_that_lost_their_axis_are_named():
    def lost(x):
        e = np.exp(x)
        return e / e.sum(-1)

    exercise = of(softmax, *vectors((3, 3), (5, 5), (7, 7)))
    report = graded(exercise, lost)
    assert report.diagnosis == "sums_lost_their_axis"


def test_a_softmax_over_the_heads_is_named():
    exercise = of(softmax, *vectors((2, 3, 5), (3, 5, 7)))
    report = graded(exercise, lambda x: softmax(x, 0))
    assert report.diagnosis == "softmax_other_axis"
    assert "heads" in report.message
