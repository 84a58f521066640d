"""A convolution from heads: the construction, its error, and what it needs."""

from __future__ import annotations

import numpy as np
import pytest
from bad_input import ones, refused, with_one

from selfattn import convolution, glyphs, reference
from selfattn.convolution import (
    convolve,
    kernel_offsets,
    quadratic_attention,
    quadratic_scores,
    receptive_field,
    shift,
)

HEIGHT, WIDTH, C_IN, C_OUT = 7, 11, 2, 3
N = HEIGHT * WIDTH


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def heads(kernel):
    """The matrices and centres of the heads that make a kernel."""
    size = len(kernel)
    return kernel.reshape(size**2, *kernel.shape[2:]), kernel_offsets(size)


def by_loops(image, kernel):
    """A convolution as its definition says it."""
    size = len(kernel)
    out = np.zeros((*image.shape[:2], kernel.shape[-1]))
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            for a in range(size):
                for b in range(size):
                    row = min(max(i + a - size // 2, 0), image.shape[0] - 1)
                    col = min(max(j + b - size // 2, 0), image.shape[1] - 1)
                    out[i, j] += image[row, col] @ kernel[a, b]
    return out


@pytest.mark.parametrize("size", [1, 3, 5])
def test_convolve_is_the_definition(size):
    image, kernel = drawn(5, 3, C_IN), drawn(size, size, C_IN, C_OUT, seed=1)
    assert np.allclose(convolve(image, kernel), by_loops(image, kernel))


def test_convolve_is_torchs_with_replicate_padding():
    torch = pytest.importorskip("torch")
    images = drawn(4, HEIGHT, WIDTH, C_IN)
    kernel = drawn(3, 3, C_IN, C_OUT, seed=1)
    layer = torch.nn.Conv2d(
        C_IN, C_OUT, 3, padding=1, padding_mode="replicate", bias=False
    ).double()
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(kernel.transpose(3, 2, 0, 1)))
        out = layer(torch.from_numpy(images.transpose(0, 3, 1, 2)))
    out = out.permute(0, 2, 3, 1).numpy()
    assert np.allclose(convolve(images, kernel), out, rtol=0, atol=1e-12)


@pytest.mark.parametrize("size", [1, 3, 5])
@pytest.mark.parametrize("batch", [(), (2,), (2, 5)])
def test_one_head_per_offset_is_a_convolution(size, batch):
    """Also at the border, where the nearest pixel wins: replicate padding."""
    images = drawn(*batch, HEIGHT, WIDTH, C_IN)
    kernel = drawn(size, size, C_IN, C_OUT, seed=1)
    out, weights = quadratic_attention(images, *heads(kernel))
    assert np.allclose(out, convolve(images, kernel), rtol=0, atol=1e-12)
    assert weights.shape == (size**2, N, N)
    assert np.allclose(weights.max(axis=-1), 1)


def test_the_error_falls_like_e_to_the_minus_sharpness():
    """Log error against sharpness is a line with the slope -1."""
    image, kernel = drawn(HEIGHT, WIDTH, C_IN), drawn(3, 3, C_IN, C_OUT)
    exact = convolve(image, kernel)
    sharp = np.array([8.0, 12.0, 16.0])
    errors = [
        abs(quadratic_attention(image, *heads(kernel), s)[0] - exact).max()
        for s in sharp
    ]
    slope = np.polyfit(sharp, np.log(errors), 1)[0]
    assert abs(slope + 1) < 1e-3


def test_the_first_error_is_a_discrete_laplacian():
    """Each head takes e^(-s) of its four neighbours; the border keeps some."""
    image, kernel = drawn(HEIGHT, WIDTH, C_IN), drawn(3, 3, C_IN, C_OUT)
    s = 14.0
    out, _ = quadratic_attention(image, *heads(kernel), s)
    found = (out - convolve(image, kernel)) * np.exp(s)
    laplace = np.zeros((3, 3, C_IN, C_IN))
    for at, factor in (
        ((1, 1), -4),
        *zip([(0, 1), (1, 0), (1, 2), (2, 1)], [1] * 4, strict=True),
    ):
        laplace[at] = factor * np.eye(C_IN)
    predicted = convolve(convolve(image, laplace), kernel)
    inner = (slice(2, -2), slice(2, -2))
    assert np.allclose(found[inner], predicted[inner], rtol=0, atol=1e-3)


def test_a_blunt_head_takes_the_mean_and_a_wide_one_is_a_bell():
    image = drawn(HEIGHT, WIDTH, C_IN)
    eye, here = np.eye(C_IN)[None], np.zeros((1, 2))
    out, _ = quadratic_attention(image, eye, here, 1e-9)
    assert np.allclose(out, image.mean(axis=(0, 1)), atol=1e-6)
    _, weights = quadratic_attention(
        drawn(41, 41, 1), np.ones((1, 1, 1)), here, 0.05
    )
    middle = weights[0, 41 * 20 + 20].reshape(41, 41)
    at = np.arange(41) - 20
    variance = (middle.sum(axis=0) * at**2).sum()
    assert abs(variance - 1 / (2 * 0.05)) < 1e-3


def test_scores_are_the_distance_and_fit_attention():
    centres = np.array([[0, 1], [-2, 3], [0.5, -0.25]])
    sharp = np.array([1.0, 2.0, 0.5])
    scores = quadratic_scores(3, 5, centres, sharp)
    assert scores.shape == (3, 15, 15)
    for h, p, r in ((0, 0, 14), (1, 7, 3), (2, 13, 2)):
        query, key = (np.array(divmod(at, 5)) for at in (p, r))
        away = ((key - query - centres[h]) ** 2).sum()
        assert np.isclose(scores[h, p, r], -sharp[h] * away)
    weights = reference.softmax(scores)
    assert np.allclose(weights.sum(axis=-1), 1)


def test_three_numbers_a_place_make_the_same_scores():
    """q·k of (row, column, row² + column²): no bias is needed."""
    s, centre = 3.0, np.array([1.0, -2.0])
    rows, columns = np.divmod(np.arange(15), 5)
    place = np.stack([rows, columns], axis=-1).astype(float)
    q = np.concatenate([2 * s * (place + centre), np.full((15, 1), -s)], 1)
    k = np.concatenate([place, (place**2).sum(1, keepdims=True)], 1)
    bias = quadratic_scores(3, 5, centre[None], s)[0]
    assert np.allclose(
        reference.softmax(q @ k.T), reference.softmax(bias), atol=1e-12
    )


def test_the_receptive_field_of_a_placed_head_is_its_centre_and_width():
    weights = reference.softmax(
        quadratic_scores(41, 41, np.array([[0.0, 0.0]]), 0.5)
    )
    centre, width = receptive_field(weights, 41, 41)
    assert abs(centre).max() < 1e-9
    assert abs(width[0] - np.sqrt(2)) < 0.03  # two axes of variance 1
    eye = np.eye(N)[None, None]
    centre, width = receptive_field(eye, HEIGHT, WIDTH)
    assert centre.shape == (1, 1, 2) and not centre.any() and not width.any()


def test_a_shift_moves_and_fills_with_zeros():
    image = drawn(HEIGHT, WIDTH, 1)
    for down, right in ((0, 0), (2, -3), (-1, 4), (7, 0), (0, -99)):
        moved = shift(image, down, right)
        for i in range(HEIGHT):
            for j in range(WIDTH):
                old = i - down, j - right
                inside = 0 <= old[0] < HEIGHT and 0 <= old[1] < WIDTH
                assert moved[i, j, 0] == (image[old][0] if inside else 0)


def test_both_move_with_the_image_in_the_interior():
    image, kernel = drawn(HEIGHT, WIDTH, C_IN), drawn(3, 3, C_IN, C_OUT)
    matrices, centres = heads(kernel)

    def by_heads(x):
        return quadratic_attention(x, matrices, centres)[0]

    for layer in (by_heads, lambda x: convolve(x, kernel)):
        gap = layer(shift(image, 1, 2)) - shift(layer(image), 1, 2)
        assert abs(gap[2:-1, 3:-1]).max() < 1e-12
        assert abs(gap).max() > 0.1  # the border is another matter


def test_float32_stays_float32():
    image = drawn(HEIGHT, WIDTH, C_IN).astype(np.float32)
    kernel = drawn(3, 3, C_IN, C_OUT).astype(np.float32)
    out, weights = quadratic_attention(image, *heads(kernel))
    assert out.dtype == weights.dtype == np.float32
    assert np.allclose(out, convolve(image, kernel), atol=1e-5)
    assert (
        quadratic_attention(image, *heads(kernel), return_weights=False)[1]
        is None
    )


# --- letters ---------------------------------------------------------------


def test_letters_are_the_same_for_a_seed_and_all_kinds_occur():
    images, labels = glyphs.letters(211, seed=3)
    again, same = glyphs.letters(211, seed=3)
    assert (images == again).all() and (labels == same).all()
    assert images.shape == (211, 16, 16, 1) and images.dtype == np.float32
    assert set(labels) == set(range(10)) and len(glyphs.KINDS) == 10
    other, _ = glyphs.letters(211, seed=4)
    assert abs(images - other).max() > 0.3


def test_letters_can_be_told_apart_from_the_mean_of_their_kind():
    images, labels = glyphs.letters(2000, seed=0)
    flat = images.reshape(len(images), -1)
    means = np.stack(
        [flat[:1500][labels[:1500] == c].mean(0) for c in range(10)]
    )
    away = ((flat[1500:, None] - means) ** 2).sum(-1)
    assert (away.argmin(1) == labels[1500:]).mean() > 0.3  # chance: 0.1


# --- what is refused -------------------------------------------------------

IMAGE, KERNEL = ones(6, 9, 2), ones(3, 3, 2, 5)
MATRICES, CENTRES = ones(9, 2, 5), kernel_offsets(3)

REFUSED = {
    "an even kernel": (
        lambda: kernel_offsets(4),
        ValueError,
        ["must be odd", "got 4", "use 5"],
    ),
    "a kernel in torch's order": (
        lambda: convolve(IMAGE, ones(5, 2, 3, 3)),
        ValueError,
        ["(5, 2, 3, 3)", "transpose(2, 3, 1, 0)"],
    ),
    "an image without channels": (
        lambda: convolve(ones(6, 9), KERNEL),
        ValueError,
        ["(6, 9)", "image[:, :, None]"],
    ),
    "NaN in an image": (
        lambda: convolve(with_one(IMAGE, np.nan, 20), KERNEL),
        ValueError,
        ["nan at (1, 1, 0)"],
    ),
    "two dtypes": (
        lambda: convolve(IMAGE, KERNEL.astype(np.float32)),
        TypeError,
        ["share one dtype"],
    ),
    "a kernel where matrices belong": (
        lambda: quadratic_attention(IMAGE, KERNEL, CENTRES),
        ValueError,
        ["one matrix per head", "reshape"],
    ),
    "fewer centres than matrices": (
        lambda: quadratic_attention(IMAGE, MATRICES, CENTRES[:4]),
        ValueError,
        ["4 centres and 9 matrices"],
    ),
    "a list of centres": (
        lambda: quadratic_scores(3, 5, [[0, 1]]),
        TypeError,
        ["np.array([[0, 1]])"],
    ),
    "one centre without its axis": (
        lambda: quadratic_scores(3, 5, np.array([0, 1])),
        ValueError,
        ["(H, 2)", "(2,)"],
    ),
    "a centre that is nowhere": (
        lambda: quadratic_scores(3, 5, np.array([[0, np.nan]])),
        ValueError,
        ["centres must be finite"],
    ),
    "a sharpness of zero": (
        lambda: quadratic_scores(3, 5, CENTRES, 0.0),
        ValueError,
        ["sharpness must be positive"],
    ),
    "a sharpness below zero for one head": (
        lambda: quadratic_scores(3, 5, CENTRES, with_one(ones(9), -1.0, 3)),
        ValueError,
        ["sharpness must be positive", "got -1.0"],
    ),
    "as many sharpnesses as pixels": (
        lambda: quadratic_scores(3, 5, CENTRES, ones(15)),
        ValueError,
        ["(9,)", "(15,)"],
    ),
    "weights of another image": (
        lambda: receptive_field(np.eye(14), 3, 5),
        ValueError,
        ["(..., 15, 15)", "(14, 14)"],
    ),
    "scores instead of weights": (
        lambda: receptive_field(-ones(15, 15), 3, 5),
        ValueError,
        ["shares", "softmax over keys"],
    ),
    "half a pixel": (
        lambda: shift(IMAGE, 0.5, 1),
        TypeError,
        ["whole numbers"],
    ),
    "a canvas too small for a letter": (
        lambda: glyphs.letters(3, size=4),
        ValueError,
        ["size must be at least 8", "got 4"],
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_with_a_sentence(case):
    refused(*case)


def test_the_module_lists_what_it_offers():
    for name in convolution.__all__:
        assert callable(getattr(convolution, name))
