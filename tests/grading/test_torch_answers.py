"""Answers in torch, and answers that draw at random."""

from __future__ import annotations

import os

import pytest
from sample_exercises import cases, make, weights

from selfattn import grading
from selfattn.exercises import Case, Property, Trap


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
