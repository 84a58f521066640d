"""Chapter 09's studies: the sums behind their numbers."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from selfattn import data, images  # noqa: E402

pytestmark = pytest.mark.usefixtures("studies")


def told(drawn):
    """The answers of a detector that knows all: 5 of them, 2 empty."""
    n = len(drawn["kinds"])
    kinds, found = np.full((n, 5, 4), 0.01), np.full((n, 5, 4), 0.1)
    kinds[..., 3] = 0.97
    for i in range(n):
        for j, kind in enumerate(drawn["kinds"][i]):
            if kind >= 0:
                kinds[i, j] = 0.01
                kinds[i, j, kind] = 0.97
                found[i, j] = drawn["boxes"][i, j]
    return kinds, found


def test_who_knows_all_has_precision_one_and_by_chance_almost_none():
    from detector import judged

    drawn = images.scenes(60, seed=3)
    found = judged(*told(drawn), drawn)
    assert found["ap50"] == found["ap75"] == found["ap"] == 1
    assert found["chance_ap50"] < 0.1


def test_a_kind_that_is_wrong_is_no_hit():
    from detector import precision

    drawn = images.scenes(60, seed=3)
    kinds, found = told(drawn)
    assert precision(kinds[..., [1, 2, 0, 3]], found, drawn, 0.5) < 0.1
    assert precision(kinds, found + 0.04, drawn, 0.75) < 0.9


def test_objects_are_sorted_from_left_to_right():
    from detector import left_to_right

    drawn = images.scenes(20, seed=4)
    drawn = {name: torch.from_numpy(a) for name, a in drawn.items()}
    turned = left_to_right(drawn)
    for i in range(20):
        there = turned["kinds"][i] >= 0
        assert there.sum() == (drawn["kinds"][i] >= 0).sum()
        assert there[: there.sum()].all()
        x = turned["boxes"][i, there, 0]
        assert (x.diff() >= 0).all()
        pair = {(k.item(), b[0].item()) for k, b in zip(
            drawn["kinds"][i], drawn["boxes"][i], strict=True)}  # fmt: skip
        again = {(k.item(), b[0].item()) for k, b in zip(
            turned["kinds"][i], turned["boxes"][i], strict=True)}  # fmt: skip
        assert pair == again


def test_corners_agree_in_half_of_the_pictures():
    from far_corners import pictures

    x, same = pictures(400, torch.Generator().manual_seed(5))
    corners = x[:, 1, [0, -1], [0, -1]]  # (n, 2)
    assert (corners.abs() == 1).all()
    assert (x[:, 1].abs().sum(dim=(1, 2)) == 2).all()
    assert ((corners[:, 0] == corners[:, 1]) == same.bool()).all()
    assert 0.4 < same.mean() < 0.6


def test_a_net_of_convolutions_reaches_a_pixel_per_layer():
    from far_corners import KINDS, Net, reach

    draw = torch.Generator().manual_seed(6)
    torch.manual_seed(6)
    assert reach(Net(*KINDS["3 convolutions"]), draw) == 3
    assert reach(Net(*KINDS["7 convolutions"]), draw) == 7
    mixed = Net(*KINDS["convolution, attention, convolution"])
    assert reach(mixed, draw) == 2  # the gate is still closed
    with torch.no_grad():
        mixed.layers[0].gamma.fill_(1.0)
    assert reach(mixed, draw) == 7


def test_no_digit_is_both_learned_and_judged():
    from patches import digits

    (x, _), (held, _) = digits(7)
    assert x.shape == (1200, 8, 8, 1) and held.shape == (597, 8, 8, 1)
    every = {a.numpy().tobytes() for a in torch.cat([x, held])}
    stored = data.load("digits")["images"] / 16.0
    assert every == {a.astype(np.float32)[..., None].tobytes() for a in stored}


@pytest.mark.parametrize("name", ["detector", "detector_matching", "patches",
                                  "far_corners"])  # fmt: skip
def test_results_say_how_they_were_made(name):
    stored = data.result(name)
    assert stored["command"] == f"python data/studies/{name}.py"
    assert stored["hardware"] and stored["versions"]["torch"]
    assert len(stored["runs"]) >= 2
