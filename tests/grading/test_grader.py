"""check, hint and solution: statuses, right answers in any style, words."""

from __future__ import annotations

import functools
import io
import os
import subprocess
import sys
from contextlib import redirect_stdout

import answers_that_misbehave as bad
import numpy as np
import pytest
from sample_exercises import ROWS, WEIGHTS, cases, make, of, quiz, weights

import selfattn
from selfattn import exercises, grading, progress
from selfattn.exercises import Case, Property, Trap
from selfattn.grading import checking, limits
from selfattn.grading.report import Report


@pytest.fixture
def known(monkeypatch):
    """Make the sample exercise one that `check` can find."""
    real = exercises.get
    monkeypatch.setattr(
        exercises,
        "get",
        lambda id_: WEIGHTS if id_ == "99.weights" else real(id_),
    )


def shown(call, *args, **kwargs):
    out = io.StringIO()
    with redirect_stdout(out):
        result = call(*args, **kwargs)
    return result, out.getvalue()


def stub(exercise):
    namespace = {}
    exec(exercise.starter, namespace)
    return namespace["weights"]


# -------------------------------------------------------------- statuses


def test_an_untouched_starter_is_todo_with_constant_text():
    texts = {
        grading.grade_exercise(WEIGHTS, stub(WEIGHTS)).text() for _ in range(3)
    }
    assert len(texts) == 1 and "99.weights: not yet" in texts.pop()
    assert grading.grade_exercise(WEIGHTS, ...).status == "todo"


def test_not_implemented_from_elsewhere_is_an_error():
    def answer(q, k, mask=None):
        return io.RawIOBase().truncate() or io.IOBase().fileno()

    def library(q, k, mask=None):
        return np.vectorize(None)(q) or 1

    assert grading.grade_exercise(WEIGHTS, answer).status == "error"
    assert grading.grade_exercise(WEIGHTS, library).status == "error"


def test_a_check_is_shown_once_kept_and_returned(known):
    report, out = shown(selfattn.check, "99.weights", weights)
    assert report.status == "passed" and out.count("99.weights: passed") == 1
    assert "99.weights" in progress.path().read_text()


def test_a_wrong_check_stores_its_diagnosis(known):
    report, _ = shown(
        selfattn.check, "99.weights", WEIGHTS.traps["no_scale"].wrong
    )
    assert report.diagnosis == "no_scale"
    assert "no_scale" in progress.path().read_text()


@pytest.mark.parametrize("id_", ["99.none", "", "../x", 7, None, ["a"], ...])
def test_an_unknown_id_is_an_error_and_is_not_kept(id_):
    report, out = shown(selfattn.check, id_, weights)
    assert report.status == "error" and out
    assert not progress.path().exists()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.ones(3), "without brackets"),
        (weights(np.eye(2), np.eye(2)), "without brackets"),
        (None, "You gave None"),
        (int, "the class int"),
        ("weights", "str"),
        (3, "object of type int"),
    ],
    ids=["array", "result", "none", "class", "string", "number"],
)
def test_what_is_no_function_is_an_error_in_a_sentence(answer, words):
    report = grading.grade_exercise(WEIGHTS, answer)
    assert report.status == "error" and words in report.message


def test_a_class_exercise_asks_for_the_class():
    class Scale:
        def __init__(self, factor):
            self.factor = factor

        def __call__(self, x):
            return self.factor * x

    exercise = make(
        kind="class",
        reference=Scale,
        traps={},
        variant=None,
        run=lambda cls, f, x: cls(f)(x),
        cases=lambda rng: [Case("x", (3, np.ones(2)))],
    )
    assert grading.grade_exercise(exercise, Scale).status == "passed"
    for wrong in (lambda f: 1, 3, None):
        report = grading.grade_exercise(exercise, wrong)
        assert report.status == "error" and "a class" in report.message

    class Other(Scale):
        def __init__(self):
            self.factor = 1

    report = grading.grade_exercise(exercise, Other)
    assert report.status == "error" and "TypeError" in report.message


