"""Whatever an answer does, the session and the score stay whole."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import types

import answers_that_misbehave as bad
import numpy as np
import pytest
from sample_exercises import WEIGHTS, make, of, weights
from sandboxed import (
    CASES,
    needs_fork,
    no_children,
    run,
    untouched,
)

from selfattn import grading
from selfattn.grading import plain, session
from selfattn.grading.verdict import verdict


@needs_fork
@pytest.mark.parametrize("answer", bad.HARMLESS, ids=lambda a: a.__name__)
@untouched()
def test_a_right_answer_passes_whatever_else_it_does(answer):
    report = grading.grade_exercise(WEIGHTS, answer, seed=1)
    assert report.status == "passed", report.message


@needs_fork
@pytest.mark.parametrize("answer", [bad.prints, bad.writes_to_the_terminal])
def test_nothing_that_an_answer_prints_reaches_the_terminal(answer, capfd):
    run(answer)
    assert capfd.readouterr() == ("", "")


@needs_fork
def test_junk_in_every_open_file_reaches_no_verdict_but_the_right_one():
    """In a process of its own: it writes to files this one needs."""
    pid = os.fork()
    if pid == 0:
        os.closerange(3, 64)
        try:
            report = grading.grade_exercise(WEIGHTS, bad.writes_to_every_file)
            os._exit(0 if report.status == "passed" else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@needs_fork
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        *bad.FAILING,
        (bad.sleeps_without_signals, "time"),
        (bad.asks_for_a_terabyte, "memory"),
        (bad.grows, "memory"),
        (bad.leaves_at_once, "died"),
        (bad.kills_itself, "died"),
        (bad.raises_one_that_cannot_be_printed, "exception"),
    ],
    ids=lambda a: getattr(a, "__name__", a),
)
@untouched()
def test_an_answer_that_fails_is_described(answer, kind):
    memory = 2**28 if kind == "memory" else None
    seconds = 20 if kind == "memory" else 0.3
    outcome = run(answer, seconds=seconds, memory=memory)
    assert outcome.failure.kind == kind
    report = verdict(WEIGHTS, CASES, [], outcome)
    assert report.status == "error"
    assert len(report.message) < 2500


@pytest.mark.sweep
@needs_fork
@untouched()
def test_recursion_beyond_the_stack_ends_the_child_only():
    outcome = run(bad.recurses_past_the_limit, memory=2**28)
    # With no memory for one more frame, CPython may also raise SystemError.
    failure = outcome.failure
    assert failure.kind in ("died", "memory", "time") or (
        failure.type == "SystemError"
    )


@needs_fork
@untouched()
def test_the_loop_is_shown_at_the_readers_line():
    outcome = run(bad.loops, seconds=0.2)
    assert "n += 1" in outcome.failure.where or (
        "while True" in outcome.failure.where
    )


@needs_fork
@untouched()
def test_what_a_loop_returned_before_it_is_kept():
    calls = []

    def answer(q, k, mask=None):
        calls.append(1)
        while len(calls) > 2:
            pass
        return weights(q, k, mask)

    outcome = run(answer, seconds=0.3)
    assert len(outcome.outputs) == 2 and outcome.failure.case == 2


@needs_fork
def test_ctrl_c_stops_the_child_and_reaches_the_reader():
    main = threading.main_thread().ident
    # A job in the background of a shell is born deaf to Ctrl-C.
    old = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGINT)).start()
    start = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            run(bad.loops, seconds=5)
    finally:
        signal.signal(signal.SIGINT, old)
    assert time.monotonic() - start < 3
    assert no_children()


@needs_fork
@untouched()
def test_the_time_limit_holds_for_code_that_ignores_signals():
    start = time.monotonic()
    run(bad.sleeps_without_signals, seconds=0.2)
    assert time.monotonic() - start < 3


@needs_fork
def test_a_child_of_the_answer_does_not_live_on(tmp_path):
    path = tmp_path / "pid"

    def answer(q, k, mask=None):
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        path.write_text(str(pid))
        return weights(q, k, mask)

    assert run(answer).failure is None
    for _ in range(100):
        try:
            os.kill(int(path.read_text()), 0)
            with open(f"/proc/{path.read_text()}/stat") as file:
                if " Z " in file.read():
                    return
        except OSError:
            return
        time.sleep(0.02)
    raise AssertionError("it still runs")


@needs_fork
@untouched()
def test_printed_text_is_kept_and_cut():
    assert run(bad.prints).printed.startswith("scores (2, 2)\n")
    long = run(bad.prints_100_mb).printed
    assert 1000 < len(long) <= session.MAX_PRINTED + 2


@needs_fork
@untouched()
def test_warnings_of_the_answer_are_collected():
    warned = run(bad.warns).warned
    assert "UserWarning: careful" in warned
    assert any("divide by zero" in w for w in warned)


@needs_fork
def test_torch_in_an_answer_does_not_hang_after_a_fork():
    torch = pytest.importorskip("torch")
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        big = torch.randn(600, 600)
        (big @ big).softmax(-1).sum()  # starts OpenMP's threads here

        def answer(q, k, mask=None):
            (big @ big).exp().sum()
            q, k = torch.from_numpy(q), torch.from_numpy(k)
            scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
            if mask is not None:
                scores = scores.masked_fill(
                    ~torch.from_numpy(mask), -torch.inf
                )
            return scores.softmax(-1)

        assert grading.grade_exercise(WEIGHTS, answer).status == "passed"
    finally:
        torch.set_num_threads(threads)


@needs_fork
def test_autograd_in_an_answer_works_after_autograd_in_the_session():
    torch = pytest.importorskip("torch")
    x = torch.ones(3, requires_grad=True)
    (x * x).sum().backward()

    def slope(x):
        x = torch.from_numpy(x).requires_grad_()
        (x**3).sum().backward()
        return x.grad

    exercise = make(
        reference=lambda x: 3 * x**2,
        traps={},
        variant=None,
        cases=lambda rng: [type(CASES[0])("x", (rng.normal(size=5),))],
    )
    assert grading.grade_exercise(exercise, slope).status == "passed"


@needs_fork
def test_two_processes_that_return_one_answer_do_not_mix_their_bytes():
    big = np.random.default_rng(0).normal(size=(900, 900))

    def twice(x):
        os.fork()
        return big + x

    exercise = of(lambda x: big + x, (1.0,))
    assert grading.grade_exercise(exercise, twice).status == "passed"


@needs_fork
def test_what_a_fork_forbids_is_done_in_this_process(monkeypatch):
    here = os.getpid()
    monkeypatch.setitem(
        sys.modules,
        "torch",
        sys.modules.get("torch", types.ModuleType("torch")),
    )  # only torch can say it

    def answer(q, k, mask=None):
        if os.getpid() != here:
            raise RuntimeError(
                "Cannot re-initialize CUDA in forked subprocess. Use 'spawn'."
            )
        return weights(q, k, mask)

    assert grading.grade_exercise(WEIGHTS, answer).status == "passed"


# ---------------------------------------------------------------- plain data


def test_torch_tensors_become_plain_data():
    torch = pytest.importorskip("torch")
    leaf = plain.encode(
        torch.ones(2, dtype=torch.bfloat16, requires_grad=True)
    )
    assert leaf.dtype == "bfloat16" and leaf.array.tolist() == [1, 1]
    assert plain.encode(torch.tensor(3)).array.shape == ()
