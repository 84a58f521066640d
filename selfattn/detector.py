"""The book's trained detector, run in NumPy: image in, boxes out.

`detr` trains such nets in torch; `packed` makes the compact form in which
one of them is shipped, and `load` reads it.
"""

from __future__ import annotations

import numpy as np

from selfattn import data, demand, images
from selfattn.reference import attention, merge_heads, softmax, split_heads

N_HEADS, SIDE, SIZE = 4, 32, 4  # of the shipped detector


def load() -> dict[str, np.ndarray]:
    """The weights of the shipped detector: name -> float64 array.

    The names are those of the torch module's state_dict.

    >>> load()["queries"].shape
    (6, 24)
    """
    return unpacked(shipped())


def shipped() -> dict[str, np.ndarray]:
    """The shipped detector as it is stored, in the form of `packed`.

    >>> shipped()["queries"].dtype
    dtype('int8')
    """
    path = data.folder() / "results" / "detector.npz"
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def packed(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Matrices as whole numbers from -127 to 127, with a scale per row.

    Vectors become float32. A matrix `m` (n, d) gives `m` in int8 and
    `m.scale` (n, 1) in float32; its entries move by half a scale at most.

    >>> small = packed({"m": np.array([[1.0, -0.5], [0.0, 0.0]])})
    >>> small["m"].tolist(), small["m.scale"].shape
    ([[127, -64], [0, 0]], (2, 1))
    """
    found = {}
    for name, value in weights.items():
        if value.ndim < 2:
            found[name] = value.astype(np.float32)
            continue
        most = abs(value).max(axis=1, keepdims=True)  # (n, 1)
        scale = np.where(most > 0, most / 127, 1.0).astype(np.float32)
        found[name] = np.rint(value / scale).astype(np.int8)
        found[f"{name}.scale"] = scale
    return found


def unpacked(small: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The weights that `packed` stores, in float64.

    >>> small = packed({"m": np.array([[1.0, -0.5]])})
    >>> unpacked(small)["m"].round(2).tolist()
    [[1.0, -0.5]]
    """
    return {
        name: value.astype(float)
        * (small[f"{name}.scale"].astype(float) if value.ndim > 1 else 1.0)
        for name, value in small.items()
        if not name.endswith(".scale")
    }


def detect(
    weights: dict[str, np.ndarray],
    image: np.ndarray,
    *,
    n_heads: int = N_HEADS,
    size: int = SIZE,
) -> dict:
    """What a detector finds in one image, or in a batch of them.

    weights : as `load` gives them; n_heads and size, the side of a patch,
        as in training.
    image : floats (..., side, side, 1) from 0 to 1.

    Returns a dict: `kinds` (..., Q, n_kinds + 1), the probability of each
    class, the last for "no object"; `boxes` (..., Q, 4), centres form, as
    shares of the image; `looks` (..., H, n, n), how much each patch takes
    from each in the first encoder layer; `searches` (..., H, Q, n), where
    each object query looks in the last decoder layer. Raises a TypeError or
    a ValueError for images that are not such.

    >>> found = detect(load(), images.scenes(2)["images"])
    >>> found["kinds"].shape, found["boxes"].shape, found["searches"].shape
    ((2, 6, 4), (2, 6, 4), (2, 4, 6, 64))
    """
    demand.float_array("image", image)
    net = _Net(weights, n_heads)
    x = images.to_patches(image.astype(float), size)  # (..., n, size^2)
    rows, columns = (n // size for n in image.shape[-3:-1])
    place = images.sinusoidal_2d(rows, columns, weights["queries"].shape[1])
    x = net.linear("project", x) + place  # (..., n, d_model)
    looks = None
    for i in range(net.count("encoder")):
        x, found = net.encoder_layer(f"encoder.{i}", x)
        looks = found if looks is None else looks
    memory = net.norm("norm_memory", x)  # (..., n, d_model)
    queries = weights["queries"]  # (Q, d_model)
    x = np.broadcast_to(queries, (*x.shape[:-2], *queries.shape))
    for i in range(net.count("decoder")):
        x, searches = net.decoder_layer(f"decoder.{i}", x, memory)
    x = net.norm("norm", x)  # (..., Q, d_model)
    box = np.maximum(net.linear("box.0", x), 0.0)  # (..., Q, d_model)
    return {
        "kinds": softmax(net.linear("kind", x)),
        "boxes": 1 / (1 + np.exp(-net.linear("box.2", box))),
        "looks": looks,
        "searches": searches,
    }


class _Net:
    """The parts of the net, by the names of their weights."""

    def __init__(self, weights, n_heads):
        self.weights, self.n_heads = weights, n_heads

    def count(self, stack):
        """How many layers a stack has."""
        names = (name.split(".") for name in self.weights)
        return len({part[1] for part in names if part[0] == stack})

    def linear(self, name, x):
        """x W^T + b, or without b where there is none."""
        out = x @ self.weights[f"{name}.weight"].T
        return out + self.weights.get(f"{name}.bias", 0.0)

    def norm(self, name, x):
        """LayerNorm over the width."""
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
        scale = self.weights[f"{name}.weight"]
        return centred / spread * scale + self.weights[f"{name}.bias"]

    def attend(self, q, k, v):
        """Attention in heads, merged: (..., L, d_model), (..., H, L, S)."""
        heads = (
            split_heads(np.ascontiguousarray(t), self.n_heads)
            for t in (q, k, v)
        )
        out, weights = attention(*heads)
        return merge_heads(out), weights

    def encoder_layer(self, name, x):
        """`layers.EncoderLayer`."""
        seen = self.norm(f"{name}.norm_attention", x)
        parts = np.split(self.linear(f"{name}.attention.qkv", seen), 3, -1)
        mixed, weights = self.attend(*parts)
        x = x + self.linear(f"{name}.attention.out", mixed)
        seen = self.norm(f"{name}.norm_net", x)
        hidden = np.maximum(self.linear(f"{name}.net.0", seen), 0.0)
        return x + self.linear(f"{name}.net.2", hidden), weights

    def decoder_layer(self, name, x, memory):
        """`detr.DecoderLayer`."""
        q = self.linear(f"{name}.cross.q", self.norm(f"{name}.norm_cross", x))
        k, v = np.split(self.linear(f"{name}.cross.kv", memory), 2, -1)
        mixed, weights = self.attend(q, k, v)
        x = x + self.linear(f"{name}.cross.out", mixed)
        return self.encoder_layer(f"{name}.among", x)[0], weights
