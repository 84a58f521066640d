"""Answers that copy their process, forge a result or shout: all are met."""

from __future__ import annotations

import contextlib
import os
import sys
import time

import numpy as np
import pytest
from caged import caged
from sample_exercises import WEIGHTS, cases, of, weights

from selfattn import grading
from selfattn.grading import limits, run
from selfattn.grading.forked import forked
from selfattn.grading.in_process import in_process

# Without fork (Windows) there is no process of its own to escape from.
pytestmark = pytest.mark.skipif(
    not limits.CAN_FORK, reason="this system has no fork"
)
LINUX = sys.platform.startswith("linux")

GRADE = """
import sys
import answers_that_escape as bad
from sample_exercises import WEIGHTS
from selfattn import grading
report = grading.grade_exercise(WEIGHTS, {answer}, seed=1)
print("STATUS", report.status, "|", " ".join(report.message.split()))
"""


def graded(answer, **kwargs):
    """STATUS passed | Right on 6 cases."""
    return caged(GRADE.format(answer=f"bad.{answer}"), **kwargs)


@pytest.fixture
def log(tmp_path, monkeypatch):
    path = tmp_path / "log"
    monkeypatch.setenv("ESCAPE_LOG", str(path))
    return path


def is_running(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] not in "ZX"
    return False


def ends_soon(pid):
    for _ in range(200):
        if not is_running(pid):
            return True
        time.sleep(0.01)
    return False


# -------------------------------------------------------------- processes


def test_a_copy_ends_where_it_leaves_the_answer(log):
    assert "STATUS passed" in graded("forks_and_returns_in_both")
    n_cases = len(cases(np.random.default_rng(1)))
    assert log.read_text().count("call") == n_cases + 1


def test_a_copy_that_raises_ends_too(log):
    assert "STATUS error | Your code raised" in graded(
        "forks_and_raises_in_both"
    )
    assert log.read_text().count("call") == 6


IN_PROCESS = """
import answers_that_escape as bad
import numpy as np
from sample_exercises import WEIGHTS, cases
from selfattn.grading.in_process import in_process
from selfattn.grading.verdict import verdict
made = cases(np.random.default_rng(0))
outcome = in_process(WEIGHTS, {answer}, made)
print("STATUS", verdict(WEIGHTS, made, [], outcome).status)
"""


def test_in_process_a_copy_ends_where_it_leaves_the_answer(log):
    out = caged(IN_PROCESS.format(answer="bad.forks_and_returns_in_both"))
    assert out.count("STATUS passed") == 1
    assert log.read_text().count("call") == 7


def test_in_process_copies_are_few_and_end():
    out = caged(IN_PROCESS.format(answer="bad.forks_ten_times"))
    assert out.count("STATUS error") == 1


def test_in_process_an_answer_cannot_end_the_session():
    code = IN_PROCESS.format(
        answer="lambda q, k, mask=None: __import__('os')._exit(0)"
    )
    assert "STATUS error" in caged(code)


@pytest.mark.parametrize(
    "answer", ["forks_ten_times", "forks_one_after_the_other"]
)
def test_too_many_processes_end_the_run(answer):
    start = time.monotonic()
    out = graded(answer)
    assert "STATUS error | Your code started too many processes" in out
    assert time.monotonic() - start < 20


# Only Linux has subreapers; elsewhere who leaves the group is out of reach.
@pytest.mark.skipif(not LINUX, reason="elsewhere only the group is ended")
@pytest.mark.parametrize(
    "answer",
    ["leaves_a_sleeper_in_a_session_of_its_own", "leaves_a_program_running"],
)
def test_what_an_answer_started_is_ended_with_it(answer, log):
    assert "STATUS passed" in graded(answer)
    pids = [int(line) for line in log.read_text().split()]
    assert pids and all(ends_soon(pid) for pid in pids)


# PR_SET_PDEATHSIG is a call of Linux alone.
@pytest.mark.skipif(not LINUX, reason="asks Linux to end it with its parent")
def test_an_answer_that_kills_its_keeper_ends_with_it():
    assert "STATUS error" in graded("kills_its_keeper")


# ----------------------------------------------------------- made-up results


@pytest.mark.parametrize(
    "text", ["Cannot re-initialize CUDA in forked subprocess", "no"]
)
def test_a_made_up_failure_does_not_end_the_session(text):
    assert "STATUS error" in graded(f"forged({text!r})")


