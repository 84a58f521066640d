"""Right answers to 11.conv_from_heads, in other styles."""

import numpy as np


def conv_from_heads_separable(image, kernel, sharpness):
    def along(n, offset):
        at = np.arange(n)
        scores = -sharpness * (at - at[:, None] - offset) ** 2.0
        e = np.exp(scores - scores.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    height, width, _ = image.shape
    half = len(kernel) // 2
    out = 0
    for a, row in enumerate(kernel):
        for b, entry in enumerate(row):
            mixed = np.einsum(
                "ip,jq,pqc->ijc",
                along(height, a - half),
                along(width, b - half),
                image,
            )
            out = out + mixed @ entry
    return out


def conv_from_heads_at_once(image, kernel, sharpness):
    height, width, c_in = image.shape
    size, n = len(kernel), height * width
    grid = np.indices((height, width)).reshape(2, n).T
    offsets = np.indices((size, size)).reshape(2, -1).T - size // 2
    looked = grid + offsets[:, None]  # (H, n, 2)
    away = ((grid - looked[:, :, None]) ** 2).sum(-1)  # (H, n, n)
    scores = -sharpness * (away - away.min(-1, keepdims=True))
    weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    mixed = weights @ image.reshape(n, c_in)  # (H, n, c_in)
    entries = kernel.reshape(size * size, c_in, -1)
    return (mixed @ entries).sum(0).reshape(height, width, -1)
