"""Chapter 09's live figure: the page's detector is that of NumPy."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("anywidget")
pytest.importorskip("matplotlib")
from figure_engine import Engine

from selfattn import boxes, images
from selfattn.widgets import FindShapes


@pytest.fixture(scope="module")
def shapes():
    return Engine("find_shapes")


def placed(seed, n=3):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(3, size=n)
    sides = rng.uniform(0.2, 0.45, (n, 2))
    centres = rng.uniform(sides / 2, 1 - sides / 2)
    shades = rng.uniform(0.5, 1, n)
    return np.column_stack([kinds, centres, sides, shades]).tolist()


@pytest.mark.parametrize("seed", range(4))
def test_the_page_paints_the_pixels_of_numpy(shapes, seed):
    scene = placed(seed, seed + 1)
    figure = FindShapes.example()
    figure.shapes = scene
    got = np.array(shapes("paint", scene))
    assert np.allclose(got, figure.image()[:, :, 0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("make", [FindShapes.example, FindShapes])
def test_the_page_finds_what_numpy_finds(shapes, make, seed):
    figure = make()
    figure.shapes = placed(seed)
    got = shapes("fromStored", figure.net, figure.shapes)
    expected = figure.found()
    for name in ("kinds", "boxes", "looks", "searches"):
        assert np.allclose(got[name], expected[name], rtol=0, atol=1e-6), name


def test_overlaps_are_those_of_the_package(shapes):
    drawn = np.array(placed(7, 2) + placed(8, 3))[:, 1:5]
    corners = boxes.to_corners(drawn)
    expected = boxes.iou(corners, corners)
    got = [[shapes("iou", a, b) for b in drawn.tolist()]
           for a in drawn.tolist()]  # fmt: skip
    assert np.allclose(got, expected)


def test_it_starts_with_three_shapes_that_are_found(shapes):
    figure = FindShapes()
    state = figure.state()
    said = shapes(
        "describe", state, shapes("fromStored", figure.net, figure.shapes)
    )
    assert said.startswith("3 found: ")
    for kind in images.KINDS:
        assert f"{kind} (IoU 0." in said
    assert len(figure.html()) < 90_000


def test_shapes_of_another_form_are_refused():
    with pytest.raises(ValueError, match="shapes must be"):
        FindShapes.example().__class__(shapes=[[0, 1, 2]])
