"""Known mistakes are recognised, alone and two at once."""

from __future__ import annotations

import itertools

import pytest
from sample_exercises import (
    MESSAGES,
    WEIGHTS,
    make,
    variant,
    weights,
)

from selfattn import grading
from selfattn.exercises import Trap


def graded(exercise, answer):
    return grading.grade_exercise(exercise, answer)


@pytest.mark.parametrize("name", MESSAGES)
def test_each_trap_is_named_with_its_own_message(name):
    report = graded(WEIGHTS, WEIGHTS.traps[name].wrong)
    assert (report.status, report.diagnosis) == ("wrong", name)
    assert MESSAGES[name] in report.message


TWO = list(itertools.combinations(MESSAGES, 2))


@pytest.mark.parametrize("two", TWO, ids="+".join)
def test_two_traps_at_once_are_named_together(two):
    try:
        answer = variant(frozenset(two))
    except ValueError:
        pytest.skip("these exclude each other")
    alone = [graded(WEIGHTS, variant(frozenset({t}))) for t in two]
    report = graded(WEIGHTS, answer)
    assert report.status == "wrong"
    if report.diagnosis not in two:  # one may hide the other
        assert report.diagnosis == "+".join(two)
        assert all(MESSAGES[t] in report.message for t in two)
    assert all(a.diagnosis != report.diagnosis for a in alone) or (
        report.diagnosis in two
    )


def test_a_trap_in_float32_is_still_the_trap():
    def answer(q, k, mask=None):
        return WEIGHTS.traps["no_scale"].wrong(
            q.astype("float32"), k.astype("float32"), mask
        )

    assert graded(WEIGHTS, answer).diagnosis == "no_scale"


def test_a_trap_that_raises_on_some_cases_is_known_by_the_others():
    def untransposed(q, k, mask=None):
        right = weights(q, k, mask)
        if q.ndim > 2:
            raise ValueError("shapes do not fit")
        return right * 2

    exercise = make(traps={"t": Trap(untransposed, "named")}, variant=None)
    report = graded(exercise, untransposed)
    assert (report.status, report.diagnosis) == ("wrong", "t")
    assert "ValueError" in report.message


def test_a_trap_that_is_right_wherever_it_runs_is_known_by_its_exception():
    def only_2d(q, k, mask=None):
        if q.ndim > 2:
            raise IndexError("too many axes")
        return weights(q, k, mask)

    exercise = make(traps={"two_axes": Trap(only_2d, "batches")}, variant=None)
    assert graded(exercise, only_2d).diagnosis == "two_axes"

    def another_error(q, k, mask=None):
        if q.ndim > 2:
            raise KeyError("else")
        return weights(q, k, mask)

    report = graded(exercise, another_error)
    assert (report.status, report.diagnosis) == ("error", None)


def test_a_right_answer_is_not_taken_for_a_trap_that_hardly_differs():
    exercise = make(
        traps={
            "near": Trap(
                lambda q, k, mask=None: weights(q, k, mask) * (1 + 2e-6),
                "rounding",
            )
        },
        variant=None,
    )
    assert graded(exercise, weights).status == "passed"
    assert graded(exercise, exercise.traps["near"].wrong).diagnosis == "near"


def test_a_trap_that_changes_its_input_is_known_by_that():
    def in_place(q, k, mask=None):
        right = weights(q, k, mask)
        q /= 2
        return right

    exercise = make(
        traps={"in_place": Trap(in_place, "copy it")}, variant=None
    )
    assert graded(exercise, in_place).diagnosis == "in_place"
    assert graded(exercise, weights).status == "passed"


def test_a_trap_of_another_structure_is_known():
    exercise = make(
        traps={
            "scores_too": Trap(
                lambda q, k, mask=None: (q, weights(q, k, mask)), "one thing"
            )
        },
        variant=None,
    )
    report = graded(exercise, exercise.traps["scores_too"].wrong)
    assert report.diagnosis == "scores_too"
