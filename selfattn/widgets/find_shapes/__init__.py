"""Chapter 09: drag shapes; a small trained detector finds them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets

from selfattn import detector, images, plots

from ..base import LiveFigure

START = (
    (0, 0.28, 0.3, 0.3, 0.24, 0.9),
    (1, 0.7, 0.4, 0.26, 0.34, 0.7),
    (2, 0.42, 0.74, 0.4, 0.28, 1.0),
)


class FindShapes(LiveFigure):
    """Three shapes to drag, and what a small trained DETR finds.

    Parameters
    ----------
    net : the weights, packed as `detector.packed` does; by default those of
        the shipped detector.
    shapes : up to three of [kind, x, y, width, height, shade], in shares of
        the canvas, as `images.paint` takes them.

    >>> fig = FindShapes()
    >>> fig.found()["boxes"].shape
    (6, 4)
    """

    net = traitlets.Dict().tag(sync=True, state=True)
    shapes: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    patch = traitlets.Int(19, min=0, max=63).tag(sync=True, state=True)
    answer = traitlets.Int(0, min=0).tag(sync=True, state=True)
    shows = traitlets.Enum(["patch", "answer"], "patch").tag(
        sync=True, state=True
    )

    def __init__(self, net: Mapping | None = None, shapes=START, **settings):
        net = detector.shipped() if net is None else net
        shapes = [list(shape) for shape in shapes]
        if not shapes or any(len(shape) != 6 for shape in shapes):
            raise ValueError(
                "shapes must be [kind, x, y, width, height, shade], one or"
                f" more: got {shapes}; see images.paint"
            )
        super().__init__(net=_stored(net), shapes=shapes, **settings)

    @classmethod
    def example(cls, words=()):
        """A detector whose weights were drawn at random."""
        rng, d = np.random.default_rng(9), 8
        shape = {
            "project": (d, 16),
            "encoder.0.attention.qkv": (3 * d, d),
            "encoder.0.attention.out": (d, d),
            "decoder.0.among.attention.qkv": (3 * d, d),
            "decoder.0.among.attention.out": (d, d),
            "decoder.0.cross.q": (d, d),
            "decoder.0.cross.kv": (2 * d, d),
            "decoder.0.cross.out": (d, d),
            "kind": (4, d),
            "box.0": (d, d),
            "box.2": (4, d),
        }
        for layer in ("encoder.0", "decoder.0.among"):
            shape[f"{layer}.net.0"] = (5, d)
            shape[f"{layer}.net.2"] = (d, 5)
        net = {f"{k}.weight": rng.normal(size=v) for k, v in shape.items()}
        for k, (n, _) in shape.items():
            if not any(part in k for part in ("attention", "cross")):
                net[f"{k}.bias"] = rng.normal(size=n)
        for layer in ("encoder.0", "decoder.0.among"):
            for name in ("norm_attention", "norm_net"):
                net[f"{layer}.{name}.weight"] = rng.normal(size=d)
                net[f"{layer}.{name}.bias"] = rng.normal(size=d)
        for name in ("norm_memory", "norm", "decoder.0.norm_cross"):
            net[f"{name}.weight"] = rng.normal(size=d)
            net[f"{name}.bias"] = rng.normal(size=d)
        net["queries"] = rng.normal(size=(6, d))
        return cls(detector.packed(net))

    def image(self) -> np.ndarray:
        """The scene, (32, 32, 1)."""
        shapes = np.array(self.shapes, dtype=float)  # (n, 6)
        return images.paint(
            shapes[:, 1:5], shapes[:, 0].astype(int), shapes[:, 5]
        )

    def weights(self) -> dict[str, np.ndarray]:
        """The detector's weights, in float64."""
        small = {}
        for name, stored in self.net.items():
            if len(stored) == 1:
                small[name] = _array(stored[0], np.float32)
                continue
            columns, whole, scales = stored
            small[name] = _array(whole, np.int8).reshape(-1, columns)
            scale = _array(scales, np.float32)
            small[f"{name}.scale"] = scale[:, None]
        return detector.unpacked(small)

    def found(self) -> dict:
        """What the detector finds, as `detector.detect` gives it."""
        return detector.detect(self.weights(), self.image())

    def static(self) -> plots.Svg:
        """The scene with the boxes of the answers that are sure."""
        found = self.found()
        fig, ax = plots.figure(4, 4.2)
        ax.imshow(1 - self.image()[:, :, 0], cmap="gray", vmin=0, vmax=1)
        said = []
        for shares, box in zip(found["kinds"], found["boxes"], strict=True):
            if shares[-1] >= 0.5:
                continue
            name = images.KINDS[int(shares[:-1].argmax())]
            x, y, w, h = 32 * box
            left, top = x - w / 2 - 0.5, y - h / 2 - 0.5
            ax.plot(
                [left, left + w, left + w, left, left],
                [top, top, top + h, top + h, top],
                color="C3",
            )
            share = f"{shares[:-1].max():.0%}".replace("%", " %")
            said.append(f"{name}, {share} sure")
        ax.set(xticks=[], yticks=[], title="what the detector finds")
        return plots.svg(
            fig,
            alt=f"A scene of {len(self.shapes)} shapes and the boxes that a"
            f" small trained detector draws around what it finds:"
            f" {'; '.join(said) or 'nothing'}.",
        )


def _stored(small: Mapping) -> dict:
    """Packed weights as JSON can hold them: base64, rows with their width."""

    def text(value):
        return base64.b64encode(value.tobytes()).decode("ascii")

    found = {}
    for name, value in small.items():
        if name.endswith(".scale"):
            continue
        if value.ndim < 2:
            found[name] = [text(value.astype("<f4"))]
        else:
            scale = small[f"{name}.scale"].astype("<f4")
            found[name] = [value.shape[1], text(value), text(scale)]
    return found


def _array(text: str, dtype) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype=dtype)
