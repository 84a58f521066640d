"""Quizzes: which answer is wrong, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest
from sample_exercises import (
    quiz,
)

from selfattn import grading
from selfattn.exercises import Trap


def graded(exercise, answer):
    return grading.grade_exercise(exercise, answer)


CAPITALS = {"a": "Paris", "b": 3, "c": [1.5, 2]}


def test_a_quiz_says_which_entries_are_wrong_and_not_what_is_right():
    report = graded(quiz(CAPITALS), {"a": "Rome", "b": 3, "c": [1.5, 9]})
    assert report.status == "wrong"
    assert "Right on 1 of 3. Not right: 'a', 'c'." in report.message
    assert "Paris" not in report.text() and "2.0" not in report.text()


def test_a_quiz_is_forgiving_about_form():
    for answer in (
        {"c": (1.5, 2.0), "b": np.int64(3), "a": " paris "},
        {"a": "PARIS", "b": 3.0, "c": np.array([1.5, 2])},
    ):
        assert graded(quiz(CAPITALS), answer).status == "passed"


def test_a_quiz_trap_is_named_alone_and_among_other_mistakes():
    exercise = quiz(
        CAPITALS,
        {"off_by_one": Trap(lambda: {**CAPITALS, "b": 4}, "Count again.")},
    )
    assert graded(exercise, {**CAPITALS, "b": 4}).diagnosis == "off_by_one"
    both = graded(exercise, {**CAPITALS, "a": "Rome", "b": 4})
    assert both.diagnosis == "off_by_one" and "'a', 'b'" in both.message
    assert graded(exercise, {**CAPITALS, "a": "Rome"}).diagnosis is None


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (..., "todo"),
        ({"a": ..., "b": ..., "c": ...}, "todo"),
        ({"a": "Paris", "b": ..., "c": [1.5, ...]}, "todo"),
        ({"a": "Paris"}, "wrong"),
        ("Paris", "wrong"),
        (None, "wrong"),
        (len, "error"),
        (lambda: 1, "error"),
        (int, "error"),
    ],
)
def test_a_quiz_answer_of_another_form_is_met(answer, status):
    report = graded(quiz(CAPITALS), answer)
    assert report.status == status
    if answer == {"a": "Paris", "b": ..., "c": [1.5, ...]}:
        assert "Still to answer: 'b', 'c'." in report.message


@pytest.mark.parametrize(
    ("right", "answer", "status"),
    [
        (3, 3, "passed"),
        (3, 3.0, "passed"),
        (3, "3", "wrong"),
        (3, 4, "wrong"),
        (True, True, "passed"),
        (True, False, "wrong"),
        ("b", "B", "passed"),
        ({"x", "y"}, {"y", "x"}, "passed"),
        ({"x", "y"}, {"x"}, "wrong"),
        (["x", "y"], ("x", "y"), "passed"),
        (["x", "y"], ["y", "x"], "wrong"),
        ((1, 2), [1, 2], "passed"),
        (0.25, np.float32(0.25), "passed"),
        (None, None, "passed"),
    ],
)
def test_quiz_answers_are_compared_by_value(right, answer, status):
    assert graded(quiz(right), answer).status == status
