"""Right answers in any style pass."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from sample_exercises import WEIGHTS, of, weights

from selfattn import grading


def by_loops(q, k, mask=None):
    if q.ndim > 2:
        return [by_loops(a, b) for a, b in zip(q, k, strict=True)]
    rows = []
    for i, a in enumerate(q):
        row = [
            float(sum(x * y for x, y in zip(a, b, strict=True)))
            / len(a) ** 0.5
            for b in k
        ]
        top = max(s for j, s in enumerate(row) if mask is None or mask[i, j])
        row = [
            np.exp(s - top) * (mask is None or mask[i, j])
            for j, s in enumerate(row)
        ]
        rows.append([r / sum(row) for r in row])
    return rows


def by_einsum(q, k, mask=None):
    s = np.einsum("...ld,...sd->...ls", q, k) * q.shape[-1] ** -0.5
    s = s if mask is None else s + np.where(mask, 0, -np.inf)
    return np.exp(s - np.logaddexp.reduce(s, axis=-1, keepdims=True))


def in_float32(q, k, mask=None):
    return weights(q.astype("float32"), k.astype("float32"), mask).astype(
        "float32"
    )


def in_longdouble(q, k, mask=None):
    return weights(
        q.astype("longdouble"), k.astype("longdouble"), mask
    ).astype("float64")


class Callable:
    def __call__(self, q, k, mask=None):
        return weights(q, k, mask)

    def method(self, q, k, mask=None):
        return weights(q, k, mask)


def in_fortran_order(q, k, mask=None):
    return np.asfortranarray(weights(q, k, mask))


class Tagged(np.ndarray):
    """A harmless subclass."""


def as_subclass(q, k, mask=None):
    return weights(q, k, mask).view(Tagged)


RIGHT = [
    weights,
    by_loops,
    by_einsum,
    in_float32,
    in_longdouble,
    Callable(),
    Callable().method,
    functools.partial(weights, mask=None),
    lambda q, k, mask=None: weights(q, k, mask),
    lambda *args, **kwargs: weights(*args, **kwargs),
    functools.lru_cache(1)(lambda: weights)(),
    np.errstate()(weights),
    in_fortran_order,
    as_subclass,
    lambda q, k, mask=None: tuple(weights(q, k, mask)),
]


@pytest.mark.parametrize(
    "answer", RIGHT, ids=lambda a: getattr(a, "__name__", type(a).__name__)
)
def test_a_right_answer_in_any_style_passes(answer):
    report = grading.grade_exercise(WEIGHTS, answer)
    assert report.status == "passed", report.text()


def never_refused():
    styles = (by_loops, by_einsum, in_float32, weights)
    for run in range(200):
        report = grading.grade_exercise(WEIGHTS, styles[run % len(styles)])
        assert report.status == "passed", report.text()


def test_right_answers_are_never_refused_over_fresh_cases(graded_here):
    never_refused()


@pytest.mark.sweep
def test_nor_are_they_in_processes_of_their_own():
    never_refused()


def test_torch_answers_pass():
    torch = pytest.importorskip("torch")

    def answer(q, k, mask=None):
        q, k = torch.tensor(q, requires_grad=True), torch.tensor(k)
        eye = torch.eye(k.shape[-2], dtype=k.dtype).expand(
            *k.shape[:-2], -1, -1
        )
        return torch.nn.functional.scaled_dot_product_attention(
            q, k, eye, None if mask is None else torch.tensor(mask)
        )

    def half(q, k, mask=None):
        return torch.tensor(weights(q, k, mask)).bfloat16()

    assert grading.grade_exercise(WEIGHTS, answer).status == "passed"
    report = grading.grade_exercise(WEIGHTS, half)
    assert report.status == "passed" and "16-bit" in report.remark


def test_float32_passes_with_a_remark_and_float64_without():
    assert "float32" in grading.grade_exercise(WEIGHTS, in_float32).remark
    assert grading.grade_exercise(WEIGHTS, weights).remark is None


def test_an_error_larger_than_float32s_is_wrong():
    for error in (1e-2, 1e-3, 1e-4):
        report = grading.grade_exercise(
            WEIGHTS,
            lambda q, k, mask=None, e=(error): weights(q, k, mask) * (1 + e),
        )
        assert report.status == "wrong", error


def test_whole_numbers_may_be_floats_and_lists():
    exercise = of(lambda x: np.array([1, 2, 3]) * x, (2,), (5,))
    for answer in (
        lambda x: [x, 2 * x, 3 * x],
        lambda x: (x, 2 * x, 3 * x),
        lambda x: np.arange(1.0, 4) * x,
    ):
        assert grading.grade_exercise(exercise, answer).status == "passed"


def test_pairs_may_be_lists():
    exercise = of(lambda x: (x, x + 1), (np.ones(3),), (np.zeros(2),))
    assert (
        grading.grade_exercise(exercise, lambda x: [x, x + 1]).status
        == "passed"
    )