@pytest.mark.parametrize(
    "answer",
    [
        lambda: 1,
        lambda q: 1,
        lambda q, k: 1,
        lambda q, k, mask, v: 1,
        lambda queries, keys, masks=None: 1,
    ],
)
def test_another_signature_is_an_error_that_shows_both(answer):
    exercise = make(cases=lambda rng: list(reversed(cases(rng)[:3])))
    report = grading.grade_exercise(exercise, answer)
    assert report.status == "error"
    assert "calls weights(q, k, mask=None)" in report.message


def test_an_exception_shows_the_readers_lines_only():
    def inner(q):
        return np.linalg.inv(q)

    def answer(q, k, mask=None):
        return inner(q[..., :1, :])

    report = grading.grade_exercise(WEIGHTS, answer)
    assert report.status == "error"
    assert "return inner(q[..., :1, :])" in report.message
    assert "return np.linalg.inv(q)" in report.message
    assert "_linalg" not in report.message and "_sandbox" not in (
        report.message
    )
    assert "LinAlgError" in report.message
    assert "`q` (2, 2) float64" in report.message


def test_endless_recursion_is_told_briefly():
    report = grading.grade_exercise(WEIGHTS, bad.recurses)
    assert report.status == "error" and "RecursionError" in report.message
    assert "more calls" in report.message and len(report.message) < 1500


def test_what_the_answer_printed_is_shown():
    report = grading.grade_exercise(WEIGHTS, bad.prints)
    assert "scores (2, 2)" in report.printed


def test_a_failure_of_the_grader_is_no_exception(monkeypatch, known):
    def broken(*args, **kwargs):
        raise RuntimeError("broken cases")

    monkeypatch.setattr(checking, "grade_exercise", broken)
    report, _ = shown(selfattn.check, "99.weights", weights)
    assert report.status == "error" and "broken cases" in report.message


def test_keyboard_interrupt_passes_through(monkeypatch, known):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "grade_exercise", interrupted)
    with pytest.raises(KeyboardInterrupt):
        selfattn.check("99.weights", weights)


# ------------------------------------------------------- right in any style


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


def test_right_answers_are_never_refused_over_fresh_cases():
    styles = (by_loops, by_einsum, in_float32, weights)
    for run in range(200):
        report = grading.grade_exercise(WEIGHTS, styles[run % len(styles)])
        assert report.status == "passed", report.text()


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


# -------------------------------------------------- right values, wrong deed


def test_a_changed_input_is_named():
    report = grading.grade_exercise(make(traps={}), bad.changes_its_input)
    assert report.diagnosis == "changes_input" and "`q`" in report.message


def test_a_memory_between_calls_is_named():
    report = grading.grade_exercise(WEIGHTS, bad.remembers)
    assert report.diagnosis == "not_repeatable"


def test_a_comparison_that_always_agrees_is_not_asked():
    for answer in (
        bad.patches_comparison,
        bad.returns_a_flatterer,
        bad.returns_a_disguise,
    ):
        report = grading.grade_exercise(WEIGHTS, answer)
        assert report.status == "wrong", report.message


def test_a_property_is_asked_after_the_cases():
    few = make(properties=(ROWS,), traps={}, cases=lambda rng: cases(rng)[:1])
    assert grading.grade_exercise(few, weights).status == "passed"

    def answer(q, k, mask=None):
        return weights(q, k, mask) * (1 if q.shape == (2, 2) else 2)

    report = grading.grade_exercise(few, answer)
    assert report.diagnosis == "rows_sum_to_one"
    assert report.message == "The rows must sum to one."


def test_a_property_that_cannot_be_judged_does_not_hold():
    odd = Property(
        "p",
        "Says no.",
        lambda rng: cases(rng)[:1],
        lambda cases, outs: outs[0].no_such_thing,
    )
    report = grading.grade_exercise(make(properties=(odd,)), weights)
    assert (report.status, report.diagnosis) == ("wrong", "p")


def test_an_exception_on_a_propertys_case_only_is_an_error():
    few = make(properties=(ROWS,), traps={}, cases=lambda rng: cases(rng)[:1])

    def answer(q, k, mask=None):
        return weights(q, k, mask) if len(q) == 2 else 1 / 0

    report = grading.grade_exercise(few, answer)
    assert report.status == "error" and "ZeroDivisionError" in report.message


