"""Exercises of tier gpu: small cases anywhere, large ones on a GPU besides.

There is no GPU where these tests run. What needs one is shown with a stand-in:
a tensor that, like one on a GPU, has to be copied before NumPy can read it.
"""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from selfattn import exercises  # noqa: E402
from selfattn.exercises import tensors  # noqa: E402
from selfattn.grading import grade_exercise, plain  # noqa: E402

FOR_GPU = [x for x in exercises.all() if x.tier == "gpu"]
each = pytest.mark.parametrize("exercise", FOR_GPU, ids=lambda x: x.id)


class Away(torch.Tensor):
    """A tensor that NumPy cannot read until `cpu` has brought it back."""

    def cpu(self):
        return self.as_subclass(torch.Tensor)

    def numpy(self):
        raise TypeError("can't convert cuda:0 device type tensor to numpy")


def sizes(cases):
    return [
        sum(a.numel() for a in case.args if isinstance(a, torch.Tensor))
        for case in cases
    ]


@each
def test_there_are_large_cases_only_where_there_is_a_gpu(
    exercise, monkeypatch
):
    few = exercise.cases(np.random.default_rng(0))
    monkeypatch.setattr(tensors, "large", lambda: True)
    more = exercise.cases(np.random.default_rng(0))
    assert len(few) >= 3 and len(more) > len(few)
    assert max(sizes(more)) > 100 * max(sizes(few))


def test_the_right_answer_passes_the_large_cases_too(monkeypatch):
    # Of the others the large cases would keep a processor for minutes.
    exercise = exercises.get("08.banded_attention")
    monkeypatch.setattr(tensors, "large", lambda: True)
    report = grade_exercise(exercise, exercise.reference)
    assert report.status == "passed", report.text()


@each
def test_what_an_answer_left_on_the_gpu_is_brought_back(exercise):
    def away(*args, **kwargs):
        made = exercise.reference(*args, **kwargs)
        if isinstance(made, torch.Tensor):
            return made.as_subclass(Away)
        return tuple(x.as_subclass(Away) for x in made)

    report = grade_exercise(exercise, away)
    assert report.status == "passed", report.text()


def test_a_tensor_elsewhere_becomes_plain_data():
    x = torch.arange(6.0).reshape(2, 3).as_subclass(Away)
    with pytest.raises(TypeError, match="cuda"):
        x.numpy()
    leaf = plain.encode(x)
    assert leaf.origin == "tensor" and leaf.dtype == "float32"
    np.testing.assert_array_equal(leaf.array, np.arange(6.0).reshape(2, 3))


def test_large_follows_the_device(monkeypatch):
    for kind, want in (("cpu", False), ("mps", False), ("cuda", True)):
        monkeypatch.setattr(tensors, "device", lambda k=kind: torch.device(k))
        assert tensors.large() is want