@pytest.mark.parametrize(
    "junk",
    [
        "b'junk'",
        "__import__('pickle').dumps(print)",
        "bytes(10**8)",
        "(2).to_bytes(8, 'big') + b'[' * 10**7",
    ],
)
def test_made_up_bytes_are_junk(junk):
    start = time.monotonic()
    assert "could not be read" in graded(f"forged_junk({junk})")
    assert time.monotonic() - start < 20


# ------------------------------------------------------------------- length


def shouts_an_exception(size):
    def answer(q, k, mask=None):
        raise ValueError("a" * size + "the end")

    return answer


def shouts_a_name(size):
    def answer(q, k, mask=None):
        raise type("N" * size, (Exception,), {})("x" * size)

    return answer


def shouts_a_warning(size):
    def answer(q, k, mask=None):
        import warnings

        warnings.warn("w" * size, stacklevel=1)
        return weights(q, k, mask) + 1

    return answer


def shouts_a_type(size):
    def answer(q, k, mask=None):
        return type("N" * size, (), {})()

    return answer


def shouts_a_key(size):
    return lambda q, k, mask=None: {"k" * size: 1}


def shouts_a_word(size):
    return lambda q, k, mask=None: "w" * size


def shouts_a_default(size):
    text = "d" * size
    return lambda q, k, mask, more, other=text: 1


@pytest.mark.parametrize(
    "shout",
    [
        shouts_an_exception,
        shouts_a_name,
        shouts_a_warning,
        shouts_a_type,
        shouts_a_key,
        shouts_a_word,
        shouts_a_default,
    ],
)
@pytest.mark.parametrize("size", [10**6, 10**7])
def test_foreign_text_is_cut(shout, size):
    start = time.monotonic()
    report = grading.grade_exercise(WEIGHTS, shout(size), seed=1)
    assert report.status in ("wrong", "error")
    assert len(report.text()) < 4000 and len(report.html()) < 30_000
    assert time.monotonic() - start < 5


def test_of_a_cut_text_head_and_tail_are_kept():
    text = grading.grade_exercise(WEIGHTS, shouts_an_exception(10**6)).message
    assert "ValueError: aaa" in text and "the end" in text
    assert "letters left out" in text


def test_names_given_to_check_are_cut():
    long = type("N" * 10**6, (), {})
    for answer in (long, long()):
        assert len(grading.grade_exercise(WEIGHTS, answer).text()) < 1000


# ------------------------------------------------------- complex, and imports


@pytest.mark.filterwarnings("error")
def test_complex_answers_do_not_warn_and_are_named(capfd):
    report = grading.grade_exercise(
        WEIGHTS, lambda q, k, mask=None: weights(q, k, mask) * (1 + 1j)
    )
    assert report.diagnosis == "complex" and "real ones" in report.message
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def slow_module(tmp_path, monkeypatch):
    """A package that takes 1.2 s to import, in four parts."""
    home = tmp_path / "slow_to_import"
    home.mkdir()
    (home / "__init__.py").write_text(
        "from . import a, b, c, d\ndone = True\n"
    )
    for name in "abcd":
        (home / f"{name}.py").write_text(
            "import time\nend = time.process_time() + 0.3\n"
            "while time.process_time() < end:\n    pass\n"
        )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    for name in [n for n in sys.modules if n.startswith("slow_to_import")]:
        del sys.modules[name]


@pytest.mark.parametrize("how", [forked, in_process])
def test_the_time_of_imports_is_not_counted(how, slow_module):
    def answer(x):
        import slow_to_import

        return x * 2 if slow_to_import.done else None

    exercise = of(lambda x: x * 2, (1.0,), (2.0,))
    made = list(exercise.cases(None))
    patience = 1 if how is in_process else limits.PATIENCE
    outcome = how(exercise, answer, made, seconds=0.6 / patience)
    assert outcome.failure is None
    if how is in_process:
        assert sys.modules["slow_to_import"].done


@pytest.mark.parametrize("how", [forked, in_process])
def test_a_loop_behind_an_import_is_still_endless(how, slow_module):
    def answer(x):
        import slow_to_import  # noqa: F401

        while True:
            pass

    exercise = of(lambda x: x * 2, (1.0,), (2.0,))
    outcome = how(exercise, answer, list(exercise.cases(None)), seconds=0.4)
    assert outcome.failure.kind == "time"


def test_the_guards_were_taken_before_any_answer_could_replace_them():
    assert run._exit is os._exit and run._getpid is os.getpid
