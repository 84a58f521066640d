"""Chapter 11: move a head over an image, beside the kernel it amounts to."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from selfattn import plots
from selfattn.convolution import quadratic_attention

from ..base import WORDS, LiveFigure

INK = 16  # shades of the image
REACH = 3  # the kernel is shown up to this offset
FAR = 60  # as far as a kernel is summed


class HeadKernel(LiveFigure):
    """A head that looks at a place, on an image, and its kernel.

    image (height, width) : whole numbers from 0, paper, to 16, ink.
    row, column : the query's pixel, counted from 0.
    down, right : the head's centre, seen from the query, in pixels.
    spread : its standard deviation in pixels, 1/sqrt(2 * sharpness).

    Raises a ValueError for an image that is no such matrix, and for a query
    outside of it.

    >>> fig = HeadKernel.example()
    >>> out, weights = fig.attend()
    >>> out.shape, weights.shape, fig.kernel().shape
    ((4, 5), (4, 5), (7, 7))
    """

    image: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    row = traitlets.Int(0, min=0).tag(sync=True, state=True)
    column = traitlets.Int(0, min=0).tag(sync=True, state=True)
    down = traitlets.Float(0.0).tag(sync=True, state=True)
    right = traitlets.Float(1.0).tag(sync=True, state=True)
    spread = traitlets.Float(0.5, min=0.05).tag(sync=True, state=True)

    def __init__(self, image, **settings):
        shades = np.asarray(image)
        if (
            shades.ndim != 2
            or not shades.size
            or shades.dtype.kind not in "iu"
            or not 0 <= shades.min() <= shades.max() <= INK
        ):
            raise ValueError(
                f"an image must be a matrix of whole numbers 0 to {INK}: got"
                f" {shades.dtype} {shades.shape}; take one of the digits"
            )
        place = settings.get("row", 0), settings.get("column", 0)
        inside = zip(place, shades.shape, strict=True)
        if not all(0 <= p < n for p, n in inside):
            raise ValueError(
                f"the query must lie in the image {shades.shape}: got row"
                f" and column {place}; count from 0"
            )
        super().__init__(image=shades.tolist(), **settings)

    @classmethod
    def example(cls, words=WORDS):
        """A slanted stroke."""
        image = 4 * np.eye(len(words), 5, dtype=int)
        return cls(image, row=1, column=2, down=-1.0, right=0.5)

    @property
    def sharpness(self) -> float:
        """The s of the head's scores, -s * squared distance."""
        return 1 / (2 * self.spread**2)

    def attend(self) -> tuple[np.ndarray, np.ndarray]:
        """What the head makes of the image, and the query's weights."""
        image = np.array(self.image, dtype=float)[..., None]
        out, weights = quadratic_attention(
            image,
            np.ones((1, 1, 1)),
            np.array([[self.down, self.right]]),
            self.sharpness,
        )
        assert weights is not None
        height, width = image.shape[:2]
        mine = weights[0, self.row * width + self.column]
        return out[..., 0], mine.reshape(height, width)

    def kernel(self) -> np.ndarray:
        """The head's weights by offset, far from every border, (7, 7)."""
        at = np.arange(-FAR, FAR + 1)
        axes = []
        for centre in (self.down, self.right):
            scores = -self.sharpness * (at - centre) ** 2
            e = np.exp(scores - scores.max())
            axes.append((e / e.sum())[abs(at) <= REACH])
        return np.outer(*axes)

    def static(self) -> plots.Svg:
        """The image with the weights, and the kernel."""
        out, weights = self.attend()
        fig, axes = plots.figure(7, 2.8, ncols=3)
        plots.heatmap(axes[0], np.array(self.image), limit=INK)
        axes[0].plot(self.column, self.row, "s", mfc="none", mec="C1", ms=12)
        axes[0].plot(
            self.column + self.right,
            self.row + self.down,
            "o",
            mfc="none",
            mec="C3",
            ms=12,
        )
        axes[0].set(title="query (square), place (ring)")
        plots.heatmap(axes[1], self.kernel())
        axes[1].set(title="the kernel")
        plots.heatmap(axes[2], out, limit=INK)
        axes[2].set(title="what the head gives")
        for ax in axes:
            ax.set(xticks=[], yticks=[])
        return plots.svg(
            fig,
            alt="An image, a kernel of 7 by 7, and what the head makes of the"
            f" image. The head looks {self.down:g} rows down and"
            f" {self.right:g} columns to the right of each pixel, with a"
            f" spread of {self.spread:g} pixels; its largest weight for the"
            f" chosen pixel is {weights.max():.2f}.",
        )