# ------------------------------------------------------ torch and randomness


def torch_exercise(**changes):
    torch = pytest.importorskip("torch")

    def scaled(x, factor=2.0):
        return x * factor

    def made(rng):
        x = torch.from_numpy(rng.normal(size=(3, 5))).float()
        return [Case("x", (x,)), Case("larger", (10 * x,))]

    given = dict(
        tier="torch",
        reference=scaled,
        cases=made,
        variant=None,
        traps={"added": Trap(lambda x: x + 2, "Not a sum.")},
    )
    return make(**{**given, **changes})


def test_torch_exercises_are_graded_in_this_process():
    exercise, pids = torch_exercise(), set()

    def answer(x, factor=2.0):
        pids.add(os.getpid())
        return x + x

    assert grading.grade_exercise(exercise, answer).status == "passed"
    assert pids == {os.getpid()}
    assert (
        grading.grade_exercise(exercise, lambda x: x + 2).diagnosis == "added"
    )
    assert (
        grading.grade_exercise(exercise, lambda x: x.mul_(2)).diagnosis
        == "changes_input"
    )
    assert grading.grade_exercise(exercise, lambda x: 1 / 0).status == "error"


def test_torch_properties_get_tensors():
    torch = pytest.importorskip("torch")
    seen = []
    prop = Property(
        "p",
        "m",
        lambda rng: [Case("x", (torch.ones(2),))],
        lambda cases, outs: seen.append(outs[0]) or True,
    )
    grading.grade_exercise(torch_exercise(properties=(prop,)), lambda x: x * 2)
    assert isinstance(seen[0], torch.Tensor)


def test_random_draws_of_answer_and_reference_agree():
    torch = pytest.importorskip("torch")
    exercise = torch_exercise(reference=lambda x: x + torch.randn(5), traps={})
    assert (
        grading.grade_exercise(exercise, lambda x: torch.randn(5) + x).status
        == "passed"
    )


def test_a_seed_repeats_the_cases_and_none_draws_new_ones():
    drawn = []
    exercise = make(
        cases=lambda rng: drawn.append(rng.random()) or (cases(rng))
    )
    for seed in (1, 1, None, None):
        grading.grade_exercise(exercise, weights, seed=seed)
    assert drawn[0] == drawn[1] and drawn[2] != drawn[3]


# -------------------------------------------------------- hint and solution


def test_hints_are_numbered_and_say_how_many_there_are(known):
    for args, title, following in (
        ((), "hint 1 of 3", "2)"),
        ((2,), "hint 2 of 3", "3)"),
        ((3,), "hint 3 of 3", "solution("),
    ):
        _, out = shown(selfattn.hint, "99.weights", *args)
        assert out.count(title) == 1 and following in out
    for number in (0, 4, "1", None, True):
        _, out = shown(selfattn.hint, "99.weights", number)
        assert "from 1 to 3" in out


def test_the_solution_is_the_references_source(known):
    _, out = shown(selfattn.solution, "99.weights")
    assert "def weights(q, k, mask=None):" in out
    assert "e / e.sum(-1, keepdims=True)" in out


def test_hint_and_solution_of_an_unknown_exercise_say_so():
    for call in (selfattn.hint, selfattn.solution):
        _, out = shown(call, "99.none")
        assert "99.none" in out


def test_a_solution_is_never_part_of_a_quiz_report():
    assert "41" not in grading.grade_exercise(quiz(41), 7).text()


# ------------------------------------------------------------------ imports


def test_the_grader_needs_numpy_only():
    code = (
        "import sys; from selfattn import check, hint, solution; "
        "print([m for m in ('torch', 'matplotlib', 'IPython') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_time_limit_in_the_message_is_the_one_that_holds(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    monkeypatch.setattr(limits, "PATIENCE", 100)  # however busy we are
    report = grading.grade_exercise(WEIGHTS, bad.loops)
    assert "after 0.2 seconds" in report.message
    assert isinstance(report, Report)
