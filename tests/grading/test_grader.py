"""check, hint and solution: statuses, right answers in any style, words."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stdout

import answers_that_misbehave as bad
import numpy as np
import pytest
from sample_exercises import ROWS, WEIGHTS, cases, make, quiz, weights

import selfattn
from selfattn import exercises, grading, progress
from selfattn.exercises import Case, Property
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
