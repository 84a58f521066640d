"""Boxes around objects: how well two agree, and how well a detector does.

A box is four numbers. `centres` form is (centre x, centre y, width, height),
which networks predict; `corners` form is (left, top, right, bottom), which
overlaps are computed from. The y axis points down.
"""

from __future__ import annotations

import numpy as np

from selfattn import demand


def to_corners(boxes: np.ndarray) -> np.ndarray:
    """(centre x, centre y, width, height) to (left, top, right, bottom).

    boxes : floats (..., 4). Returns an array like it. Raises a ValueError
    for a last axis that is not 4.

    >>> to_corners(np.array([5.0, 3.0, 4.0, 2.0])).tolist()
    [3.0, 2.0, 7.0, 4.0]
    """
    _four("boxes", boxes)
    centre, sides = boxes[..., :2], boxes[..., 2:]  # (..., 2) each
    return np.concatenate([centre - sides / 2, centre + sides / 2], axis=-1)


def to_centres(boxes: np.ndarray) -> np.ndarray:
    """(left, top, right, bottom) to (centre x, centre y, width, height).

    boxes : floats (..., 4). Returns an array like it. Raises a ValueError
    for a last axis that is not 4.

    >>> to_centres(np.array([3.0, 2.0, 7.0, 4.0])).tolist()
    [5.0, 3.0, 4.0, 2.0]
    """
    _four("boxes", boxes)
    first, last = boxes[..., :2], boxes[..., 2:]  # (..., 2) each
    return np.concatenate([(first + last) / 2, last - first], axis=-1)


def iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of every box of a with every box of b.

    a (..., N, 4) and b (..., M, 4) in corners form, each with right >= left
    and bottom >= top. Returns (..., N, M) in [0, 1]; two boxes without area
    have 0. Raises a ValueError for shapes that do not fit or a box whose
    corners are swapped.

    >>> a = np.array([[0.0, 0.0, 2.0, 2.0]])
    >>> iou(a, np.array([[1.0, 0.0, 3.0, 2.0], [5.0, 5.0, 6.0, 6.0]])).round(2)
    array([[0.33, 0.  ]])
    """
    shared, union, _ = _overlap(a, b)  # (..., N, M) each
    return _ratio(shared, union)


def generalised_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU minus the empty share of the smallest box around both.

    Also says how far apart two boxes are that do not touch, which IoU does
    not. a (..., N, 4) and b (..., M, 4) in corners form. Returns (..., N, M)
    in [-1, 1]. Raises as `iou`. Rezatofighi et al. 2019, algorithm 1.

    >>> a = np.array([[0.0, 0.0, 1.0, 1.0]])
    >>> generalised_iou(a, np.array([[1.0, 0.0, 2.0, 1.0]])).tolist()
    [[0.0]]
    >>> generalised_iou(a, np.array([[3.0, 0.0, 4.0, 1.0]])).tolist()
    [[-0.5]]
    """
    shared, union, around = _overlap(a, b)  # (..., N, M) each
    return _ratio(shared, union) - _ratio(around - union, around)


def match(cost: np.ndarray) -> np.ndarray:
    """Give each row a column of its own, so that the sum is the smallest.

    cost : finite floats (N, M), N at most M. Returns whole numbers (N,): the
    column of each row. No other assignment costs less; where several cost
    the same it is one of them. The Hungarian method, which takes of the
    order of N^2 M steps: Kuhn 1955; SciPy's `linear_sum_assignment` solves
    the same problem in compiled code. Raises a ValueError for more rows
    than columns.

    >>> match(np.array([[1.0, 2.0], [0.0, 9.0]])).tolist()
    [1, 0]
    """
    demand.float_array("cost", cost)
    demand.finite("cost", cost)
    if cost.ndim != 2 or cost.shape[0] > cost.shape[1]:
        raise ValueError(
            "cost must be a matrix (N, M) with at least as many columns as "
            f"rows: got {cost.shape}; give its transpose, so that every row "
            "finds a column"
        )
    n_columns = cost.shape[1]
    table = cost.tolist()
    of_column = [-1] * n_columns  # the row that holds each column
    price_row, price_column = [0.0] * len(table), [0.0] * n_columns
    for row in range(len(table)):
        _assign(table, row, of_column, price_row, price_column)
    columns = np.zeros(len(table), dtype=np.int64)
    for column, row in enumerate(of_column):
        if row >= 0:
            columns[row] = column
    return columns


def _assign(table, new, of_column, price_row, price_column):
    """Find the cheapest chain of changes that gives a new row a column."""
    n_columns = len(of_column)
    slack, before = [float("inf")] * n_columns, [-1] * n_columns
    done = [False] * n_columns
    row, at = new, -1
    while row >= 0:
        least, nearest = float("inf"), -1
        for j in range(n_columns):
            if done[j]:
                continue
            reduced = table[row][j] - price_row[row] - price_column[j]
            if reduced < slack[j]:
                slack[j], before[j] = reduced, at
            if slack[j] < least:
                least, nearest = slack[j], j
        price_row[new] += least
        for j in range(n_columns):
            if done[j]:
                price_row[of_column[j]] += least
                price_column[j] -= least
            else:
                slack[j] -= least
        at, row = nearest, of_column[nearest]
        done[at] = True
    while before[at] >= 0:  # every row of the chain moves to its new column
        of_column[at] = of_column[before[at]]
        at = before[at]
    of_column[at] = new


