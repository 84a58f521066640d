"""Nothing that a message says of an answer is untrue of it."""

from __future__ import annotations

import numpy as np
import pytest
from sample_answers import BARE, RNG, graded, scores, softmax, vectors
from sample_exercises import make, of, weights

from selfattn.exercises import Case, traps_from

# --------------------------------------------------------- numbers, scales


def test_of_single_numbers_no_varying_factor_is_told():
    exercise = of(lambda x: float(x.sum()), *vectors(3, 5, 7, 11))
    report = graded(exercise, lambda x: float(x.sum()) * x[0])
    assert report.diagnosis is None and "differs from case" not in (
        report.message
    )


@pytest.mark.parametrize("returned, kind", [
    (["a", "b", "c"], "str"), ([0.5, None, 0.5], "None"),
    ([[1.0, 2.0], ["x", 3.0]], "str")], ids=str)  # fmt: skip
def test_a_list_of_other_things_is_not_one_of_uneven_rows(returned, kind):
    exercise = of(lambda x: x, *vectors(3, 5))
    report = graded(exercise, lambda x: returned)
    assert f"a list with an entry of type {kind} in it" in report.message


def test_numbers_that_are_whole_were_not_cut():
    exercise = of(lambda x: np.round(x * 10), *vectors((3, 5), (7, 2)))
    report = graded(exercise, lambda x: np.round(x * 10) // 2)
    assert report.diagnosis != "truncated"


def test_numbers_cut_and_numbers_rounded_are_told_apart():
    exercise = of(lambda x: x * 10, *vectors((3, 5), (7, 2)))
    cut = graded(exercise, lambda x: (x * 10).astype(int))
    assert cut.diagnosis == "truncated" and "cut to whole" in cut.message
    off = graded(exercise, lambda x: np.round(x * 10))
    assert off.diagnosis == "truncated" and "rounded to whole" in off.message


def test_a_one_hot_row_is_no_number_that_was_cut():
    def hard(q, k, mask=None):
        right = weights(q, k, mask)
        return np.eye(right.shape[-1])[right.argmax(-1)]

    report = graded(BARE, hard)
    assert report.diagnosis == "one_hot" and "largest" in report.message


def test_no_zero_has_a_minus():
    exercise = of(lambda x: -0.0 * x, *vectors((3, 5), (7, 2)))
    message = graded(exercise, lambda x: x + 1).message
    assert "should be 0 and is" in message


def test_what_rounding_leaves_of_a_zero_is_zero():
    exercise = of(lambda x: np.cos(x) * 3, (np.array([0.0, np.pi]),))
    message = graded(exercise, lambda x: np.sin(x) * 3).message
    assert "should be 3 and is 0." in message
    message = graded(
        exercise, lambda x: np.array([np.sin(np.pi), 5.0])
    ).message
    assert "should be 3 and is 0." in message


# -------------------------------------------------------------- two mistakes


def pair_exercise(variant, names=("first", "second", "third")):
    texts = {name: f"The {name} mistake." for name in names}
    return make(
        reference=variant(frozenset()),
        variant=variant,
        traps=traps_from(variant, texts),
        cases=lambda rng: [
            Case(f"case {i}", (x,))
            for i, (x,) in enumerate(vectors((3, 5), (7, 2)))
        ],
    )


def test_a_mistake_that_leaves_no_trace_is_not_half_of_a_pair():
    def variant(wrong):
        def answer(x):
            y = np.abs(x) if "second" in wrong else x
            return (
                y * 0 + 3
                if {"first", "second"} <= wrong
                else (y + ("third" in wrong))
            )

        return answer

    # "first" shows beside "second" only: nobody knows that it was made.
    exercise = pair_exercise(variant)
    report = graded(exercise, lambda x: x * 0 + 3)
    assert report.diagnosis not in ("first+second", "second+first")
    assert "two mistakes" not in report.message


def test_where_several_pairs_explain_an_answer_none_is_told():
    def variant(wrong):
        def answer(x):
            shift = sum(
                n
                for n, name in enumerate(("first", "second", "third"), 1)
                if name in wrong
            )
            return x * 0 + 9 if len(wrong) > 1 else x + shift

        return answer

    report = graded(pair_exercise(variant), lambda x: x * 0 + 9)
    assert "two mistakes" not in report.message


def test_two_mistakes_that_both_show_are_told():
    def variant(wrong):
        def answer(x):
            y = x * 2 if "first" in wrong else x
            y = y + 1 if "second" in wrong else y
            return -y if "third" in wrong else y

        return answer

    report = graded(pair_exercise(variant), lambda x: x * 2 + 1)
    assert report.diagnosis == "first+second"


# ------------------------------------------------------------------- shapes


def test_a_size_that_is_equal_by_chance_explains_no_shape():
    exercise = of(
        lambda q, k: np.zeros((3, 4)),
        (np.ones((3, 5)), np.ones((4, 7))),
        (np.ones((2, 5)), np.ones((6, 7))),
    )
    report = graded(exercise, lambda q, k: np.zeros(2))
    assert "(3, 4) is expected, and yours is (2,)" in report.message


def test_lists_are_told_by_their_length_and_the_first_item():
    exercise = of(lambda x: [2 * n for n in x], ([1, 2, 3],), ([4, 5],))
    short = graded(exercise, lambda x: [2 * n for n in x][:-1]).message
    assert "2 entries are expected" in short and "last 1 is missing" in short
    other = graded(exercise, lambda x: [0, *(2 * n for n in x)]).message
    assert "Entry [0] should be 8 and is 0" in other


def test_lists_of_words_are_told_by_their_length_and_the_first_item():
    exercise = of(lambda x: x.split(), ("I saw",), ("I saw a saw",))
    report = graded(exercise, lambda x: x.split()[:-1])
    assert "2 items are asked for; you returned 1" in report.message
    assert "the last 1 is missing" in report.message
    wrong = graded(exercise, lambda x: ["a", *x.split()])
    assert "first that is not right has index 0" in wrong.message


def test_a_transposed_table_is_no_reshape():
    exercise = of(lambda x: np.sin(x) + 2, *vectors((3, 5), (5, 7)))
    turned = graded(exercise, lambda x: (np.sin(x) + 2).T)
    assert turned.diagnosis == "transposed"
    shaped = graded(exercise, lambda x: (np.sin(x) + 2).T.reshape(x.shape))
    assert "a reshape stands where" in shaped.message
    swapped = graded(
        exercise,
        lambda x: np.roll((np.sin(x) + 2).ravel(), 2).reshape(x.shape),
    )
    assert "reshape" not in swapped.message


# -------------------------------------------------------- rows, NaN, -inf


def test_of_a_vector_the_first_entry_is_named_not_a_row():
    exercise = of(lambda x: np.cumsum(x), *vectors(5, 7))
    message = graded(exercise, lambda x: x + np.arange(len(x))).message
    assert "Only the first entry (index 0) is right." in message
    assert "row" not in message


def test_a_row_that_is_right_by_nature_is_not_the_end_of_a_loop():
    exercise = of(lambda x: np.cumsum(x, 0), *vectors((5, 3), (7, 2)))
    message = graded(
        exercise, lambda x: np.cumsum(x, 0) * np.arange(1, len(x) + 1)[:, None]
    ).message
    assert "does a loop" not in message


def test_rows_that_were_never_filled_are():
    exercise = of(lambda x: np.sin(x), *vectors((5, 3), (7, 2)))
    message = graded(
        exercise, lambda x: np.sin(x) * (np.arange(len(x)) == 0)[:, None]
    ).message
    assert "Only the first row (index 0) is right. The rest was never" in (
        message
    )


def test_an_overflow_is_no_edge():
    exercise = of(lambda x: np.sin(x), *vectors((5, 3), (7, 2)))

    def answer(x):
        y = np.sin(x)
        y[-1] = np.inf
        return y

    report = graded(exercise, answer)
    assert report.diagnosis == "not_finite" and "edge" not in report.message


def test_minus_infinity_is_no_overflow():
    def masked_after(q, k, mask=None):
        right = weights(q, k, mask)
        return right if mask is None else np.where(mask, right, -np.inf)

    message = graded(BARE, masked_after).message
    assert "is -inf, where 0 is expected" in message
    assert "overflow" not in message


def test_rows_of_nan_are_asked_about_the_mask():
    def inverted(q, k, mask=None):
        s = scores(q, k)
        if mask is not None:
            s = np.where(mask, -np.inf, s)
        with np.errstate(all="ignore"):
            return softmax(s)

    ones = np.ones((3, 4), bool)
    ones[1, 2] = False
    exercise = of(
        weights, (RNG.normal(size=(3, 5)), RNG.normal(size=(4, 5)), ones)
    )
    message = graded(exercise, inverted).message
    assert "mask" in message and "overflow" not in message
