"""An image as a set of vectors: pixels or patches, and where each lies.

Images are (..., height, width, channels), rows from top to bottom; a grey
image has one channel. Vectors come row by row, as one reads. `scenes` draws
toy pictures with boxes and classes from a seed.
"""

from __future__ import annotations

import numpy as np

from selfattn import demand, shapes
from selfattn.positions import sinusoidal

KINDS = ("rectangle", "ellipse", "triangle")  # classes 0, 1, 2


def to_pixels(images: np.ndarray) -> np.ndarray:
    """Every pixel becomes one vector, row by row.

    images (..., height, width, channels). Returns (..., height * width,
    channels). Raises a TypeError for anything but floats, a ValueError for
    images without a channel axis. Lecture slide "What is the input?".

    >>> to_pixels(np.arange(6.0).reshape(2, 3, 1))[:, 0].tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    """
    return to_patches(images, 1)


def to_patches(images: np.ndarray, size: int) -> np.ndarray:
    """Cut images into squares; every square becomes one vector.

    images (..., height, width, channels), both sides multiples of `size`.
    Returns (..., n, size * size * channels) with n = height * width /
    size^2. Patches come row by row, and so do the pixels of a patch, each
    with all of its channels. Raises a ValueError for a size that leaves a
    rest. Dosovitskiy et al. 2021, section 3.1.

    >>> image = np.arange(8.0).reshape(2, 4, 1)
    >>> to_patches(image, 2)
    array([[0., 1., 4., 5.],
           [2., 3., 6., 7.]])
    """
    height, width, channels = _image_shape(images)
    size = _fits(height, width, size)
    rows, columns = height // size, width // size
    cut = images.reshape(
        *images.shape[:-3], rows, size, columns, size, channels
    )
    cut = cut.swapaxes(-4, -3)  # (..., rows, columns, size, size, channels)
    return cut.reshape(*images.shape[:-3], rows * columns, -1)


def from_patches(
    patches: np.ndarray, height: int, width: int, size: int
) -> np.ndarray:
    """Put patches together again: the inverse of `to_patches`.

    patches (..., n, size * size * channels), height and width in pixels.
    Returns (..., height, width, channels). Raises a ValueError for a number
    or a width of patches that does not give such an image.

    >>> image = np.arange(24.0).reshape(2, 4, 3)
    >>> (from_patches(to_patches(image, 2), 2, 4, 2) == image).all()
    np.True_
    """
    demand.inputs(patches=patches)
    height = demand.integer("height", height)
    width = demand.integer("width", width)
    size = _fits(height, width, size)
    rows, columns = height // size, width // size
    n, d = patches.shape[-2:]
    if n != rows * columns or d % size**2:
        raise ValueError(
            f"an image of {height} by {width} has {rows * columns} patches "
            f"of a multiple of {size**2} numbers: got {patches.shape}; give "
            "the height, width and size that it was cut with"
        )
    batch = patches.shape[:-2]
    cut = patches.reshape(*batch, rows, columns, size, size, -1)
    cut = cut.swapaxes(-4, -3)  # (..., rows, size, columns, size, channels)
    return cut.reshape(*batch, height, width, -1)


def grid(height: int, width: int) -> np.ndarray:
    """The row and the column of every vector of a grid, (height * width, 2).

    >>> grid(2, 3).tolist()
    [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
    """
    height = demand.integer("height", height)
    width = demand.integer("width", width)
    rows, columns = np.divmod(np.arange(height * width), width)
    return np.stack([rows, columns], axis=-1)  # (n, 2)