def hits(
    boxes: np.ndarray,
    scores: np.ndarray,
    truths: np.ndarray,
    threshold: float = 0.5,
) -> np.ndarray:
    """Which of one image's detections are right, for one class.

    The detection with the highest score chooses first. Each takes the true
    box that it overlaps most, of those that nobody took before, and is a hit
    if their IoU is at least the threshold; otherwise it takes none.

    boxes (N, 4) and truths (M, 4) in corners form; scores (N,); equal scores
    choose in the order given. Returns booleans (N,). Raises a ValueError for
    another number of scores than boxes.

    >>> truth = np.array([[0.0, 0.0, 2.0, 2.0]])
    >>> twice = np.array([[0.0, 0.0, 2.0, 1.9], [0.0, 0.0, 2.0, 2.0]])
    >>> hits(twice, np.array([0.6, 0.9]), truth).tolist()
    [False, True]
    """
    threshold = demand.positive("threshold", threshold)
    demand.float_array("scores", scores)
    overlap = iou(boxes, truths)  # (N, M)
    if scores.shape != boxes.shape[:1]:
        raise ValueError(
            f"every box needs one score: got {scores.shape} for "
            f"{boxes.shape}; give scores (N,) and boxes (N, 4)"
        )
    found = np.zeros(len(boxes), dtype=bool)
    free = np.ones(len(truths), dtype=bool)
    for i in np.argsort(-scores, kind="stable"):
        left = np.where(free, overlap[i], -1.0)  # (M,)
        if free.any() and left.max() >= threshold:
            found[i] = True
            free[left.argmax()] = False
    return found


def average_precision(
    scores: np.ndarray, found: np.ndarray, n_truths: int
) -> float:
    """The area under precision against recall, from 0 to 1.

    Take the detections of all images from the highest score to the lowest.
    After each, precision is the share of hits so far, recall is hits so far
    / n_truths. Precision at a recall is the best at that recall or beyond;
    the area is summed over the steps of recall, so what is never found
    counts 0. Detections with equal scores come in together. Everingham et
    al. 2010, section 4.2, with every step of recall in place of eleven.

    scores : floats (N,); found : booleans (N,); n_truths at least 1.
    Raises a ValueError for other shapes or more hits than true boxes.

    >>> average_precision(
    ...     np.array([0.9, 0.8, 0.7]), np.array([True, False, True]), 2
    ... )
    0.8333333333333333
    """
    n_truths = demand.integer("n_truths", n_truths)
    demand.float_array("scores", scores)
    found = np.asarray(found)
    if scores.ndim != 1 or found.shape != scores.shape or found.dtype != bool:
        raise ValueError(
            "scores and found must be (N,) numbers and (N,) booleans: got "
            f"{demand.shown(scores)} and {demand.shown(found)}; give one of "
            "each per detection"
        )
    if found.sum() > n_truths:
        raise ValueError(
            f"a true box is found once at most: got {found.sum()} hits for "
            f"n_truths = {n_truths}; count the true boxes of all images"
        )
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.diff(scores[order]) != 0, True)[: len(scores)]
    right = np.cumsum(found[order])[ends]  # hits at the end of each tie
    seen = np.arange(1, len(scores) + 1)[ends]
    best = np.maximum.accumulate((right / seen)[::-1])[::-1]
    return float(np.sum(np.diff(right, prepend=0) * best) / n_truths)


def _overlap(a, b):
    """Areas of intersection, union and surrounding box, (..., N, M)."""
    _corners(a=a, b=b)
    one, two = a[..., :, None, :], b[..., None, :, :]

    def area(boxes):
        return (boxes[..., 2] - boxes[..., 0]) * (
            boxes[..., 3] - boxes[..., 1]
        )

    low = np.maximum(one[..., :2], two[..., :2])  # (..., N, M, 2)
    high = np.minimum(one[..., 2:], two[..., 2:])  # (..., N, M, 2)
    shared = np.maximum(high - low, 0.0).prod(axis=-1)  # (..., N, M)
    union = area(one) + area(two) - shared
    wide = np.maximum(one[..., 2:], two[..., 2:]) - np.minimum(
        one[..., :2], two[..., :2]
    )
    return shared, union, wide.prod(axis=-1)


def _ratio(part, whole):
    """part / whole, and 0 where the whole is 0."""
    return np.divide(
        part, whole, out=np.zeros_like(part), where=np.asarray(whole) > 0
    )


def _four(name, boxes):
    demand.float_array(name, boxes)
    if boxes.ndim == 0 or boxes.shape[-1] != 4:
        raise ValueError(
            f"{name} must hold four numbers per box, (..., 4): got "
            f"{boxes.shape}; give (x, y, width, height) or four corners"
        )
    demand.finite(name, boxes)


def _corners(**named):
    """Demand sets of boxes in corners form that fit together."""
    for name, boxes in named.items():
        _four(name, boxes)
        if boxes.ndim < 2:
            raise ValueError(
                f"{name} must be a set of boxes (..., N, 4): got "
                f"{boxes.shape}; for one box write {name}[None, :]"
            )
        if (boxes[..., :2] > boxes[..., 2:]).any():
            raise ValueError(
                f"{name} must be (left, top, right, bottom), left not beyond "
                f"right: got a box of {demand.shown(boxes)} with swapped "
                "corners; convert centres with boxes.to_corners"
            )
    demand.same_dtype({name: boxes.dtype for name, boxes in named.items()})
