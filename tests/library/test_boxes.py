"""Boxes: forms, overlaps, the cheapest matching, average precision."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from selfattn import boxes

N, M = 5, 7


def some(rng, n, spread=1.0):
    """Boxes in corners form, many of them far apart."""
    centre = spread * rng.uniform(0, 1, (n, 2))
    return boxes.to_corners(
        np.concatenate([centre, rng.uniform(0.1, 0.6, (n, 2))], axis=-1)
    )


def test_both_forms_say_the_same():
    rng = np.random.default_rng(0)
    corners = some(rng, N)
    again = boxes.to_corners(boxes.to_centres(corners))
    assert np.allclose(again, corners, rtol=0, atol=1e-12)


def painted(box, side=400):
    """The same box as pixels."""
    at = (np.arange(side) + 0.5) / side * 3 - 1
    left, top, right, bottom = box
    across = (at > left) & (at < right)
    down = (at > top) & (at < bottom)
    return down[:, None] & across


def test_iou_is_the_shared_area_over_the_whole():
    rng = np.random.default_rng(1)
    a, b = some(rng, N), some(rng, M)
    found = boxes.iou(a, b)
    assert found.shape == (N, M)
    for i, j in itertools.product(range(N), range(M)):
        one, two = painted(a[i]), painted(b[j])
        share = (one & two).sum() / (one | two).sum()
        assert found[i, j] == pytest.approx(share, abs=0.03)


def test_generalised_iou_is_less_by_the_empty_share_around_both():
    rng = np.random.default_rng(2)
    a, b = some(rng, N, 2.0), some(rng, M, 2.0)
    found = boxes.generalised_iou(a, b)
    for i, j in itertools.product(range(N), range(M)):
        low, high = np.minimum(a[i, :2], b[j, :2]), np.maximum(a[i], b[j])[2:]
        around = (high - low).prod()
        share = boxes.iou(a[i : i + 1], b[j : j + 1])[0, 0]
        both = sum((q[2] - q[0]) * (q[3] - q[1]) for q in (a[i], b[j]))
        union = both / (1 + share)
        assert found[i, j] == pytest.approx(share - 1 + union / around)
    assert (found <= boxes.iou(a, b) + 1e-12).all() and found.min() < 0


def test_a_box_with_itself_is_one_and_an_empty_box_zero():
    box = np.array([[0.25, 0.5, 0.75, 1.0]])
    empty = np.array([[0.5, 0.5, 0.5, 0.5]])
    assert boxes.iou(box, box) == boxes.generalised_iou(box, box) == 1
    assert boxes.iou(empty, empty) == boxes.iou(empty, box) == 0


def costs():
    """Square and wide ones, with ties, with negative costs, and empty."""
    rng = np.random.default_rng(3)
    for n, m in itertools.product(range(5), range(1, 7)):
        if n <= m:
            yield rng.standard_normal((n, m))
            yield rng.integers(0, 3, (n, m)).astype(float)


@pytest.mark.parametrize("cost", list(costs()), ids=lambda c: f"{c.shape}")
def test_no_assignment_costs_less(cost):
    n, m = cost.shape
    found = boxes.match(cost)
    assert len(set(found.tolist())) == n
    best = min(
        sum(cost[i, j] for i, j in enumerate(columns))
        for columns in itertools.permutations(range(m), n)
    )
    assert sum(cost[np.arange(n), found]) == pytest.approx(best)


@pytest.mark.parametrize(
    "scale", [1.0, 1e-6, 1e6], ids=["ones", "tiny", "huge"]
)
def test_it_matches_as_scipy_does(scale):
    solve = pytest.importorskip("scipy.optimize").linear_sum_assignment
    rng = np.random.default_rng(4)
    for _ in range(50):
        n = int(rng.integers(1, 14))
        cost = scale * rng.standard_normal((n, n + int(rng.integers(0, 5))))
        assert (boxes.match(cost) == solve(cost)[1]).all()


def test_where_several_matchings_tie_it_costs_what_scipys_does():
    solve = pytest.importorskip("scipy.optimize").linear_sum_assignment
    rng = np.random.default_rng(5)
    for _ in range(50):
        n = int(rng.integers(1, 14))
        cost = rng.integers(-2, 3, (n, n + int(rng.integers(0, 5)))) / 1.0
        rows = np.arange(n)
        assert cost[rows, boxes.match(cost)].sum() == cost[solve(cost)].sum()


TRUTHS = np.array([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0]])


def test_the_surest_answer_chooses_first_and_a_box_is_found_once():
    found = np.array([[0.2, 0.0, 2.2, 2.0], [0.0, 0.0, 2.0, 2.0], TRUTHS[1]])
    scores = np.array([0.9, 0.8, 0.7])
    # The surest takes the first true box; the exact one comes too late, and
    # its overlap with the second is a third.
    assert boxes.hits(found, scores, TRUTHS).tolist() == [True, False, True]
    turned = boxes.hits(found[::-1], scores[::-1], TRUTHS)
    assert turned.tolist() == [True, False, True]


def test_the_threshold_itself_is_enough():
    half = np.array([[0.0, 0.0, 2.0, 1.0]])
    one = np.array([1.0])
    assert boxes.hits(half, one, TRUTHS[:1], 0.5).tolist() == [True]
    assert boxes.hits(half, one, TRUTHS[:1], 0.51).tolist() == [False]
    assert boxes.hits(half, one, TRUTHS[:0]).tolist() == [False]


def by_hand(scores, found, n_truths):
    """The definition, threshold by threshold."""
    points = []
    for least in scores:
        kept = scores >= least
        points.append((found[kept].sum() / n_truths, found[kept].mean()))
    area, before = 0.0, 0.0
    for recall in sorted({r for r, _ in points}):
        area += (recall - before) * max(p for r, p in points if r >= recall)
        before = recall
    return area


@pytest.mark.parametrize("seed", range(8))
def test_average_precision_is_the_area_under_the_best_precision(seed):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 6, 13) / 6 if seed % 2 else rng.random(13)
    found = rng.random(13) < 0.5
    got = boxes.average_precision(scores, found, 17)
    assert got == pytest.approx(by_hand(scores, found, 17))
    order = rng.permutation(13)
    again = boxes.average_precision(scores[order], found[order], 17)
    assert again == pytest.approx(got)


def test_average_precision_at_its_ends():
    scores = np.array([0.5, 0.25])
    assert boxes.average_precision(scores, np.array([True, True]), 2) == 1
    assert boxes.average_precision(scores, np.array([False, False]), 2) == 0
    assert boxes.average_precision(np.zeros(0), np.zeros(0, bool), 3) == 0
