"""Images as sets of vectors, places in two dimensions, and toy scenes."""

from __future__ import annotations

import numpy as np
import pytest

from selfattn import images, positions

B, ROWS, COLUMNS, SIZE, C = 2, 3, 5, 7, 11
HEIGHT, WIDTH = ROWS * SIZE, COLUMNS * SIZE


def pictures(*batch):
    shape = (*batch, HEIGHT, WIDTH, C)
    return np.arange(np.prod(shape), dtype=float).reshape(shape)


def test_a_pixel_is_a_vector_row_by_row():
    image = pictures()
    pixels = images.to_pixels(image)
    assert pixels.shape == (HEIGHT * WIDTH, C)
    for n, (row, column) in enumerate(images.grid(HEIGHT, WIDTH)):
        assert (pixels[n] == image[row, column]).all()


@pytest.mark.parametrize("batch", [(), (B,), (B, 1)])
def test_a_patch_holds_the_pixels_of_its_square(batch):
    image = pictures(*batch)
    cut = images.to_patches(image, SIZE)
    assert cut.shape == (*batch, ROWS * COLUMNS, SIZE * SIZE * C)
    for n, (row, column) in enumerate(images.grid(ROWS, COLUMNS)):
        down = slice(row * SIZE, (row + 1) * SIZE)
        right = slice(column * SIZE, (column + 1) * SIZE)
        square = image[..., down, right, :].reshape(*batch, -1)
        assert (cut[..., n, :] == square).all()


@pytest.mark.parametrize("size", [1, SIZE])
def test_patches_go_together_again(size):
    image = pictures(B)
    cut = images.to_patches(image, size)
    again = images.from_patches(cut, HEIGHT, WIDTH, size)
    assert (again == image).all()


def test_cutting_leaves_the_image_alone():
    image = pictures()
    cut = images.to_patches(image, SIZE)
    cut[:] = -1
    assert image.min() == 0


def test_places_in_two_dimensions_are_two_halves():
    found = images.sinusoidal_2d(ROWS, COLUMNS, 8)
    assert found.shape == (ROWS * COLUMNS, 8)
    for n, (row, column) in enumerate(images.grid(ROWS, COLUMNS)):
        assert np.allclose(found[n, :4], positions.sinusoidal(ROWS, 4)[row])
        right = positions.sinusoidal(COLUMNS, 4)[column]
        assert np.allclose(found[n, 4:], right)


def test_the_product_of_two_places_depends_on_their_offset_alone():
    places = images.sinusoidal_2d(ROWS, COLUMNS, 12)
    grid = images.grid(ROWS, COLUMNS)
    products, offsets = places @ places.T, {}
    for i, one in enumerate(grid):
        for j, other in enumerate(grid):
            key = tuple(abs(one - other))
            offsets.setdefault(key, []).append(products[i, j])
    assert max(np.ptp(found) for found in offsets.values()) < 1e-12


# --- toy scenes ------------------------------------------------------------


def test_a_seed_draws_one_set_of_scenes():
    one, again, other = (images.scenes(7, seed=s) for s in (3, 3, 4))
    for name in ("images", "boxes", "kinds"):
        assert (one[name] == again[name]).all()
    assert not (one["images"] == other["images"]).all()


def test_scenes_are_as_described():
    drawn = images.scenes(300, seed=5)
    there = drawn["kinds"] >= 0  # (n, 3)
    assert set(there.sum(axis=1)) == {1, 2, 3}
    boxes = drawn["boxes"][there]  # (P, 4)
    centre, sides = boxes[:, :2], boxes[:, 2:]
    assert sides.min() >= 0.2 and sides.max() <= 0.45 + 1e-6
    assert (centre - sides / 2).min() > -1e-6
    assert (centre + sides / 2).max() < 1 + 1e-6
    assert (drawn["boxes"][~there] == 0).all()
    assert drawn["images"].min() == 0 and drawn["images"].max() <= 1
    middles = drawn["boxes"][..., :2].astype(float)  # (n, 3, 2)
    for found, real in zip(middles, there, strict=True):
        found = found[real]
        for i in range(len(found)):
            for j in range(i):
                assert abs(found[i] - found[j]).max() > 0.25 - 1e-6


@pytest.mark.parametrize("kind", range(3))
def test_a_shape_fills_its_box_and_nothing_else(kind):
    size = 96
    box = np.array([[0.5, 0.4, 0.5, 0.25]])
    kinds, shades = np.array([kind]), np.array([0.75])
    drawn = images.paint(box, kinds, shades, size)[:, :, 0]
    rows, columns = np.nonzero(drawn > 0.375)
    assert columns.min() == pytest.approx(0.25 * size, abs=1)
    assert columns.max() == pytest.approx(0.75 * size - 1, abs=1)
    assert rows.min() == pytest.approx(0.275 * size, abs=3)
    assert rows.max() == pytest.approx(0.525 * size - 1, abs=1)
    area = (drawn / 0.75).sum() / (0.5 * 0.25 * size**2)
    assert area == pytest.approx([1, np.pi / 4, 0.5][kind], abs=0.03)


def test_the_last_shape_lies_on_top_and_none_is_drawn_for_minus_one():
    box = np.array([[0.5, 0.5, 1.0, 1.0]] * 2)
    shades = np.array([0.25, 1.0])
    both = images.paint(box, np.array([0, 0]), shades, 4)
    assert (both == 1.0).all()
    first = images.paint(box, np.array([0, -1]), shades, 4)
    assert (first == 0.25).all()
