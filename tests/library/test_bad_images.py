"""What has no picture, no box and no answer is refused with a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import ones, refused, with_one

from selfattn import boxes, detector, images

IMAGE, BOX = ones(6, 9, 2), np.array([[0.0, 0.0, 1.0, 1.0]])

REFUSED = {
    "an image without channels": (
        lambda: images.to_pixels(ones(6, 9)),
        ValueError,
        ["(6, 9)", "image[:, :, None]"],
    ),
    "an image of bytes": (
        lambda: images.to_pixels(IMAGE.astype(np.uint8)),
        TypeError,
        ["uint8", "images.astype(float)"],
    ),
    "an image without pixels": (
        lambda: images.to_patches(ones(0, 9, 2), 3),
        ValueError,
        ["(0, 9, 2)", "none of them empty"],
    ),
    "NaN in an image": (
        lambda: images.to_patches(with_one(IMAGE, np.nan, 20), 3),
        ValueError,
        ["nan at (1, 1, 0)"],
    ),
    "patches that leave a rest": (
        lambda: images.to_patches(IMAGE, 2),
        ValueError,
        ["size 2 for 6 by 9", "divisor of both"],
    ),
    "half a pixel": (
        lambda: images.to_patches(IMAGE, 1.5),
        TypeError,
        ["size must be a whole number", "1.5"],
    ),
    "patches of another image": (
        lambda: images.from_patches(ones(5, 18), 6, 9, 3),
        ValueError,
        ["(5, 18)", "6 patches", "cut with"],
    ),
    "patches of another width": (
        lambda: images.from_patches(ones(6, 17), 6, 9, 3),
        ValueError,
        ["(6, 17)", "multiple of 9"],
    ),
    "a width that 4 does not divide": (
        lambda: images.sinusoidal_2d(3, 5, 6),
        ValueError,
        ["got 6", "choose 8"],
    ),
    "a grid without rows": (
        lambda: images.grid(0, 5),
        ValueError,
        ["height must be at least 1", "got 0"],
    ),
    "shapes without kinds": (
        lambda: images.paint(ones(2, 4), np.array([0]), ones(2)),
        ValueError,
        ["(2, 4), (1,) and (2,)"],
    ),
    "a kind that is not there": (
        lambda: images.paint(ones(1, 4), np.array([3]), ones(1)),
        ValueError,
        ["-1 to 2", "got 3 to 3", "images.KINDS"],
    ),
    "too many shapes": (
        lambda: images.scenes(1, most=5),
        ValueError,
        ["most = 5", "fewer"],
    ),
    "a box of five numbers": (
        lambda: boxes.to_corners(ones(3, 5)),
        ValueError,
        ["(3, 5)", "four numbers"],
    ),
    "one box in place of a set": (
        lambda: boxes.iou(BOX[0], BOX),
        ValueError,
        ["got (4,)", "a[None, :]"],
    ),
    "centres in place of corners": (
        lambda: boxes.iou(BOX, np.array([[0.5, 0.5, 0.25, 0.25]])),
        ValueError,
        ["swapped corners", "boxes.to_corners"],
    ),
    "boxes of two dtypes": (
        lambda: boxes.generalised_iou(BOX, BOX.astype(np.float32)),
        TypeError,
        ["a float64, b float32"],
    ),
    "more objects than answers": (
        lambda: boxes.match(ones(3, 2)),
        ValueError,
        ["(3, 2)", "transpose"],
    ),
    "costs that are no numbers": (
        lambda: boxes.match(np.array([[np.nan]])),
        ValueError,
        ["nan at (0, 0)", "cost must be finite"],
    ),
    "fewer scores than boxes": (
        lambda: boxes.hits(BOX, ones(2), BOX),
        ValueError,
        ["got (2,) for (1, 4)"],
    ),
    "hits that are numbers": (
        lambda: boxes.average_precision(ones(2), ones(2), 3),
        ValueError,
        ["float64 array (2,)", "booleans"],
    ),
    "more hits than true boxes": (
        lambda: boxes.average_precision(ones(2), ones(2, dtype=bool), 1),
        ValueError,
        ["2 hits for n_truths = 1", "all images"],
    ),
    "a detector that gets bytes": (
        lambda: detector.detect({}, np.ones((32, 32, 1), np.uint8)),
        TypeError,
        ["image must hold float32 or float64"],
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "words"), REFUSED.values(), ids=REFUSED
)
def test_it_is_refused(call, error, words):
    refused(call, error, words)
