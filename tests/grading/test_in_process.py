"""Where nothing can be forked, an answer runs here and leaves no trace."""

from __future__ import annotations

import os
import signal
import time

import answers_that_misbehave as bad
import pytest
from sample_exercises import WEIGHTS, weights
from sandboxed import (
    CASES,
    run,
    untouched,
)

from selfattn import grading
from selfattn.grading import limits
from selfattn.grading.in_process import in_process
from selfattn.grading.verdict import verdict

GENTLE = [
    a
    for a in bad.HARMLESS
    if a not in (bad.starts_a_thread, bad.writes_to_the_terminal, bad.forks)
]


@pytest.mark.parametrize("answer", GENTLE, ids=lambda a: a.__name__)
@untouched()
def test_in_process_a_right_answer_passes_and_leaves_no_trace(answer):
    outcome = run(answer, in_process)
    report = verdict(WEIGHTS, CASES, [], outcome)
    assert report.status == "passed", report.message


@pytest.mark.parametrize(
    ("answer", "kind"),
    bad.FAILING,
    ids=lambda a: getattr(a, "__name__", a),
)
@untouched()
def test_in_process_a_failing_answer_is_described(answer, kind):
    if kind == "time" and not hasattr(signal, "setitimer"):
        pytest.skip("no timer on this system")
    start = time.monotonic()
    outcome = run(answer, in_process, seconds=0.2)
    assert outcome.failure.kind == kind
    assert time.monotonic() - start < 3
    if answer is bad.asks_the_reader:
        assert "input() cannot be used" in outcome.failure.text


# Windows has no setitimer, so a loop in process cannot be stopped there.
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer")
def test_in_process_a_loop_that_catches_all_stops_soon_every_time():
    start = time.monotonic()
    for _ in range(8):
        run(bad.loops_and_catches_all, in_process, seconds=0.1)
    assert time.monotonic() - start < 4


def test_in_process_keyboard_interrupt_passes_through():
    def answer(q, k, mask=None):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(answer, in_process)


def test_in_process_torch_settings_are_put_back():
    torch = pytest.importorskip("torch")

    def answer(q, k, mask=None):
        torch.manual_seed(3)
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.softmax = None
        return weights(q, k, mask)

    state, softmax = torch.get_rng_state(), torch.softmax
    run(answer, in_process)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_default_dtype() is torch.float32
    assert torch.is_grad_enabled() and torch.softmax is softmax


def test_without_fork_the_grader_runs_in_process(monkeypatch):
    monkeypatch.setattr(limits, "CAN_FORK", False)
    pids = []

    def answer(q, k, mask=None):
        pids.append(os.getpid())
        return weights(q, k, mask)

    report = grading.grade_exercise(WEIGHTS, answer)
    assert report.status == "passed" and set(pids) == {os.getpid()}