def sinusoidal_2d(
    height: int, width: int, d_model: int, base: float = 10000.0
) -> np.ndarray:
    """Sines and cosines of the row, then of the column.

    The first half of each vector is `positions.sinusoidal` of the row, the
    second half that of the column. Returns (height * width, d_model) in
    float64, row by row. Raises a ValueError if 4 does not divide d_model.
    Carion et al. 2020, appendix A.4, with the pairs side by side.

    >>> sinusoidal_2d(2, 2, 4).round(2).tolist()[1]
    [0.0, 1.0, 0.84, 0.54]
    """
    height = demand.integer("height", height)
    width = demand.integer("width", width)
    d_model = demand.integer("d_model", d_model)
    if d_model % 4:
        raise ValueError(
            "d_model must be a multiple of 4, a sine and a cosine for rows "
            f"and for columns: got {d_model}; choose {d_model + -d_model % 4}"
        )
    place = grid(height, width)  # (n, 2)
    rows = sinusoidal(height, d_model // 2, base)  # (height, d_model / 2)
    columns = sinusoidal(width, d_model // 2, base)  # (width, d_model / 2)
    halves = [rows[place[:, 0]], columns[place[:, 1]]]
    return np.concatenate(halves, axis=-1)  # (n, d_model)


def paint(
    boxes: np.ndarray, kinds: np.ndarray, shades: np.ndarray, size: int = 32
) -> np.ndarray:
    """Draw shapes onto black canvases, the later ones on top.

    boxes : floats (..., n, 4), (centre x, centre y, width, height) of each
        shape as shares of the canvas, x to the right and y downwards.
    kinds : whole numbers (..., n), indices of KINDS; -1 draws nothing.
    shades : floats (..., n), from 0, black, to 1, white.

    Returns floats (..., size, size, 1); edges are smooth, about a pixel
    wide. Raises a ValueError for shapes that do not fit or a kind that is
    not there.

    >>> whole = np.array([[0.5, 0.5, 1.0, 1.0]])
    >>> paint(whole, np.array([0]), np.array([0.25]), 2)[:, :, 0].tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    size = demand.integer("size", size)
    demand.inputs(boxes=boxes)
    kinds = demand.whole_numbers("kinds", kinds)  # (..., n)
    demand.float_array("shades", shades)
    if not boxes.shape == (*kinds.shape, 4) == (*shades.shape, 4):
        raise ValueError(
            "every shape needs a box of 4 numbers, a kind and a shade: got "
            f"{boxes.shape}, {kinds.shape} and {shades.shape}; give (n, 4), "
            "(n,) and (n,)"
        )
    if kinds.min() < -1 or kinds.max() >= len(KINDS):
        raise ValueError(
            f"kinds must be -1 to {len(KINDS) - 1}: got {kinds.min()} to "
            f"{kinds.max()}; see images.KINDS"
        )
    canvas = np.zeros((*kinds.shape[:-1], size, size))
    for i in range(kinds.shape[-1]):
        cover = _cover(boxes[..., i, :] * size, kinds[..., i], size)
        shade = shades[..., i, None, None]
        canvas = canvas + cover * (shade - canvas)  # (..., size, size)
    return canvas[..., None]


def _cover(box, kind, size):
    """How much of each pixel a shape covers, (..., size, size)."""
    at = np.arange(size) + 0.5  # middles of the pixels
    x, y, w, h = (box[..., j, None, None] for j in range(4))
    dx, dy = at - x, at[:, None] - y  # (..., 1, size), (..., size, 1)

    def soft(inside):
        return np.clip(inside + 0.5, 0, 1)

    rectangle = soft(w / 2 - abs(dx)) * soft(h / 2 - abs(dy))
    radius = np.sqrt((2 * dx / w) ** 2 + (2 * dy / h) ** 2)
    ellipse = soft((1 - radius) * np.minimum(w, h) / 2)
    half = w * (dy / h + 0.5) / 2  # half the triangle's width at this height
    triangle = soft(half - abs(dx)) * soft(h / 2 - abs(dy))
    kind = kind[..., None, None]
    return np.select(
        [kind == 0, kind == 1, kind == 2], [rectangle, ellipse, triangle], 0.0
    )


def scenes(n: int, seed: int = 0, most: int = 3, size: int = 32) -> dict:
    """Draw n toy scenes of 1 to `most` shapes, the same for each seed.

    Sides are 0.2 to 0.45 of the canvas, every shape lies inside it, and no
    two centres are closer than 0.25 in both directions.

    Returns a dict: `images` (n, size, size, 1) float32 in [0, 1], `boxes`
    (n, most, 4) and `kinds` (n, most), filled up with zeros and -1. Raises
    a ValueError for more than 4 shapes, which may find no room.

    >>> drawn = scenes(5, seed=1)
    >>> drawn["images"].shape, drawn["boxes"].shape, drawn["kinds"].shape
    ((5, 32, 32, 1), (5, 3, 4), (5, 3))
    """
    n, most = demand.integer("n", n), demand.integer("most", most)
    if most > 4:
        raise ValueError(
            f"a scene has room for at most 4 shapes: got most = {most}; ask "
            "for fewer"
        )
    rng = np.random.default_rng(seed)
    boxes = _apart(rng, n, most)  # (n, most, 4)
    kinds = rng.integers(len(KINDS), size=(n, most))
    shades = rng.uniform(0.5, 1.0, (n, most))
    empty = np.arange(most) >= rng.integers(1, most + 1, (n, 1))  # (n, most)
    kinds[empty] = -1
    images = paint(boxes, kinds, shades, size)
    boxes = np.where(empty[..., None], 0.0, boxes)
    return {
        "images": images.astype(np.float32),
        "boxes": boxes.astype(np.float32),
        "kinds": kinds,
    }


def _apart(rng, n, most):
    """Boxes (n, most, 4) whose centres are apart, drawn until they are."""
    boxes = np.zeros((n, most, 4))
    left = np.arange(n)
    while len(left):
        sides = rng.uniform(0.2, 0.45, (len(left), most, 2))
        centres = rng.uniform(sides / 2, 1 - sides / 2)
        boxes[left] = np.concatenate([centres, sides], axis=-1)
        gap = abs(centres[:, :, None] - centres[:, None]).max(axis=-1)
        gap += np.eye(most)  # a shape is not too close to itself
        left = left[(gap < 0.25).any(axis=(1, 2))]
    return boxes


def _image_shape(images):
    """The height, width and channels of checked images."""
    demand.float_array("images", images)
    shapes.image(images.shape)
    demand.finite("images", images)
    return images.shape[-3:]


def _fits(height, width, size):
    """A patch's side that divides both sides of the image."""
    size = demand.integer("size", size)
    if height % size or width % size:
        raise ValueError(
            f"patches must tile the image: got size {size} for {height} by "
            f"{width}; choose a divisor of both, or pad the image"
        )
    return size
