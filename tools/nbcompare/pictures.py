"""PNG pictures: the same size, and each pixel nearly the same colour."""

from __future__ import annotations

import base64
import io

from .findings import Findings

# Of 255. A shade that rounds the other way is one off; nobody sees two.
STEP = 2


def compare(stored: str, fresh: str, where: str, found: Findings) -> None:
    """Two PNG pictures, in base64 with or without `data:…,` before it."""
    import numpy as np

    old, new = _pixels(stored), _pixels(fresh)
    if old.shape != new.shape:
        return found.differ(
            where, f"{old.shape} pixels", f"{new.shape} pixels"
        )
    # What is fully transparent has no colour that one could see.
    for pixels in (old, new):
        pixels[pixels[..., 3] == 0] = 0
    off = np.abs(old - new).max(axis=-1)  # (height, width)
    if (off > STEP).any():
        y, x = np.argwhere(off > STEP)[0]
        spot = f"{where}, {(off > STEP).sum()} pixels, first at {x}, {y}"
        found.differ(spot, old[y, x].tolist(), new[y, x].tolist())


def _pixels(source: str):
    """The picture as integers (height, width, 4): red, green, blue, alpha."""
    import numpy as np
    from PIL import Image

    data = base64.b64decode(source.partition(",")[2] or source)
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=int)
