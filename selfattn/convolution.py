"""A convolution as attention: one head for each offset of the kernel.

Images are (..., height, width, channels) as in `images`, and vectors come row
by row. A place is a pair (row, column), counted from the top left; an offset
is the key's place minus the query's.
"""

from __future__ import annotations

import numpy as np

from . import demand, shapes
from .reference import attention

__all__ = [
    "convolve",
    "kernel_offsets",
    "quadratic_attention",
    "quadratic_scores",
    "receptive_field",
    "shift",
]

SHARP = 500.0  # from here on the softmax picks one key


def kernel_offsets(size: int) -> np.ndarray:
    """Where the entries of a square kernel look, (size^2, 2), row by row.

    size is odd, so that the kernel has a middle. Raises a ValueError for an
    even one.

    >>> kernel_offsets(3)[:4].tolist()
    [[-1, -1], [-1, 0], [-1, 1], [0, -1]]
    """
    size = _odd(size)
    rows, columns = np.divmod(np.arange(size**2), size)
    return np.stack([rows, columns], axis=-1) - size // 2


def convolve(images: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide a kernel over images; the output has the size of the input.

    images (..., height, width, c_in), kernel (K, K, c_in, c_out) with odd K.
    The kernel is not flipped, as in every deep-learning library, and beyond
    the border the nearest pixel counts ("replicate" padding). Returns
    (..., height, width, c_out). Raises a ValueError for shapes that do not
    fit. torch's kernels are (c_out, c_in, K, K).

    >>> image = np.array([[[1.0], [2.0], [4.0]]])
    >>> left = np.zeros((3, 3, 1, 1))
    >>> left[1, 0] = 1.0
    >>> convolve(image, left)[0, :, 0].tolist()
    [1.0, 1.0, 2.0]
    """
    height, width, size = _fit(images, kernel)
    out = np.zeros((*images.shape[:-1], kernel.shape[-1]), images.dtype)
    for (down, right), w in zip(
        kernel_offsets(size),
        kernel.reshape(size**2, *kernel.shape[2:]),
        strict=True,
    ):
        rows = np.clip(np.arange(height) + down, 0, height - 1)
        columns = np.clip(np.arange(width) + right, 0, width - 1)
        out += images[..., rows, :, :][..., columns, :] @ w
    return out


def quadratic_scores(
    height: int,
    width: int,
    centres: np.ndarray,
    sharpness: float | np.ndarray = SHARP,
) -> np.ndarray:
    """Minus the squared distance to the place that a head looks at.

    The score of query place p and key place r in head h is
    -sharpness * |r - p - centres[h]|^2. Cordonnier et al. (2020) call it the
    quadratic encoding of positions.

    centres : numbers (H, 2), rows downwards and columns to the right; they
        need not be whole.
    sharpness : a positive number, or one for each head, (H,). The softmax of
        these scores is a bell of standard deviation 1/sqrt(2 * sharpness).

    Returns (H, n, n) in float64, n = height * width. Raises a TypeError or a
    ValueError for centres that are not pairs of finite numbers, and for a
    sharpness that is not positive.

    >>> quadratic_scores(1, 3, np.array([[0.0, 1.0]]), 2.0)[0].tolist()
    [[-2.0, -0.0, -2.0], [-8.0, -2.0, -0.0], [-18.0, -8.0, -2.0]]
    """
    rows, columns = _along(height, width, centres, sharpness)
    n = height * width
    both = rows[:, :, None, :, None] + columns[:, None, :, None, :]
    return both.reshape(-1, n, n)


def quadratic_attention(
    images: np.ndarray,
    kernels: np.ndarray,
    centres: np.ndarray,
    sharpness: float | np.ndarray = SHARP,
    *,
    return_weights: bool = True,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Heads that look at a place, each with its own matrix, added up.

    images (..., height, width, c_in), kernels (H, c_in, c_out), centres and
    sharpness as in `quadratic_scores`. With centres=kernel_offsets(K) and
    the K^2 matrices of a kernel this is `convolve`, up to an error that
    falls like exp(-sharpness).

    Returns out (..., height, width, c_out) and weights (H, n, n) or None, in
    the dtype of images. Raises a ValueError for shapes that do not fit.
    Cordonnier et al. 2020, theorem 1.

    >>> image = np.array([[[1.0], [2.0], [4.0]]])
    >>> one, left = np.ones((1, 1, 1)), np.array([[0.0, -1.0]])
    >>> out, weights = quadratic_attention(image, one, left)
    >>> out[0, :, 0].tolist(), weights.shape
    ([1.0, 1.0, 2.0], (1, 3, 3))
    """
    demand.flag("return_weights", return_weights)
    _image(images)
    demand.inputs(kernels=kernels)
    demand.same_dtype({"images": images.dtype, "kernels": kernels.dtype})
    height, width, c_in = images.shape[-3:]
    if kernels.ndim != 3 or kernels.shape[1] != c_in:
        raise ValueError(
            f"kernels must be one matrix per head, (H, {c_in}, c_out): got "
            f"{kernels.shape}; a kernel (K, K, c_in, c_out) becomes one with "
            "reshape(K * K, c_in, c_out)"
        )
    bias = quadratic_scores(height, width, centres, sharpness)
    if len(bias) != len(kernels):
        raise ValueError(
            "every head needs a centre and a matrix: got "
            f"{len(bias)} centres and {len(kernels)} matrices; give as many"
        )
    bias = bias.astype(images.dtype)  # (H, n, n)
    n = height * width
    x = images.reshape(*images.shape[:-3], 1, n, c_in)  # (..., 1, n, c_in)
    blind = np.zeros((len(kernels), n, 1), images.dtype)  # queries and keys
    out, weights = attention(blind, blind, x @ kernels, bias=bias)
    out = out.sum(axis=-3).reshape(*images.shape[:-1], -1)
    return out, (weights if return_weights else None)


def receptive_field(
    weights: np.ndarray, height: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Where heads look, as seen from the query, and how widely.

    weights (..., n, n), rows that sum to 1, n = height * width. Returns the
    centre (..., 2), the mean offset from query to key in rows and columns,
    and the width (...): the root of the mean squared distance of the keys
    from the query plus that centre. Both are means over all queries, those
    at the border included. Raises a ValueError for weights of another size
    or rows that do not sum to 1.

    >>> centre, width = receptive_field(np.full((2, 2), 0.5), 1, 2)
    >>> centre.tolist(), width.round(3).tolist()
    ([0.0, 0.0], 0.707)
    """
    height = demand.integer("height", height)
    width = demand.integer("width", width)
    demand.float_array("weights", weights)
    n = height * width
    if weights.ndim < 2 or weights.shape[-2:] != (n, n):
        raise ValueError(
            f"weights must be (..., {n}, {n}) for an image of {height} by "
            f"{width}: got {weights.shape}; give the height and width that "
            "they belong to"
        )
    demand.finite("weights", weights)
    if abs(weights.sum(axis=-1) - 1).max() > 1e-3 or weights.min() < 0:
        raise ValueError(
            "weights must be shares, at least 0 and 1 in each row together: "
            f"got a row with the sum {weights.sum(axis=-1).flat[0]:.3g}; "
            "take the softmax over keys first"
        )
    rows, columns = np.divmod(np.arange(n), width)
    down = rows - rows[:, None]  # (n, n), key minus query
    right = columns - columns[:, None]
    mean = np.stack(
        [(weights * d).sum(-1).mean(-1) for d in (down, right)], axis=-1
    )  # (..., 2)
    square = (weights * (down**2 + right**2)).sum(-1).mean(-1)  # (...)
    spread = np.maximum(square - (mean**2).sum(-1), 0)
    return mean, np.sqrt(spread)


def shift(images: np.ndarray, down: int, right: int) -> np.ndarray:
    """Move images by whole pixels; zeros come in at the other side.

    images (..., height, width, channels); negative numbers move them up and
    to the left. Returns an array like images. Raises a TypeError for numbers
    that are not whole.

    >>> shift(np.array([[[1.0], [2.0], [3.0]]]), 0, 1)[0, :, 0].tolist()
    [0.0, 1.0, 2.0]
    """
    _image(images)
    height, width = images.shape[-3:-1]
    down, right = demand.whole_numbers("down and right", [down, right])
    moved = np.zeros_like(images)
    if abs(down) < height and abs(right) < width:
        to, start = _overlap(down, height), _overlap(-down, height)
        to_c, start_c = _overlap(right, width), _overlap(-right, width)
        moved[..., to, to_c, :] = images[..., start, start_c, :]
    return moved


def _overlap(by, n):
    return slice(max(by, 0), n + min(by, 0))


def _along(height, width, centres, sharpness):
    """The scores along rows (H, height, height) and along columns."""
    height = demand.integer("height", height)
    width = demand.integer("width", width)
    if not isinstance(centres, np.ndarray) or centres.dtype.kind not in "iuf":
        raise TypeError(
            "centres must be an array of numbers: got "
            f"{demand.shown(centres)}; write np.array([[0, 1]]) for one head "
            "that looks one pixel to the right"
        )
    if centres.ndim != 2 or centres.shape[1] != 2 or not len(centres):
        raise ValueError(
            "centres must be pairs (row, column), (H, 2): got "
            f"{centres.shape}; give one offset per head"
        )
    demand.finite("centres", centres.astype(float))
    sharp = _sharpness(sharpness, len(centres))  # (H or 1, 1, 1)
    scores = []
    for n, centre in ((height, centres[:, 0]), (width, centres[:, 1])):
        offset = np.arange(n) - np.arange(n)[:, None]  # key minus query
        away = offset - centre[:, None, None]  # (H, n, n)
        scores.append(-sharp * away**2)
    return scores


def _sharpness(sharpness, n_heads):
    if not isinstance(sharpness, np.ndarray):
        return np.array(demand.positive("sharpness", sharpness)).reshape(
            1, 1, 1
        )
    demand.float_array("sharpness", sharpness)
    if sharpness.shape != (n_heads,):
        raise ValueError(
            f"sharpness must be one number, or one per head, ({n_heads},): "
            f"got {sharpness.shape}; give as many as there are centres"
        )
    demand.finite("sharpness", sharpness)
    demand.positive("sharpness", float(sharpness.min()))
    return sharpness[:, None, None]


def _odd(size):
    size = demand.integer("size", size)
    if size % 2 == 0:
        raise ValueError(
            "a kernel needs a middle, so its size must be odd: got "
            f"{size}; use {size + 1}"
        )
    return size


def _image(images):
    demand.float_array("images", images)
    shapes.image(images.shape)
    demand.finite("images", images)


def _fit(images, kernel):
    """Height, width and kernel size of inputs that fit together."""
    _image(images)
    demand.inputs(kernel=kernel)
    demand.same_dtype({"images": images.dtype, "kernel": kernel.dtype})
    c_in = images.shape[-1]
    if (
        kernel.ndim != 4
        or kernel.shape[0] != kernel.shape[1]
        or kernel.shape[2] != c_in
    ):
        raise ValueError(
            f"a kernel must be (K, K, {c_in}, c_out): got {kernel.shape}; "
            "torch's (c_out, c_in, K, K) becomes one with "
            "transpose(2, 3, 1, 0)"
        )
    _odd(kernel.shape[0])
    return *images.shape[-3:-1], kernel.shape[0]
