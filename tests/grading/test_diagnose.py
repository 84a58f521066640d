"""A wrong answer is named: by a trap, two traps, a relation, or a place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sample_exercises import (
    WEIGHTS,
    make,
    of,
    weights,
)

from selfattn import grading
from selfattn.exercises import Case
from selfattn.grading.relations import RELATIONS

RNG = np.random.default_rng(3)


def graded(exercise, answer):
    return grading.grade_exercise(exercise, answer)


# ------------------------------------------------------------- relations


def test_every_relation_is_shown_by_a_wrong_answer():
    tests = Path(__file__).parent.glob("test_*.py")
    text = "".join(path.read_text("utf8") for path in tests)
    assert [r.id for r in RELATIONS if f'"{r.id}"' not in text] == []


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


X, Y, Z = (RNG.normal(size=s) for s in ((3, 5), (7, 2), (2, 3, 5)))
MATRIX = of(lambda x: np.sin(x) + 0.1, (X,), (Y,), (Z,))
PLAIN = MATRIX.reference


def right_then(change):
    return lambda x: change(PLAIN(x))


@pytest.mark.parametrize(
    ("change", "id_", "word"),
    [
        (lambda y: np.swapaxes(y, -1, -2), "transposed", "transposed"),
        (lambda y: -y, "negated", "sign"),
        (lambda y: np.abs(y), "absolute", "lost their sign"),
        (lambda y: y * 3, "scaled", "3 times"),
        (lambda y: y * y.shape[-1] ** 0.5, "scaled", "√(width of `x`)"),
        (lambda y: y / y.shape[-1] ** 0.5, "scaled", "1/√(width of `x`)"),
        (lambda y: y / y.shape[-1], "scaled", "1/(width of `x`)"),
        (lambda y: y / y.shape[-2], "scaled", "1/(number of rows of `x`)"),
        (lambda y: y * y.max(), "scaled", "from case to case"),
        (lambda y: y * y.max(-1, keepdims=True), "rows_scaled", "Each row"),
        (lambda y: y * y.max(-2, keepdims=True), "rows_scaled", "Each column"),
        (lambda y: y + 1, "off_by_constant", "plus 1"),
        (lambda y: y[..., ::-1], "reversed", "last axis."),
        (lambda y: np.roll(y, 1, -2), "shifted", "comes back"),
        (
            lambda y: np.concatenate([y[..., 1:], 0 * y[..., :1]], -1),
            "shifted",
            "holds zeros",
        ),
        (
            lambda y: (
                y[..., np.argsort(np.arange(y.shape[-1]) * 2.3 % 1.7), :]
                if y.shape[-2] == 0
                else np.take(
                    y, np.random.default_rng(4).permutation(y.shape[-2]), -2
                )
            ),
            "permuted",
            "another order",
        ),
        (lambda y: y[None], "extra_axis", "too many"),
        (lambda y: y[..., None], "extra_axis", "end"),
        (lambda y: y.ravel(), "flattened", "flat"),
        (lambda y: y.reshape(-1, 1), "reshaped", "the shape is another"),
        (
            lambda y: y.swapaxes(-1, -2).reshape(y.shape),
            "reordered",
            "reshape",
        ),
        (lambda y: 0 * y, "all_zero", "zero"),
        (lambda y: y.astype(int), "truncated", "whole"),
        (lambda y: y.round(2), "rounded", "2 decimals"),
        (lambda y: y**2, "elementwise", "square"),
        (lambda y: np.cumsum(y, -1), "cumulative", "last axis."),
        (lambda y: y.sum(-1), "reduced", "summed"),
        (lambda y: y.mean(-2), "reduced", "averaged"),
        (
            lambda y: np.concatenate([y[:1], 0 * y[1:] + 9]),
            "partly_right",
            "Only the first row",
        ),
        (
            lambda y: np.concatenate([y[:-1], 0 * y[-1:] + 9]),
            "partly_right",
            "but the last row",
        ),
    ],
    ids=lambda p: p if isinstance(p, str) else "",
)
def test_a_relation_is_named(change, id_, word):
    report = graded(MATRIX, right_then(change))
    assert report.status == "wrong"
    assert (report.diagnosis, word in report.message) == (id_, True), (
        report.diagnosis,
        report.message,
    )


def test_a_returned_input_is_named():
    report = graded(MATRIX, lambda x: x.copy())
    assert report.diagnosis == "input_returned" and "`x`" in report.message


def test_axes_in_another_order_are_named():
    report = graded(
        of(lambda x: np.sin(x), (Z,)), lambda x: np.sin(x).transpose(1, 0, 2)
    )
    assert report.diagnosis == "axes_permuted"


def test_a_missing_axis_is_named():
    exercise = of(lambda x: x.sum(-1, keepdims=True) + 1, (X,), (Y,))
    assert (
        graded(exercise, lambda x: x.sum(-1) + 1).diagnosis == "missing_axis"
    )


def scores(q, k, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    return s if mask is None else np.where(mask, s, -np.inf)


BARE = make(traps={}, variant=None)


@pytest.mark.parametrize(
    ("answer", "id_"),
    [
        (
            lambda q, k, mask=None: (
                softmax(scores(q, k) if mask is None else scores(q, k), -1)
                * (1 if mask is None else mask)
            ),
            "mask_after_softmax",
        ),
        (
            lambda q, k, mask=None: (
                weights(q, k, mask) + (0 if mask is None else 0.1 * ~mask)
            ),
            "wrong_where_masked",
        ),
        (lambda q, k, mask=None: weights(q, k, mask).astype("float16"), None),
    ],
    ids=["after", "where", "half"],
)
def test_attentions_own_mistakes_are_named(answer, id_):
    assert graded(BARE, answer).diagnosis == id_


def unmasked():
    def cases(rng):
        return [
            Case(f"{n}", (rng.normal(size=(n, 3)), rng.normal(size=(7, 3))))
            for n in (2, 5)
        ]

    return make(traps={}, variant=None, cases=cases)


def test_softmax_over_another_axis_is_named():
    down = graded(unmasked(), lambda q, k: softmax(scores(q, k), -2))
    assert down.diagnosis == "softmax_other_axis"
    assert "column" in down.message
    whole = graded(
        unmasked(),
        lambda q, k: softmax(scores(q, k).ravel()).reshape(len(q), len(k)),
    )
    assert whole.diagnosis == "softmax_other_axis"
    assert "whole matrix" in whole.message


def test_an_inverted_mask_and_a_mask_of_numbers_are_named():
    exercise = of(lambda x: x > 0, (X,), (Y,))
    assert graded(exercise, lambda x: x <= 0).diagnosis == "inverted"
    assert graded(exercise, lambda x: (x > 0) * 1).diagnosis == "wrong_dtype"
    assert graded(exercise, lambda x: (x > 0).tolist()).status == "passed"


def test_swapped_outputs_are_named():
    exercise = of(lambda x: (x.sum(0), x * 2), (X,), (Y,))
    report = graded(exercise, lambda x: (x * 2, x.sum(0)))
    assert report.diagnosis == "swapped_outputs"


def test_of_two_outputs_the_wrong_one_is_named():
    exercise = of(lambda x: (x.sum(0), x * 2), (X,), (Y,))
    report = graded(exercise, lambda x: (x.sum(0), x * 4))
    assert report.diagnosis == "scaled" and "output 2" in report.message


def test_a_relation_must_hold_on_every_case():
    def answer(x):
        return -PLAIN(x) if x.ndim == 2 else PLAIN(x) + 1

    assert graded(MATRIX, answer).diagnosis is None


def test_one_number_is_not_enough_for_a_relation():
    exercise = of(lambda x: float(x.sum()), (X,))
    assert graded(exercise, lambda x: float(x.sum()) * 3).diagnosis is None


def test_noise_has_no_relation():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        report = graded(
            MATRIX, lambda x, r=rng: PLAIN(x) + r.normal(size=x.shape)
        )
        assert report.diagnosis in (None, "not_repeatable")


# ------------------------------------------------- structure, place, words


@pytest.mark.parametrize(
    ("answer", "id_", "words"),
    [
        (lambda x: None, "returned_none", "`return`"),
        (lambda x: (row for row in x), "returned_generator", "generator"),
        (lambda x: lambda: x, "returned_callable", "a function"),
        (lambda x: np.array([[object()]]), "ragged", "array of objects"),
        (lambda x: [[1.0], [2.0, 3.0]], "ragged", "different shapes"),
        (lambda x: (PLAIN(x), x), "returned_more", "a tuple of 2"),
        (lambda x: np.zeros(2**24), "too_large", "too large"),
        (lambda x: PLAIN(x) * np.nan, "not_finite", "NaN"),
        (lambda x: {"a": 1}, None, "a dict of 1"),
        (lambda x: "word", None, "a string"),
        (
            lambda x: 1 / (PLAIN(x) - PLAIN(x)[..., :1]),
            "not_finite",
            "infinite",
        ),
    ],
    ids=lambda p: p if isinstance(p, str) else "",
)
def test_a_wrong_structure_is_described(answer, id_, words):
    with np.errstate(all="ignore"):
        report = graded(MATRIX, answer)
    assert (report.status, report.diagnosis) == ("wrong", id_)
    assert words in report.message


def test_too_few_outputs_are_named():
    exercise = of(lambda x: (x.sum(0), x * 2), (X,), (Y,))
    report = graded(exercise, lambda x: x.sum(0))
    assert report.diagnosis == "returned_fewer"
    assert "a tuple of 2" in report.message


def test_a_wrong_shape_is_told_in_words_of_the_arguments():
    report = graded(unmasked(), lambda q, k: np.ones((4, 4)))
    assert "(2, 7) is expected" in report.message
    assert "(number of rows of `q`, number of rows of `k`)" in report.message
    assert "yours is (4, 4)" in report.message


def test_the_first_wrong_entry_of_the_smallest_case_is_shown():
    def answer(x):
        y = PLAIN(x)
        y[..., 1, 1] += 0.5 + x[..., 0, 0]
        return y

    report = graded(MATRIX, answer)
    at = report.comparison.index
    assert at == (1, 1) and "Entry [1, 1] should be" in report.message
    assert report.comparison.got.shape == report.comparison.expected.shape
    assert report.comparison.case_name == "case 1"


def test_a_batch_is_pictured_by_the_matrix_that_differs():
    exercise = of(lambda x: np.sin(x), (Z,))

    def answer(x):
        y = np.sin(x)
        y[1, 2, 3] = 9
        return y

    report = graded(exercise, answer)
    assert report.comparison.got.shape == (3, 5)
    assert report.comparison.index == (2, 3)


def test_the_tally_says_which_cases_are_right():
    def answer(q, k, mask=None):
        return weights(q, k)

    message = graded(BARE, answer).message
    assert "Right on 5 of 6 cases" in message and "with a mask" in message


def test_no_message_holds_the_solution():
    source = [line.strip() for line in WEIGHTS.solution.splitlines()[1:]]
    wrong = [t.wrong for t in WEIGHTS.traps.values()] + [
        lambda q, k, mask=None: 1 / 0,
        lambda q, k, mask=None: q @ q.T,
        lambda: None,
    ]
    for answer in wrong:
        text = graded(WEIGHTS, answer).text()
        assert not any(line in text for line in source)
