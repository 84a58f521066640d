"""A wrong answer learns the kind of case that it gets wrong, or nothing."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sample_exercises import WEIGHTS, make, of, weights

from selfattn import grading
from selfattn.exercises import Case
from selfattn.grading import kinds


def graded(exercise, answer):
    return grading.grade_exercise(exercise, answer, seed=1)


def kind_of(exercise, answer):
    """The sentence on the kind of case, without its frame."""
    found = re.search(
        r"Wrong in every case where (.*); right in all others"
        r"|(Right only where .*?)\.",
        graded(exercise, answer).message,
    )
    return found and (found[1] or found[2])


def one_argument(reference, *values, name="x"):
    """An exercise of one argument, `x`, with one case per value."""
    made = [Case(f"case {i}", (v,)) for i, v in enumerate(values)]
    return make(
        reference=reference, cases=lambda rng: made, traps={}, variant=None
    )


def double(x):
    return np.asarray(x, float) * 2


def count(x):
    return len(x)


def wrong_if(condition):
    def answer(x):
        if not condition(x):
            return double(x)
        return double(x) + 1 if np.size(x) else np.ones(1)

    return answer


a = np.array
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("values", "condition", "words"),
    [
        (
            [a([1.0, 2]), a([3.0, 3]), a([5.0, 4, 6]), a([1.0, 7, 1])],
            lambda x: len(set(x)) < len(x),
            "an entry of `x` repeats",
        ),
        (
            [a([1.0, 2]), a([3.0, 4, 5]), a([-6.0, 7]), a([8.0, -9, 10])],
            lambda x: x.min() < 0,
            "`x` has negative numbers",
        ),
        (
            [a([1.0, 2]), a([3.0]), a([4.0, 5, 6]), a([7.0])],
            lambda x: len(x) == 1,
            "`x` has a single entry",
        ),
        (
            [a([1.0, 2]), a([]), a([4.0, 5, 6])],
            lambda x: not len(x),
            "`x` is empty",
        ),
        (
            [a([1.0, 2]), a([0.0, 3]), a([4.0, 5, 6]), a([7.0, 0, 8])],
            lambda x: 0 in x,
            "`x` has a zero",
        ),
        (
            [a([1.0, 2]), a([-np.inf, 3]), a([4.0, 5, 6])],
            lambda x: np.isinf(x).any(),
            "`x` holds -inf",
        ),
        (
            [a([1.0, 2]), a([99.0, 3]), a([4.0, 5, 6])],
            lambda x: x.max() > 50,
            "`x` has numbers beyond ±50",
        ),
        (
            [
                RNG.normal(size=s)
                for s in ((3, 2), (5, 7), (2, 3, 5), (7, 2, 3))
            ],
            lambda x: x.ndim > 2,
            "`x` has more than two axes",
        ),
        (
            [
                RNG.normal(size=s)
                for s in ((3, 2), (5, 7), (5, 5), (7, 2), (3, 3))
            ],
            lambda x: x.shape[0] != x.shape[1],
            "Right only where `x` is square",
        ),
        (
            [RNG.normal(size=s) for s in ((3, 2), (1, 7), (5, 3), (1, 2))],
            lambda x: len(x) == 1,
            "`x` has a single row",
        ),
        (
            [
                a([[1.0, 2]]),
                a([[3.0, 3]]),
                a([[5.0, 4], [1, 1]]),
                a([[7.0, 1]]),
            ],
            lambda x: x[-1, 0] == x[-1, 1],
            "two numbers in a row of `x` are equal",
        ),
        ([2, 5, 7, 4, 6], lambda x: x % 2, "`x` is odd"),
        ([1.5, -2.5, 3.5, -4.5], lambda x: x < 0, "`x` is negative"),
        ([True, False, True], lambda x: not x, "`x` is False"),
        (
            [[1, 2], [3, 3, 4], [5, 6], [7, 7]],
            lambda x: len(set(x)) < len(x),
            "an entry of `x` repeats",
        ),
    ],
    ids=lambda p: p if isinstance(p, str) else "",
)
def test_the_kind_of_case_is_named(values, condition, words):
    exercise = one_argument(double, *values)
    assert kind_of(exercise, wrong_if(condition)) == words


@pytest.mark.parametrize(
    ("texts", "condition", "words"),
    [
        (
            ["a b", "A b", "b c", "C"],
            lambda x: x != x.lower(),
            "`x` has capital letters",
        ),
        (["ab", "", "cd", "e"], lambda x: not x, "`x` is empty"),
    ],
)
def test_texts_have_kinds_too(texts, condition, words):
    exercise = one_argument(count, *texts)
    assert kind_of(exercise, lambda x: len(x) + bool(condition(x))) == words


def test_lists_of_words_have_kinds_too():
    exercise = one_argument(
        count, ["I", "saw"], ["i", "i"], ["saw", "saw", "a"], ["a", "b"]
    )
    assert kind_of(exercise, lambda x: len(set(x))) == (
        "an entry of `x` repeats"
    )


def test_a_mask_that_is_ignored_is_the_kind():
    plain = make(traps={}, variant=None)
    assert kind_of(plain, lambda q, k, mask=None: weights(q, k)) == (
        "`mask` is given"
    )


def test_two_arguments_are_compared():
    def products(q, k):
        return q @ k.T

    exercise = of(
        products,
        *(
            (RNG.normal(size=(n, 3)), RNG.normal(size=(m, 3)))
            for n, m in ((2, 2), (5, 7), (3, 3), (7, 2))
        ),
    )
    assert kind_of(exercise, lambda q, k: q @ k.T + (len(q) != len(k))) == (
        "`q` and `k` have different numbers of rows"
    )


def test_an_exception_has_its_kind_of_case():
    def only_2d(q, k, mask=None):
        if mask is not None:
            raise IndexError("no masks")
        return weights(q, k)

    report = graded(make(traps={}, variant=None), only_2d)
    assert report.status == "error"
    assert "It stopped in every case where `mask` is given" in report.message


def test_where_fewer_are_right_those_are_described():
    exercise = one_argument(double, 1, 4, 6, 8)
    assert kind_of(exercise, wrong_if(lambda x: x != 1)) == (
        "Right only where `x` is 1 and `x` is odd"
    )
    raised = graded(exercise, lambda x: 2 if x == 1 else 1 / 0)
    assert "It ran to its end only where `x` is 1" in raised.message


# ------------------------------------------------- when nothing must be said


def test_a_feature_that_does_not_separate_is_not_named():
    exercise = one_argument(
        double, a([1.0, 2]), a([3.0, 3]), a([5.0, 4, 6]), a([1.0, 1])
    )
    assert kind_of(exercise, wrong_if(lambda x: x[0] == 3)) is None


def test_where_many_features_separate_none_is_named():
    exercise = one_argument(
        double, a([1.0, 2]), a([-300.0, 0, 0]), a([5.0, 4, 6])
    )
    assert kind_of(exercise, wrong_if(lambda x: x.min() < 0)) is None


def test_without_a_right_case_no_kind_is_named():
    exercise = one_argument(double, a([1.0, 2]), a([3.0, 3]), a([-5.0, 4]))
    assert kind_of(exercise, lambda x: double(x) + 1) is None


def test_two_cases_are_too_few():
    exercise = one_argument(double, a([1.0, 2]), a([3.0, 3]))
    assert kind_of(exercise, wrong_if(lambda x: x[0] == 3)) is None


def test_a_known_mistake_needs_no_kind():
    report = graded(WEIGHTS, WEIGHTS.traps["mask_zero"].wrong)
    assert report.diagnosis == "mask_zero"
    assert "Wrong in every case" not in report.message


def test_every_clause_can_be_said_both_ways():
    from selfattn.grading.messages.kinds import CLAUSES, clause

    for aspect in CLAUSES:
        yes, no = (clause("`x`", aspect, holds) for holds in (True, False))
        assert yes != no and "`x`" in yes and "`x`" in no


def test_features_know_only_aspects_that_can_be_said():
    from selfattn.grading.messages.kinds import CLAUSES

    values = (
        np.eye(2),
        np.ones((2, 3), bool),
        [1],
        ["a"],
        [[1], [1, 2]],
        "w",
        3,
        0.5,
        True,
        None,
        {"a": 1},
        a([1, 2]),
        a(3.0),
    )
    exercise = one_argument(double, *values)
    for case in exercise.cases(None):
        for _, aspect in kinds.features(exercise, case):
            assert aspect in CLAUSES or aspect.startswith("=")
